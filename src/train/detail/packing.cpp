// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/packing.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

namespace lathe::train {
namespace {

/// Items of each row.
std::vector<std::vector<std::size_t>> fillRows(const std::vector<std::int32_t>& lengths, std::int64_t rowTokens) {
    std::vector<std::size_t> order(lengths.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return lengths[i]; });
    std::vector<std::vector<std::size_t>> rows;
    std::multimap<std::int64_t, std::size_t> rooms;  // tokens that are left -> row
    for (const std::size_t item : order) {
        const std::int64_t length = lengths[item];
        const auto room = rooms.lower_bound(length);  // the least that is enough
        std::size_t row = rows.size();
        std::int64_t left = rowTokens - length;
        if (room == rooms.end()) {
            rows.emplace_back();
        } else {
            row = room->second;
            left = room->first - length;
            rooms.erase(room);
        }
        rows[row].push_back(item);
        if (left > 0)
            rooms.emplace(left, row);
    }
    return rows;
}

}  // namespace

EncodedSet packWhole(const EncodedSet& texts, std::int64_t rowTokens) {
    EncodedSet packed;
    for (const auto& items : fillRows(texts.lengths(), rowTokens)) {
        EncodedText row;
        for (const std::size_t item : items) {
            if (!row.ids.empty())
                row.starts.push_back(static_cast<std::int32_t>(row.ids.size()));
            const auto ids = texts.ids(item);
            const auto marks = texts.marks(item);
            const auto lossFrom = static_cast<std::size_t>(texts.lossFrom(item));
            for (std::size_t t = 0; t < ids.size(); ++t) {
                row.ids.push_back(ids[t]);
                row.marks.push_back(t < lossFrom ? kNoTarget : marks.empty() ? 0 : marks[t]);
            }
        }
        packed.add(row);
    }
    return packed;
}

}  // namespace lathe::train
