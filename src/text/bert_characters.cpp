// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/bert_characters.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <algorithm>
#include <iterator>

#include "core/utf8.h"
#include "text/unicode/char_class.h"

namespace lathe::text {
namespace {

/// Full canonical decomposition; the character itself where there is none.
void decompose(char32_t c, std::vector<char32_t>& out) {
    if (!isSince(c, 9)) {
        out.push_back(c);
        return;
    }
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

bool isBertControl(char32_t c) {
    const auto code = static_cast<UChar32>(c);
    constexpr std::uint32_t mask = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CS_MASK;
    return (U_GET_GC_MASK(code) & mask) != 0 && isSince(c, 8);
}

bool isBertAccent(char32_t c) {
    static constexpr char32_t kSince[] = {0x1885, 0x1886, 0xA9BD, 0x111C9};  // became such marks later
    if (c == 0x1734)
        return true;  // was one then
    return u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK && isSince(c, 8) &&
           std::ranges::find(kSince, c) == std::end(kSince);
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
    if (isSpace(c))
        return {c, CharKind::Space};
    return {c, isPunctuation(c) ? CharKind::Punctuation : CharKind::Letter};
}

void BertCharacters::expand(char32_t c, std::vector<CharAction>& out) const {
    std::vector<char32_t> parts;
    if (m_options.stripAccents) {
        decompose(c, parts);
        std::erase_if(parts, isBertAccent);
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
        if (blank || isSpace(c))
            return {c, CharKind::Space};
    }
    std::vector<CharAction> parts;
    expand(c, parts);
    if (parts.empty())
        return {c, CharKind::Dropped};
    return parts.size() == 1 ? parts.front() : CharAction{c, CharKind::Several};
}

}  // namespace lathe::text
