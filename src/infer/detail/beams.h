// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Beam search over one prompt: which hypotheses go on and which are finished, as Transformers' generate() decides it.
// Torch-free.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "infer/detail/logit_rules.h"
#include "infer/detail/sampler.h"
#include "infer/detail/search_settings.h"

namespace lathe::infer {

/// A text on its way, or done.
struct Hypothesis {
    std::vector<std::int32_t> ids;     ///< new tokens, the end token included
    std::vector<TokenChance> chances;  ///< as SearchSettings::logProbabilities asks
    float score = -1e9f;  ///< sum of log-probabilities; of a finished one divided by its length to the length penalty
    bool ended = false;   ///< by an end token or a stop text, not by the length
};

/// What the network said about one running hypothesis.
struct BeamRow {
    std::span<const float> raw;  ///< log-probabilities by id
    std::span<float> scores;     ///< the same; rules and limits are applied to it here
};

class Beams {
public:
    /// \p ends says whether new tokens end a text. \p most new tokens at most, at least 1.
    Beams(const SearchSettings& settings, std::vector<std::int32_t> prompt, std::int64_t most,
          std::function<bool(std::span<const std::int32_t>)> ends);

    /// One step; \p rows: one for each running hypothesis. They may share memory in the first step, where all are
    /// alike. \returns for each hypothesis that goes on: the one it comes from.
    std::vector<std::int64_t> advance(std::span<BeamRow> rows);
    bool isDone() const { return m_done; }
    const std::vector<Hypothesis>& running() const { return m_running; }
    /// The best ones, best first; after the last step.
    const std::vector<Hypothesis>& finished() const { return m_finished; }

private:
    struct Choice {
        std::size_t from = 0;
        std::int32_t id = 0;
        float score = 0;  ///< sum of log-probabilities
        double key = 0;   ///< what it is chosen by
    };
    std::vector<Choice> choose(std::span<BeamRow> rows);
    std::vector<Hypothesis> extend(std::span<const Choice> choices, std::span<BeamRow> rows) const;
    /// \p candidates' first ones may be among the results when they are over.
    void finish(const std::vector<Hypothesis>& candidates, const std::vector<bool>& over);
    bool mayImprove() const;

    const SearchSettings& m_settings;
    std::vector<std::int32_t> m_prompt;
    std::int64_t m_most;
    std::function<bool(std::span<const std::int32_t>)> m_ends;
    LogitRules m_rules;
    Sampler m_sampler;
    std::vector<Hypothesis> m_running, m_finished;
    std::vector<bool> m_isFinished;
    std::int64_t m_step = 0;
    bool m_improves = true, m_done = false;
};

/// What \p raw log-probabilities say about \p id, as \p count asks (SearchSettings::logProbabilities).
TokenChance chanceOf(std::span<const float> raw, std::int32_t id, int count);

}  // namespace lathe::infer
