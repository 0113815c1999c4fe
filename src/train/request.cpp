// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// checkRequest: everything that can be said about a request before work starts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "train/detail/method.h"
#include "train/detail/metric.h"
#include "train/detail/settings.h"

namespace lathe::train {
namespace {

Result<> checkClassification(const Dataset& data) {
    const auto labels = static_cast<int>(data.labels.size());
    std::set<int> used;
    for (const auto* part : {&data.train, &data.dev})
        for (const auto& example : *part) {
            if (example.label < 0 || example.label >= labels)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("a text has label number {}, but there are {} labels", example.label, labels));
            if (part == &data.train)
                used.insert(example.label);
        }
    if (used.size() < 2)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the training texts carry {} label{}; a classifier needs texts of at least two",
                                used.size(), used.size() == 1 ? "" : "s"));
    return {};
}

Result<> checkData(const Dataset& data, Task task) {
    if (data.train.empty())
        return fail(ErrorCode::InvalidInput,
                    task == Task::Classify
                        ? "there is no labelled text to train on; label some first"
                        : "there is no question with an answer to train on; import or write some first");
    if (task == Task::Classify)
        return checkClassification(data);
    for (const auto& example : data.train)
        if (example.answer.empty())
            return fail(ErrorCode::InvalidInput,
                        "a training text has no answer; a generating model learns from answers");
    return {};
}

Result<> checkShape(const Settings& settings) {
    if (settings.origin != ModelOrigin::FreshEncoder && settings.origin != ModelOrigin::FreshDecoder)
        return {};
    if (settings.hiddenSize % settings.heads != 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("hidden_size {} cannot be divided into {} heads; choose a multiple",
                                settings.hiddenSize, settings.heads));
    if (settings.origin == ModelOrigin::FreshDecoder) {
        if (settings.heads % settings.kvHeads != 0)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} heads cannot share {} key/value heads; choose a divisor", settings.heads,
                                    settings.kvHeads));
        if (settings.hiddenSize / settings.heads % 2 != 0)
            return fail(ErrorCode::InvalidInput, fmt::format("rotary positions need an even width per head, not {}",
                                                             settings.hiddenSize / settings.heads));
    }
    return {};
}

Result<> checkMetric(const Settings& settings) {
    const auto registry = makeMetricRegistry();
    const MetricEntry* metric = registry.find(settings.bestBy);
    if (!metric || std::ranges::find(metric->tasks, settings.task) == metric->tasks.end())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("best_by = {} does not fit a {} model", settings.bestBy,
                                settings.task == Task::Classify ? "classifying" : "generating"));
    return {};
}

Result<> checkFolders(const TrainRequest& request) {
    std::error_code code;
    if (request.runFolder.empty() || request.modelFolder.empty())
        return fail(ErrorCode::InvalidInput, "a run needs a run folder and a model folder");
    if (request.resume)
        return {};
    if (std::filesystem::exists(request.runFolder / "checkpoints", code))
        return fail(ErrorCode::InvalidInput, fmt::format("{} holds a run already; resume it or choose another folder",
                                                         request.runFolder.string()));
    if (std::filesystem::exists(request.modelFolder, code) && !std::filesystem::is_empty(request.modelFolder, code))
        return fail(ErrorCode::InvalidInput, fmt::format("{} exists and is not empty; choose another model folder",
                                                         request.modelFolder.string()));
    return {};
}

}  // namespace

Result<Json> checkRequest(const TrainRequest& request, const Dataset& data) {
    LATHE_TRY(const ModelChoice choice, choiceFor(request.model));
    if (std::ranges::find(choice.methods, request.method) == choice.methods.end())
        return fail(ErrorCode::InvalidInput, fmt::format("method {} does not fit {}; it takes {}", request.method,
                                                         choice.title, fmt::join(choice.methods, ", ")));
    auto specs = optionsFor(choice, request.method);
    for (auto& spec : trainOptions())  // those that the model does not read are accepted, so that one form serves all
        if (std::ranges::find(specs, spec.key, &OptionSpec::key) == specs.end())
            specs.push_back(std::move(spec));
    LATHE_TRY(Json complete, completeOptions(specs, request.options));
    const Settings settings = settingsFrom(choice, complete);
    LATHE_CHECK(checkFolders(request));
    LATHE_CHECK(checkData(data, choice.task));
    LATHE_CHECK(checkShape(settings));
    LATHE_CHECK(checkMetric(settings));
    LATHE_CHECK(checkRecipe(complete, data));
    return complete;
}

}  // namespace lathe::train
