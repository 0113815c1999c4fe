// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli evaluate MODEL DATA|PROJECT: accuracy, macro-F1, per-class table, confusion matrix on labelled texts; what
// else a model may give a text is in evaluated_file.h.
#include <algorithm>
#include <CLI/CLI.hpp>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>

#include "cli/command.h"
#include "cli/csv.h"
#include "cli/evaluated_file.h"
#include "cli/flags.h"
#include "cli/labelled_source.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/files.h"
#include "eval/classification_report.h"
#include "infer/text_model.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 2048;
constexpr std::size_t kMaxConfusion = 4096;  // labels; the matrix has their square of cells

/// What is gathered while the texts stream by: indices, never the texts.
struct Tally {
    std::vector<std::string> labels;  ///< the model's, then those that only the data has
    std::map<std::string, int, std::less<>> index;
    std::size_t modelLabels = 0;
    std::vector<int> gold, predicted;
    std::map<std::string, std::int64_t> unknown;  ///< labels of the data that the model has not
    double lossSum = 0;
    std::int64_t lossItems = 0, truncated = 0;

    int indexOf(const std::string& label) {
        const auto [it, isNew] = index.try_emplace(label, static_cast<int>(labels.size()));
        if (isNew)
            labels.push_back(label);
        return it->second;
    }
};

class EvaluateCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("MODEL", m_model, "model folder, PROJECT:RUN, or PROJECT")->required();
        app.add_option("DATA", m_data, "labelled data file (CSV, TSV, JSONL, JSON), or a project")->required();
        app.add_option("--split", m_split, "of a project: train, dev, test or all (default: test)")
            ->check(CLI::IsMember({"train", "dev", "test", "all"}));
        app.add_option("--text", m_columns.textColumn, "column with the text (default: found)");
        app.add_option("--label", m_columns.labelColumn, "column with the label (default: found)");
        app.add_option("--confusion", m_confusion, "write the confusion matrix to this CSV file");
        app.add_option("--predictions", m_predictions, "write every text's labels and probability to this CSV file");
        app.add_flag("--skip-unknown", m_skipUnknown,
                     "leave out texts whose label the model does not have (default: they count as wrong)");
        m_adapters.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto folder, findModel(m_model));
        LATHE_TRY(const auto model,
                  infer::TextModel::load(folder, {.device = m_compute.device, .adapters = m_adapters.choices()}));
        if (model->info().kind != infer::ModelKind::Classifier)
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} is a generator; evaluate measures classifiers", folder.string()));
        if (model->info().labelKind != infer::LabelKind::OneOf) {
            LATHE_CHECK(evaluateFile(console, *model, folder, m_data));
            return kDone;
        }
        LATHE_TRY(const auto source, openData(folder.filename().string()));
        Tally tally;
        for (const auto& label : model->info().labels)
            tally.indexOf(label);
        tally.modelLabels = tally.labels.size();
        LATHE_CHECK(measure(console, *model, *source, tally));
        if (tally.gold.empty())
            return fail(ErrorCode::InvalidInput, nothingToMeasure(*source));
        auto report = eval::classificationReport(tally.labels, tally.gold, tally.predicted);
        report.meanLoss = tally.lossItems > 0 ? tally.lossSum / static_cast<double>(tally.lossItems) : 0;
        if (!m_confusion.empty())
            LATHE_CHECK(writeConfusion(report));
        print(console, folder.string(), report, tally, *source);
        return kDone;
    }

private:
    Result<std::unique_ptr<LabelledSource>> openData(const std::string& run) const {
        std::error_code code;
        if (std::filesystem::is_directory(m_data, code) ||
            (!std::filesystem::exists(m_data, code) && std::filesystem::is_directory(m_data + ".lathe", code)))
            return openLabelledProject(m_data, m_split == "all" ? std::nullopt : corpus::splitFromName(m_split), run);
        return openLabelledFile(m_data, m_columns);
    }

    std::string nothingToMeasure(const LabelledSource& source) const {
        if (source.rejected() > 0)
            return fmt::format("{}: none of {} rows can be used; line {}: {}", m_data, source.rejected(),
                               source.issues().front().line, source.issues().front().reason);
        return fmt::format("{} has no labelled texts to measure on; for a project, choose other ones with --split",
                           m_data);
    }

    Result<> measure(Console& console, infer::TextModel& model, LabelledSource& source, Tally& tally) const {
        const ProgressLine progress(console, "evaluate");
        std::ofstream predictions;
        if (!m_predictions.empty()) {
            predictions.open(m_predictions, std::ios::binary);
            predictions << "id,text,gold,predicted,probability\r\n";
            if (!predictions)
                return fail(ErrorCode::Io, fmt::format("{} cannot be written", m_predictions));
        }
        std::vector<LabelledText> batch;
        for (bool more = true; more;) {
            batch.clear();
            while (batch.size() < kBatch && more) {
                LabelledText item;
                LATHE_TRY(more, source.next(item));
                if (more)
                    batch.push_back(std::move(item));
            }
            if (!batch.empty())
                LATHE_CHECK(classifyBatch(console, model, batch, tally, predictions));
        }
        if (predictions.is_open() && !predictions.flush())
            return fail(ErrorCode::Io,
                        fmt::format("{} could not be written to the end; is the disk full?", m_predictions));
        return {};
    }

    Result<> classifyBatch(Console& console, infer::TextModel& model, const std::vector<LabelledText>& batch,
                           Tally& tally, std::ofstream& predictions) const {
        std::vector<std::string> texts;
        texts.reserve(batch.size());
        for (const auto& item : batch)
            texts.push_back(item.text);
        LATHE_TRY(const auto classified, model.classify(texts, console.context()));
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto& result = classified[i];
            const bool known = tally.index.contains(batch[i].label);
            const bool ofModel =
                known && tally.index.find(batch[i].label)->second < static_cast<int>(tally.modelLabels);
            if (!ofModel) {
                ++tally.unknown[batch[i].label];
                if (m_skipUnknown)
                    continue;
            }
            const int gold = tally.indexOf(batch[i].label);
            tally.gold.push_back(gold);
            tally.predicted.push_back(result.best);
            tally.truncated += result.truncated ? 1 : 0;
            if (ofModel) {
                const double p = result.probabilities[static_cast<std::size_t>(gold)];
                tally.lossSum -= std::log(std::max(p, 1e-12));
                ++tally.lossItems;
            }
            if (predictions.is_open()) {
                const auto best = static_cast<std::size_t>(result.best);
                predictions << csvRow({std::to_string(batch[i].id), batch[i].text, batch[i].label, tally.labels[best],
                                       fmt::format("{:.6f}", result.probabilities[best])});
            }
        }
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
                      const Tally& tally, const LabelledSource& source) {
        if (console.json()) {
            Json json = {{"model", folder}};
            json.update(eval::toJson(report));
            json["mean_loss"] = report.meanLoss;
            json["unknown_labels"] = tally.unknown;
            json["truncated"] = tally.truncated;
            json["rejected"] = source.rejected();
            console.printJson(json);
            return;
        }
        console.print(eval::toText(report));
        for (const auto& [label, count] : tally.unknown)
            console.warning(fmt::format("the model has no label \"{}\" ({} texts)", label, count));
        if (tally.truncated > 0)
            console.note(fmt::format("{} texts were longer than the model reads and were cut", tally.truncated));
        if (source.rejected() > 0)
            console.warning(fmt::format("{} rows could not be used; line {}: {}", source.rejected(),
                                        source.issues().front().line, source.issues().front().reason));
    }

    std::string m_model, m_data, m_confusion, m_predictions;
    std::string m_split = "test";
    LabelledFileOptions m_columns;
    bool m_skipUnknown = false;
    AdapterFlags m_adapters;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry evaluateCommand() {
    return {.id = "evaluate", .summary = "measure a classifier on labelled texts", .make = [] {
                return std::make_unique<EvaluateCommand>();
            }};
}

}  // namespace lathe::cli
