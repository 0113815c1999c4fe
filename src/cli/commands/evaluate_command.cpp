// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli evaluate MODEL DATA|PROJECT: accuracy, macro-F1, per-class table, confusion matrix, calibration on labelled
// texts; what else a model may give a text is in evaluated_file.h and evaluated_generator.h.
#include <CLI/CLI.hpp>
#include <fstream>

#include "cli/command.h"
#include "cli/csv.h"
#include "cli/evaluated_file.h"
#include "cli/evaluated_generator.h"
#include "cli/flags.h"
#include "cli/label_answers.h"
#include "cli/references.h"
#include "core/files.h"
#include "eval/calibration.h"
#include "eval/classification_report.h"
#include "eval/perturbation.h"
#include "eval/ranking.h"
#include "infer/text_model.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kMaxConfusion = 4096;  // labels; the matrix has their square of cells

/// What the probabilities say beside the answers; needs the labels that the model has.
struct ProbabilityReport {
    eval::CalibrationReport calibration;
    std::optional<double> macroRocAuc,
        macroAveragePrecision;  ///< each label against the rest, mean over those with both
};

ProbabilityReport probabilityReport(const LabelAnswers& answers) {
    std::vector<int> gold = answers.gold;
    for (int& label : gold)
        if (static_cast<std::size_t>(label) >= answers.modelLabels)
            label = -1;
    ProbabilityReport report;
    report.calibration = eval::calibration(answers.probabilities, gold, answers.modelLabels);
    double roc = 0, precision = 0;
    int count = 0;
    std::vector<float> scores(gold.size());
    std::vector<std::uint8_t> positive(gold.size());
    for (std::size_t label = 0; label < answers.modelLabels; ++label) {
        for (std::size_t i = 0; i < gold.size(); ++i) {
            scores[i] = answers.probabilities[i * answers.modelLabels + label];
            positive[i] = gold[i] == static_cast<int>(label);
        }
        const eval::RankingCurve curve = eval::rankingCurve(scores, positive);
        if (!curve.rocAuc)
            continue;
        roc += *curve.rocAuc;
        precision += *curve.averagePrecision;
        ++count;
    }
    if (count > 0) {
        report.macroRocAuc = roc / count;
        report.macroAveragePrecision = precision / count;
    }
    return report;
}

/// Accuracy on the texts with one kind of damage.
struct Robustness {
    const eval::Perturbation* damage = nullptr;
    double accuracy = 0;
};

/// The texts of another source, damaged.
class DamagedSource : public LabelledSource {
public:
    DamagedSource(std::unique_ptr<LabelledSource> source, const eval::Perturbation& damage)
        : m_source(std::move(source)), m_damage(damage) {}

    Result<bool> next(LabelledText& item) override {
        LATHE_TRY(const bool more, m_source->next(item));
        if (more)
            item.text = m_damage.apply(item.text, kSeed);
        return more;
    }

private:
    static constexpr std::uint64_t kSeed = 42;
    std::unique_ptr<LabelledSource> m_source;
    const eval::Perturbation& m_damage;
};

class EvaluateCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "model folder, PROJECT:RUN, or PROJECT")->required();
        app.add_option("DATA", m_data,
                       "data file with labels, or with questions and answers (CSV, TSV, JSONL, JSON), or a project")
            ->required();
        app.add_option("--split", m_split, "of a project: train, dev, test or all (default: test)")
            ->check(CLI::IsMember({"train", "dev", "test", "all"}));
        app.add_option("--text", m_columns.textColumn, "column with the text (default: found)");
        app.add_option("--label", m_columns.labelColumn, "column with the label (default: found)");
        app.add_option("--confusion", m_confusion, "write the confusion matrix to this CSV file");
        app.add_option("--predictions", m_predictions, "write every text's labels and probability to this CSV file");
        app.add_flag("--skip-unknown", m_skipUnknown,
                     "leave out texts whose label the model does not have (default: they count as wrong)");
        app.add_flag("--robustness", m_robustness,
                     "measure again with typing errors, other case and width, missing words");
        m_sampling.define(app);
        m_adapters.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(const auto model,
                  infer::TextModel::load(folder, {.device = m_compute.device, .adapters = m_adapters.choices()}));
        if (model->info().kind == infer::ModelKind::Generator)
            return evaluateGenerator(console, *model, folder, m_data, {m_split, m_sampling.given(), m_predictions});
        if (model->info().labelKind != infer::LabelKind::OneOf) {
            LATHE_CHECK(evaluateFile(console, *model, folder, m_data));
            return kDone;
        }
        LATHE_TRY(const auto source, openLabelledData(m_data, m_split, m_columns, folder.filename().string()));
        std::ofstream predictions;
        LATHE_CHECK(openPredictions(predictions));
        const auto& labels = model->info().labels;
        AnswerOptions options{.skipUnknown = m_skipUnknown, .keepProbabilities = true};
        if (predictions.is_open())
            options.each = [&](const LabelledText& text, int predicted, float probability) {
                predictions << csvRow({std::to_string(text.id), text.text, text.label,
                                       labels[static_cast<std::size_t>(predicted)],
                                       fmt::format("{:.6f}", probability)});
            };
        LATHE_TRY(const auto answers, answerLabels(console, *model, *source, "evaluate", options));
        if (predictions.is_open() && !predictions.flush())
            return fail(ErrorCode::Io,
                        fmt::format("{} could not be written to the end; is the disk full?", m_predictions));
        auto report = eval::classificationReport(answers.labels, answers.gold, answers.predicted);
        report.meanLoss = answers.meanLoss();
        if (!m_confusion.empty())
            LATHE_CHECK(writeConfusion(report));
        std::vector<Robustness> robustness;
        if (m_robustness) {
            LATHE_TRY(robustness, damagedAccuracies(console, *model, folder.filename().string()));
        }
        print(console, folder.string(), report, answers, *source, robustness);
        return kDone;
    }

private:
    Result<std::vector<Robustness>> damagedAccuracies(Console& console, infer::TextModel& model,
                                                      const std::string& run) const {
        std::vector<Robustness> results;
        for (const eval::Perturbation& damage : eval::perturbations()) {
            LATHE_TRY(auto source, openLabelledData(m_data, m_split, m_columns, run));
            DamagedSource damaged(std::move(source), damage);
            AnswerOptions options;
            options.skipUnknown = m_skipUnknown;
            LATHE_TRY(const auto answers, answerLabels(console, model, damaged, damage.id, options));
            results.push_back(
                {&damage, eval::classificationReport(answers.labels, answers.gold, answers.predicted).accuracy});
        }
        return results;
    }

    Result<> openPredictions(std::ofstream& predictions) const {
        if (m_predictions.empty())
            return {};
        predictions.open(m_predictions, std::ios::binary);
        predictions << "id,text,gold,predicted,probability\r\n";
        if (!predictions)
            return fail(ErrorCode::Io, fmt::format("{} cannot be written", m_predictions));
        return {};
    }

    Result<> writeConfusion(const eval::ClassificationReport& report) const {
        if (report.labels.size() > kMaxConfusion)
            return fail(ErrorCode::Unsupported,
                        fmt::format("a confusion matrix of {} labels is too large to write", report.labels.size()));
        std::vector<std::string> row = {"gold \\ predicted"};
        row.insert(row.end(), report.labels.begin(), report.labels.end());
        std::string csv = csvRow(row);
        for (std::size_t gold = 0; gold < report.labels.size(); ++gold) {
            row.assign(1, report.labels[gold]);
            for (std::size_t predicted = 0; predicted < report.labels.size(); ++predicted)
                row.push_back(std::to_string(report.at(gold, predicted)));
            csv += csvRow(row);
        }
        return writeFileAtomically(m_confusion, csv);
    }

    static void print(Console& console, const std::string& folder, const eval::ClassificationReport& report,
                      const LabelAnswers& answers, const LabelledSource& source,
                      const std::vector<Robustness>& robustness) {
        std::optional<ProbabilityReport> probabilities;
        if (!answers.probabilities.empty())
            probabilities = probabilityReport(answers);
        if (console.json()) {
            Json json = {{"model", folder}};
            json.update(eval::toJson(report));
            json["mean_loss"] = report.meanLoss;
            json["unknown_labels"] = answers.unknown;
            json["truncated"] = answers.truncated;
            json["rejected"] = source.rejected();
            if (probabilities) {
                json["calibration"] = eval::toJson(probabilities->calibration);
                if (probabilities->macroRocAuc) {
                    json["macro_roc_auc"] = *probabilities->macroRocAuc;
                    json["macro_average_precision"] = *probabilities->macroAveragePrecision;
                }
            }
            for (const Robustness& one : robustness)
                json["robustness"][one.damage->id] = {{"accuracy", one.accuracy},
                                                      {"change", one.accuracy - report.accuracy}};
            console.printJson(json);
            return;
        }
        console.print(eval::toText(report));
        if (probabilities) {
            if (probabilities->macroRocAuc)
                console.line("ROC AUC      {:.4f}  (mean over labels, each against the rest; average precision {:.4f})",
                             *probabilities->macroRocAuc, *probabilities->macroAveragePrecision);
            console.line("calibration  {:.4f}  (mean gap between confidence and accuracy; Brier score {:.4f})",
                         probabilities->calibration.expectedError, probabilities->calibration.brier);
        }
        for (const Robustness& one : robustness)
            console.line("{:<15}{:.4f}  ({:+.4f})", one.damage->title, one.accuracy, one.accuracy - report.accuracy);
        tellLimits(console, answers, source);
    }

    std::string m_model, m_data, m_confusion, m_predictions;
    std::string m_split = "test";
    LabelledFileOptions m_columns;
    bool m_skipUnknown = false;
    bool m_robustness = false;
    SpecFlags m_sampling{infer::generateOptionSpecs()};
    AdapterFlags m_adapters;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry evaluateCommand() {
    return {.id = "evaluate", .summary = "measure a model on labelled texts, or on questions with answers", .make = [] {
                return std::make_unique<EvaluateCommand>();
            }};
}

}  // namespace lathe::cli
