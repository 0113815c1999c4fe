// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which trial comes next.
#include "train/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/random.h"

namespace lathe::train {
namespace {

constexpr std::int64_t kMostCombinations = 1'000'000;

std::int64_t trialsOf(const std::vector<std::int64_t>& rounds) {
    return std::accumulate(rounds.begin(), rounds.end(), std::int64_t{0});
}

/// How many are in each round when \p first begin.
std::vector<std::int64_t> sizes(std::int64_t first, std::int64_t reduction, std::size_t rounds) {
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < rounds; ++i, first = std::max<std::int64_t>(1, first / reduction))
        all.push_back(first);
    return all;
}

Json drawn(const SearchAxis& axis, Random& random) {
    if (!axis.values.empty())
        return axis.values[random.below(axis.values.size())];
    const double share = random.unit();
    double value = axis.logarithmic ? std::exp(std::log(axis.min) + share * (std::log(axis.max) - std::log(axis.min)))
                                    : axis.min + share * (axis.max - axis.min);
    value = std::clamp(value, axis.min, axis.max);
    return axis.whole ? Json(std::llround(value)) : Json(value);
}

}  // namespace

Result<Search> Search::plan(SearchRequest request, std::int64_t epochs, bool higherIsBetter) {
    if (request.axes.empty())
        return fail(ErrorCode::InvalidInput, "a search needs at least one option with several values or a range");
    Search search(std::move(request), higherIsBetter);
    const SearchRequest& wanted = search.m_request;
    if (!search.isFinite() && wanted.kind == SearchKind::Grid)
        return fail(ErrorCode::InvalidInput, "a grid needs values, not ranges; list them, or search at random");
    if (search.isFinite() && search.combinations() > kMostCombinations)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the space has more than {} combinations; leave some values out", kMostCombinations));
    if (!search.isFinite() && wanted.kind == SearchKind::Random && wanted.runs <= 0 && wanted.minutes <= 0)
        return fail(ErrorCode::InvalidInput, "a search over a range never ends by itself; give runs or minutes");
    if (search.isFinite() && wanted.kind != SearchKind::Grid) {
        search.m_shuffled.resize(static_cast<std::size_t>(search.combinations()));
        std::iota(search.m_shuffled.begin(), search.m_shuffled.end(), 0);
        Random(mixSeed(wanted.seed, 0x73656172ull /* "sear" */)).shuffle(search.m_shuffled);
    }
    if (wanted.kind == SearchKind::Halving) {
        auto planned = search.planRounds(epochs);
        if (!planned)
            return fail(planned.error());
    }
    return search;
}

Result<> Search::planRounds(std::int64_t epochs) {
    const std::int64_t reduction = m_request.reduction, firstEpochs = m_request.firstEpochs;
    if (reduction < 2 || firstEpochs < 1)
        return fail(ErrorCode::InvalidInput, "halving needs a reduction of 2 or more and at least one first epoch");
    if (std::ranges::any_of(m_request.axes, [](const auto& axis) { return axis.key == "epochs"; }))
        return fail(ErrorCode::InvalidInput, "halving chooses the epochs itself; leave them out of the space");
    std::vector<std::int64_t> lengths{std::min(firstEpochs, epochs)};
    while (lengths.back() < epochs)
        lengths.push_back(std::min(epochs, lengths.back() * reduction));
    std::int64_t first = 1;
    for (std::size_t i = 1; i < lengths.size(); ++i)
        first *= reduction;
    if (isFinite())
        first = combinations();
    if (m_request.runs > 0) {
        if (!isFinite())
            first = m_request.runs;
        while (first > 1 && trialsOf(sizes(first, reduction, lengths.size())) > m_request.runs)
            --first;
    }
    const auto counts = sizes(first, reduction, lengths.size());
    for (std::size_t i = 0; i < lengths.size(); ++i)
        m_rounds.push_back({.trials = counts[i], .epochs = lengths[i]});
    return {};
}

bool Search::isFinite() const {
    return std::ranges::none_of(m_request.axes, [](const auto& axis) { return axis.values.empty(); });
}

std::int64_t Search::combinations() const {
    std::int64_t count = 1;
    for (const auto& axis : m_request.axes)
        if (count <= kMostCombinations)
            count *= static_cast<std::int64_t>(axis.values.size());
    return count;
}

std::int64_t Search::total() const {
    std::int64_t all = isFinite() ? combinations() : 0;
    if (m_request.kind == SearchKind::Halving) {
        all = 0;
        for (const Round& round : m_rounds)
            all += round.trials;
    }
    return m_request.runs > 0 && (all == 0 || m_request.runs < all) ? m_request.runs : all;
}

Json Search::optionsOf(std::int64_t candidate) const {
    Json options = Json::object();
    if (!isFinite()) {
        Random random(mixSeed(m_request.seed, 0x74726961ull /* "tria" */, static_cast<std::uint64_t>(candidate)));
        for (const auto& axis : m_request.axes)
            options[axis.key] = drawn(axis, random);
        return options;
    }
    auto index =
        static_cast<std::size_t>(m_shuffled.empty() ? candidate : m_shuffled[static_cast<std::size_t>(candidate)]);
    std::vector<std::size_t> chosen;
    for (auto axis = m_request.axes.rbegin(); axis != m_request.axes.rend(); ++axis) {  // the last one turns fastest
        chosen.push_back(index % axis->values.size());
        index /= axis->values.size();
    }
    for (std::size_t i = 0; i < m_request.axes.size(); ++i)
        options[m_request.axes[i].key] = m_request.axes[i].values[chosen[chosen.size() - 1 - i]];
    return options;
}

std::optional<Trial> Search::next(const std::vector<Trial>& table) const {
    for (const Trial& trial : table)
        if (!trial.isOver())
            return trial;  // it was stopped, or the program ended
    const auto count = static_cast<std::int64_t>(table.size());
    double seconds = 0;
    for (const Trial& trial : table)
        seconds += trial.seconds;
    const bool spent =
        (m_request.runs > 0 && count >= m_request.runs) || (m_request.minutes > 0 && seconds >= m_request.minutes * 60);
    if (spent)
        return std::nullopt;
    if (m_request.kind == SearchKind::Halving)
        return nextOfRound(table);
    if (isFinite() && count >= combinations())
        return std::nullopt;
    Trial trial;
    trial.number = count + 1;
    trial.candidate = count;
    trial.options = optionsOf(count);
    return trial;
}

std::optional<Trial> Search::nextOfRound(const std::vector<Trial>& table) const {
    for (std::size_t r = 0; r < m_rounds.size(); ++r) {
        const auto round = static_cast<std::int64_t>(r);
        std::vector<std::int64_t> candidates;
        if (r == 0) {
            for (std::int64_t i = 0; i < m_rounds[0].trials; ++i)
                candidates.push_back(i);
        } else {
            for (const Trial* trial : ranked(table, round - 1))
                if (static_cast<std::int64_t>(candidates.size()) < m_rounds[r].trials)
                    candidates.push_back(trial->candidate);
        }
        for (const auto candidate : candidates) {
            const bool known = std::ranges::any_of(
                table, [&](const Trial& trial) { return trial.round == round && trial.candidate == candidate; });
            if (known)
                continue;
            Trial trial;
            trial.number = static_cast<std::int64_t>(table.size()) + 1;
            trial.candidate = candidate;
            trial.round = round;
            trial.options = optionsOf(candidate);
            trial.options["epochs"] = m_rounds[r].epochs;
            return trial;
        }
    }
    return std::nullopt;
}

std::vector<const Trial*> Search::ranked(const std::vector<Trial>& table, std::int64_t round) const {
    std::vector<const Trial*> done;
    for (const Trial& trial : table)
        if (trial.round == round && trial.status == "done" && !std::isnan(trial.value))
            done.push_back(&trial);
    std::ranges::stable_sort(
        done, [&](const Trial* a, const Trial* b) { return m_higher ? a->value > b->value : a->value < b->value; });
    return done;
}

const Trial* Search::best(const std::vector<Trial>& table) const {
    std::int64_t last = 0;
    for (const Trial& trial : table)
        last = std::max(last, trial.round);
    for (std::int64_t round = last; round >= 0; --round)
        if (const auto done = ranked(table, round); !done.empty())
            return done.front();
    return nullptr;
}

}  // namespace lathe::train
