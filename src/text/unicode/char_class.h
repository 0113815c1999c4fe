// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What kind of character a code point is, by table for the basic plane. Thread: any.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/utf8.h"

namespace lathe::text {

enum : std::uint8_t {
    kIsLetter = 1,       ///< \p{L}
    kIsNumber = 2,       ///< \p{N}
    kIsSpace = 4,        ///< White_Space
    kIsPunctuation = 8,  ///< ASCII punctuation and the \p{P} of Unicode 8
    kIsWord = 16,        ///< alphabetic, marks, decimal numbers, connectors, joiners
    kIsNewline = 32,     ///< CR or LF
    kIsMark = 64,        ///< \p{M}
};

namespace detail {
const std::uint8_t* makeCharClasses();  // of U+0000 to U+FFFF
inline const std::uint8_t* charClasses() {
    static const std::uint8_t* const table = makeCharClasses();
    return table;
}
std::uint8_t computeCharClass(char32_t c);
}  // namespace detail

/// A union of the bits above.
inline std::uint8_t charClass(char32_t c) {
    return c < 0x10000 ? detail::charClasses()[c] : detail::computeCharClass(c);
}
inline bool isSpace(char32_t c) {
    return (charClass(c) & kIsSpace) != 0;
}
inline bool isPunctuation(char32_t c) {
    return (charClass(c) & kIsPunctuation) != 0;
}

/// The class of the character at \p pos, which moves on; 0 and no move at the end.
inline std::uint8_t nextCharClass(std::string_view text, std::size_t& pos) {
    if (pos >= text.size())
        return 0;
    const auto byte = static_cast<unsigned char>(text[pos]);
    if (byte < 0x80) {
        ++pos;
        return detail::charClasses()[byte];
    }
    return charClass(nextCodePoint(text, pos));
}

/// Whether a character is in Unicode since \p version at the latest.
bool isSince(char32_t c, int version);

/// As Rust's char::to_lowercase: without context. Calls \p put for each character.
template <class Put>
void lowerCase(char32_t c, const Put& put);
char32_t simpleLowerCase(char32_t c);
template <class Put>
void lowerCase(char32_t c, const Put& put) {
    put(simpleLowerCase(c));
    if (c == 0x130)  // the only character whose lower case is two: i and a combining dot
        put(char32_t(0x307));
}

}  // namespace lathe::text
