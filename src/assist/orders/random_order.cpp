// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chance: what every other order has to beat.
#include "assist/detail/choosing.h"

namespace lathe::assist {

AcquisitionEntry randomOrder() {
    return {.id = "random",
            .title = "Random",
            .help = "By chance: a fair picture of the corpus.",
            .source = "the baseline of Settles 2009",
            .choose = [](const Pool& pool, std::size_t count, std::uint64_t seed,
                         JobContext&) -> Result<std::vector<std::size_t>> {
                const auto open = detail::openTexts(pool);
                const std::vector<float> equal(open.size(), 0.0f);
                return detail::highest(open, equal, count, seed);
            }};
}

}  // namespace lathe::assist
