// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/filter_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <map>

namespace lathe::cli {
namespace {

using corpus::LabelState;
using corpus::Order;
using corpus::Origin;

const std::map<std::string, LabelState> kStates = {{"any", LabelState::Any},
                                                   {"labelled", LabelState::Labelled},
                                                   {"unlabelled", LabelState::Unlabelled},
                                                   {"skipped", LabelState::Skipped},
                                                   {"flagged", LabelState::Flagged}};
const std::map<std::string, Origin> kOrigins = {
    {"human", Origin::Human}, {"rule", Origin::Rule}, {"model", Origin::Model}, {"import", Origin::Import}};
const std::map<std::string, Order> kOrders = {{"id", Order::Id},
                                              {"text", Order::Text},
                                              {"label", Order::Label},
                                              {"split", Order::Split},
                                              {"source", Order::Source},
                                              {"length", Order::ShortFirst},
                                              {"newest", Order::NewestLabel},
                                              {"random", Order::Random},
                                              {"labelled-last", Order::LabelledLast}};

template <class Value>
CLI::IsMember namesOf(const std::map<std::string, Value>& values) {
    std::vector<std::string> names;
    for (const auto& [name, value] : values)
        names.push_back(name);
    return CLI::IsMember(names);
}

/// Local midnight, \p daysLater. \returns InvalidInput.
Result<std::int64_t> dayMs(const std::string& text, int daysLater) {
    std::tm day{};
    const auto number = [&](std::size_t at, std::size_t length, int& value) {
        const char* end = text.data() + at + length;
        return text.size() == 10 && std::from_chars(text.data() + at, end, value).ptr == end;
    };
    if (!number(0, 4, day.tm_year) || !number(5, 2, day.tm_mon) || !number(8, 2, day.tm_mday) || text[4] != '-' ||
        text[7] != '-' || day.tm_mon < 1 || day.tm_mon > 12 || day.tm_mday < 1 || day.tm_mday > 31)
        return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is no day; write it as 2026-11-22", text));
    day.tm_year -= 1900;
    day.tm_mon -= 1;
    day.tm_mday += daysLater;
    day.tm_isdst = -1;
    return static_cast<std::int64_t>(std::mktime(&day)) * 1000;
}

Result<> setDays(const std::string& from, const std::string& until, corpus::TimeRange& range) {
    if (!from.empty()) {
        LATHE_TRY(range.fromMs, dayMs(from, 0));
    }
    if (!until.empty()) {
        LATHE_TRY(range.untilMs, dayMs(until, 1));
    }
    return {};
}

Result<corpus::LabelId> labelNamed(const std::vector<corpus::Label>& labels, const std::string& name) {
    const auto label = std::ranges::find(labels, name, &corpus::Label::name);
    if (label == labels.end())
        return fail(ErrorCode::NotFound,
                    fmt::format("the project has no label \"{}\"; lathe-cli stats lists them", name));
    return label->id;
}

Result<corpus::SourceId> sourceNamed(corpus::CorpusStore& store, const std::string& name) {
    LATHE_TRY(const auto sources, store.sources());
    for (const corpus::Source& source : sources)
        if (source.path == name || std::filesystem::path(source.path).filename() == name)
            return source.id;
    return fail(ErrorCode::NotFound, fmt::format("the project has no source \"{}\"; lathe-cli stats lists them", name));
}

}  // namespace

void FilterFlags::define(CLI::App& app) {
    app.add_option("--contains", m_text, "in the text or in the answer; without case");
    app.add_option("--pattern", m_pattern, "regular expression (ICU) found in the text or in the answer");
    app.add_option("--state", m_state, "any, labelled, unlabelled, skipped or flagged")->check(namesOf(kStates));
    // One name each time: what follows it may be the words to find.
    app.add_option("--label", m_labels, "with this label; repeated: with one of them")->allow_extra_args(false);
    app.add_option("--without-label", m_withoutLabels, "without this label; repeated: with none of them")
        ->allow_extra_args(false);
    app.add_option("--split", m_split, "none, train, dev or test")
        ->check(CLI::IsMember({"none", "train", "dev", "test"}));
    app.add_option("--source", m_source, "the source's path or its file name");
    app.add_option("--annotator", m_annotator, "who gave the present label, or has an opinion on it");
    app.add_option("--origin", m_origin, "where the present label is from: human, rule, model or import")
        ->check(namesOf(kOrigins));
    app.add_option("--imported-from", m_importedFrom, "day, as 2026-11-22");
    app.add_option("--imported-until", m_importedUntil, "day, itself included");
    app.add_option("--labelled-from", m_labelledFrom, "day of the present label");
    app.add_option("--labelled-until", m_labelledUntil, "day, itself included");
    app.add_option("--min-length", m_minLength, "characters at least")->check(CLI::NonNegativeNumber);
    app.add_option("--max-length", m_maxLength, "characters at most")->check(CLI::NonNegativeNumber);
    auto* flagged = app.add_flag("--flagged", m_flagged, "with a flag");
    app.add_flag("--not-flagged", m_notFlagged, "without a flag")->excludes(flagged);
    app.add_flag("--commented", m_commented, "with a comment");
    app.add_option("--comment", m_comment, "in the comment; without case");
    auto* answers = app.add_flag("--answers", m_answers, "only question/answer pairs");
    app.add_flag("--no-answers", m_noAnswers, "only texts without an answer")->excludes(answers);
    app.add_option("--sort", m_sort, "id, text, label, split, source, length, newest, random or labelled-last")
        ->check(namesOf(kOrders));
    app.add_flag("--disagreement", m_disagreement, "annotators contradict each other, and nobody has settled it");
    app.add_flag("--descending", m_descending, "the other way round");
}

Result<corpus::SampleFilter> FilterFlags::filter(corpus::CorpusStore& store, corpus::SampleFilter base) const {
    corpus::SampleFilter& filter = base;
    filter.text = m_text.value_or(filter.text);
    filter.pattern = m_pattern.value_or(filter.pattern);
    filter.annotator = m_annotator.value_or(filter.annotator);
    filter.comment = m_comment.value_or(filter.comment);
    if (!m_state.empty())
        filter.state = kStates.at(m_state);
    if (!m_origin.empty())
        filter.origin = kOrigins.at(m_origin);
    if (!m_sort.empty())
        filter.order = kOrders.at(m_sort);
    if (!m_split.empty())
        filter.split = corpus::splitFromName(m_split == "none" ? "" : m_split);
    LATHE_TRY(const auto labels, store.labels());
    for (const std::string& name : m_labels) {
        LATHE_TRY(const corpus::LabelId id, labelNamed(labels, name));
        filter.anyLabels.push_back(id);
    }
    for (const std::string& name : m_withoutLabels) {
        LATHE_TRY(const corpus::LabelId id, labelNamed(labels, name));
        filter.noLabels.push_back(id);
    }
    if (!m_source.empty()) {
        LATHE_TRY(filter.source, sourceNamed(store, m_source));
    }
    LATHE_CHECK(setDays(m_importedFrom, m_importedUntil, filter.imported));
    LATHE_CHECK(setDays(m_labelledFrom, m_labelledUntil, filter.labelled));
    filter.minLength = m_minLength ? m_minLength : filter.minLength;
    filter.maxLength = m_maxLength ? m_maxLength : filter.maxLength;
    if (m_flagged || m_notFlagged)
        filter.flagged = m_flagged;
    if (m_commented)
        filter.commented = true;
    filter.onlyAnswers = filter.onlyAnswers || m_answers;
    filter.disagreement = filter.disagreement || m_disagreement;
    filter.noAnswers = filter.noAnswers || m_noAnswers;
    filter.descending = filter.descending || m_descending;
    return filter;
}

}  // namespace lathe::cli
