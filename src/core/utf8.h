// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8 by hand: the few operations that the engine needs in inner loops. Conversions are ICU's (corpus/encoding).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lathe {

inline constexpr char32_t kReplacement = 0xFFFD;

/// Decodes one code point at \p pos and moves \p pos on. An invalid byte gives kReplacement and moves one byte.
char32_t nextCodePoint(std::string_view text, std::size_t& pos);
void appendUtf8(std::string& out, char32_t codePoint);
/// Byte position of the first invalid sequence, or npos.
std::size_t firstInvalidUtf8(std::string_view text);
/// Each invalid byte becomes U+FFFD.
std::string sanitizeUtf8(std::string_view text);
std::size_t countCodePoints(std::string_view text);
std::u32string toCodePoints(std::string_view text);
std::string toUtf8(std::u32string_view text);
/// Longest prefix of \p text of at most \p maxBytes bytes that does not cut a code point.
std::string_view clipUtf8(std::string_view text, std::size_t maxBytes);
/// Bytes at the end of \p text that begin a code point but do not finish it (0 to 3): hold them back when streaming.
std::size_t incompleteTail(std::string_view text);

}  // namespace lathe
