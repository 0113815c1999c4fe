// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/model_card.h"

#include <fmt/format.h>

#include <cmath>

#include "infer/model_card.h"
#include "train/detail/method.h"
#include "train/detail/metric.h"
#include "train/detail/run_recorder.h"
#include "train/detail/settings.h"
#include "train/detail/task.h"

namespace lathe::train {
namespace {

bool usesAdapter(const std::string& method, const Json& options) {
    const auto registry = makeMethodRegistry();
    const MethodEntry* entry = registry.find(method);
    return entry && entry->make(options)->baseWeights() != BaseWeights::Trained;
}

/// What the model hub calls it.
const char* pipelineTag(const TaskEntry& task) {
    switch (task.head) {
        case nn::Head::SequenceClassification:
            return "text-classification";
        case nn::Head::TokenClassification:
            return "token-classification";
        case nn::Head::MaskedLm:
            return task.data == DataKind::Match ? "sentence-similarity" : "fill-mask";
        case nn::Head::Seq2SeqLm:
            return "text2text-generation";
        case nn::Head::CausalLm:
            break;
    }
    return "text-generation";
}

}  // namespace

std::string modelCard(const TrainRequest& request, const Json& options, const Dataset& data,
                      const TrainOutcome& outcome) {
    const auto tasks = makeTaskRegistry();
    const TaskEntry* task = tasks.find(options.value("task", std::string()));
    const bool classifies = !data.labels.empty();
    infer::ModelCard card;
    card.title = request.modelFolder.filename().string();
    card.summary = fmt::format("A {} trained with Lathe.",
                               classifies ? fmt::format("text classifier over {} labels", data.labels.size())
                               : task && task->head != nn::Head::CausalLm ? fmt::format("model ({})", task->title)
                                                                          : std::string("generating model"));
    card.pipelineTag = task ? pipelineTag(*task) : classifies ? "text-classification" : "text-generation";
    const bool adapts = usesAdapter(request.method, options);
    card.library = request.model == "ngram" ? "lathe" : adapts ? "peft" : "transformers";
    // Only a model of its own is a base; "ngram" and "fresh-..." name recipes.
    std::error_code code;
    if (std::filesystem::is_directory(request.model, code))
        card.baseModel = std::filesystem::path(request.model).lexically_normal().filename().string();
    card.facts = {{"started from", request.model},
                  {"method", request.method},
                  {"parameters", std::to_string(outcome.parameters)},
                  {"of them trained", std::to_string(outcome.trainableParameters)},
                  {"training texts", std::to_string(data.train.size())},
                  {"dev texts", std::to_string(data.dev.size())},
                  {"texts without labels", std::to_string(data.unlabelled.size())},
                  {"snapshot", data.snapshotHash.empty() ? "-" : data.snapshotHash}};
    card.metricsTitle = "On the dev set";
    const auto metric = [&](const char* name, double value) {
        if (std::isfinite(value))
            card.metrics.emplace_back(name, fmt::format("{:.4f}", value));
    };
    metric(classifies ? "accuracy" : "token accuracy", outcome.bestDevAccuracy);
    metric("macro-F1", outcome.bestDevMacroF1);
    metric("loss (nats)", outcome.bestDevLoss);
    const auto metrics = makeMetricRegistry();
    for (const auto& [id, value] : outcome.bestDevScores)
        if (const auto* entry = metrics.find(id);
            entry && id != "accuracy" && id != "token_accuracy" && id != "macro_f1" && id != "loss")
            metric(entry->title.c_str(), value);
    card.note = fmt::format("Step {} of {}; {:.0f} s of training.{}", outcome.bestStep, outcome.steps, outcome.seconds,
                            outcome.stopped ? " Stopped by hand before the end." : "");
    if (classifies)
        card.labels = data.labels;
    for (const auto& [key, value] : options.items())
        card.settings.emplace_back(key, value.is_string() ? value.get<std::string>() : toLine(value));
    const Json made = versions();
    card.madeWith =
        fmt::format("Lathe {}, torch {}.", made["lathe"].get<std::string>(), made["torch"].get<std::string>());
    return infer::modelCardText(card);
}

}  // namespace lathe::train
