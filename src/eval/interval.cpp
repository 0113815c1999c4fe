// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/interval.h"

#include <algorithm>
#include <cmath>

namespace lathe::eval {

Interval wilsonInterval(std::int64_t hits, std::int64_t trials) {
    if (trials == 0)
        return {};
    const auto n = static_cast<double>(trials);
    const double p = static_cast<double>(hits) / n;
    const double z2 = kZ95 * kZ95;
    const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = kZ95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    // At p = 0 and p = 1 one end is exact; rounding must not leave it a hair outside.
    return {hits == 0 ? 0.0 : std::max(0.0, centre - half), hits == trials ? 1.0 : std::min(1.0, centre + half)};
}

}  // namespace lathe::eval
