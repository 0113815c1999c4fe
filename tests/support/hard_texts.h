// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that formats stumble over, and samples of every kind that carry them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/utf8.h"
#include "corpus/project.h"

namespace lathe::test {

inline std::vector<std::string> hardTexts() {
    return {"plain",
            "\"",
            "quote \"\" and 'single', comma; bar | semicolon",
            "line\nbreak\n\nand blank line",
            "line\r\nbreak\rbare return",
            "tab\there\t",
            " blanks at the ends  and two within ",
            "emoji 👩‍👩‍👧 family 🇩🇪 flag",
            "e\u0301 combining \u0915\u094D\u0937",
            "\u202Eright to left\u202C \u200Fשלום\u200E مرحبا",
            "line\u2028separator\u2029 and\u0085next\u00A0line",
            "control \x01\x07\x1B\x7F\x1C.",
            "mark \uFEFF within",
            "back\\slash \\n \\u0041 \\s",
            "__label__x looks like a label",
            "ends so __label__y",
            "-DOCSTART- -X- O O",
            "# text = a comment",
            "#\tO",
            "word\tB-ORG",
            "{\"text\":\"json\"}",
            "[\"json\"]",
            "=1+1",
            "id,text,label",
            "<|im_start|>user",
            "中文没有空格，也有 blanks 和标点。",
            "한국어 テキスト",
            "\uFFFD",
            "ends with quote\"",
            "很长" + std::string(1 << 20, 'x') + " end"};
}

/// What a sample carries in a test of formats.
enum class Kind {
    Plain,
    Label,
    Set,
    SetOfOne,
    SetOfNone,
    LabelAndSet,
    Rating,
    Spans,       ///< overlapping
    SpansApart,  ///< one beside the other
    SpansOfNone,
    Answer,
    Marks,
    Metadata,
    Chat,
    ChatLabels,
    Preference,
    PreferenceOther,
    Undecided,
};

/// \p text as a sample of \p kind; the same labels everywhere.
inline corpus::NewSample sampleOf(Kind kind, const std::string& text) {
    const std::string x = "x y, \"z\"", y = "标签";
    const auto length = static_cast<std::int32_t>(countCodePoints(text));
    corpus::NewSample sample;
    sample.text = text;
    switch (kind) {
        case Kind::Plain:
            break;
        case Kind::Label:
            sample.label = text.size() % 2 == 0 ? x : y;
            break;
        case Kind::Set:
            sample.labelling.labels = {x, y};
            break;
        case Kind::SetOfOne:
            sample.labelling.labels = {y};
            break;
        case Kind::SetOfNone:
            sample.labelling.labels.emplace();
            break;
        case Kind::LabelAndSet:
            sample.label = x;
            sample.labelling.labels = {y};
            break;
        case Kind::Rating:
            sample.labelling.rating = 3.25;
            break;
        case Kind::Spans:
            sample.labelling.spans = {{0, length, x}, {length / 2, length, y}, {0, (length + 1) / 2, y}};
            break;
        case Kind::SpansApart: {
            // The first letters that are no blanks, and their neighbour with the same label.
            const auto points = toCodePoints(text);
            std::int32_t at = 0;
            while (points[static_cast<std::size_t>(at)] <= U' ' || points[static_cast<std::size_t>(at)] == U'\u202E')
                ++at;
            sample.labelling.spans = {{at, at + 1, x}};
            if (at + 1 < length && points[static_cast<std::size_t>(at) + 1] > U' ')
                sample.labelling.spans->push_back({at + 1, at + 2, x});
            break;
        }
        case Kind::SpansOfNone:
            sample.labelling.spans.emplace();
            break;
        case Kind::Answer:
            sample.answer = "answer to " + text;
            break;
        case Kind::Marks:
            sample.split = corpus::Split::Dev;
            sample.flagged = true;
            sample.skipped = true;
            sample.comment = "why \"" + text + "\"\nnot";
            break;
        case Kind::Metadata:
            sample.metadata = R"({"id":"7","source name":"a, b","deep.k":"[1,2]","output":"x","body":"y"})";
            break;
        case Kind::Chat:
        case Kind::ChatLabels:
            sample.content.turns = {{"system", "be kind"},
                                    {"user", text},
                                    {"assistant", "a " + text},
                                    {"user", "second"},
                                    {"assistant", text}};
            sample.text = corpus::transcript(sample.content.turns);
            if (kind == Kind::ChatLabels)
                sample.labelling.turns = {{1, x}, {1, y}, {4, x}};
            break;
        case Kind::Preference:
        case Kind::PreferenceOther:
        case Kind::Undecided:
            sample.content.candidates = {"a " + text, text + " b"};
            if (kind != Kind::Undecided)
                sample.labelling.preferred = kind == Kind::Preference ? 0 : 1;
            break;
    }
    return sample;
}

/// All that a sample says, by the labels' names: two are the same where this is.
inline std::string said(const corpus::Sample& sample, const std::map<corpus::LabelId, std::string>& names) {
    std::string all = sample.text + "\nanswer " + sample.answer + "\nmetadata " + sample.metadata + "\nsplit " +
                      corpus::splitName(sample.split) + (sample.flagged ? "\nflagged" : "") +
                      (sample.skipped ? "\nskipped" : "") + "\ncomment " + sample.comment + "\ncontent " +
                      corpus::contentValue(sample.content) + "\nlabel " + (sample.label ? names.at(*sample.label) : "");
    const corpus::Labelling& labelling = sample.labelling;
    const auto sorted = [&](auto list, const auto& show) {
        std::map<std::string, int> shown;
        for (const auto& each : list)
            ++shown[show(each)];
        std::string text;
        for (const auto& [each, count] : shown)
            text += " [" + each + "]";
        return text;
    };
    if (labelling.labels)
        all += "\nlabels" + sorted(*labelling.labels, [&](corpus::LabelId id) { return names.at(id); });
    if (labelling.rating)
        all += "\nrating " + std::to_string(*labelling.rating);
    if (labelling.spans)
        all += "\nspans" + sorted(*labelling.spans, [&](const corpus::SampleSpan& span) {
                   return std::to_string(span.begin) + "-" + std::to_string(span.end) + names.at(span.label);
               });
    if (labelling.turns)
        all += "\nturns" + sorted(*labelling.turns, [&](const corpus::TurnLabel& turn) {
                   return std::to_string(turn.turn) + names.at(turn.label);
               });
    if (labelling.preferred)
        all += "\npreferred " + std::to_string(*labelling.preferred);
    return all;
}

}  // namespace lathe::test
