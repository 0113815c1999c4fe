// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/measured_spans.h"

#include <algorithm>

#include "cli/progress_line.h"
#include "train/dataset_files.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kBatch = 2048;

}  // namespace

Result<SpanEvaluation> measureSpans(Console& console, infer::TextModel& model, const std::string& file) {
    LATHE_TRY(const auto data, train::readDatasetFile(file, train::DataKind::Spans));
    const ProgressLine progress(console, "evaluate");
    SpanEvaluation result;
    eval::EntityCounter counter;
    for (std::size_t begin = 0; begin < data.examples.size(); begin += kBatch) {
        const std::size_t end = std::min(data.examples.size(), begin + kBatch);
        std::vector<std::string> texts;
        for (std::size_t i = begin; i < end; ++i)
            texts.push_back(data.examples[i].text);
        LATHE_TRY(const auto said, model.classify(texts, console.context()));
        for (std::size_t i = begin; i < end; ++i) {
            std::vector<eval::Entity> gold, found;
            for (const auto& span : data.examples[i].spans)
                gold.push_back({data.labels[static_cast<std::size_t>(span.label)], span.begin, span.end});
            for (const auto& span : said[i - begin].spans)
                found.push_back({span.label, span.begin, span.end});
            counter.add(std::move(gold), std::move(found));
            result.truncated += said[i - begin].truncated ? 1 : 0;
        }
    }
    result.texts = static_cast<std::int64_t>(data.examples.size());
    result.report = counter.report();
    return result;
}

void printSpans(Console& console, const std::string& model, const SpanEvaluation& evaluation) {
    if (console.json()) {
        Json json = {{"model", model}, {"texts", evaluation.texts}, {"truncated", evaluation.truncated}};
        json.update(eval::toJson(evaluation.report));
        console.printJson(json);
        return;
    }
    console.print(eval::toText(evaluation.report));
    console.line("{} texts, {} parts in the data, {} found, {} of them right: F1 {:.4f}", evaluation.texts,
                 evaluation.report.gold, evaluation.report.predicted, evaluation.report.correct, evaluation.report.f1);
    if (evaluation.truncated > 0)
        console.line("{} texts are longer than the model reads; what lies behind counts as not found",
                     evaluation.truncated);
}

}  // namespace lathe::cli
