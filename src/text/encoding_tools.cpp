// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/encoding_tools.h"

#include <fmt/format.h>

#include <algorithm>

namespace lathe::text {
namespace {

/// What two texts of these lengths keep of \p room.
std::pair<std::size_t, std::size_t> share(std::size_t first, std::size_t second, std::size_t room) {
    const auto [shorter, longer] = std::minmax(first, second);
    std::size_t less = shorter;
    std::size_t more = longer;
    if (shorter + longer > room) {
        more = shorter > room ? shorter : std::max(shorter, room - shorter);
        if (less + more > room) {
            less = room / 2;
            more = less + room % 2;
        }
    }
    return first <= second ? std::pair(less, more) : std::pair(more, less);
}

/// Keeps the entries whose flag is set; lists that are not parallel stay.
template <class List>
void keepOnly(List& list, const std::vector<bool>& kept) {
    if (list.size() != kept.size())
        return;
    std::size_t count = 0;
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (kept[i])
            list[count++] = list[i];
    list.resize(count);
}

template <class List, class Value>
void fill(List& list, std::size_t from, std::size_t to, Side side, Value value) {
    if (list.size() != from)
        return;
    list.insert(side == Side::Left ? list.begin() : list.end(), to - from, value);
}

}  // namespace

Result<> truncate(Encoding& encoding, const Truncation& truncation) {
    const std::size_t size = encoding.ids.size();
    if (size <= truncation.maxTokens)
        return {};
    const bool known = encoding.sequences.size() == size;
    const auto sequenceOf = [&](std::size_t i) { return known ? encoding.sequences[i] : std::int8_t(0); };
    std::size_t counts[2] = {0, 0};
    for (std::size_t i = 0; i < size; ++i)
        if (sequenceOf(i) >= 0)
            ++counts[sequenceOf(i) > 0 ? 1 : 0];
    const std::size_t special = size - counts[0] - counts[1];
    if (special > truncation.maxTokens)
        return fail(ErrorCode::InvalidInput, fmt::format("{} special tokens alone are more than the {} tokens allowed",
                                                         special, truncation.maxTokens));
    std::size_t keep[2] = {counts[0], counts[1]};
    if (truncation.strategy == TruncationStrategy::LongestFirst) {
        std::tie(keep[0], keep[1]) = share(counts[0], counts[1], truncation.maxTokens - special);
    } else {
        const std::size_t which = truncation.strategy == TruncationStrategy::OnlyFirst ? 0 : 1;
        const std::size_t over = size - truncation.maxTokens;
        if (counts[which] < over)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} tokens are too many, but the {} text has only {} to take them from", over,
                                    which == 0 ? "first" : "second", counts[which]));
        keep[which] -= over;
    }
    std::vector<bool> kept(size, true);
    std::size_t seen[2] = {0, 0};
    for (std::size_t i = 0; i < size; ++i) {
        if (sequenceOf(i) < 0)
            continue;
        const std::size_t which = sequenceOf(i) > 0 ? 1 : 0;
        const std::size_t at = seen[which]++;
        kept[i] = truncation.side == Side::Right ? at < keep[which] : at >= counts[which] - keep[which];
    }
    keepOnly(encoding.offsets, kept);
    keepOnly(encoding.typeIds, kept);
    keepOnly(encoding.sequences, kept);
    keepOnly(encoding.ids, kept);
    return {};
}

std::vector<std::vector<std::int32_t>> pad(std::span<Encoding> batch, const Padding& padding) {
    std::size_t length = padding.length.value_or(0);
    if (!padding.length)
        for (const Encoding& encoding : batch)
            length = std::max(length, encoding.ids.size());
    if (padding.multipleOf > 0 && length % padding.multipleOf != 0)
        length += padding.multipleOf - length % padding.multipleOf;
    std::vector<std::vector<std::int32_t>> masks;
    for (Encoding& encoding : batch) {
        const std::size_t size = encoding.ids.size();
        const std::size_t to = std::max(size, length);
        masks.emplace_back(size, 1);
        fill(masks.back(), size, to, padding.side, 0);
        fill(encoding.offsets, size, to, padding.side, Offset());
        fill(encoding.typeIds, size, to, padding.side, padding.typeId);
        fill(encoding.sequences, size, to, padding.side, std::int8_t(-1));
        fill(encoding.ids, size, to, padding.side, padding.id);
    }
    return masks;
}

}  // namespace lathe::text
