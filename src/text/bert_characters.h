// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What BERT's normaliser and pre-tokenizer do to one character: drop it, split at it, fold it.
// \source Hugging Face tokenizers: normalizers/bert.rs, pre_tokenizers/bert.rs (semantics, not code). Thread: any.
#pragma once

#include <cstdint>
#include <vector>

namespace lathe::text {

struct BertNormalization {
    bool cleanText = true;
    bool chineseCharacters = true;  ///< each one a word of its own
    bool stripAccents = true;
    bool lowercase = true;
};

enum class CharKind : std::uint8_t {
    Letter,       ///< part of a word, as `mapped`
    Space,        ///< ends a word, dropped
    Dropped,      ///< as if it were not there
    Punctuation,  ///< a word of its own, as `mapped`
    Several,      ///< becomes more than one character: see expand()
};

struct CharAction {
    char32_t mapped = 0;
    CharKind kind = CharKind::Letter;
};

/// A character that cleaning drops: control, format, private. The reference's tables are those of Unicode 8.
bool isBertControl(char32_t c);
/// A mark that stripping accents drops, by the same tables.
bool isBertAccent(char32_t c);

class BertCharacters {
public:
    explicit BertCharacters(const BertNormalization& options);

    CharAction action(char32_t c) const {
        if (c < kTableSize) {
            const std::uint32_t entry = m_table[c];
            return {entry & 0x1FFFFF, static_cast<CharKind>(entry >> 24)};
        }
        return compute(c);
    }
    /// The characters that \p c becomes (kind Several), each with its own kind; combining marks are dropped already.
    void expand(char32_t c, std::vector<CharAction>& out) const;
    /// A character that is a word of its own in Chinese texts, by BERT's ranges.
    static bool isChinese(char32_t c);

private:
    static constexpr char32_t kTableSize = 0x10000;
    CharAction compute(char32_t c) const;
    CharAction classify(char32_t c) const;

    BertNormalization m_options;
    std::vector<std::uint32_t> m_table;
};

}  // namespace lathe::text
