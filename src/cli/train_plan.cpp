// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/train_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/flags.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

Result<train::ModelChoice> findChoice(std::string& model, const fs::path& modelsFolder) {
    auto builtIn = train::builtInModels();
    if (const auto it = std::ranges::find(builtIn, model, &train::ModelChoice::id); it != builtIn.end())
        return *it;
    std::error_code code;
    for (const fs::path& folder : {fs::path(model), modelsFolder / model}) {
        if (!fs::is_directory(folder, code))
            continue;
        model = fs::absolute(folder, code).lexically_normal().string();
        return train::modelChoiceFor(model);
    }
    std::vector<std::string> ids;
    for (const auto& choice : builtIn)
        ids.push_back(choice.id);
    return fail(ErrorCode::NotFound,
                fmt::format("there is no model \"{}\"; it takes {}, or a model folder", model, fmt::join(ids, ", ")));
}

Result<std::vector<OptionSpec>> specsFor(const train::ModelChoice& choice, const std::string& method,
                                         const std::string& task) {
    if (std::ranges::find(choice.methods, method) == choice.methods.end())
        return fail(ErrorCode::InvalidInput, fmt::format("the method \"{}\" does not fit the model {}; it takes {}",
                                                         method, choice.id, fmt::join(choice.methods, ", ")));
    return train::optionsFor(choice, method, task);
}

Result<> readConfig(const std::string& file, TrainPlan& plan) {
    LATHE_TRY(const auto config, readJsonFile(file, 1u << 20));
    if (!config.is_object())
        return fail(ErrorCode::Parse, fmt::format("{} should hold a JSON object", file));
    LATHE_TRY(plan.model, jsonString(config, "model", ""));
    LATHE_TRY(plan.method, jsonString(config, "method", ""));
    if (const auto options = config.find("options"); options != config.end())
        plan.options = *options;
    if (!plan.options.is_object())
        return fail(ErrorCode::Parse, fmt::format("{}: \"options\" should be a JSON object", file));
    return {};
}

}  // namespace

Result<TrainPlan> planTraining(const TrainWords& words, const fs::path& modelsFolder) {
    TrainPlan plan;
    if (!words.configFile.empty())
        LATHE_CHECK(readConfig(words.configFile, plan));
    if (words.model) {
        // A method that was written for another model need not fit this one.
        if (*words.model != plan.model)
            plan.method.clear();
        plan.model = *words.model;
    }
    if (plan.model.empty())
        plan.model = "ngram";
    LATHE_TRY(const auto choice, findChoice(plan.model, modelsFolder));
    if (words.method)
        plan.method = *words.method;
    if (plan.method.empty())
        plan.method = choice.methods.empty() ? "full" : choice.methods.front();
    if (words.task)
        plan.options["task"] = *words.task;
    for (const auto& set : words.sets)
        if (set.starts_with("task="))
            plan.options["task"] = set.substr(5);
    LATHE_TRY(const auto task, train::taskOf(choice, plan.options));
    LATHE_TRY(const auto specs, specsFor(choice, plan.method, task));
    if (choice.tasks.size() == 1)
        plan.options.erase("task");  // there is nothing to choose
    for (const auto& [key, value] : plan.options.items()) {
        const auto spec = std::ranges::find(specs, key, &OptionSpec::key);
        if (spec == specs.end())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: there is no option \"{}\" for {}; lathe-cli train --list shows them",
                                    words.configFile, key, choice.id));
        LATHE_CHECK(validateOption(*spec, value));
    }
    const auto has = [&](const char* key) { return std::ranges::find(specs, key, &OptionSpec::key) != specs.end(); };
    if (words.device && has("device"))
        plan.options["device"] = *words.device;
    if (words.threads && has("threads"))
        plan.options["threads"] = *words.threads;
    for (const auto& set : words.sets)
        LATHE_CHECK(setOption(specs, set, plan.options));
    return plan;
}

}  // namespace lathe::cli
