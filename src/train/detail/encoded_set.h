// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// EncodedSet: texts as token ids, made once before training and kept flat. Torch-free.
// Thread: built by one; read from any.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "text/tokenizer.h"

namespace lathe::train {

/// What happened to a text on its way to tokens, beside being cut: bits of EncodedText::remarks.
enum Remark : std::uint16_t {
    kRefused = 1,         ///< the chat template refuses it
    kNothingLearnt = 2,   ///< it holds no token to learn from
    kLastAnswerOnly = 4,  ///< of a conversation only the last answer is learnt
    kAnswerCut = 8,       ///< an answer lost its end
    kPartWidened = 16,    ///< a labelled part begins or ends within a token
    kPartOverlaps = 32,   ///< a labelled part is left out: another has its tokens
    kPartCut = 64,        ///< a labelled part lies behind where the text was cut
    kPartEmpty = 128,     ///< a labelled part holds no token
};

struct EncodedText {
    std::vector<text::TokenId> ids;
    std::int32_t label = -1;    ///< classification
    std::int32_t lossFrom = 1;  ///< next-token training: the first position that counts as a target (>= 1)
    bool truncated = false;
    std::int32_t wholeTokens = 0;  ///< before it was cut; 0 = it was not
    std::uint16_t remarks = 0;
    std::vector<float> values = {};         ///< of the text: 1 or 0 for each label, or a number
    std::vector<std::int32_t> marks = {};   ///< of each token: its label; kNoTarget = it is not asked for
    std::vector<std::int32_t> starts = {};  ///< where further texts begin that are packed behind the first
    std::vector<std::int8_t> typeIds = {};  ///< of each token: which of two texts it is of
};
/// In EncodedText::marks.
inline constexpr std::int32_t kNoTarget = -100;

class EncodedSet {
public:
    void add(const EncodedText& text);
    void append(const EncodedSet& other);

    EncodedText text(std::size_t item) const;  ///< as it was added

    std::size_t size() const { return m_lengths.size(); }
    std::span<const text::TokenId> ids(std::size_t item) const {
        return {m_ids.data() + m_begins[item], static_cast<std::size_t>(m_lengths[item])};
    }
    std::int32_t label(std::size_t item) const { return m_labels[item]; }
    std::int32_t lossFrom(std::size_t item) const { return m_lossFrom[item]; }
    std::span<const float> values(std::size_t item) const { return m_extras.at(item).values; }
    /// Empty where no token was marked.
    std::span<const std::int32_t> marks(std::size_t item) const {
        return m_extras.empty() ? std::span<const std::int32_t>() : m_extras[item].marks;
    }
    std::span<const std::int32_t> starts(std::size_t item) const {
        return m_extras.empty() ? std::span<const std::int32_t>() : m_extras[item].starts;
    }
    std::span<const std::int8_t> typeIds(std::size_t item) const {
        return m_extras.empty() ? std::span<const std::int8_t>() : m_extras[item].typeIds;
    }
    const std::vector<std::int32_t>& lengths() const { return m_lengths; }
    /// What the text had before it was cut.
    std::int32_t wholeTokens(std::size_t item) const { return std::max(m_whole[item], m_lengths[item]); }
    std::uint16_t remarks(std::size_t item) const { return m_remarks[item]; }
    std::int64_t tokens() const { return static_cast<std::int64_t>(m_ids.size()); }
    std::int64_t truncated() const { return m_truncated; }

private:
    /// What only some tasks have; none are kept where no text has any.
    struct Extras {
        std::vector<float> values;
        std::vector<std::int32_t> marks, starts;
        std::vector<std::int8_t> typeIds;
    };
    std::vector<Extras> m_extras;
    std::vector<text::TokenId> m_ids;
    std::vector<std::size_t> m_begins;
    std::vector<std::int32_t> m_lengths;
    std::vector<std::int32_t> m_labels;
    std::vector<std::int32_t> m_lossFrom;
    std::vector<std::int32_t> m_whole;
    std::vector<std::uint16_t> m_remarks;
    std::vector<bool> m_cut;
    std::int64_t m_truncated = 0;
};

/// Runs \p encode for items 0..count-1 on \p threads threads; the result is in order, whatever the threads.
/// \returns Canceled when \p context is asked to stop; what \p encode throws is thrown on.
Result<EncodedSet> encodeAll(std::size_t count, int threads, const std::function<EncodedText(std::size_t)>& encode,
                             JobContext& context);

/// \p ids as a text of at most \p maxTokens, the last special token kept.
EncodedText cutToFit(const text::Tokenizer& tokenizer, std::vector<text::TokenId> ids, std::int64_t maxTokens);
/// One text for an encoder ([CLS] ... [SEP], <s> ... </s>), cut to \p maxTokens with its last special token kept.
EncodedText encodeText(const text::Tokenizer& tokenizer, std::string_view text, int label, std::int64_t maxTokens);

/// Texts one behind the other, cut into rows of \p rowTokens tokens; every token but a row's first is a target.
/// Each text keeps its begin and end tokens, which is how the model learns where texts end.
EncodedSet packRows(const EncodedSet& texts, std::int64_t rowTokens);

}  // namespace lathe::train
