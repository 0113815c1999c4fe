// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/blocks/relative_bias.h"

#include <cmath>

namespace lathe::nn {

using torch::Tensor;

Tensor relativeBuckets(const RelativeBuckets& buckets, std::int64_t queries, std::int64_t keys, std::int64_t past,
                       torch::Device device) {
    const auto options = torch::TensorOptions().dtype(torch::kInt64).device(device);
    const Tensor offset = torch::arange(keys, options).unsqueeze(0) -
                          torch::arange(past, past + queries, options).unsqueeze(1);  // [T, S] key - query
    const std::int64_t side = buckets.bothWays ? buckets.count / 2 : buckets.count;
    const Tensor distance = buckets.bothWays ? offset.abs() : offset.neg().clamp_min(0);
    // The near half has a bucket per distance, the far half widens like the logarithm. In float32, as the reference
    // computes it: where a bucket ends is a matter of rounding.
    const std::int64_t near = side / 2;
    const double span = std::log(static_cast<double>(buckets.maxDistance) / static_cast<double>(near));
    const Tensor share = torch::log(distance.to(torch::kFloat32).clamp_min(1) / static_cast<double>(near)) / span;
    const Tensor far = (near + (share * static_cast<double>(side - near)).to(torch::kInt64)).clamp_max(side - 1);
    const Tensor bucket = torch::where(distance < near, distance, far);
    return buckets.bothWays ? bucket + (offset > 0).to(torch::kInt64) * side : bucket;
}

Tensor relativeBias(const Embedding& table, const RelativeBuckets& buckets, std::int64_t queries, std::int64_t keys,
                    std::int64_t past) {
    const Tensor places = relativeBuckets(buckets, queries, keys, past, table.weight.device());
    return table.forward(places).permute({2, 0, 1}).unsqueeze(0);  // [1, H, T, S]
}

}  // namespace lathe::nn
