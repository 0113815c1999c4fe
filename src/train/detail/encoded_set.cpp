// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/encoded_set.h"

#include <algorithm>
#include <atomic>
#include <future>

namespace lathe::train {

void EncodedSet::add(const EncodedText& text) {
    m_begins.push_back(m_ids.size());
    m_ids.insert(m_ids.end(), text.ids.begin(), text.ids.end());
    m_lengths.push_back(static_cast<std::int32_t>(text.ids.size()));
    m_labels.push_back(text.label);
    m_lossFrom.push_back(std::max(1, text.lossFrom));
    m_truncated += text.truncated;
    m_cut.push_back(text.truncated);
    m_whole.push_back(text.wholeTokens);
    m_remarks.push_back(text.remarks);
    const bool isPlain = text.values.empty() && text.marks.empty() && text.starts.empty() && text.typeIds.empty();
    if (!isPlain || !m_extras.empty()) {
        m_extras.resize(m_lengths.size() - 1);
        m_extras.push_back({text.values, text.marks, text.starts, text.typeIds});
    }
}

void EncodedSet::append(const EncodedSet& other) {
    for (std::size_t i = 0; i < other.size(); ++i)
        m_begins.push_back(m_ids.size() + other.m_begins[i]);
    const auto join = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    if (!m_extras.empty() || !other.m_extras.empty()) {
        m_extras.resize(m_lengths.size());
        join(m_extras, other.m_extras);
        m_extras.resize(m_lengths.size() + other.size());
    }
    join(m_ids, other.m_ids);
    join(m_lengths, other.m_lengths);
    join(m_labels, other.m_labels);
    join(m_lossFrom, other.m_lossFrom);
    join(m_cut, other.m_cut);
    join(m_whole, other.m_whole);
    join(m_remarks, other.m_remarks);
    m_truncated += other.m_truncated;
}

EncodedText EncodedSet::text(std::size_t item) const {
    EncodedText text;
    text.ids.assign(ids(item).begin(), ids(item).end());
    text.label = label(item);
    text.lossFrom = lossFrom(item);
    text.truncated = m_cut[item];
    text.wholeTokens = m_whole[item];
    text.remarks = m_remarks[item];
    if (!m_extras.empty()) {
        const Extras& extras = m_extras[item];
        text.values = extras.values;
        text.marks = extras.marks;
        text.starts = extras.starts;
        text.typeIds = extras.typeIds;
    }
    return text;
}

Result<EncodedSet> encodeAll(std::size_t count, int threads, const std::function<EncodedText(std::size_t)>& encode,
                             JobContext& context) {
    constexpr std::size_t kChunk = 256;
    std::vector<EncodedText> encoded(count);
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (;;) {
            const std::size_t begin = next.fetch_add(kChunk);
            if (begin >= count || context.stopRequested())
                return;
            for (std::size_t i = begin; i < std::min(count, begin + kChunk); ++i)
                encoded[i] = encode(i);
        }
    };
    std::vector<std::future<void>> workers;
    for (int i = 1; i < threads; ++i)
        workers.push_back(std::async(std::launch::async, work));
    work();
    for (auto& worker : workers)
        worker.get();
    if (context.stopRequested())
        return fail(ErrorCode::Canceled, "stopped while the texts were tokenised");
    EncodedSet set;
    for (const auto& text : encoded)
        set.add(text);
    return set;
}

EncodedText cutToFit(const text::Tokenizer& tokenizer, std::vector<text::TokenId> ids, std::int64_t maxTokens) {
    EncodedText result;
    result.ids = std::move(ids);
    const auto limit = static_cast<std::size_t>(maxTokens);
    if (result.ids.size() > limit) {
        const auto special = tokenizer.special();
        const auto last = result.ids.back();
        result.wholeTokens = static_cast<std::int32_t>(result.ids.size());
        result.ids.resize(limit);
        if (last == special.sep || last == special.eos)
            result.ids.back() = last;
        result.truncated = true;
    }
    return result;
}

EncodedText encodeText(const text::Tokenizer& tokenizer, std::string_view text, int label, std::int64_t maxTokens) {
    EncodedText result = cutToFit(tokenizer, tokenizer.encode(text).ids, maxTokens);
    result.label = label;
    return result;
}

EncodedSet packRows(const EncodedSet& texts, std::int64_t rowTokens) {
    EncodedSet rows;
    EncodedText row;
    const auto limit = static_cast<std::size_t>(rowTokens);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        for (const auto id : texts.ids(i)) {
            row.ids.push_back(id);
            if (row.ids.size() == limit) {
                rows.add(row);
                // The next row starts with the token that was last here, so that every token is predicted once.
                row.ids.assign(1, id);
            }
        }
    }
    if (row.ids.size() > 1)
        rows.add(row);
    return rows;
}

}  // namespace lathe::train
