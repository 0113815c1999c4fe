// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Confidence intervals of shares.
#pragma once

#include <cstdint>

namespace lathe {

/// Two-sided 95 % quantile of the standard normal distribution.
inline constexpr double kZ95 = 1.959963984540054;

struct Interval {
    double low = 0, high = 1;
};

/// 95 % interval of a share of which \p hits of \p items were seen; 0 to 1 for no items.
/// \source Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
Interval wilsonInterval(std::int64_t hits, std::int64_t items);

}  // namespace lathe
