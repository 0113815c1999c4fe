// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli label-errors PROJECT: labels that a model which has not seen them speaks against.
#include <CLI/CLI.hpp>

#include "assist/label_errors.h"
#include "assist/project_texts.h"
#include "cli/command.h"
#include "cli/references.h"
#include "core/text_table.h"

namespace lathe::cli {
namespace {

constexpr int kTextCells = 60;

class LabelErrorsCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("--folds", m_how.folds, "parts that the labelled texts are divided into (default: 5)")
            ->check(CLI::Range(2, 20));
        app.add_option("--seed", m_how.seed, "of the division (default: 42)");
        app.add_option("--limit", m_limit, "list so many at most; 0: all (default: 50, with --json all)")
            ->check(CLI::NonNegativeNumber);
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        LATHE_TRY(const auto texts, assist::readTexts(*opened.store, {}, console.context()));
        LATHE_TRY(const auto errors,
                  assist::findLabelErrors({texts.texts, texts.labels, texts.names}, m_how, console.context()));
        const auto shown = [&](std::size_t fallback) {
            const std::size_t limit = m_limit < 0 ? fallback : static_cast<std::size_t>(m_limit);
            return limit == 0 ? errors.ranked.size() : std::min(limit, errors.ranked.size());
        };
        if (console.json())
            console.printJson(asJson(texts, errors, shown(0)));
        else
            print(console, texts, errors, shown(50));
        return kDone;
    }

private:
    static Json asJson(const assist::ProjectTexts& texts, const assist::LabelErrors& errors, std::size_t shown) {
        Json list = Json::array();
        for (const auto& error : std::span(errors.ranked).first(shown))
            list.push_back({{"sample", texts.ids[error.item]},
                            {"text", texts.texts[error.item]},
                            {"given", texts.names[static_cast<std::size_t>(error.given)]},
                            {"suggested", texts.names[static_cast<std::size_t>(error.suggested)]},
                            {"given_probability", error.givenProbability},
                            {"suggested_probability", error.suggestedProbability},
                            {"usual_for_suggested", error.usualForSuggested},
                            {"confident", error.confident}});
        return {{"labelled", errors.items},
                {"estimated_share", errors.estimatedShare},
                {"listed", errors.ranked.size()},
                {"errors", std::move(list)}};
    }

    static void print(Console& console, const assist::ProjectTexts& texts, const assist::LabelErrors& errors,
                      std::size_t shown) {
        console.line(
            "{} labelled texts; an estimated {:.1f} % of the labels are wrong; {} to look at, the likeliest first",
            errors.items, 100 * errors.estimatedShare, errors.ranked.size());
        TextTable table({{"text", TextTable::Align::Right},
                         {"label"},
                         {"model says"},
                         {"of label", TextTable::Align::Right},
                         {"of model's", TextTable::Align::Right},
                         {"beginning"}});
        for (const auto& error : std::span(errors.ranked).first(shown))
            table.add({std::to_string(texts.ids[error.item]), texts.names[static_cast<std::size_t>(error.given)],
                       texts.names[static_cast<std::size_t>(error.suggested)],
                       fmt::format("{:.2f}", error.givenProbability), fmt::format("{:.2f}", error.suggestedProbability),
                       clipToWidth(texts.texts[error.item], kTextCells)});
        if (!table.isEmpty())
            console.print(table.toString());
    }

    std::string m_project;
    assist::CrossValidation m_how;
    std::int64_t m_limit = -1;
};

}  // namespace

CommandEntry labelErrorsCommand() {
    return {.id = "label-errors", .summary = "labels of a project that are likely wrong", .make = [] {
                return std::make_unique<LabelErrorsCommand>();
            }};
}

}  // namespace lathe::cli
