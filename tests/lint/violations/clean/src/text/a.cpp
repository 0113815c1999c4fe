// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A comment may speak of processEvents and QEventLoop.
#include "core/result.h"
#include <vector>
