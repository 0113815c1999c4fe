// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/split_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "corpus/detail/stratify.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kSplits = 3;
constexpr std::array kOrder{Split::Train, Split::Dev, Split::Test};
constexpr double kTiny = 1e-9;  // below this a remainder is rounding

using Row = std::array<std::int64_t, kSplits>;
using RealRow = std::array<double, kSplits>;

RealRow rowOf(const SplitShares& shares) {
    return {shares.train, shares.dev, shares.test};
}

// Whole numbers of `total`, by largest remainder.
Row portions(std::int64_t total, const RealRow& shares) {
    Row row{};
    RealRow rest{};
    for (std::size_t s = 0; s < kSplits; ++s) {
        const double ideal = shares[s] * static_cast<double>(total);
        row[s] = static_cast<std::int64_t>(std::floor(ideal + kTiny));
        rest[s] = ideal - static_cast<double>(row[s]);
    }
    for (std::int64_t left = total - row[0] - row[1] - row[2]; left > 0; --left) {
        const auto most = static_cast<std::size_t>(std::ranges::max_element(rest) - rest.begin());
        ++row[most];
        rest[most] = -1;
    }
    return row;
}

// The table of labels and splits in whole numbers: each cell its ideal rounded down or up, each label's row its size,
// and the columns the splits' sizes where that is possible. What rounding down leaves is put cell by cell; when a
// column is full, other labels make room along a chain of columns.
class Table {
public:
    Table(std::span<const std::int64_t> sizes, const RealRow& shares) : m_rows(sizes.size()), m_up(sizes.size()) {
        m_room = portions(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}), shares);
        for (std::size_t c = 0; c < sizes.size(); ++c)
            for (std::size_t s = 0; s < kSplits; ++s) {
                const double ideal = shares[s] * static_cast<double>(sizes[c]);
                m_rows[c][s] = static_cast<std::int64_t>(std::floor(ideal + kTiny));
                m_rest.push_back(std::max(0.0, ideal - static_cast<double>(m_rows[c][s])));
                m_room[s] -= m_rows[c][s];
            }
        // The smallest labels choose first, so that the only text of a label is one to learn from where that can be.
        std::vector<std::size_t> order(sizes.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [&](std::size_t c) { return sizes[c]; });
        for (const std::size_t c : order)
            for (auto left = sizes[c] - m_rows[c][0] - m_rows[c][1] - m_rows[c][2]; left > 0; --left)
                place(c);
        for (std::size_t c = 0; c < sizes.size(); ++c)
            for (std::size_t s = 0; s < kSplits; ++s)
                m_rows[c][s] += m_up[c][s] ? 1 : 0;
    }
    const std::vector<Row>& rows() const { return m_rows; }

private:
    double rest(std::size_t c, std::size_t s) const { return m_rest[c * kSplits + s]; }
    bool canTake(std::size_t c, std::size_t s) const { return !m_up[c][s] && rest(c, s) > kTiny; }

    void place(std::size_t c) {
        std::array<std::size_t, kSplits> order{0, 1, 2};
        std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t s) { return rest(c, s); });
        for (const bool byChain : {false, true})
            for (const std::size_t s : order) {
                if (!canTake(c, s) || !(m_room[s] > 0 || (byChain && makeRoom(c, s))))
                    continue;
                m_up[c][s] = true;
                --m_room[s];
                return;
            }
        // The columns cannot all be met: the label's own share goes before.
        const auto s = *std::ranges::find_if(order, [&](std::size_t at) { return !m_up[c][at]; });
        m_up[c][s] = true;
        --m_room[s];
    }

    // Moves one of column `full`, for a label other than `c`, to a column with room, through one more at most.
    bool makeRoom(std::size_t c, std::size_t full) {
        const auto move = [&](std::size_t from, std::size_t to) {
            for (std::size_t other = 0; other < m_rows.size(); ++other)
                if (other != c && m_up[other][from] && canTake(other, to)) {
                    m_up[other][from] = false;
                    m_up[other][to] = true;
                    ++m_room[from];
                    --m_room[to];
                    return true;
                }
            return false;
        };
        for (std::size_t to = 0; to < kSplits; ++to)
            if (to != full && m_room[to] > 0 && move(full, to))
                return true;
        for (std::size_t through = 0; through < kSplits; ++through)
            for (std::size_t to = 0; to < kSplits; ++to)
                if (through != full && to != full && to != through && m_room[to] > 0 && move(through, to)) {
                    if (move(full, through))
                        return true;
                    return false;
                }
        return false;
    }

    std::vector<Row> m_rows;
    std::vector<std::array<bool, kSplits>> m_up;
    std::vector<double> m_rest;
    Row m_room{};
};

std::vector<Split> byTable(std::span<const SplitItem> items, const RealRow& shares, bool byLabel,
                           std::mt19937_64& engine) {
    std::map<LabelId, std::vector<std::size_t>> classes;  // ordered: the seed must meet the labels in the same order
    for (std::size_t i = 0; i < items.size(); ++i)
        classes[!byLabel || items[i].labels.empty() ? 0 : items[i].labels.front()].push_back(i);
    std::vector<std::int64_t> sizes;
    for (const auto& [label, indices] : classes)
        sizes.push_back(static_cast<std::int64_t>(indices.size()));
    const Table table(sizes, shares);
    std::vector<Split> splits(items.size(), Split::Train);
    std::size_t row = 0;
    for (auto& [label, indices] : classes) {
        detail::shuffle(indices, engine);
        std::size_t at = 0;
        for (std::size_t s = 0; s < kSplits; ++s)
            for (std::int64_t n = 0; n < table.rows()[row][s]; ++n)
                splits[indices[at++]] = kOrder[s];
        ++row;
    }
    return splits;
}

// What is not divided: a group, or an item that is alone.
struct Unit {
    std::vector<std::size_t> items;
    std::map<LabelId, std::int64_t> labels;
    std::int64_t newestMs = INT64_MIN;
};

std::vector<Unit> unitsOf(std::span<const SplitItem> items, bool byLabel) {
    std::vector<Unit> units;
    std::map<std::int64_t, std::size_t> unitOf;
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::size_t unit = units.size();
        if (items[i].group >= 0)
            unit = unitOf.try_emplace(items[i].group, unit).first->second;
        if (unit == units.size())
            units.emplace_back();
        units[unit].items.push_back(i);
        units[unit].newestMs = std::max(units[unit].newestMs, items[i].timeMs);
        if (!byLabel || items[i].labels.empty())
            ++units[unit].labels[0];
        for (const LabelId label : items[i].labels)
            if (byLabel)
                ++units[unit].labels[label];
    }
    return units;
}

std::vector<Split> iteratively(std::span<const SplitItem> items, const RealRow& shares, bool byLabel,
                               std::mt19937_64& engine) {
    const std::vector<Unit> units = unitsOf(items, byLabel);
    std::vector<std::size_t> order(units.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    detail::shuffle(order, engine);
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t u) { return units[u].items.size(); });

    std::map<LabelId, std::vector<std::size_t>> having;  // in the order in which they are given out
    std::map<LabelId, std::int64_t> left;                // units
    std::map<LabelId, RealRow> wanted;
    RealRow wantedItems{};
    for (const std::size_t u : order)
        for (const auto& [label, count] : units[u].labels) {
            having[label].push_back(u);
            ++left[label];
            for (std::size_t s = 0; s < kSplits; ++s)
                wanted[label][s] += shares[s] * static_cast<double>(count);
        }
    for (std::size_t s = 0; s < kSplits; ++s)
        wantedItems[s] = shares[s] * static_cast<double>(items.size());

    std::vector<Split> splits(items.size(), Split::Train);
    std::vector<bool> given(units.size(), false);
    while (!left.empty()) {
        const LabelId rarest = std::ranges::min_element(left, {}, [](const auto& pair) { return pair.second; })->first;
        for (const std::size_t u : having[rarest]) {
            if (given[u])
                continue;
            given[u] = true;
            std::size_t best = 0;
            for (std::size_t s = 1; s < kSplits; ++s) {
                const double gap = wanted[rarest][s] - wanted[rarest][best];
                if (shares[s] > 0 &&
                    (shares[best] <= 0 || gap > kTiny || (gap > -kTiny && wantedItems[s] > wantedItems[best] + kTiny)))
                    best = s;
            }
            for (const std::size_t i : units[u].items)
                splits[i] = kOrder[best];
            wantedItems[best] -= static_cast<double>(units[u].items.size());
            for (const auto& [label, count] : units[u].labels) {
                wanted[label][best] -= static_cast<double>(count);
                if (const auto found = left.find(label); found != left.end())
                    --found->second;
            }
        }
        left.erase(rarest);
    }
    return splits;
}

std::vector<Split> byTime(std::span<const SplitItem> items, const RealRow& shares) {
    const std::vector<Unit> units = unitsOf(items, false);
    std::vector<std::size_t> order(units.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t u) { return units[u].newestMs; });
    const Row sizes = portions(static_cast<std::int64_t>(items.size()), shares);
    const std::int64_t trainEnd = sizes[0], devEnd = sizes[0] + sizes[1];
    std::vector<Split> splits(items.size());
    std::int64_t at = 0;
    for (const std::size_t u : order) {
        const auto size = static_cast<std::int64_t>(units[u].items.size());
        const std::int64_t middle = at + (size - 1) / 2;
        for (const std::size_t i : units[u].items)
            splits[i] = middle < trainEnd ? Split::Train : middle < devEnd ? Split::Dev : Split::Test;
        at += size;
    }
    return splits;
}

}  // namespace

std::vector<Split> planSplits(std::span<const SplitItem> items, const SplitShares& shares, SplitMethod method,
                              std::uint64_t seed) {
    if (method == SplitMethod::Time)
        return byTime(items, rowOf(shares));
    std::mt19937_64 engine(seed);
    const bool byLabel = method == SplitMethod::Stratified;
    const bool isSimple = std::ranges::all_of(
        items, [&](const SplitItem& item) { return item.group < 0 && (!byLabel || item.labels.size() <= 1); });
    return isSimple ? byTable(items, rowOf(shares), byLabel, engine)
                    : iteratively(items, rowOf(shares), byLabel, engine);
}

}  // namespace lathe::corpus
