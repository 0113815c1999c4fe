// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/entity_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace lathe::eval {
namespace {

struct Tag {
    char prefix = 'O';
    std::string type;
};

Tag tagOf(const std::string& text) {
    if (text.empty() || text == "O")
        return {};
    const auto dash = text.find('-');
    // Without a prefix the whole tag is a type that goes on.
    return dash == 1 ? Tag{text[0], text.substr(2)} : Tag{'I', text};
}

bool endsBetween(const Tag& before, const Tag& at) {
    if (before.prefix == 'O')
        return false;
    return before.prefix == 'E' || before.prefix == 'S' || at.prefix == 'B' || at.prefix == 'S' || at.prefix == 'O' ||
           before.type != at.type;
}

bool beginsBetween(const Tag& before, const Tag& at) {
    if (at.prefix == 'O')
        return false;
    return at.prefix == 'B' || at.prefix == 'S' || before.prefix == 'O' || before.prefix == 'E' ||
           before.prefix == 'S' || before.type != at.type;
}

double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

double harmonic(double a, double b) {
    return a + b > 0 ? 2 * a * b / (a + b) : 0;
}

}  // namespace

std::vector<Entity> entitiesOf(std::span<const std::string> tags) {
    std::vector<Entity> entities;
    Tag before;
    std::int64_t begin = 0;
    for (std::size_t i = 0; i <= tags.size(); ++i) {
        Tag at = i < tags.size() ? tagOf(tags[i]) : Tag();
        const auto here = static_cast<std::int64_t>(i);
        if (endsBetween(before, at))
            entities.push_back({before.type, begin, here});
        if (beginsBetween(before, at))
            begin = here;
        before = std::move(at);
    }
    return entities;
}

void EntityCounter::add(std::vector<Entity> gold, std::vector<Entity> predicted) {
    for (auto* list : {&gold, &predicted}) {
        std::ranges::sort(*list);
        list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    for (const Entity& entity : gold) {
        Counts& counts = m_counts[entity.type];
        ++counts.gold;
        counts.correct += std::ranges::binary_search(predicted, entity);
    }
    for (const Entity& entity : predicted)
        ++m_counts[entity.type].predicted;
}

EntityReport EntityCounter::report() const {
    EntityReport report;
    for (const auto& [type, counts] : m_counts) {
        ClassScores scores;
        scores.precision = share(counts.correct, counts.predicted);
        scores.recall = share(counts.correct, counts.gold);
        scores.f1 = harmonic(scores.precision, scores.recall);
        scores.support = counts.gold;
        scores.predicted = counts.predicted;
        report.types.push_back(type);
        report.perType.push_back(scores);
        report.gold += counts.gold;
        report.predicted += counts.predicted;
        report.correct += counts.correct;
        report.macroF1 += scores.f1;
        report.weightedF1 += scores.f1 * static_cast<double>(counts.gold);
    }
    report.precision = share(report.correct, report.predicted);
    report.recall = share(report.correct, report.gold);
    report.f1 = harmonic(report.precision, report.recall);
    if (!report.types.empty())
        report.macroF1 /= static_cast<double>(report.types.size());
    report.weightedF1 = report.gold > 0 ? report.weightedF1 / static_cast<double>(report.gold) : 0;
    return report;
}

Json toJson(const EntityReport& report) {
    Json types = Json::object();
    for (std::size_t i = 0; i < report.types.size(); ++i) {
        const ClassScores& scores = report.perType[i];
        types[report.types[i]] = {{"precision", scores.precision},
                                  {"recall", scores.recall},
                                  {"f1", scores.f1},
                                  {"support", scores.support},
                                  {"predicted", scores.predicted}};
    }
    return {{"entities", report.gold},       {"predicted", report.predicted},    {"correct", report.correct},
            {"precision", report.precision}, {"recall", report.recall},          {"f1", report.f1},
            {"macro_f1", report.macroF1},    {"weighted_f1", report.weightedF1}, {"types", std::move(types)}};
}

std::string toText(const EntityReport& report) {
    std::size_t width = 5;
    for (const auto& type : report.types)
        width = std::max(width, type.size());
    std::string text = fmt::format("{:<{}}  precision  recall      F1  entities\n", "type", width);
    const auto line = [&](const std::string& name, double precision, double recall, double f1, std::int64_t support) {
        text +=
            fmt::format("{:<{}}  {:>9.4f}  {:>6.4f}  {:>6.4f}  {:>8}\n", name, width, precision, recall, f1, support);
    };
    for (std::size_t i = 0; i < report.types.size(); ++i) {
        const ClassScores& scores = report.perType[i];
        line(report.types[i], scores.precision, scores.recall, scores.f1, scores.support);
    }
    line("all", report.precision, report.recall, report.f1, report.gold);
    return text;
}

}  // namespace lathe::eval
