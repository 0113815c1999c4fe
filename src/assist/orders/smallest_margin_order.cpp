// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The texts that stand between two labels.
#include "assist/detail/choosing.h"

namespace lathe::assist {

AcquisitionEntry smallestMarginOrder() {
    return {.id = "smallest_margin",
            .title = "Smallest margin",
            .help = "The texts between whose two likeliest labels the model can hardly choose.",
            .source = "Scheffer, Decomain and Wrobel 2001",
            .needsModel = true,
            .choose = [](const Pool& pool, std::size_t count, std::uint64_t seed, JobContext&) {
                return detail::mostUncertain(pool, count, seed, smallMargin);
            }};
}

}  // namespace lathe::assist
