// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/char_class.h"

#include <unicode/uchar.h>

#include <array>

namespace lathe::text {
namespace detail {

std::uint8_t computeCharClass(char32_t code) {
    const auto c = static_cast<UChar32>(code);
    const std::uint32_t category = U_GET_GC_MASK(c);
    std::uint8_t bits = 0;
    const auto set = [&](bool holds, std::uint8_t bit) { bits = static_cast<std::uint8_t>(holds ? bits | bit : bits); };
    set((category & U_GC_L_MASK) != 0, kIsLetter);
    set((category & U_GC_N_MASK) != 0, kIsNumber);
    set(u_isUWhiteSpace(c) != 0, kIsSpace);
    const bool ascii = (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
    set(ascii || (category & U_GC_P_MASK) != 0, kIsPunctuation);
    const bool joiner = c == 0x200C || c == 0x200D;
    set(u_isUAlphabetic(c) != 0 || joiner || (category & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0, kIsWord);
    set(c == '\r' || c == '\n', kIsNewline);
    set((category & U_GC_M_MASK) != 0, kIsMark);
    set((category & U_GC_MN_MASK) != 0, kIsSpacingless);
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
