// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Positions as a learned number per head and distance, added to the attention scores.
// \source Raffel et al. arXiv:1910.10683 section 2.1
#pragma once

#include <torch/types.h>

#include "nn/blocks/layers.h"

namespace lathe::nn {

struct RelativeBuckets {
    std::int64_t count = 32;         ///< rows of the table
    std::int64_t maxDistance = 128;  ///< from here on all distances share the last bucket
    bool bothWays = true;            ///< half of the buckets for keys behind the query; else those count as distance 0

    /// The least number of buckets for which short distances have one each.
    std::int64_t least() const { return bothWays ? 4 : 2; }
};

/// The bucket of each key as each query sees it. Query t stands at position past + t. \returns [T, S] int64
torch::Tensor relativeBuckets(const RelativeBuckets& buckets, std::int64_t queries, std::int64_t keys,
                              std::int64_t past, torch::Device device);

/// \param table [buckets, H] \returns [1, H, T, S] float32; gradients reach the table
torch::Tensor relativeBias(const Embedding& table, const RelativeBuckets& buckets, std::int64_t queries,
                           std::int64_t keys, std::int64_t past);

}  // namespace lathe::nn
