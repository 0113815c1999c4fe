// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Spaces and line ends.
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "core/utf8.h"
#include "corpus/clean/cleaning.h"
#include "corpus/clean/detail/scripts.h"

namespace lathe::corpus {
namespace {

enum class LineEnds { Keep, Newline, Space };

struct Whitespace {
    bool odd = true;
    bool collapse = true;
    bool trim = true;
    bool betweenHan = false;
    LineEnds lineEnds = LineEnds::Newline;
    std::size_t blankLines = 1;

    static bool isLineEnd(char32_t c) { return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029; }
    // No-break, ideographic, en, em, thin ... spaces: all of category Zs but the plain one.
    static bool isOddSpace(char32_t c) {
        return c != ' ' && c >= 0xA0 && u_charType(static_cast<UChar32>(c)) == U_SPACE_SEPARATOR;
    }
    static bool isSpace(char32_t c) { return c == ' ' || c == '\t'; }

    std::u32string spacesAndLineEnds(std::string_view text) const {
        std::u32string out;
        out.reserve(text.size());
        for (std::size_t at = 0; at < text.size();) {
            char32_t c = nextCodePoint(text, at);
            if (lineEnds != LineEnds::Keep && isLineEnd(c)) {
                if (c == '\r' && at < text.size() && text[at] == '\n')
                    ++at;
                c = lineEnds == LineEnds::Newline ? U'\n' : U' ';
            } else if (odd && isOddSpace(c)) {
                c = ' ';
            }
            out += c;
        }
        return out;
    }

    // A run of spaces becomes one; beside a line end it goes.
    static std::u32string collapsed(const std::u32string& text) {
        std::u32string out;
        out.reserve(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (!isSpace(text[i])) {
                out += text[i];
                continue;
            }
            std::size_t end = i;
            while (end < text.size() && isSpace(text[end]))
                ++end;
            const bool besideLineEnd = (end < text.size() && isLineEnd(text[end])) || (i > 0 && isLineEnd(text[i - 1]));
            if (!besideLineEnd)
                out += ' ';
            i = end - 1;
        }
        return out;
    }

    std::u32string withoutBlankLines(const std::u32string& text) const {
        std::u32string out;
        out.reserve(text.size());
        std::size_t ends = 0;
        for (const char32_t c : text) {
            ends = c == '\n' ? ends + 1 : 0;
            if (ends <= blankLines + 1)
                out += c;
        }
        return out;
    }

    static std::u32string withoutSpacesBetweenHan(const std::u32string& text) {
        std::u32string out;
        out.reserve(text.size());
        for (std::size_t i = 0; i < text.size(); ++i) {
            std::size_t end = i;
            while (end < text.size() && isSpace(text[end]))
                ++end;
            const bool between = end > i && !out.empty() && end < text.size() && detail::isHanText(out.back()) &&
                                 detail::isHanText(text[end]);
            if (between)
                i = end;
            out += text[i];
        }
        return out;
    }

    StepOutcome operator()(std::string_view text) const {
        std::u32string points = spacesAndLineEnds(text);
        if (collapse)
            points = collapsed(points);
        if (lineEnds == LineEnds::Newline)
            points = withoutBlankLines(points);
        if (betweenHan)
            points = withoutSpacesBetweenHan(points);
        std::u32string_view kept = points;
        const auto isBlank = [](char32_t c) { return isSpace(c) || isLineEnd(c) || isOddSpace(c); };
        while (trim && !kept.empty() && isBlank(kept.front()))
            kept.remove_prefix(1);
        while (trim && !kept.empty() && isBlank(kept.back()))
            kept.remove_suffix(1);
        return {.text = toUtf8(kept)};
    }
};

Result<CleaningFunction> make(const Json& options) {
    Whitespace step;
    step.odd = options["odd_spaces"].get<bool>();
    step.collapse = options["collapse"].get<bool>();
    step.trim = options["trim"].get<bool>();
    step.betweenHan = options["between_chinese"].get<bool>();
    const auto ends = options["line_ends"].get<std::string>();
    step.lineEnds = ends == "newline" ? LineEnds::Newline : ends == "space" ? LineEnds::Space : LineEnds::Keep;
    step.blankLines = options["blank_lines"].get<std::size_t>();
    return [step](std::string_view text) -> Result<StepOutcome> { return step(text); };
}

}  // namespace

CleaningStepEntry whitespace() {
    return {.id = "whitespace",
            .title = "Spaces and line ends",
            .help = "One space between words, one kind of line end, nothing around the text.",
            .options = {boolOption("odd_spaces", "Plain spaces", true,
                                   "no-break, ideographic (full-width) and typographic spaces become plain ones"),
                        boolOption("collapse", "One space for many", true,
                                   "a run of spaces and tabs becomes one space; at the ends of lines it goes"),
                        boolOption("trim", "Trim", true, "spaces and line ends around the text go"),
                        choiceOption("line_ends", "Line ends", "newline", {"newline", "space", "keep"},
                                     "Windows, old Mac and Unicode line ends become newlines, or spaces (one line)"),
                        advanced(intOption("blank_lines", "Blank lines", 1, 0, 100, "lines",
                                           "at most so many blank lines in a row (line ends as newlines)")),
                        advanced(boolOption("between_chinese", "No spaces within Chinese", false,
                                            "spaces between two Chinese characters go, as scanned texts have them"))},
            .make = make};
}

}  // namespace lathe::corpus
