// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/detail/scripts.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>

namespace lathe::corpus::detail {
namespace {

UScriptCode scriptOf(char32_t c) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(c), &status);
}

}  // namespace

bool isHan(char32_t c) {
    if (c < 0x2E80)
        return false;
    return (c >= 0x4E00 && c <= 0x9FFF) || scriptOf(c) == USCRIPT_HAN;
}

bool isHanText(char32_t c) {
    return isHan(c) || (c >= 0x3001 && c <= 0x303F) || (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20);
}

bool needsJoiners(char32_t c) {
    static constexpr std::array kScripts{
        USCRIPT_ARABIC,   USCRIPT_SYRIAC,   USCRIPT_MONGOLIAN, USCRIPT_NKO,    USCRIPT_BENGALI,   USCRIPT_DEVANAGARI,
        USCRIPT_GUJARATI, USCRIPT_GURMUKHI, USCRIPT_KANNADA,   USCRIPT_KHMER,  USCRIPT_MALAYALAM, USCRIPT_MYANMAR,
        USCRIPT_ORIYA,    USCRIPT_SINHALA,  USCRIPT_TAMIL,     USCRIPT_TELUGU, USCRIPT_THAANA};
    return c >= 0x600 && std::ranges::find(kScripts, scriptOf(c)) != kScripts.end();
}

bool isLetter(char32_t c) {
    return u_isalpha(static_cast<UChar32>(c)) != 0;
}

const std::vector<std::string>& offeredScripts() {
    static const std::vector<std::string> kNames{"Han",  "Latin",      "Cyrillic", "Arabic", "Hangul",
                                                 "Kana", "Devanagari", "Greek",    "Hebrew", "Thai"};
    return kNames;
}

// Japanese is written with two scripts; together they stand under Hiragana's number.
int scriptNumber(const std::string& name) {
    return name == "Kana" ? USCRIPT_HIRAGANA : u_getPropertyValueEnum(UCHAR_SCRIPT, name.c_str());
}

bool belongsTo(char32_t c, int script) {
    const UScriptCode found = scriptOf(c);
    return found == script || (script == USCRIPT_HIRAGANA && found == USCRIPT_KATAKANA);
}

}  // namespace lathe::corpus::detail
