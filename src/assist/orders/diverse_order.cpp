// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The texts that are least like all that is labelled: greedy k-center.
#include "assist/detail/choosing.h"

namespace lathe::assist {

AcquisitionEntry diverseOrder() {
    return {.id = "diverse",
            .title = "Diverse",
            .help = "The texts that are least like those that have a label, each unlike the last. Needs no model.",
            .source = "Sener and Savarese 2018, arXiv:1708.00489, algorithm 1",
            .needsSketches = true,
            .choose = [](const Pool& pool, std::size_t count, std::uint64_t seed, JobContext& context) {
                return detail::farthestFirst(pool, detail::openTexts(pool), {}, count, seed, context);
            }};
}

}  // namespace lathe::assist
