// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/logit_rules.h"

#include <algorithm>
#include <cmath>

namespace lathe::infer {

namespace {

using Ids = std::span<const std::int32_t>;

bool isIn(std::span<const float> scores, std::int32_t id) {
    return id >= 0 && static_cast<std::size_t>(id) < scores.size();
}

void ban(std::span<float> scores, Ids ids) {
    for (const std::int32_t id : ids)
        if (isIn(scores, id))
            scores[static_cast<std::size_t>(id)] = -INFINITY;
}

void allowOnly(std::span<float> scores, Ids ids) {
    std::ranges::fill(scores, -INFINITY);
    for (const std::int32_t id : ids)
        if (isIn(scores, id))
            scores[static_cast<std::size_t>(id)] = 0;
}

}  // namespace

void LogitRules::apply(std::span<float> scores, Ids history) {
    for (float& value : scores)
        if (std::isnan(value))
            value = -INFINITY;
    const Ids fresh = history.subspan(std::min(m_prompt, history.size()));
    if (m_settings.repetitionPenalty != 1)
        penaliseRepetition(scores, history);
    if (m_settings.frequencyPenalty != 0 || m_settings.presencePenalty != 0)
        penaliseCounts(scores, fresh);
    if (m_settings.noRepeatNgram > 0)
        banNgrams(scores, history);
    banWords(scores, history);
    const auto length = static_cast<std::int64_t>(history.size()), count = static_cast<std::int64_t>(fresh.size());
    if (length < m_settings.minLength || count < m_settings.minNewTokens)
        ban(scores, m_settings.ends);
    force(scores, history);
    ban(scores, m_settings.suppressed);
    // a forced first token takes the place of the first one
    const bool forced = m_settings.forcedFirst && m_prompt == 1;
    if (count == (forced ? 1 : 0))
        ban(scores, m_settings.suppressedFirst);
}

void LogitRules::penaliseRepetition(std::span<float> scores, Ids history) {
    const auto penalty = static_cast<float>(m_settings.repetitionPenalty);
    m_counts.assign(scores.size(), 0);
    for (const std::int32_t id : history) {
        if (!isIn(scores, id) || m_counts[static_cast<std::size_t>(id)]++ > 0)
            continue;
        float& score = scores[static_cast<std::size_t>(id)];
        score = score < 0 ? score * penalty : score / penalty;
    }
}

void LogitRules::penaliseCounts(std::span<float> scores, Ids fresh) {
    m_counts.assign(scores.size(), 0);
    for (const std::int32_t id : fresh) {
        if (!isIn(scores, id))
            continue;
        const bool again = m_counts[static_cast<std::size_t>(id)]++ > 0;
        scores[static_cast<std::size_t>(id)] -=
            static_cast<float>(m_settings.frequencyPenalty + (again ? 0 : m_settings.presencePenalty));
    }
}

void LogitRules::banNgrams(std::span<float> scores, Ids history) const {
    const auto size = static_cast<std::size_t>(m_settings.noRepeatNgram);
    if (history.size() + 1 < size)
        return;
    const Ids tail = history.last(size - 1);
    for (std::size_t begin = 0; begin + size <= history.size(); ++begin)
        if (std::ranges::equal(history.subspan(begin, size - 1), tail))
            ban(scores, history.subspan(begin + size - 1, 1));
}

void LogitRules::banWords(std::span<float> scores, Ids history) const {
    for (const auto& word : m_settings.badWords) {
        if (word.empty() || word.size() > history.size() + 1)
            continue;
        if (std::ranges::equal(Ids(word).first(word.size() - 1), history.last(word.size() - 1)))
            ban(scores, Ids(word).last(1));
    }
}

void LogitRules::force(std::span<float> scores, Ids history) const {
    if (m_settings.forcedFirst && history.size() == 1)
        allowOnly(scores, {&*m_settings.forcedFirst, 1});
    if (!m_settings.forcedLast.empty() &&
        static_cast<std::int64_t>(history.size() - std::min(m_prompt, history.size())) == m_most - 1)
        allowOnly(scores, m_settings.forcedLast);
}

}  // namespace lathe::infer
