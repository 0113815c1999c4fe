// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli more-labels PROJECT: would more labels help?
#include <CLI/CLI.hpp>

#include "assist/learning_curve.h"
#include "assist/live_curve.h"
#include "cli/command.h"
#include "cli/references.h"
#include "core/text_table.h"

namespace lathe::cli {
namespace {

const char* nameOf(assist::MoreLabels answer) {
    switch (answer) {
        case assist::MoreLabels::Yes:
            return "yes";
        case assist::MoreLabels::No:
            return "no";
        case assist::MoreLabels::Perhaps:
            return "perhaps";
        case assist::MoreLabels::TooFew:
            break;
    }
    return "too_few";
}

class MoreLabelsCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("--folds", m_how.folds, "of the cross-validation (default: 5)")->check(CLI::Range(2, 20));
        app.add_option("--seed", m_how.seed, "of the division (default: 42)");
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        LATHE_TRY(const auto texts, assist::readTexts(*opened.store, {}, console.context()));
        LATHE_TRY(const auto curve,
                  assist::learningCurve({texts.texts, texts.labels, texts.names}, m_how, console.context()));
        LATHE_TRY(const auto live, assist::liveCurve(*opened.store));
        if (console.json()) {
            Json points = Json::array(), history = Json::array();
            for (const auto& point : curve.points)
                points.push_back(
                    {{"labels", point.labels}, {"accuracy", point.accuracy}, {"low", point.low}, {"high", point.high}});
            for (const auto& point : live)
                history.push_back({{"time_ms", point.timeMs},
                                   {"labels", point.labels},
                                   {"measured", point.measured},
                                   {"accuracy", point.accuracy},
                                   {"low", point.low},
                                   {"high", point.high}});
            console.printJson({{"labelled", texts.size()},
                               {"answer", nameOf(curve.answer)},
                               {"text", assist::describe(curve)},
                               {"gain", curve.gain},
                               {"gain_low", curve.gainLow},
                               {"gain_high", curve.gainHigh},
                               {"points", std::move(points)},
                               {"history", std::move(history)}});
            return kDone;
        }
        console.line("{}", assist::describe(curve));
        TextTable table({{"labels", TextTable::Align::Right}, {"accuracy", TextTable::Align::Right}, {"95 %"}});
        for (const auto& point : curve.points)
            table.add({std::to_string(point.labels), fmt::format("{:.3f}", point.accuracy),
                       fmt::format("{:.3f} to {:.3f}", point.low, point.high)});
        if (!table.isEmpty())
            console.print(table.toString());
        return kDone;
    }

private:
    std::string m_project;
    assist::CrossValidation m_how;
};

}  // namespace

CommandEntry moreLabelsCommand() {
    return {.id = "more-labels", .summary = "would more labels help? accuracy at parts of those there are", .make = [] {
                return std::make_unique<MoreLabelsCommand>();
            }};
}

}  // namespace lathe::cli
