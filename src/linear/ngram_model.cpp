// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear/ngram_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace lathe::linear {

FeatureOptions featureOptionsOf(const NgramOptions& options) {
    return {options.wordNgrams, options.charMin, options.charMax, options.hashBits};
}

Result<> checkOptions(const NgramOptions& options) {
    const auto check = [](const char* name, double value, double low, double high) -> Result<> {
        if (!(value >= low && value <= high))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("n-gram classifier: {} is {}; give {} to {}", name, value, low, high));
        return {};
    };
    LATHE_CHECK(check("word n-grams", options.wordNgrams, 0, 5));
    LATHE_CHECK(check("longest character n-gram", options.charMax, 0, 10));
    LATHE_CHECK(check("shortest character n-gram", options.charMin, 1, 10));
    LATHE_CHECK(check("hash bits", options.hashBits, 10, 26));
    LATHE_CHECK(check("epochs", options.epochs, 1, 1000));
    LATHE_CHECK(check("learning rate", options.learningRate, 1e-6, 100));
    LATHE_CHECK(check("l2", options.l2, 0, 1));
    LATHE_CHECK(check("threads", options.threads, 0, 1024));
    if (options.wordNgrams == 0 && options.charMax < options.charMin)
        return fail(ErrorCode::InvalidInput, "n-gram classifier: neither word nor character n-grams are asked for");
    return {};
}

void BucketIndex::build(std::span<const std::uint32_t> buckets) {
    m_slots.assign(std::bit_ceil(2 * buckets.size() + 1), Slot());
    m_mask = m_slots.size() - 1;
    for (std::size_t row = 0; row < buckets.size(); ++row) {
        std::size_t at = buckets[row] & m_mask;  // a bucket is a good hash already
        while (m_slots[at].row >= 0)
            at = (at + 1) & m_mask;
        m_slots[at] = {buckets[row], static_cast<std::int32_t>(row)};
    }
}

void NgramModel::weigh(std::span<const HashedCount> counts, std::vector<Feature>& out) const {
    out.clear();
    // Counts come with all words before all characters, so a block is a range of out.
    const auto normalise = [&](std::size_t from) {
        float squares = 0;
        for (std::size_t i = from; i < out.size(); ++i)
            squares += out[i].value * out[i].value;
        if (squares <= 0)
            return;
        const float scale = 1.0f / std::sqrt(squares);
        for (std::size_t i = from; i < out.size(); ++i)
            out[i].value *= scale;
    };
    std::size_t blockBegin = 0;
    Block block = Block::Words;
    for (const HashedCount& entry : counts) {
        if (entry.block() != block) {
            normalise(blockBegin);
            blockBegin = out.size();
            block = entry.block();
        }
        const std::int32_t row = rowOf.find(entry.bucket());
        if (row < 0)
            continue;
        const float tf = entry.count == 1 ? 1.0f : 1.0f + std::log(static_cast<float>(entry.count));
        out.push_back({static_cast<std::uint32_t>(row), tf * idf[static_cast<std::size_t>(row)]});
    }
    normalise(blockBegin);
    std::ranges::sort(out, [](const Feature& a, const Feature& b) {
        // A word and a character n-gram may share a bucket: the value breaks the tie, for the same order everywhere.
        return a.row != b.row ? a.row < b.row : a.value < b.value;
    });
}

float NgramModel::predictInto(std::span<const Feature> text, float* scores) const {
    std::copy(bias.begin(), bias.end(), scores);
    const Kernels& k = kernels();
    k.score(text.data(), text.size(), weights.data(), stride, scores);
    return k.softmax(scores, labels.size(), stride);
}

}  // namespace lathe::linear
