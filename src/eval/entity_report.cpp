// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/entity_report.h"

#include <algorithm>

#include "eval/detail/scores_table.h"

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
        const ClassScores scores = scoresFrom(counts.correct, counts.gold, counts.predicted);
        report.types.push_back(type);
        report.perType.push_back(scores);
        report.gold += counts.gold;
        report.predicted += counts.predicted;
        report.correct += counts.correct;
        report.macroF1 += scores.f1;
        report.weightedF1 += scores.f1 * static_cast<double>(counts.gold);
    }
    const ClassScores all = scoresFrom(report.correct, report.gold, report.predicted);
    report.precision = all.precision;
    report.recall = all.recall;
    report.f1 = all.f1;
    if (!report.types.empty())
        report.macroF1 /= static_cast<double>(report.types.size());
    report.weightedF1 = report.gold > 0 ? report.weightedF1 / static_cast<double>(report.gold) : 0;
    return report;
}

Json toJson(const EntityReport& report) {
    Json types = Json::object();
    for (std::size_t i = 0; i < report.types.size(); ++i)
        types[report.types[i]] = toJson(report.perType[i]);
    return {{"entities", report.gold},       {"predicted", report.predicted},    {"correct", report.correct},
            {"precision", report.precision}, {"recall", report.recall},          {"f1", report.f1},
            {"macro_f1", report.macroF1},    {"weighted_f1", report.weightedF1}, {"types", std::move(types)}};
}

std::string toText(const EntityReport& report) {
    TextTable table = scoresTable("type", "entities", report.types, report.perType);
    addScores(table, "all", scoresFrom(report.correct, report.gold, report.predicted));
    return table.toString();
}

}  // namespace lathe::eval
