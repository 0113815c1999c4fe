// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Python's view of characters: what str.isspace(), str.title() and repr() go by, on UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lathe::text::jinja {

/// str.isspace(), which is also what \s matches.
bool isSpace(char32_t c);
/// Where str.splitlines() cuts ("\r\n" counts as one cut).
bool isLineBreak(char32_t c);
/// What repr() shows as it is.
bool isPrintable(char32_t c);
/// \w of a regular expression, and the marks that Jinja adds to it for names.
bool isWord(char32_t c);
bool isIdentifier(std::string_view text);

/// Bytes of white space at the beginning, or at the end.
std::size_t leadingSpace(std::string_view text);
std::size_t trailingSpace(std::string_view text);

bool isAscii(std::string_view text);
/// Byte position of code point \p index; text.size() past the end.
std::size_t byteOfCodePoint(std::string_view text, std::size_t index);

std::string upperCase(std::string_view text);
std::string lowerCase(std::string_view text);
std::string caseFold(std::string_view text);
std::string swapCase(std::string_view text);
/// str.title(): a letter after something that is no letter is a capital.
std::string titleCase(std::string_view text);
/// str.capitalize(): the first character, the rest in lower case.
std::string capitalized(std::string_view text);

/// str.isalpha(), str.isdigit() ... by name; all are false for "".
bool isAlpha(std::string_view text);
bool isAlphanumeric(std::string_view text);
bool isDecimal(std::string_view text);
bool isDigit(std::string_view text);
bool isNumeric(std::string_view text);
bool isAllSpace(std::string_view text);
bool isLower(std::string_view text);
bool isUpper(std::string_view text);
bool isTitle(std::string_view text);

}  // namespace lathe::text::jinja
