// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// sacreBLEU's tokenisers 13a and zh.
#include <array>

#include "core/utf8.h"
#include "eval/text_scores.h"

namespace lathe::eval {
namespace {

bool isDigit(char32_t c) {
    return c >= U'0' && c <= U'9';
}

bool isStop(char32_t c) {
    return c == U'.' || c == U',';
}

/// ASCII punctuation and symbols that always stand alone: all but ' , - .
bool isLone(char32_t c) {
    return (c >= U'{' && c <= U'~') || (c >= U'[' && c <= U'`') || (c >= U' ' && c <= U'&') ||
           (c >= U'(' && c <= U'+') || (c >= U':' && c <= U'@') || c == U'/';
}

/// As sacreBLEU's ranges work out, general punctuation, arrows and mathematics among them and rare Chinese (beyond
/// U+FFFF) not: its patterns for the latter are written in a way that means something else.
bool isChinese(char32_t c) {
    struct Range {
        char32_t first, last;
    };
    static constexpr std::array kRanges{
        Range{0x3400, 0x4DB5}, Range{0x4E00, 0x9FBB}, Range{0xF900, 0xFA2D}, Range{0xFA30, 0xFA6A},
        Range{0xFA70, 0xFAD9}, Range{0x2001, 0x2A6D}, Range{0x2F81, 0x2FA1}, Range{0xFF00, 0xFFEF},
        Range{0x2E80, 0x2EFF}, Range{0x3000, 0x303F}, Range{0x31C0, 0x31EF}, Range{0x2F00, 0x2FDF},
        Range{0x2FF0, 0x2FFF}, Range{0x3100, 0x312F}, Range{0x31A0, 0x31BF}, Range{0xFE10, 0xFE1F},
        Range{0xFE30, 0xFE4F}, Range{0x3200, 0x33FF},
    };
    for (const Range& range : kRanges)
        if (c >= range.first && c <= range.last)
            return true;
    return false;
}

bool isSpace(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Two neighbours that \p apart says to part get a space between them, and one where \p outer says: before the first
/// (-1) or behind the second (1). Matches do not overlap, as in a regular expression's replacement.
template <class Apart>
std::u32string parted(const std::u32string& text, int outer, Apart apart) {
    std::u32string result;
    result.reserve(text.size() * 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i + 1 == text.size() || !apart(text[i], text[i + 1])) {
            result += text[i];
            continue;
        }
        if (outer < 0)
            result += U' ';
        result += text[i++];
        result += U' ';
        result += text[i];
        if (outer > 0)
            result += U' ';
    }
    return result;
}

std::u32string marksApart(const std::u32string& text) {
    std::u32string lone;
    lone.reserve(text.size() * 2);
    for (const char32_t c : text) {
        if (isLone(c))
            (lone += U' ') += c, lone += U' ';
        else
            lone += c;
    }
    // A stop stays within a number ("1,000.5"); a hyphen leaves the digit in front of it.
    lone = parted(lone, 1, [](char32_t a, char32_t b) { return !isDigit(a) && isStop(b); });
    lone = parted(lone, -1, [](char32_t a, char32_t b) { return isStop(a) && !isDigit(b); });
    return parted(lone, 1, [](char32_t a, char32_t b) { return isDigit(a) && b == U'-'; });
}

void replaceAll(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

std::string joined(const std::u32string& text) {
    std::string result;
    bool pending = false;
    for (const char32_t c : text) {
        if (isSpace(c)) {
            pending = !result.empty();
            continue;
        }
        if (pending)
            result += ' ';
        pending = false;
        appendUtf8(result, c);
    }
    return result;
}

std::u32string chineseApart(const std::u32string& text) {
    std::u32string result;
    for (const char32_t c : text) {
        if (isChinese(c))
            (result += U' ') += c, result += U' ';
        else
            result += c;
    }
    return result;
}

}  // namespace

const char* bleuTokensName(BleuTokens tokens) {
    switch (tokens) {
        case BleuTokens::International:
            return "13a";
        case BleuTokens::Chinese:
            return "zh";
        case BleuTokens::None:
            break;
    }
    return "none";
}

std::string bleuTokenized(std::string_view text, BleuTokens tokens) {
    if (tokens == BleuTokens::None)
        return joined(toCodePoints(text));
    if (tokens == BleuTokens::Chinese)
        return joined(marksApart(chineseApart(toCodePoints(text))));
    std::string plain(text);
    replaceAll(plain, "<skipped>", "");
    replaceAll(plain, "-\n", "");
    replaceAll(plain, "\n", " ");
    replaceAll(plain, "&quot;", "\"");
    replaceAll(plain, "&amp;", "&");
    replaceAll(plain, "&lt;", "<");
    replaceAll(plain, "&gt;", ">");
    return joined(marksApart(toCodePoints(" " + plain + " ")));
}

}  // namespace lathe::eval
