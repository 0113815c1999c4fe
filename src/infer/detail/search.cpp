// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Greedy and beam search over a key/value cache.
#include "infer/detail/search.h"

namespace lathe::infer {

using torch::Tensor;

Tensor penaliseRepetition(const Tensor& logits, const Tensor& seen, double penalty) {
    if (penalty == 1.0)
        return logits;
    const Tensor found = logits.gather(1, seen);  // [B, S]
    return logits.scatter(1, seen, torch::where(found < 0, found * penalty, found / penalty));
}

Tensor greedySearch(nn::Network& network, const Tensor& ids, const Tensor& mask, std::int64_t newTokens,
                    double repetitionPenalty) {
    const torch::NoGradGuard noGrad;
    const auto cache = network.makeCache(ids.size(0), ids.size(1) + newTokens);
    Tensor all = ids;  // [B, T], grows
    Tensor logits = network.step(ids, mask, *cache);
    for (std::int64_t i = 0; i < newTokens; ++i) {
        const Tensor next = penaliseRepetition(logits, all, repetitionPenalty).argmax(1, true);  // [B, 1]
        all = torch::cat({all, next}, 1);
        if (i + 1 < newTokens)
            logits = network.step(next, {}, *cache);
    }
    return all;
}

Tensor beamSearch(nn::Network& network, const Tensor& ids, std::int64_t beams, std::int64_t newTokens) {
    const torch::NoGradGuard noGrad;
    const auto cache = network.makeCache(1, ids.size(1) + newTokens);
    Tensor logits = network.step(ids, {}, *cache);  // [1, V]
    const std::int64_t vocabulary = logits.size(1);
    Tensor all = ids;  // [K, T], one row per beam after the first step
    Tensor scores = torch::zeros({1, 1}, logits.options());
    for (std::int64_t i = 0; i < newTokens; ++i) {
        const Tensor total = (torch::log_softmax(logits, 1) + scores).flatten();  // [K * V]
        const auto [best, where] = total.topk(std::min(beams, total.numel()));
        const Tensor rows = where.div(vocabulary, "floor");            // [K]
        const Tensor next = where.remainder(vocabulary).unsqueeze(1);  // [K, 1]
        all = torch::cat({all.index_select(0, rows), next}, 1);
        scores = best.unsqueeze(1);
        if (i + 1 < newTokens) {
            cache->reorder(rows);
            logits = network.step(next, {}, *cache);
        }
    }
    return all.narrow(0, scores.flatten().argmax().item<std::int64_t>(), 1);
}

}  // namespace lathe::infer
