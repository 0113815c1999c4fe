// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/page.h"

// Here so that moc sees the header.
#include "moc_page.cpp"
