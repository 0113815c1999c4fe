// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/bert_characters.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "core/utf8.h"

namespace lathe::text {
namespace {

bool isWhiteSpace(char32_t c) {
    return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool isPunctuation(char32_t c) {
    if (c < 0x80)
        return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_P_MASK) != 0;
}

/// Full canonical decomposition; the character itself where there is none.
void decompose(char32_t c, std::vector<char32_t>& out) {
    UErrorCode status = U_ZERO_ERROR;
    static const UNormalizer2* const nfd = unorm2_getNFDInstance(&status);
    UChar units[64];
    const std::int32_t length = unorm2_getDecomposition(nfd, static_cast<UChar32>(c), units, 64, &status);
    if (length < 0 || U_FAILURE(status)) {
        out.push_back(c);
        return;
    }
    for (std::int32_t i = 0; i < length;) {
        UChar32 part = 0;
        U16_NEXT(units, i, length, part);
        out.push_back(static_cast<char32_t>(part));
    }
}

/// One character's lower case without context, as Rust's char::to_lowercase has it.
void lower(char32_t c, std::vector<char32_t>& out) {
    out.push_back(static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))));
    if (c == 0x130)  // the only character whose lower case is two: i and a combining dot
        out.push_back(0x307);
}

}  // namespace

bool isBertControl(char32_t c) {  // Cc, Cf, Cn, Co, Cs
    constexpr std::uint32_t mask = U_GC_C_MASK;
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & mask) != 0;
}

BertCharacters::BertCharacters(const BertNormalization& options) : m_options(options), m_table(kTableSize) {
    for (char32_t c = 0; c < kTableSize; ++c) {
        const CharAction action = compute(c);
        m_table[c] = (static_cast<std::uint32_t>(action.kind) << 24) | action.mapped;
    }
}

bool BertCharacters::isChinese(char32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
           (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

// What the pre-tokenizer makes of a character after normalisation.
CharAction BertCharacters::classify(char32_t c) const {
    if (isWhiteSpace(c))
        return {c, CharKind::Space};
    return {c, isPunctuation(c) ? CharKind::Punctuation : CharKind::Letter};
}

void BertCharacters::expand(char32_t c, std::vector<CharAction>& out) const {
    std::vector<char32_t> parts;
    if (m_options.stripAccents) {
        decompose(c, parts);
        std::erase_if(parts,
                      [](char32_t part) { return u_charType(static_cast<UChar32>(part)) == U_NON_SPACING_MARK; });
    } else {
        parts.push_back(c);
    }
    if (m_options.lowercase) {
        std::vector<char32_t> lowered;
        for (const char32_t part : parts)
            lower(part, lowered);
        parts.swap(lowered);
    }
    const bool alone = m_options.chineseCharacters && isChinese(c);
    for (const char32_t part : parts)
        out.push_back(alone ? CharAction{part, CharKind::Punctuation} : classify(part));
}

CharAction BertCharacters::compute(char32_t c) const {
    if (m_options.cleanText) {
        const bool blank = c == '\t' || c == '\n' || c == '\r';
        if (!blank && (c == 0 || c == kReplacement || isBertControl(c)))
            return {c, CharKind::Dropped};
        if (blank || isWhiteSpace(c))
            return {c, CharKind::Space};
    }
    std::vector<CharAction> parts;
    expand(c, parts);
    if (parts.empty())
        return {c, CharKind::Dropped};
    return parts.size() == 1 ? parts.front() : CharAction{c, CharKind::Several};
}

}  // namespace lathe::text
