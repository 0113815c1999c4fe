// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/conll.h"

#include <fmt/format.h>
#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "core/utf8.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::array kSchemeNames{"IOB1", "IOB2", "IOE1", "IOE2", "BIOES"};

// M is the middle of a part in BMES, W a part of one token in BMEWO.
constexpr std::string_view kLetters = "BIESLUMW";

bool begins(char letter) {
    return letter == 'B' || letter == 'S' || letter == 'U' || letter == 'W';
}
bool ends(char letter) {
    return letter == 'E' || letter == 'L' || letter == 'S' || letter == 'U' || letter == 'W';
}

bool isHan(char32_t c) {
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &status);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_BOPOMOFO || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFFEF);
}

/// The boundaries of \p text in code points, as \p iterator finds them.
std::vector<std::int32_t> boundaries(icu::BreakIterator& iterator, const icu::UnicodeString& text) {
    iterator.setText(text);
    std::vector<std::int32_t> places;
    std::int32_t units = iterator.first(), points = 0;
    for (std::int32_t next = iterator.next(); next != icu::BreakIterator::DONE; next = iterator.next()) {
        points += text.countChar32(units, next - units);
        units = next;
        places.push_back(points);
    }
    return places;
}

std::vector<std::int32_t> boundaries(const icu::UnicodeString& text, bool words) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> iterator(
        words ? icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status)
              : icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) {  // without ICU's data every code point is a boundary
        std::vector<std::int32_t> all(static_cast<std::size_t>(text.countChar32()));
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<std::int32_t>(i) + 1;
        return all;
    }
    return boundaries(*iterator, text);
}

}  // namespace

const char* tagSchemeName(TagScheme scheme) {
    return kSchemeNames[static_cast<std::size_t>(scheme)];
}

std::optional<TagScheme> tagSchemeFromName(std::string_view name) {
    const auto found = std::ranges::find(kSchemeNames, name);
    if (found == kSchemeNames.end())
        return std::nullopt;
    return static_cast<TagScheme>(found - kSchemeNames.begin());
}

std::vector<std::string> tagsOf(const std::vector<TokenSpan>& spans, std::size_t tokens, TagScheme scheme) {
    std::vector<std::string> tags(tokens, "O");
    for (std::size_t s = 0; s < spans.size(); ++s) {
        const auto& [begin, end, label] = spans[s];
        const bool follows = s > 0 && spans[s - 1].end == begin && spans[s - 1].label == label;
        const bool isFollowed = s + 1 < spans.size() && spans[s + 1].begin == end && spans[s + 1].label == label;
        for (std::size_t t = begin; t < end; ++t) {
            const bool first = t == begin, last = t + 1 == end;
            char letter = 'I';
            if ((scheme == TagScheme::Iob2 && first) || (scheme == TagScheme::Iob1 && first && follows))
                letter = 'B';
            else if ((scheme == TagScheme::Ioe2 && last) || (scheme == TagScheme::Ioe1 && last && isFollowed))
                letter = 'E';
            else if (scheme == TagScheme::Bioes)
                letter = first && last ? 'S' : first ? 'B' : last ? 'E' : 'I';
            tags[t] = fmt::format("{}-{}", letter, label);
        }
    }
    return tags;
}

bool isTag(std::string_view tag) {
    return tag == "O" || (tag.size() > 2 && tag[1] == '-' && kLetters.find(tag[0]) != std::string_view::npos);
}

std::optional<std::vector<TokenSpan>> spansOf(const std::vector<std::string_view>& tags, std::size_t& bad) {
    std::vector<TokenSpan> spans;
    bool isOpen = false;
    for (std::size_t t = 0; t < tags.size(); ++t) {
        const std::string_view tag = tags[t];
        if (!isTag(tag)) {
            bad = t;
            return std::nullopt;
        }
        if (tag == "O") {
            isOpen = false;
            continue;
        }
        const std::string_view label = tag.substr(2);
        if (isOpen && !begins(tag[0]) && spans.back().label == label)
            spans.back().end = t + 1;
        else
            spans.push_back({t, t + 1, std::string(label)});
        isOpen = !ends(tag[0]);
    }
    return spans;
}

// A scheme is the one in which writing the parts again gives the same tags.
std::optional<TagScheme> recogniseScheme(const std::vector<std::vector<std::string>>& sentences) {
    std::array<bool, kSchemeNames.size()> fits{};
    fits.fill(true);
    for (const auto& sentence : sentences) {
        std::vector<std::string> tags = sentence;
        for (std::string& tag : tags)  // BILOU is BIOES by other letters
            if (tag.size() > 2)
                tag[0] = tag[0] == 'L' ? 'E' : tag[0] == 'U' || tag[0] == 'W' ? 'S' : tag[0] == 'M' ? 'I' : tag[0];
        std::size_t bad = 0;
        const auto spans = spansOf({tags.begin(), tags.end()}, bad);
        if (!spans)
            return std::nullopt;
        for (std::size_t s = 0; s < fits.size(); ++s)
            fits[s] = fits[s] && tagsOf(*spans, tags.size(), static_cast<TagScheme>(s)) == tags;
    }
    if (std::ranges::count(fits, true) != 1)
        return std::nullopt;
    return static_cast<TagScheme>(std::ranges::find(fits, true) - fits.begin());
}

bool isTokenBlank(char32_t c) {
    return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0 || (c >= 0x1C && c <= 0x1F);
}

bool isSpaced(char32_t before, char32_t after) {
    return !isHan(before) && !isHan(after);
}

std::vector<TokenPlace> tokensOf(std::string_view text, TokenUnit unit) {
    const auto units =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    const std::u32string points = toCodePoints(text);
    std::vector<std::int32_t> ends = boundaries(units, unit != TokenUnit::Characters);
    if (unit == TokenUnit::WordsAndHan) {
        std::vector<std::int32_t> both;
        std::ranges::set_union(ends, boundaries(units, false), std::back_inserter(both));
        // A boundary within a word counts between characters of Chinese alone.
        std::erase_if(both, [&](std::int32_t place) {
            const auto at = static_cast<std::size_t>(place);
            return !std::ranges::binary_search(ends, place) && at < points.size() &&
                   !(isHan(points[at - 1]) || isHan(points[at]));
        });
        ends = std::move(both);
    }
    std::vector<TokenPlace> tokens;
    std::int32_t begin = 0;
    const auto isBlankAt = [&](std::int32_t at) { return isTokenBlank(points[static_cast<std::size_t>(at)]); };
    for (const std::int32_t end : ends) {
        // A boundary of characters may lie behind a blank with a combining mark: blanks are cut out one by one.
        for (std::int32_t at = begin; at < end;) {
            if (isBlankAt(at)) {
                ++at;
                continue;
            }
            const std::int32_t first = at;
            while (at < end && !isBlankAt(at))
                ++at;
            tokens.push_back({first, at});
        }
        begin = end;
    }
    return tokens;
}

std::string escapedBlanks(std::u32string_view blanks) {
    std::string text;
    for (const char32_t c : blanks) {
        switch (c) {
            case U' ':
                text += "\\s";
                break;
            case U'\t':
                text += "\\t";
                break;
            case U'\n':
                text += "\\n";
                break;
            case U'\r':
                text += "\\r";
                break;
            default:
                text += fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(c));
        }
    }
    return text;
}

std::u32string unescapedBlanks(std::string_view text) {
    std::u32string blanks;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            blanks += static_cast<unsigned char>(text[at]) < 0x80 ? static_cast<char32_t>(text[at]) : kReplacement;
            continue;
        }
        const char kind = text[++at];
        if (kind == 'x' && at + 2 < text.size() && text[at + 1] == '{') {
            std::uint32_t code = 0;
            const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + text.size(), code, 16);
            if (error == std::errc{} && end < text.data() + text.size() && *end == '}' && code > 0 &&
                code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF)) {
                blanks += static_cast<char32_t>(code);
                at = static_cast<std::size_t>(end - text.data());
                continue;
            }
        }
        blanks += kind == 's'   ? U' '
                  : kind == 't' ? U'\t'
                  : kind == 'n' ? U'\n'
                  : kind == 'r' ? U'\r'
                  : kind == 'p' ? U'|'
                                : static_cast<char32_t>(static_cast<unsigned char>(kind) & 0x7F);
    }
    return blanks;
}

}  // namespace lathe::corpus::detail
