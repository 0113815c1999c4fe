// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scores are float32 and hopeless ones -1e9, as in the reference: which of two near hypotheses wins depends on it.
#include "infer/detail/beams.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lathe::infer {

namespace {

constexpr float kHopeless = -1e9f;

/// The positions of the \p count greatest values, greatest first; the earlier one of equals.
template <class Value>
std::vector<std::size_t> greatest(std::size_t size, std::size_t count, Value&& value) {
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(count, size));
    std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
        const auto x = value(a), y = value(b);
        return x != y ? x > y : a < b;
    });
    order.erase(end, order.end());
    return order;
}

}  // namespace

TokenChance chanceOf(std::span<const float> raw, std::int32_t id, int count) {
    TokenChance chance;
    chance.id = id;
    chance.logProbability = static_cast<double>(raw[static_cast<std::size_t>(id)]);
    if (count > 0)
        for (const std::size_t i :
             greatest(raw.size(), static_cast<std::size_t>(count), [&](std::size_t at) { return raw[at]; }))
            chance.top.emplace_back(static_cast<std::int32_t>(i), static_cast<double>(raw[i]));
    return chance;
}

Beams::Beams(const SearchSettings& settings, std::vector<std::int32_t> prompt, std::int64_t most,
             std::function<bool(std::span<const std::int32_t>)> ends)
    : m_settings(settings),
      m_prompt(std::move(prompt)),
      m_most(most),
      m_ends(std::move(ends)),
      m_rules(m_settings, m_prompt.size(), most),
      m_sampler(settings) {
    const auto beams = static_cast<std::size_t>(settings.beams);
    // all begin alike: only the first may go on at first, or they would all go the same way
    m_running.resize(beams);
    m_running.front().score = 0;
    m_finished.resize(beams);
    m_isFinished.assign(beams, false);
}

std::vector<std::int64_t> Beams::advance(std::span<BeamRow> rows) {
    const std::vector<Choice> choices = choose(rows);
    const std::vector<Hypothesis> candidates = extend(choices, rows);
    const bool full = m_step + 1 >= m_most;
    std::vector<bool> over;
    for (const Hypothesis& candidate : candidates)
        over.push_back(candidate.ended || full);
    std::vector<float> goingOn;
    for (std::size_t i = 0; i < candidates.size(); ++i)
        goingOn.push_back(over[i] ? candidates[i].score + kHopeless : candidates[i].score);
    std::vector<Hypothesis> running;
    std::vector<std::int64_t> from;
    for (const std::size_t i :
         greatest(goingOn.size(), m_running.size(), [&](std::size_t at) { return goingOn[at]; })) {
        running.push_back(candidates[i]);
        running.back().score = goingOn[i];
        from.push_back(static_cast<std::int64_t>(choices[i].from));
    }
    finish(candidates, over);
    m_running = std::move(running);
    ++m_step;
    m_improves = m_improves && mayImprove();
    const bool enough =
        m_settings.earlyStopping == EarlyStopping::Yes && std::ranges::all_of(m_isFinished, [](bool is) { return is; });
    m_done = !m_improves || enough || std::ranges::all_of(over, [](bool is) { return is; });
    return from;
}

std::vector<Beams::Choice> Beams::choose(std::span<BeamRow> rows) {
    // so many that enough go on even if all that can end do
    const std::size_t ends = m_settings.ends.size(), beams = m_running.size();
    const std::size_t count = std::max<std::size_t>(2, 1 + ends) * beams;
    std::vector<Choice> best;  // a heap whose front is the worst
    const auto better = [](const Choice& a, const Choice& b) { return a.key > b.key; };
    for (std::size_t i = 0; i < beams; ++i) {
        std::vector<std::int32_t> history = m_prompt;
        history.insert(history.end(), m_running[i].ids.begin(), m_running[i].ids.end());
        if (i == 0 || rows[i].scores.data() != rows[0].scores.data()) {
            m_rules.apply(rows[i].scores, history);
            if (m_settings.sample)
                m_sampler.warp(rows[i].scores, ends + 1);
        }
        for (std::size_t id = 0; id < rows[i].scores.size(); ++id) {
            Choice choice{i, static_cast<std::int32_t>(id), rows[i].scores[id] + m_running[i].score, 0};
            choice.key = static_cast<double>(choice.score);
            if (m_settings.sample && std::isfinite(choice.key))
                // the greatest with Gumbel noise are a sample without replacement. \source arXiv:1903.06059
                choice.key -= std::log(-std::log(std::max(m_sampler.uniform(), 0x1.0p-60)));
            if (best.size() == count && !(choice.key > best.front().key))
                continue;
            if (best.size() == count) {
                std::ranges::pop_heap(best, better);
                best.pop_back();
            }
            best.push_back(choice);
            std::ranges::push_heap(best, better);
        }
    }
    std::ranges::sort(best, [](const Choice& a, const Choice& b) {
        return a.key != b.key ? a.key > b.key : (a.from != b.from ? a.from < b.from : a.id < b.id);
    });
    return best;
}

std::vector<Hypothesis> Beams::extend(std::span<const Choice> choices, std::span<BeamRow> rows) const {
    std::vector<Hypothesis> candidates;
    for (const Choice& choice : choices) {
        Hypothesis candidate = m_running[choice.from];
        candidate.ids.push_back(choice.id);
        candidate.score = choice.score;
        if (m_settings.logProbabilities >= 0)
            candidate.chances.push_back(chanceOf(rows[choice.from].raw, choice.id, m_settings.logProbabilities));
        candidate.ended =
            std::ranges::find(m_settings.ends, choice.id) != m_settings.ends.end() || (m_ends && m_ends(candidate.ids));
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

void Beams::finish(const std::vector<Hypothesis>& candidates, const std::vector<bool>& over) {
    const std::size_t beams = m_running.size();
    const auto length = static_cast<float>(std::pow(static_cast<double>(m_step + 1), m_settings.lengthPenalty));
    const bool full =
        m_settings.earlyStopping == EarlyStopping::Yes && std::ranges::all_of(m_isFinished, [](bool is) { return is; });
    std::vector<Hypothesis> all = m_finished;
    std::vector<bool> isFinished = m_isFinished;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        // beyond the beams' number they only stand by in case that others end
        const bool counts = over[i] && i < beams;
        all.push_back(candidates[i]);
        float& score = all.back().score;
        score /= length;
        score += full ? kHopeless : 0;
        score += m_improves ? 0 : kHopeless;
        score += counts ? 0 : kHopeless;
        isFinished.push_back(counts);
    }
    std::vector<Hypothesis> kept;
    std::vector<bool> keptFinished;
    for (const std::size_t i : greatest(all.size(), beams, [&](std::size_t at) { return all[at].score; })) {
        kept.push_back(std::move(all[i]));
        keptFinished.push_back(isFinished[i]);
    }
    m_finished = std::move(kept);
    m_isFinished = std::move(keptFinished);
}

/// Whether the best running hypothesis could still be better than the worst finished one. What length it would have
/// is a guess that the reference makes so.
bool Beams::mayImprove() const {
    const bool longer = m_settings.earlyStopping == EarlyStopping::Never && m_settings.lengthPenalty > 0;
    const auto length = static_cast<double>(longer ? m_most : m_step);
    const float possible = m_running.front().score / static_cast<float>(std::pow(length, m_settings.lengthPenalty));
    float worst = m_finished.front().score;
    for (const Hypothesis& one : m_finished)
        worst = std::min(worst, one.score);
    return std::ranges::any_of(m_isFinished, [&](bool is) { return possible > (is ? worst : kHopeless); });
}

}  // namespace lathe::infer
