// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that are equal but for rounding; where they are not, both are told.
#pragma once

#include <QtGlobal>

#include <cmath>

namespace lathe::test {

inline bool near(double a, double b, double tolerance = 1e-12) {
    if (std::abs(a - b) <= tolerance)
        return true;
    qWarning("%.12g is not %.12g within %g", a, b, tolerance);
    return false;
}

}  // namespace lathe::test
