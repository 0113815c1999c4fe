// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Properties and full case mappings are ICU's, in the root locale whatever the process runs in.
#include "text/template/characters.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>

#include <algorithm>

#include "core/utf8.h"

namespace lathe::text::jinja {
namespace {

UChar32 ch(char32_t c) {
    return static_cast<UChar32>(c);
}

icu::StringPiece piece(std::string_view text) {
    return {text.data(), static_cast<int32_t>(text.size())};
}

/// One of icu::CaseMap's functions over a whole text; the text as it was where ICU fails.
template <class Map>
std::string mapped(std::string_view text, Map map) {
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    UErrorCode code = U_ZERO_ERROR;
    map(sink, code);
    return U_SUCCESS(code) ? out : std::string(text);
}

std::string titleOf(std::string_view character) {
    return mapped(character, [&](icu::ByteSink& sink, UErrorCode& code) {
        icu::CaseMap::utf8ToTitle("", U_TITLECASE_WHOLE_STRING | U_TITLECASE_NO_BREAK_ADJUSTMENT, nullptr,
                                  piece(character), sink, nullptr, code);
    });
}

bool isTitleLetter(char32_t c) {
    return u_charType(ch(c)) == U_TITLECASE_LETTER;
}

bool isCased(char32_t c) {
    return u_hasBinaryProperty(ch(c), UCHAR_LOWERCASE) || u_hasBinaryProperty(ch(c), UCHAR_UPPERCASE) ||
           isTitleLetter(c);
}

bool isDigitValue(char32_t c) {
    const int type = u_getIntPropertyValue(ch(c), UCHAR_NUMERIC_TYPE);
    return type == U_NT_DECIMAL || type == U_NT_DIGIT;
}

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
    for (std::size_t pos = 0; pos < text.size();)
        if (!predicate(nextCodePoint(text, pos)))
            return false;
    return !text.empty();
}

bool isAlphaChar(char32_t c) {
    const auto type = u_charType(ch(c));
    return type >= U_UPPERCASE_LETTER && type <= U_OTHER_LETTER;
}

bool isNumericChar(char32_t c) {
    return u_getIntPropertyValue(ch(c), UCHAR_NUMERIC_TYPE) != U_NT_NONE;
}

}  // namespace

bool isSpace(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool isLineBreak(char32_t c) {
    return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool isPrintable(char32_t c) {
    if (c == U' ')
        return true;
    switch (u_charType(ch(c))) {
        case U_CONTROL_CHAR:
        case U_FORMAT_CHAR:
        case U_SURROGATE:
        case U_PRIVATE_USE_CHAR:
        case U_UNASSIGNED:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
        case U_SPACE_SEPARATOR:
            return false;
        default:
            return true;
    }
}

bool isWord(char32_t c) {
    return c == U'_' || isAlphaChar(c) || isNumericChar(c) ||
           (c >= 0x80 && u_hasBinaryProperty(ch(c), UCHAR_XID_CONTINUE));
}

bool isIdentifier(std::string_view text) {
    std::size_t pos = 0;
    if (text.empty())
        return false;
    const char32_t first = nextCodePoint(text, pos);
    if (first != U'_' && !u_hasBinaryProperty(ch(first), UCHAR_XID_START))
        return false;
    return pos == text.size() ||
           all(text.substr(pos), [](char32_t c) { return u_hasBinaryProperty(ch(c), UCHAR_XID_CONTINUE) != 0; });
}

std::size_t leadingSpace(std::string_view text) {
    std::size_t pos = 0;
    for (std::size_t next = 0; next < text.size(); pos = next)
        if (!isSpace(nextCodePoint(text, next)))
            break;
    return pos;
}

std::size_t trailingSpace(std::string_view text) {
    std::size_t end = text.size();
    while (end > 0) {
        std::size_t begin = end - 1;
        while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
            --begin;
        std::size_t pos = begin;
        if (!isSpace(nextCodePoint(text, pos)) || pos != end)
            break;
        end = begin;
    }
    return text.size() - end;
}

bool isAscii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::size_t byteOfCodePoint(std::string_view text, std::size_t index) {
    std::size_t pos = 0;
    for (; index > 0 && pos < text.size(); --index)
        nextCodePoint(text, pos);
    return pos;
}

std::string upperCase(std::string_view text) {
    return mapped(text, [&](icu::ByteSink& sink, UErrorCode& code) {
        icu::CaseMap::utf8ToUpper("", 0, piece(text), sink, nullptr, code);
    });
}

std::string lowerCase(std::string_view text) {
    return mapped(text, [&](icu::ByteSink& sink, UErrorCode& code) {
        icu::CaseMap::utf8ToLower("", 0, piece(text), sink, nullptr, code);
    });
}

std::string caseFold(std::string_view text) {
    return mapped(text, [&](icu::ByteSink& sink, UErrorCode& code) {
        icu::CaseMap::utf8Fold(0, piece(text), sink, nullptr, code);
    });
}

std::string swapCase(std::string_view text) {
    std::string out;
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t begin = pos;
        const char32_t c = nextCodePoint(text, pos);
        const std::string_view character = text.substr(begin, pos - begin);
        if (u_hasBinaryProperty(ch(c), UCHAR_UPPERCASE))
            out += lowerCase(character);
        else if (u_hasBinaryProperty(ch(c), UCHAR_LOWERCASE))
            out += upperCase(character);
        else
            out += character;
    }
    return out;
}

std::string titleCase(std::string_view text) {
    std::string out;
    bool inWord = false;
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t begin = pos;
        const char32_t c = nextCodePoint(text, pos);
        const std::string_view character = text.substr(begin, pos - begin);
        out += inWord ? lowerCase(character) : titleOf(character);
        inWord = isCased(c);
    }
    return out;
}

std::string capitalized(std::string_view text) {
    if (text.empty())
        return {};
    std::size_t pos = 0;
    nextCodePoint(text, pos);
    return titleOf(text.substr(0, pos)) + lowerCase(text.substr(pos));
}

bool isAlpha(std::string_view text) {
    return all(text, isAlphaChar);
}

bool isAlphanumeric(std::string_view text) {
    return all(text, [](char32_t c) { return isAlphaChar(c) || isNumericChar(c); });
}

bool isDecimal(std::string_view text) {
    return all(text, [](char32_t c) { return u_charType(ch(c)) == U_DECIMAL_DIGIT_NUMBER; });
}

bool isDigit(std::string_view text) {
    return all(text, isDigitValue);
}

bool isNumeric(std::string_view text) {
    return all(text, isNumericChar);
}

bool isAllSpace(std::string_view text) {
    return all(text, isSpace);
}

bool isLower(std::string_view text) {
    bool any = false;
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = nextCodePoint(text, pos);
        if (u_hasBinaryProperty(ch(c), UCHAR_UPPERCASE) || isTitleLetter(c))
            return false;
        any = any || u_hasBinaryProperty(ch(c), UCHAR_LOWERCASE);
    }
    return any;
}

bool isUpper(std::string_view text) {
    bool any = false;
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = nextCodePoint(text, pos);
        if (u_hasBinaryProperty(ch(c), UCHAR_LOWERCASE) || isTitleLetter(c))
            return false;
        any = any || u_hasBinaryProperty(ch(c), UCHAR_UPPERCASE);
    }
    return any;
}

bool isTitle(std::string_view text) {
    bool any = false, inWord = false;
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = nextCodePoint(text, pos);
        const bool capital = u_hasBinaryProperty(ch(c), UCHAR_UPPERCASE) || isTitleLetter(c);
        if (capital ? inWord : u_hasBinaryProperty(ch(c), UCHAR_LOWERCASE) && !inWord)
            return false;
        inWord = capital || u_hasBinaryProperty(ch(c), UCHAR_LOWERCASE);
        any = any || inWord;
    }
    return any;
}

}  // namespace lathe::text::jinja
