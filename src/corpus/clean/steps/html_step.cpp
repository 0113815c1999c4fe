// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Markup and entities, by the same reader as the HTML importer. What only looks like markup (3 < 5, <bob@x.org>) stays.
#include <gumbo.h>

#include <algorithm>
#include <string>

#include "corpus/clean/cleaning.h"
#include "corpus/detail/html_text.h"

namespace lathe::corpus {
namespace {

bool isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isAsciiDigit(char c) {
    return c >= '0' && c <= '9';
}

// Bytes of the tag, comment or doctype that begins at `at`; 0 when it is none. Element names are HTML's.
std::size_t tagLength(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("<!--")) {
        const auto end = rest.find("-->", 4);
        return end == std::string_view::npos ? 0 : end + 3;
    }
    const bool isDeclaration = rest.starts_with("<!");
    std::size_t name = isDeclaration || rest.starts_with("</") ? 2 : 1;
    const std::size_t nameBegin = name;
    while (name < rest.size() && (isAsciiLetter(rest[name]) || isAsciiDigit(rest[name])))
        ++name;
    const std::string_view element = rest.substr(nameBegin, name - nameBegin);
    if (element.empty() || name >= rest.size() ||
        std::string_view(" \t\r\n/>").find(rest[name]) == std::string_view::npos)
        return 0;
    const auto lowerIs = [&](std::string_view word) {
        return std::ranges::equal(element, word, {}, [](char c) { return isAsciiLetter(c) ? char(c | 0x20) : c; });
    };
    const bool isKnown =
        isDeclaration ? lowerIs("doctype")
                      : gumbo_tagn_enum(element.data(), static_cast<unsigned>(element.size())) != GUMBO_TAG_UNKNOWN;
    const auto end = rest.find_first_of("<>", name);
    return isKnown && end != std::string_view::npos && rest[end] == '>' ? end + 1 : 0;
}

// Bytes of the entity that begins at `at`, with its semicolon; 0 when it is none.
std::size_t entityLength(std::string_view text, std::size_t at) {
    constexpr std::size_t kLongest = 32;  // "&CounterClockwiseContourIntegral;" has one more, and nobody writes it
    const auto end = text.substr(at, kLongest).find(';');
    if (end == std::string_view::npos || end < 2)
        return 0;
    const std::string_view name = text.substr(at + 1, end - 1);
    const bool isNumber = name[0] == '#' && name.size() > 1;
    const auto fits = [&](char c) { return isAsciiLetter(c) || isAsciiDigit(c); };
    return (isNumber || isAsciiLetter(name[0])) && std::ranges::all_of(name.substr(1), fits) ? end + 1 : 0;
}

Result<std::string> readEntity(std::string_view entity) {
    // Between two letters, so that a space that it stands for is not trimmed.
    LATHE_TRY(const auto page, detail::htmlToText("<pre>x" + std::string(entity) + "x</pre>"));
    const std::string whole = page.whole();
    return whole.size() >= 2 ? whole.substr(1, whole.size() - 2) : std::string(entity);
}

Result<StepOutcome> entitiesOnly(std::string_view text) {
    StepOutcome outcome;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = text[at] == '&' ? entityLength(text, at) : 0;
        if (length == 0) {
            outcome.text += text[at++];
            continue;
        }
        LATHE_TRY(const std::string read, readEntity(text.substr(at, length)));
        outcome.text += read;
        at += length;
    }
    return outcome;
}

Result<StepOutcome> clean(std::string_view text) {
    if (text.find_first_of("<&") == std::string_view::npos)
        return StepOutcome{.text = std::string(text)};
    std::string page;
    page.reserve(text.size());
    bool hasMarkup = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = text[at] == '<' ? tagLength(text, at) : 0;
        if (length > 0) {
            hasMarkup = true;
            page += text.substr(at, length);
            at += length;
        } else {
            page += text[at] == '<' ? std::string_view("&lt;") : text.substr(at, 1);
            ++at;
        }
    }
    if (!hasMarkup)
        return entitiesOnly(text);
    LATHE_TRY(const auto read, detail::htmlToText(page));
    return StepOutcome{.text = read.whole()};
}

}  // namespace

CleaningStepEntry html() {
    return {.id = "html",
            .title = "HTML",
            .help =
                "Takes out markup, scripts and styles and turns entities such as &amp; into what they stand for. "
                "Paragraphs and lists become lines. What only looks like markup stays: 3 < 5, <bob@example.org>.",
            .make = [](const Json&) -> Result<CleaningFunction> { return clean; }};
}

}  // namespace lathe::corpus
