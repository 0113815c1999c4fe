// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// 95 % intervals of shares.
#pragma once

#include <cstdint>

namespace lathe::eval {

/// Two-sided 95 % quantile of the standard normal distribution.
inline constexpr double kZ95 = 1.959963984540054;

struct Interval {
    double low = 0, high = 1;
};

/// Of a share \p hits / \p trials; 0 to 1 without trials. \source Wilson 1927.
Interval wilsonInterval(std::int64_t hits, std::int64_t trials);

}  // namespace lathe::eval
