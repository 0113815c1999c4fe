// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What changes a row of logits before a token is chosen: penalties, bans and forced tokens, in Transformers' order.
// Torch-free.
#pragma once

#include <span>
#include <vector>

#include "infer/detail/search_settings.h"

namespace lathe::infer {

/// The rules for one text. \source Keskar et al. arXiv:1909.05858 (repetition), Paulus et al. arXiv:1705.04304
/// (n-grams)
class LogitRules {
public:
    /// \p prompt tokens stand in front; \p most new ones may follow.
    LogitRules(const SearchSettings& settings, std::size_t prompt, std::int64_t most)
        : m_settings(settings), m_prompt(prompt), m_most(most) {}

    /// Changes \p scores, logits or log-probabilities by id. \p history: prompt and new tokens; ids outside of the
    /// vocabulary are passed over. Frequency and presence count new tokens alone. Not-a-number becomes -infinity.
    void apply(std::span<float> scores, std::span<const std::int32_t> history);

private:
    void penaliseRepetition(std::span<float> scores, std::span<const std::int32_t> history);
    void penaliseCounts(std::span<float> scores, std::span<const std::int32_t> fresh);
    void banNgrams(std::span<float> scores, std::span<const std::int32_t> history) const;
    void banWords(std::span<float> scores, std::span<const std::int32_t> history) const;
    void force(std::span<float> scores, std::span<const std::int32_t> history) const;

    const SearchSettings& m_settings;
    std::size_t m_prompt;
    std::int64_t m_most;
    std::vector<int> m_counts;  // scratch, by id
};

}  // namespace lathe::infer
