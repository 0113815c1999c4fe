// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli pseudo-label PROJECT: labels of a model for texts that have none, marked as the model's.
#include <CLI/CLI.hpp>

#include "assist/machine_labelling.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/printed_result.h"
#include "cli/references.h"
#include "corpus/machine_labels.h"
#include "infer/text_model.h"

namespace lathe::cli {
namespace {

class PseudoLabelCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        auto* model = app.add_option("--model", m_model, "model folder, PROJECT or PROJECT:RUN");
        app.add_option("--min", m_least, "least probability of a label that is given (default: 0.95)")
            ->check(CLI::Range(0.0, 1.0));
        app.add_flag("--score", m_score, "only keep what the model says of every text, to filter and sort by");
        app.add_option("--undo", m_undo, "take the labels of this model back (its name as it was printed)")
            ->excludes(model);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        if (m_model.empty() == m_undo.empty())
            return console.wrongUsage("give --model, or --undo and the name of a model", "pseudo-label");
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Write));
        auto& store = *opened.store;
        if (!m_undo.empty()) {
            LATHE_TRY(const auto taken, corpus::machineLabels(store).takeLabelsBack(corpus::Origin::Model, m_undo,
                                                                                    "lathe-cli", console.context()));
            printResult(console, {{"model", m_undo}, {"taken_back", taken}},
                        fmt::format("{} labels of {} were taken back", taken, m_undo));
            return kDone;
        }
        m_compute.apply();
        LATHE_TRY(const auto folder, findModel(m_model));
        infer::LoadOptions load;
        load.device = m_compute.device;
        LATHE_TRY(const auto model, infer::TextModel::load(folder, load));
        LATHE_CHECK(infer::needsOneLabel(model->info()));
        const assist::Scorer scorer{.name = model->info().name,
                                    .labels = model->info().labels,
                                    .classify = [&](std::span<const std::string> texts,
                                                    JobContext& context) -> Result<std::vector<std::vector<float>>> {
                                        LATHE_TRY(auto answers, model->classify(texts, context));
                                        std::vector<std::vector<float>> probabilities;
                                        for (auto& answer : answers)
                                            probabilities.push_back(std::move(answer.probabilities));
                                        return probabilities;
                                    }};
        if (m_score) {
            LATHE_TRY(const auto report, assist::scoreProject(store, scorer, console.context()));
            printResult(console, {{"model", scorer.name}, {"scored", report.scored}, {"disagree", report.disagree}},
                        fmt::format("{} texts were scored by {}; it disagrees with {} labels that people gave",
                                    report.scored, scorer.name, report.disagree));
            return kDone;
        }
        LATHE_TRY(const auto report, assist::pseudoLabel(store, scorer, m_least, console.context()));
        printResult(console,
                    {{"model", scorer.name}, {"open", report.open}, {"given", report.given}, {"step", report.step}},
                    fmt::format("{} of {} open texts have a label of {} now; --undo {} takes them back", report.given,
                                report.open, scorer.name, scorer.name));
        return kDone;
    }

private:
    std::string m_project, m_model, m_undo;
    double m_least = 0.95;
    bool m_score = false;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry pseudoLabelCommand() {
    return {.id = "pseudo-label", .summary = "labels of a model for texts without one, marked as its", .make = [] {
                return std::make_unique<PseudoLabelCommand>();
            }};
}

}  // namespace lathe::cli
