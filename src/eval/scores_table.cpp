// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "eval/detail/scores_table.h"

namespace lathe::eval {

double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

ClassScores scoresFrom(std::int64_t correct, std::int64_t support, std::int64_t predicted) {
    return {.precision = share(correct, predicted),
            .recall = share(correct, support),
            .f1 = share(2 * correct, support + predicted),
            .support = support,
            .predicted = predicted};
}

Json toJson(const ClassScores& scores) {
    return {{"precision", scores.precision},
            {"recall", scores.recall},
            {"f1", scores.f1},
            {"support", scores.support},
            {"predicted", scores.predicted}};
}

void addScores(TextTable& table, const std::string& name, const ClassScores& scores) {
    const auto number = [](double value) { return fmt::format("{:.4f}", value); };
    table.add(
        {name, number(scores.precision), number(scores.recall), number(scores.f1), std::to_string(scores.support)});
}

TextTable scoresTable(const char* first, const char* last, std::span<const std::string> names,
                      std::span<const ClassScores> scores) {
    using Align = TextTable::Align;
    TextTable table(
        {{first}, {"precision", Align::Right}, {"recall", Align::Right}, {"F1", Align::Right}, {last, Align::Right}});
    for (std::size_t i = 0; i < names.size(); ++i)
        addScores(table, names[i], scores[i]);
    return table;
}

}  // namespace lathe::eval
