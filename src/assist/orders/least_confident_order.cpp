// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of whose first label the model is least sure.
#include "assist/detail/choosing.h"

namespace lathe::assist {

AcquisitionEntry leastConfidentOrder() {
    return {.id = "least_confident",
            .title = "Least confident",
            .help = "The texts whose likeliest label is the least likely.",
            .source = "Lewis and Gale 1994",
            .needsModel = true,
            .choose = [](const Pool& pool, std::size_t count, std::uint64_t seed, JobContext&) {
                return detail::mostUncertain(pool, count, seed, leastConfidence);
            }};
}

}  // namespace lathe::assist
