// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/slices.h"

#include <algorithm>
#include <stdexcept>

#include "eval/detail/scores_table.h"

namespace lathe::eval {
namespace {

/// For each name its place among the groups that occur, which keep the names' order.
std::vector<int> occurring(std::size_t names, std::span<const int> groups, std::vector<std::size_t>& order) {
    std::vector<int> place(names, -1);
    for (const int group : groups) {
        if (group < 0 || static_cast<std::size_t>(group) >= names)
            throw std::logic_error("slices: a group has no name");
        place[static_cast<std::size_t>(group)] = 0;
    }
    for (std::size_t name = 0; name < names; ++name)
        if (place[name] == 0) {
            place[name] = static_cast<int>(order.size());
            order.push_back(name);
        }
    return place;
}

void checkLengths(std::size_t groups, std::size_t gold, std::size_t predicted) {
    if (groups != gold || groups != predicted)
        throw std::logic_error("slices: groups and answers differ in number");
}

class Gap {
public:
    void add(double value) {
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
    }
    double width() const { return std::max(0.0, m_high - m_low); }

private:
    double m_low = 2, m_high = -1;  // of shares: nothing yet
};

}  // namespace

std::vector<SliceScores> sliceScores(std::span<const std::string> names, std::span<const int> groups,
                                     std::span<const int> gold, std::span<const int> predicted) {
    checkLengths(groups.size(), gold.size(), predicted.size());
    std::vector<std::size_t> order;
    const std::vector<int> place = occurring(names.size(), groups, order);
    std::vector<SliceScores> slices(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        slices[i].group = names[order[i]];
    for (std::size_t i = 0; i < groups.size(); ++i) {
        SliceScores& slice = slices[static_cast<std::size_t>(place[static_cast<std::size_t>(groups[i])])];
        ++slice.items;
        slice.correct += gold[i] == predicted[i] ? 1 : 0;
    }
    for (SliceScores& slice : slices) {
        slice.accuracy = share(slice.correct, slice.items);
        slice.accuracyInterval = wilsonInterval(slice.correct, slice.items);
        slice.few = slice.items < kFewItems;
    }
    return slices;
}

FairnessReport fairness(std::span<const std::string> names, std::span<const int> groups, std::span<const int> gold,
                        std::span<const int> predicted, int label) {
    checkLengths(groups.size(), gold.size(), predicted.size());
    struct Counts {
        std::int64_t selected = 0, truePositives = 0, falsePositives = 0;
    };
    std::vector<std::size_t> order;
    const std::vector<int> place = occurring(names.size(), groups, order);
    FairnessReport report;
    report.groups.resize(order.size());
    std::vector<Counts> counts(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        report.groups[i].group = names[order[i]];
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto at = static_cast<std::size_t>(place[static_cast<std::size_t>(groups[i])]);
        const bool wanted = gold[i] == label;
        const bool given = predicted[i] == label;
        ++report.groups[at].items;
        ++(wanted ? report.groups[at].positives : report.groups[at].negatives);
        counts[at].selected += given ? 1 : 0;
        counts[at].truePositives += given && wanted ? 1 : 0;
        counts[at].falsePositives += given && !wanted ? 1 : 0;
    }
    Gap selected, truePositives, falsePositives;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        GroupRates& group = report.groups[i];
        group.selected = share(counts[i].selected, group.items);
        group.truePositiveRate = share(counts[i].truePositives, group.positives);
        group.falsePositiveRate = share(counts[i].falsePositives, group.negatives);
        group.few = std::min(group.positives, group.negatives) < kFewItems;
        report.few = report.few || group.few;
        selected.add(group.selected);
        if (group.positives > 0)
            truePositives.add(group.truePositiveRate);
        if (group.negatives > 0)
            falsePositives.add(group.falsePositiveRate);
    }
    report.demographicParity = selected.width();
    report.equalOpportunity = truePositives.width();
    report.equalisedOdds = std::max(truePositives.width(), falsePositives.width());
    return report;
}

Json toJson(const SliceScores& slice) {
    return {{"group", slice.group},
            {"items", slice.items},
            {"accuracy", slice.accuracy},
            {"accuracy_95", {slice.accuracyInterval.low, slice.accuracyInterval.high}},
            {"few", slice.few}};
}

Json toJson(const FairnessReport& report) {
    Json groups = Json::array();
    for (const GroupRates& group : report.groups)
        groups.push_back({{"group", group.group},
                          {"items", group.items},
                          {"positives", group.positives},
                          {"negatives", group.negatives},
                          {"selected", group.selected},
                          {"true_positive_rate", group.truePositiveRate},
                          {"false_positive_rate", group.falsePositiveRate},
                          {"few", group.few}});
    return {{"groups", std::move(groups)},
            {"demographic_parity", report.demographicParity},
            {"equal_opportunity", report.equalOpportunity},
            {"equalised_odds", report.equalisedOdds},
            {"few", report.few}};
}

}  // namespace lathe::eval
