// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// checkRequest: everything that can be said about a request before work starts.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "train/detail/method.h"
#include "train/detail/settings.h"
#include "train/detail/task.h"

namespace lathe::train {
namespace {

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

Result<> checkMetric(const Settings& settings, const TaskEntry& task) {
    if (std::ranges::find(task.metrics, settings.bestBy) == task.metrics.end())
        return fail(ErrorCode::InvalidInput, fmt::format("best_by = {} does not fit the task {}; it takes {}",
                                                         settings.bestBy, task.id, fmt::join(task.metrics, ", ")));
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

Result<Json> completeRequest(const ModelChoice& choice, const TrainRequest& request) {
    if (std::ranges::find(choice.methods, request.method) == choice.methods.end())
        return fail(ErrorCode::InvalidInput, fmt::format("method {} does not fit {}; it takes {}", request.method,
                                                         choice.title, fmt::join(choice.methods, ", ")));
    LATHE_TRY(const std::string taskId, taskOf(choice, request.options));
    auto specs = optionsFor(choice, request.method, taskId);
    for (auto& spec : trainOptions())  // those that the model does not read are accepted, so that one form serves all
        if (std::ranges::find(specs, spec.key, &OptionSpec::key) == specs.end())
            specs.push_back(std::move(spec));
    return completeOptions(specs, request.options);
}

Result<Json> checkRequest(const TrainRequest& request, const Dataset& data) {
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    LATHE_TRY(Json complete, completeRequest(choice, request));
    const Settings settings = settingsFrom(choice, complete);
    const auto tasks = makeTaskRegistry();
    const TaskEntry& task = *tasks.find(settings.task);
    LATHE_CHECK(checkFolders(request));
    LATHE_CHECK(task.check(data));
    LATHE_CHECK(checkShape(settings));
    LATHE_CHECK(checkRecipe(complete, data));
    LATHE_CHECK(checkMetric(settings, task));
    return complete;
}

}  // namespace lathe::train
