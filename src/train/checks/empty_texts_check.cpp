// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts with nothing in them.
#include <fmt/format.h>

#include "core/utf8.h"
#include "text/unicode/char_class.h"
#include "train/detail/preflight_check.h"
#include "train/detail/task.h"

namespace lathe::train {
namespace {

bool isBlank(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (!text::isSpace(nextCodePoint(text, at)))
            return false;
    return true;
}

bool saysNothing(const Example& example, DataKind kind) {
    if (!example.messages.empty()) {
        for (const auto& message : example.messages)
            if (!isBlank(message.text))
                return false;
        return true;
    }
    const bool twoTexts = kind == DataKind::PairScore || kind == DataKind::PairLabel || kind == DataKind::Match;
    return isBlank(example.text) || (twoTexts && isBlank(example.second));
}

/// What is to be written: one that is blank teaches silence.
bool answersNothing(const Example& example, DataKind kind) {
    if (kind == DataKind::Preference)
        return isBlank(example.chosen);
    if (kind == DataKind::TextToText || (kind == DataKind::Chat && example.messages.empty()))
        return isBlank(example.answer);
    return kind == DataKind::Chat && example.messages.back().role == "assistant" &&
           isBlank(example.messages.back().text);
}

void check(const CheckInput& input, Findings& findings) {
    Places empty(input), silent(input), unread(input);
    forEachText(input, [&](bool isDev, std::size_t item, const Example& example) {
        const TextFacts* facts = input.facts(isDev, item);
        if (saysNothing(example, input.kind))
            empty.add(isDev, item);
        else if (answersNothing(example, input.kind))
            silent.add(isDev, item);
        else if (facts && facts->content == 0 && !usesChatFormat(input.kind))
            unread.add(isDev, item);
    });
    const auto tell = [&](Places& places, const char* code, const char* what, const char* advice) {
        if (places.count() > 0)
            findings.push_back({.severity = Severity::Warning,
                                .code = code,
                                .what = fmt::format("{} {}", texts(places.count()), what),
                                .advice = advice,
                                .count = places.count(),
                                .examples = places.take()});
    };
    tell(empty, "empty_text", "without a character but white space", "take them out, or find what was lost on the way");
    tell(silent, "empty_answer", "with an empty answer",
         "the model would learn to say nothing: write one or take them out");
    tell(unread, "no_tokens", "of which the model reads no token",
         "its tokenizer drops these characters; take the texts out or choose a model that knows the script");
}

}  // namespace

CheckEntry emptyTextsCheck() {
    return {.id = "empty_texts", .run = check};
}

}  // namespace lathe::train
