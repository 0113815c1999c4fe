// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/text_sketches.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "linear/kernels.h"
#include "linear/ngram_features.h"

namespace lathe::assist {
namespace {

/// Shorter n-grams than the classifier's: what two texts share matters here, not what tells labels apart.
constexpr linear::FeatureOptions kFeatures{.wordNgrams = 1, .charMin = 3, .charMax = 4, .hashBits = 18};
constexpr std::size_t kTextsPerCheck = 1000;

}  // namespace

Result<TextSketches> TextSketches::make(std::span<const std::string> texts, JobContext& context) {
    linear::FeatureExtractor extractor(kFeatures);
    std::vector<std::uint32_t> frequency(std::size_t(2) << kFeatures.hashBits, 0);  // both blocks of features
    const auto place = [](const linear::HashedCount& entry) {
        return (static_cast<std::size_t>(entry.block()) << kFeatures.hashBits) | entry.bucket();
    };
    std::vector<std::vector<std::uint32_t>> present(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i % kTextsPerCheck == 0 && context.stopRequested())
            return fail(ErrorCode::Canceled, "reading texts was stopped");
        for (const linear::HashedCount& entry : extractor.extract(texts[i])) {
            ++frequency[place(entry)];
            present[i].push_back(static_cast<std::uint32_t>(place(entry)));
        }
    }
    TextSketches sketches;
    sketches.m_size = texts.size();
    sketches.m_values.assign((texts.size() + kBlock - 1) / kBlock * kBlock * kWidth, 0.0f);
    const double count = static_cast<double>(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::array<double, kWidth> sketch{};
        for (const std::uint32_t feature : present[i]) {
            const double idf = std::log((1 + count) / (1.0 + frequency[feature])) + 1;
            const std::uint32_t hash = feature * 0x9E3779B1u;  // Knuth's multiplicative hash; its top bits are the best
            sketch[(hash >> 24) % kWidth] += (hash >> 23 & 1) != 0 ? idf : -idf;
        }
        double squares = 0;
        for (const double value : sketch)
            squares += value * value;
        for (std::size_t d = 0; d < kWidth && squares > 0; ++d)
            sketches.at(i, d) = static_cast<float>(sketch[d] / std::sqrt(squares));
    }
    return sketches;
}

void TextSketches::similarities(std::size_t text, std::span<float> out) const {
    std::array<linear::Feature, kWidth> center;
    for (std::size_t d = 0; d < kWidth; ++d)
        center[d] = {static_cast<std::uint32_t>(d), at(text, d)};
    std::ranges::fill(out, 0.0f);
    for (std::size_t block = 0; block < out.size() / kBlock; ++block)
        linear::kernels().score(center.data(), kWidth, m_values.data() + block * kWidth * kBlock, kBlock,
                                out.data() + block * kBlock);
}

}  // namespace lathe::assist
