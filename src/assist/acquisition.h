// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Acquisition orders: which texts to label next. One file each in orders/, one line each in orders/orders.def.
// Thread: any.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/registry.h"
#include "core/result.h"

namespace lathe::assist {

class TextSketches;

/// In Pool::given: nobody has labelled the text yet.
inline constexpr int kOpen = -1;

/// The texts among which an order chooses, and what is known of them.
struct Pool {
    std::span<const int> given;            ///< [texts] the label that a person gave, or kOpen
    std::span<const float> probabilities;  ///< [texts x labels] row by row; empty without a model
    std::size_t labels = 0;
    const TextSketches* sketches = nullptr;  ///< of all texts; null where no order needs them

    std::size_t size() const { return given.size(); }
    std::span<const float> probabilitiesOf(std::size_t text) const {
        return probabilities.subspan(text * labels, labels);
    }
};

struct AcquisitionEntry {
    std::string id;
    std::string title;
    std::string help;
    std::string source;
    bool needsModel = false;
    bool needsSketches = false;
    bool ofLabelled = false;  ///< chooses among the texts that have a label, for a second look
    /// At most \p count indices, the one to label first in front; the same for the same seed. \returns Canceled.
    std::function<Result<std::vector<std::size_t>>(const Pool& pool, std::size_t count, std::uint64_t seed,
                                                   JobContext& context)>
        choose;
};

using AcquisitionRegistry = Registry<AcquisitionEntry>;
AcquisitionRegistry makeAcquisitionRegistry();

/// Runs the order after checking that the pool has what it needs. \returns InvalidInput (sizes that do not fit, no
/// model), Canceled.
Result<std::vector<std::size_t>> chooseNext(const AcquisitionEntry& order, const Pool& pool, std::size_t count,
                                            std::uint64_t seed, JobContext& context);

/// How unsure a model is, 0 (sure) to 1. \p probabilities sum to 1 over two labels at least.
/// \source Settles 2009, "Active Learning Literature Survey", section 3.1.
float leastConfidence(std::span<const float> probabilities);
float smallMargin(std::span<const float> probabilities);
float entropy(std::span<const float> probabilities);  ///< in units of the entropy of a uniform guess

}  // namespace lathe::assist
