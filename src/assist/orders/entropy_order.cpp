// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The texts whose distribution over the labels is flattest.
#include "assist/detail/choosing.h"

namespace lathe::assist {

AcquisitionEntry entropyOrder() {
    return {.id = "entropy",
            .title = "Highest entropy",
            .help = "The texts whose label the model knows least of, over all labels.",
            .source = "Settles 2009, section 3.1",
            .needsModel = true,
            .choose = [](const Pool& pool, std::size_t count, std::uint64_t seed, JobContext&) {
                return detail::mostUncertain(pool, count, seed, entropy);
            }};
}

}  // namespace lathe::assist
