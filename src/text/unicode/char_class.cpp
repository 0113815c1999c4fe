// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/char_class.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace lathe::text {
namespace {

struct ClassRange {
    char32_t first, last;
    int classes;
};

// Letters, numbers and marks that came with Unicode 15.1 and 16, which an older ICU does not know.
constexpr ClassRange kNewer[] = {{0x897, 0x897, kIsMark | kIsWord},       {0x1C89, 0x1C8A, kIsLetter | kIsWord},
                                 {0xA7CB, 0xA7CD, kIsLetter | kIsWord},   {0xA7DA, 0xA7DC, kIsLetter | kIsWord},
                                 {0x105C0, 0x105F3, kIsLetter | kIsWord}, {0x10D40, 0x10D49, kIsNumber | kIsWord},
                                 {0x10D4A, 0x10D65, kIsLetter | kIsWord}, {0x10D69, 0x10D6D, kIsMark | kIsWord},
                                 {0x10D6F, 0x10D85, kIsLetter | kIsWord}, {0x10EC2, 0x10EC4, kIsLetter | kIsWord},
                                 {0x10EFC, 0x10EFC, kIsMark | kIsWord},   {0x11380, 0x11389, kIsLetter | kIsWord},
                                 {0x1138B, 0x1138B, kIsLetter | kIsWord}, {0x1138E, 0x1138E, kIsLetter | kIsWord},
                                 {0x11390, 0x113B5, kIsLetter | kIsWord}, {0x113B7, 0x113B7, kIsLetter | kIsWord},
                                 {0x113B8, 0x113C0, kIsMark | kIsWord},   {0x113C2, 0x113C2, kIsMark | kIsWord},
                                 {0x113C5, 0x113C5, kIsMark | kIsWord},   {0x113C7, 0x113CA, kIsMark | kIsWord},
                                 {0x113CC, 0x113D0, kIsMark | kIsWord},   {0x113D1, 0x113D1, kIsLetter | kIsWord},
                                 {0x113D2, 0x113D2, kIsMark | kIsWord},   {0x113D3, 0x113D3, kIsLetter | kIsWord},
                                 {0x113E1, 0x113E2, kIsMark | kIsWord},   {0x116D0, 0x116E3, kIsNumber | kIsWord},
                                 {0x11BC0, 0x11BE0, kIsLetter | kIsWord}, {0x11BF0, 0x11BF9, kIsNumber | kIsWord},
                                 {0x11F5A, 0x11F5A, kIsMark | kIsWord},   {0x13460, 0x143FA, kIsLetter | kIsWord},
                                 {0x16100, 0x1611D, kIsLetter | kIsWord}, {0x1611E, 0x1612F, kIsMark | kIsWord},
                                 {0x16130, 0x16139, kIsNumber | kIsWord}, {0x16D40, 0x16D6C, kIsLetter | kIsWord},
                                 {0x16D70, 0x16D79, kIsNumber | kIsWord}, {0x18CFF, 0x18CFF, kIsLetter | kIsWord},
                                 {0x1CCF0, 0x1CCF9, kIsNumber | kIsWord}, {0x1E5D0, 0x1E5ED, kIsLetter | kIsWord},
                                 {0x1E5EE, 0x1E5EF, kIsMark | kIsWord},   {0x1E5F0, 0x1E5F0, kIsLetter | kIsWord},
                                 {0x1E5F1, 0x1E5FA, kIsNumber | kIsWord}, {0x2EBF0, 0x2EE5D, kIsLetter | kIsWord}};

std::uint8_t newerClass(char32_t c) {
    const auto found = std::ranges::lower_bound(kNewer, c, {}, &ClassRange::last);
    return found != std::end(kNewer) && c >= found->first ? static_cast<std::uint8_t>(found->classes) : std::uint8_t(0);
}

/// The punctuation of Unicode 8, as BERT's tokenizers have it everywhere; newer characters are none.
bool isOldPunctuation(UChar32 c, std::uint32_t category) {
    if (c < 0x80)
        return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
    return ((category & U_GC_P_MASK) != 0 && isSince(static_cast<char32_t>(c), 8)) || c == 0x166D || c == 0x111C9;
}

}  // namespace

bool isSince(char32_t c, int version) {
    UVersionInfo age{};
    u_charAge(static_cast<UChar32>(c), age);
    return age[0] > 0 && age[0] <= version;
}

namespace detail {

std::uint8_t computeCharClass(char32_t code) {
    const auto c = static_cast<UChar32>(code);
    const std::uint32_t category = U_GET_GC_MASK(c);
    std::uint8_t bits = u_isdefined(c) != 0 ? std::uint8_t(0) : newerClass(code);
    const auto set = [&](bool holds, std::uint8_t bit) { bits = static_cast<std::uint8_t>(holds ? bits | bit : bits); };
    set((category & U_GC_L_MASK) != 0, kIsLetter);
    set((category & U_GC_N_MASK) != 0, kIsNumber);
    set(u_isUWhiteSpace(c) != 0, kIsSpace);
    set(isOldPunctuation(c, category), kIsPunctuation);
    const bool joiner = c == 0x200C || c == 0x200D;
    set(u_isUAlphabetic(c) != 0 || joiner || (category & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0, kIsWord);
    set(c == '\r' || c == '\n', kIsNewline);
    set((category & U_GC_M_MASK) != 0, kIsMark);
    return bits;
}

const std::uint8_t* makeCharClasses() {
    static std::array<std::uint8_t, 0x10000> table;
    for (char32_t c = 0; c < table.size(); ++c)
        table[c] = computeCharClass(c);
    return table.data();
}

}  // namespace detail

char32_t simpleLowerCase(char32_t c) {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

}  // namespace lathe::text
