// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which texts say the same, or nearly: equal in their comparable form, or alike by the characters that follow each
// other. Pure functions of texts; the store comes in with clean/duplicates.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"

namespace lathe::corpus {

/// What two texts have in common whatever their case, width, accents' codes and spaces: NFKC with case folding, runs of
/// white space as one space, none around. Source: Unicode Standard, 5.18 (NFKC_Casefold).
std::string comparableText(std::string_view text);

/// The set of a text's character n-grams, as sorted hashes, each once: two characters from where a Chinese, Japanese or
/// Korean one stands, four elsewhere. A text shorter than that is one n-gram; the empty text has none.
std::vector<std::uint32_t> shingles(std::string_view comparable);
/// Jaccard index: shared ones by all, 0 to 1. Two empty sets are alike.
double jaccard(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

struct SimilarGroup {
    std::vector<std::uint32_t> members;  ///< indices, ascending, two or more
    std::vector<double> similarity;      ///< Jaccard index with the first member, exact; parallel
};

/// Groups of texts of which each is at least \p threshold like another one of its group.
/// MinHash signatures find the candidates (A. Broder, "On the resemblance and containment of documents", 1997; hashes
/// by multiply-shift, Dietzfelbinger et al. 1997), bands of them the buckets (Indyk and Motwani 1998), and every pair
/// that joins is verified by its exact Jaccard index, so no link is wrong. A pair that is exactly at the threshold is
/// missed with a probability below 2 %, one that is more alike more rarely. In a bucket a text is compared with at most
/// 64 texts that it turns out to be unlike.
/// Single linkage: a is in a group with c when both are like b. Memory: some 130 bytes a text, and 200 MB at most while
/// candidates are verified. Thread: one at a time.
class SimilarTexts {
public:
    /// \param threshold 0.3 to 1; 1: only texts that are equal in their comparable form.
    explicit SimilarTexts(double threshold, std::uint64_t seed = 42);
    ~SimilarTexts();

    /// Its index is the number of texts before it. Empty texts belong to no group.
    void add(std::string_view comparable);
    std::size_t size() const;

    /// The comparable forms of texts by their indices, to verify candidates with.
    using TextsOf = std::function<Result<std::vector<std::string>>(std::span<const std::uint32_t> indices)>;
    /// In the order of their first members. \returns Canceled, what \p textsOf returns.
    Result<std::vector<SimilarGroup>> groups(const TextsOf& textsOf, JobContext& context);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace lathe::corpus
