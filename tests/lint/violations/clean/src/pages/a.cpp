// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QWidget>
#include "core/result.h"
int f() {
    return 1;
}  // not a QEventLoop
