// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/result.h"
#include <QWidget>
int f() { return 1; }  // not a QEventLoop
