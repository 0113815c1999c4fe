// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/record_sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/json.h"
#include "core/utf8.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/conversation.h"
#include "corpus/detail/named_labelling.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kMaxLabelBytes = 200;

std::string folded(std::string_view cell) {
    std::string text = trimmed(cell);
    std::ranges::transform(text, text.begin(), foldAscii);
    return text;
}

// JSON writes a single label as ["positive"] at times.
std::string oneLabel(std::string_view cell) {
    std::string label = trimmed(cell);
    if (label.size() > 4 && label.starts_with("[\"") && label.ends_with("\"]")) {
        const auto json = parseJson(label, "label");
        if (json && json->size() == 1 && json->front().is_string())
            return trimmed(json->front().get<std::string>());
    }
    return label;
}

/// Why the labels do not fit the text, or "".
std::string labellingProblem(const NewLabelling& labelling, std::string_view text) {
    const auto isLong = [](const std::string& label) { return label.size() > kMaxLabelBytes; };
    if ((labelling.labels && std::ranges::any_of(*labelling.labels, isLong)) ||
        (labelling.spans && std::ranges::any_of(*labelling.spans, isLong, &NewLabelling::Span::label)))
        return fmt::format("a label is longer than {} bytes", kMaxLabelBytes);
    const auto length = labelling.spans ? static_cast<std::int64_t>(countCodePoints(text)) : 0;
    for (const auto& span : labelling.spans.value_or(std::vector<NewLabelling::Span>()))
        if (span.end <= span.begin || span.end > length)
            return fmt::format("the labelled part {} to {} is not in the text, which has {} characters (code points)",
                               span.begin, span.end, length);
    return {};
}

std::string toLabels(const CellOf& cell, NewSample& sample) {
    const std::string_view label = cell(&ImportOptions::labelColumn);
    auto list = labelListFrom(label);
    if (!list)
        return list.error().message;
    sample.labelling.labels = std::move(*list);
    if (!sample.labelling.labels)
        sample.label = oneLabel(label);
    if (const std::string_view set = cell(&ImportOptions::labelsColumn); !trimmed(set).empty()) {
        auto names = labelSetFrom(set);
        if (!names)
            return names.error().message;
        sample.labelling.labels = std::move(*names);
    }
    if (const std::string number = trimmed(cell(&ImportOptions::ratingColumn)); !number.empty()) {
        double value = 0;
        const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (code != std::errc{} || end != number.data() + number.size() || !std::isfinite(value))
            return fmt::format("the rating \"{}\" is no number", clipUtf8(number, 40));
        sample.labelling.rating = value;
    }
    if (const std::string_view spans = cell(&ImportOptions::spansColumn); !trimmed(spans).empty()) {
        auto parts = spansFromCell(spans);
        if (!parts)
            return parts.error().message;
        sample.labelling.spans = std::move(*parts);
    }
    return labellingProblem(sample.labelling, sample.text);
}

Result<std::vector<NewLabelling::Turn>> turnLabelsFrom(std::string_view cell) {
    LATHE_TRY(const Json json, parseJson(cell, "turns' labels"));
    std::vector<NewLabelling::Turn> labels;
    for (const Json& each : json) {
        if (!each.is_array() || each.size() != 2 || !each[0].is_number_unsigned() ||
            each[0].get<std::uint64_t>() > INT32_MAX || !each[1].is_string())
            return fail(ErrorCode::InvalidInput, fmt::format("{} is no [turn, label]", clipUtf8(toLine(each), 80)));
        labels.push_back({each[0].get<std::int32_t>(), trimmed(each[1].get<std::string>())});
    }
    return labels;
}

std::string toPreference(const CellOf& cell, NewSample& sample) {
    auto& candidates = sample.content.candidates;
    if (const std::string_view list = cell(&ImportOptions::candidatesColumn); !trimmed(list).empty()) {
        const auto json = parseJson(list, "answers to compare");
        if (!json || !json->is_array() ||
            !std::ranges::all_of(*json, [](const Json& each) { return each.is_string(); }))
            return fmt::format("{} is no list of answers", clipUtf8(list, 80));
        candidates = json->get<std::vector<std::string>>();
    }
    const std::string_view chosen = cell(&ImportOptions::chosenColumn), rejected = cell(&ImportOptions::rejectedColumn);
    if (candidates.empty() && !(chosen.empty() && rejected.empty())) {
        candidates = {std::string(chosen), std::string(rejected)};
        sample.labelling.preferred = 0;
    } else if (const std::string place = trimmed(cell(&ImportOptions::preferredColumn)); !place.empty()) {
        int value = 0;
        const auto [end, code] = std::from_chars(place.data(), place.data() + place.size(), value);
        if (code != std::errc{} || end != place.data() + place.size())
            return fmt::format("the preferred answer \"{}\" is no place in the list", clipUtf8(place, 40));
        sample.labelling.preferred = value;
    }
    const auto count = static_cast<int>(candidates.size());
    if (sample.labelling.preferred &&
        (*sample.labelling.preferred < kNoneBetter || *sample.labelling.preferred >= count))
        return fmt::format("there is no answer {} among {}", *sample.labelling.preferred, count);
    return {};
}

std::string toConversation(const CellOf& cell, NewSample& sample) {
    if (const std::string_view list = cell(&ImportOptions::turnsColumn); !trimmed(list).empty()) {
        const auto json = parseJson(list, "conversation");
        if (!json)
            return json.error().message;
        auto turns = turnsFrom(*json);
        if (!turns)
            return turns.error().message;
        sample.content.turns = std::move(*turns);
    }
    if (const std::string_view list = cell(&ImportOptions::turnLabelsColumn); !trimmed(list).empty()) {
        auto labels = turnLabelsFrom(list);
        if (!labels)
            return labels.error().message;
        const auto turns = static_cast<std::int64_t>(sample.content.turns.size());
        for (const NewLabelling::Turn& label : *labels)
            if (label.turn >= turns || label.label.empty() || label.label.size() > kMaxLabelBytes)
                return fmt::format("the label of turn {} fits none of {} turns", label.turn, turns);
        sample.labelling.turns = std::move(*labels);
    }
    return {};
}

std::string toOpinions(std::string_view cell, NewSample& sample) {
    if (trimmed(cell).empty())
        return {};
    const auto json = parseJson(cell, "others' labels");
    if (!json || !json->is_array())
        return fmt::format("{} is no list of labels by others", clipUtf8(cell, 80));
    for (const Json& each : *json) {
        // An opinion is written as a row: the same words, the same reading.
        const auto member = [&](std::string ImportOptions::*role) -> std::string_view {
            for (const ImportRole& known : importRoles())
                if (known.column == role && each.is_object())
                    if (const auto found = each.find(known.id); found != each.end() && found->is_string())
                        return found->get_ref<const std::string&>();
            return {};
        };
        NewSample row;
        row.text = sample.text;
        row.content = sample.content;
        for (const auto& read : {toLabels, toConversation, toPreference})
            if (std::string reason = read(member, row); !reason.empty())
                return reason;
        NewOpinion opinion{std::string(member(&ImportOptions::annotatorColumn)), row.label, row.labelling};
        if (!opinion.annotator.empty())
            sample.opinions.push_back(std::move(opinion));
    }
    return {};
}

bool isYes(std::string_view cell) {
    const std::string text = folded(cell);
    return text == "1" || text == "true" || text == "yes";
}

std::string toSplit(std::string_view cell, Split fallback, NewSample& sample) {
    const auto split = splitFromName(folded(cell));
    if (!split)
        return fmt::format("the split \"{}\" is not train, dev or test", clipUtf8(cell, 40));
    sample.split = *split == Split::None ? fallback : *split;
    return {};
}

}  // namespace

std::string sampleFrom(const CellOf& cell, const ImportOptions& options, NewSample& sample) {
    const std::string_view text = cell(&ImportOptions::textColumn);
    if (trimmed(text).empty())
        return fmt::format("no text in the column \"{}\"", options.textColumn);
    if (text.find('\0') != std::string_view::npos)
        return "the text has a zero character";
    sample.text = text;
    if (std::string reason = toLabels(cell, sample); !reason.empty())
        return reason;
    if (sample.label.size() > kMaxLabelBytes)
        return fmt::format("the label is longer than {} bytes; is \"{}\" the label column?", kMaxLabelBytes,
                           options.labelColumn);
    sample.answer = cell(&ImportOptions::answerColumn);
    if (std::string reason = toConversation(cell, sample); !reason.empty())
        return reason;
    if (std::string reason = toPreference(cell, sample); !reason.empty())
        return reason;
    if (std::string reason = toOpinions(cell(&ImportOptions::opinionsColumn), sample); !reason.empty())
        return reason;
    sample.annotator = trimmed(cell(&ImportOptions::annotatorColumn));
    sample.comment = cell(&ImportOptions::commentColumn);
    sample.flagged = isYes(cell(&ImportOptions::flaggedColumn));
    sample.skipped = isYes(cell(&ImportOptions::skippedColumn));
    return toSplit(cell(&ImportOptions::splitColumn), options.split, sample);
}

}  // namespace lathe::corpus::detail
