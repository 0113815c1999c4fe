// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/evaluated_file.h"

#include <algorithm>

#include "cli/progress_line.h"
#include "eval/entity_report.h"
#include "eval/label_set_report.h"
#include "eval/number_report.h"
#include "train/dataset_files.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 2048;
constexpr float kYes = 0.5F;  ///< a label is given above this probability

/// Takes what the model says of each example, in order.
using Take = std::function<void(const train::Example& example, const infer::Classification& said)>;

/// \returns how many texts were longer than the model reads.
Result<std::int64_t> classifyAll(Console& console, infer::TextModel& model, const train::DatasetFile& data,
                                 const Take& take) {
    const ProgressLine progress(console, "evaluate");
    std::int64_t truncated = 0;
    for (std::size_t begin = 0; begin < data.examples.size(); begin += kBatch) {
        const std::size_t end = std::min(data.examples.size(), begin + kBatch);
        std::vector<std::string> texts;
        for (std::size_t i = begin; i < end; ++i)
            texts.push_back(data.examples[i].text);
        LATHE_TRY(const auto said, model.classify(texts, console.context()));
        for (std::size_t i = begin; i < end; ++i) {
            take(data.examples[i], said[i - begin]);
            truncated += said[i - begin].truncated ? 1 : 0;
        }
    }
    return truncated;
}

template <class Report>
void print(Console& console, const std::filesystem::path& folder, const Report& report, std::size_t texts,
           std::int64_t truncated) {
    if (console.json()) {
        Json json = {{"model", folder.string()}, {"texts", texts}, {"truncated", truncated}};
        json.update(eval::toJson(report));
        console.printJson(json);
        return;
    }
    console.print(eval::toText(report));
    if (truncated > 0)
        console.note(fmt::format("{} texts were longer than the model reads and were cut", truncated));
}

Result<> evaluateSpans(Console& console, infer::TextModel& model, const std::filesystem::path& folder,
                       const train::DatasetFile& data) {
    eval::EntityCounter counter;
    LATHE_TRY(const auto truncated, classifyAll(console, model, data, [&](const auto& example, const auto& said) {
                  std::vector<eval::Entity> gold, found;
                  for (const auto& span : example.spans)
                      gold.push_back({data.labels[static_cast<std::size_t>(span.label)], span.begin, span.end});
                  for (const auto& span : said.spans)
                      found.push_back({span.label, span.begin, span.end});
                  counter.add(std::move(gold), std::move(found));
              }));
    print(console, folder, counter.report(), data.examples.size(), truncated);
    return {};
}

Result<> evaluateLabelSets(Console& console, infer::TextModel& model, const std::filesystem::path& folder,
                           const train::DatasetFile& data) {
    std::vector<std::string> labels = model.info().labels;
    std::vector<int> indexOf;  // of the data's labels
    for (const auto& label : data.labels) {
        auto found = std::ranges::find(labels, label);
        if (found == labels.end()) {
            console.warning(fmt::format("the model has no label \"{}\"", label));
            found = labels.insert(labels.end(), label);
        }
        indexOf.push_back(static_cast<int>(found - labels.begin()));
    }
    eval::LabelSetCounter counter(labels);
    LATHE_TRY(const auto truncated, classifyAll(console, model, data, [&](const auto& example, const auto& said) {
                  std::vector<int> gold, given;
                  for (const int label : example.labels)
                      gold.push_back(indexOf[static_cast<std::size_t>(label)]);
                  for (std::size_t i = 0; i < said.probabilities.size(); ++i)
                      if (said.probabilities[i] > kYes)
                          given.push_back(static_cast<int>(i));
                  counter.add(gold, given);
              }));
    print(console, folder, counter.report(), data.examples.size(), truncated);
    return {};
}

Result<> evaluateNumbers(Console& console, infer::TextModel& model, const std::filesystem::path& folder,
                         const train::DatasetFile& data) {
    std::vector<double> gold, predicted;
    LATHE_TRY(const auto truncated, classifyAll(console, model, data, [&](const auto& example, const auto& said) {
                  gold.push_back(example.score);
                  predicted.push_back(said.probabilities.front());
              }));
    print(console, folder, eval::numberReport(gold, predicted), data.examples.size(), truncated);
    return {};
}

}  // namespace

Result<> evaluateFile(Console& console, infer::TextModel& model, const std::filesystem::path& folder,
                      const std::string& file) {
    using train::DataKind;
    switch (model.info().labelKind) {
        case infer::LabelKind::Spans: {
            LATHE_TRY(const auto data, train::readDatasetFile(file, DataKind::Spans));
            return evaluateSpans(console, model, folder, data);
        }
        case infer::LabelKind::AnyOf: {
            LATHE_TRY(const auto data, train::readDatasetFile(file, DataKind::Labels));
            return evaluateLabelSets(console, model, folder, data);
        }
        case infer::LabelKind::Score: {
            if (model.info().labels.size() > 1)
                return fail(ErrorCode::Unsupported, fmt::format("{} gives {} numbers for a text; one can be measured",
                                                                folder.string(), model.info().labels.size()));
            LATHE_TRY(const auto data, train::readDatasetFile(file, DataKind::Score));
            return evaluateNumbers(console, model, folder, data);
        }
        case infer::LabelKind::OneOf:
            break;
    }
    return fail(ErrorCode::Internal, "models that give one label are measured elsewhere");
}

}  // namespace lathe::cli
