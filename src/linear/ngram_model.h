// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The n-gram classifier's parameters, shared by training, prediction and files. Private to src/linear.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "linear/kernels.h"
#include "linear/ngram_classifier.h"
#include "linear/ngram_features.h"

namespace lathe::linear {

/// Bucket to row by open addressing: its size follows the rows in use, not the 2^bits buckets that could be.
class BucketIndex {
public:
    void build(std::span<const std::uint32_t> buckets);
    /// -1 where training saw none.
    std::int32_t find(std::uint32_t bucket) const {
        for (std::size_t at = bucket & m_mask;; at = (at + 1) & m_mask)
            if (m_slots[at].row < 0 || m_slots[at].bucket == bucket)
                return m_slots[at].row;
    }

private:
    struct Slot {
        std::uint32_t bucket = 0;
        std::int32_t row = -1;
    };
    std::vector<Slot> m_slots{1};
    std::size_t m_mask = 0;
};

struct NgramModel {
    NgramOptions options;
    FeatureOptions features;
    std::vector<std::string> labels;
    std::size_t stride = 0;              ///< floats in a row of weights, >= labels.size()
    std::vector<std::uint32_t> buckets;  ///< [rows] the bucket of a row; commonest first
    BucketIndex rowOf;
    std::vector<float> idf;      ///< [rows]
    std::vector<float> weights;  ///< [rows x stride]; padding is 0
    std::vector<float> bias;     ///< [stride]

    std::size_t rows() const { return buckets.size(); }
    /// Counts to weighted features: (1 + ln count) * idf, each block scaled to length 1, ordered by row.
    void weigh(std::span<const HashedCount> counts, std::vector<Feature>& out) const;
    /// Probabilities of one text. \p scores [stride] is scratch and result. \returns ln sum exp of the raw scores.
    float predictInto(std::span<const Feature> text, float* scores) const;
};

FeatureOptions featureOptionsOf(const NgramOptions& options);
/// \returns InvalidInput that names the option and its range.
Result<> checkOptions(const NgramOptions& options);

struct NgramClassifier::Impl {
    NgramModel model;
};

Result<> saveModel(const NgramModel& model, const std::filesystem::path& folder);
Result<NgramModel> loadModel(const std::filesystem::path& folder);

}  // namespace lathe::linear
