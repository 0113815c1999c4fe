// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/split_scanner.h"

#include "text/unicode/char_class.h"

namespace lathe::text {
namespace {

constexpr std::string_view kThreeDigits =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr std::string_view kOneDigit =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

constexpr std::uint8_t kNoSymbol = kIsSpace | kIsLetter | kIsNumber;

/// Where the run of characters of one of these classes ends.
std::size_t runEnd(std::string_view text, std::size_t pos, std::uint8_t classes) {
    for (std::size_t next = pos; pos < text.size(); pos = next)
        if ((nextCharClass(text, next) & classes) == 0)
            break;
    return pos;
}

/// Where the run of characters of none of these classes ends.
std::size_t runEndWithout(std::string_view text, std::size_t pos, std::uint8_t classes) {
    for (std::size_t next = pos; pos < text.size(); pos = next)
        if ((nextCharClass(text, next) & classes) != 0)
            break;
    return pos;
}

/// Behind 's, 't, 're, 've, 'm, 'll or 'd at \p begin; \p begin where there is none.
std::size_t contractionEnd(std::string_view text, std::size_t begin, bool anyCase) {
    const auto letter = [&](std::size_t at) -> char {
        if (at >= text.size())
            return 0;
        const char c = text[at];
        return anyCase && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    if (text[begin] != '\'')
        return begin;
    const char first = letter(begin + 1);
    const char second = letter(begin + 2);
    if (first == 's' || first == 't' || first == 'm' || first == 'd')
        return begin + 2;
    if ((first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l'))
        return begin + 3;
    // The long s is an s in another case.
    if (anyCase && text.substr(begin + 1, 2) == "\u017F")
        return begin + 3;
    return begin;
}

/// \s+(?!\S)|\s+ : white space up to what is not, but the last one of several is left to the word behind.
std::size_t spacesEnd(std::string_view text, std::size_t begin) {
    std::size_t last = begin;
    std::size_t pos = begin;
    for (std::size_t next = begin; next < text.size();) {
        const std::size_t at = next;
        if ((nextCharClass(text, next) & kIsSpace) == 0)
            return last > begin ? last : pos;
        last = at;
        pos = next;
    }
    return text.size();
}

}  // namespace

std::optional<SplitScanner> SplitScanner::forPattern(std::string_view pattern) {
    SplitScanner scanner;
    if (pattern == kGpt2Pattern)
        return scanner;
    scanner.m_family = Family::Gpt4;
    scanner.m_digits = pattern == kThreeDigits ? 3 : 1;
    return pattern == kThreeDigits || pattern == kOneDigit ? std::optional(scanner) : std::nullopt;
}

std::size_t SplitScanner::pieceEnd(std::string_view text, std::size_t begin) const {
    return m_family == Family::Gpt2 ? gpt2End(text, begin) : gpt4End(text, begin);
}

std::size_t SplitScanner::gpt2End(std::string_view text, std::size_t begin) const {
    if (const std::size_t end = contractionEnd(text, begin, false); end > begin)
        return end;
    const std::size_t word = begin + (text[begin] == ' ' ? 1 : 0);
    std::size_t next = word;
    const std::uint8_t classes = nextCharClass(text, next);
    if (next > word) {
        if ((classes & kIsLetter) != 0)
            return runEnd(text, next, kIsLetter);
        if ((classes & kIsNumber) != 0)
            return runEnd(text, next, kIsNumber);
        if ((classes & kIsSpace) == 0)
            return runEndWithout(text, next, kNoSymbol);
    }
    return spacesEnd(text, begin);
}

std::size_t SplitScanner::gpt4End(std::string_view text, std::size_t begin) const {
    if (const std::size_t end = contractionEnd(text, begin, true); end > begin)
        return end;
    std::size_t next = begin;
    const std::uint8_t classes = nextCharClass(text, next);
    if ((classes & kIsLetter) != 0)
        return runEnd(text, next, kIsLetter);
    if ((classes & kIsNumber) != 0) {
        for (int count = 1; count < m_digits && next < text.size(); ++count) {
            std::size_t after = next;
            if ((nextCharClass(text, after) & kIsNumber) == 0)
                break;
            next = after;
        }
        return next;
    }
    std::size_t second = next;
    const std::uint8_t following = nextCharClass(text, second);
    if ((classes & kIsNewline) == 0 && (following & kIsLetter) != 0)
        return runEnd(text, second, kIsLetter);
    if ((classes & kIsSpace) == 0)
        return runEnd(text, runEndWithout(text, next, kNoSymbol), kIsNewline);
    if (text[begin] == ' ' && second > next && (following & kNoSymbol) == 0)
        return runEnd(text, runEndWithout(text, second, kNoSymbol), kIsNewline);
    // \s*[\r\n]+ : up to the last line end of the white space that begins here.
    std::size_t lineEnd = begin;
    for (std::size_t pos = begin; pos < text.size();) {
        const std::uint8_t here = nextCharClass(text, pos);
        if ((here & kIsSpace) == 0)
            break;
        if ((here & kIsNewline) != 0)
            lineEnd = pos;
    }
    return lineEnd > begin ? lineEnd : spacesEnd(text, begin);
}

}  // namespace lathe::text
