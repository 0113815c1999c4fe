// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/cleaning.h"

#include <fmt/format.h>

#include <algorithm>

namespace lathe::corpus {
namespace {

Result<const CleaningStepEntry*> entryOf(const CleaningRegistry& registry, std::string_view id) {
    if (const auto* entry = registry.find(id))
        return entry;
    std::string known;
    for (const auto& entry : registry.entries())
        known += (known.empty() ? "" : ", ") + entry.id;
    return fail(ErrorCode::InvalidInput, fmt::format("there is no cleaning step \"{}\"; there are {}", id, known));
}

Result<Json> optionsOf(const CleaningStepEntry& entry, const Json& given) {
    auto complete = completeOptions(entry.options, given);
    if (!complete)
        return fail(complete.error().code, fmt::format("cleaning step {}: {}", entry.id, complete.error().message));
    return complete;
}

// Parts between commas; "\," is a comma within a part.
std::vector<std::string> splitAtCommas(std::string_view text) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',')
            parts.back() += text[++i];
        else if (text[i] == ',')
            parts.emplace_back();
        else
            parts.back() += text[i];
    }
    return parts;
}

}  // namespace

Json toJson(const CleaningRecipe& recipe) {
    Json steps = Json::array();
    for (const RecipeStep& step : recipe.steps)
        steps.push_back({{"step", step.step}, {"options", step.options}});
    return {{"steps", std::move(steps)}};
}

Result<CleaningRecipe> recipeFrom(const Json& json, const CleaningRegistry& registry) {
    if (!json.is_object() || !json.contains("steps") || !json["steps"].is_array())
        return fail(ErrorCode::InvalidInput, R"(a cleaning recipe is {"steps": [{"step": ID, "options": {...}}]})");
    CleaningRecipe recipe;
    for (const Json& item : json["steps"]) {
        if (!item.is_object())
            return fail(ErrorCode::InvalidInput, R"(a step of a recipe is {"step": ID, "options": {...}})");
        LATHE_TRY(const std::string id, jsonString(item, "step", ""));
        LATHE_TRY(const auto* entry, entryOf(registry, id));
        LATHE_TRY(Json options, optionsOf(*entry, item.value("options", Json::object())));
        recipe.steps.push_back({id, std::move(options)});
    }
    return recipe;
}

Result<RecipeStep> recipeStepFrom(std::string_view text, const CleaningRegistry& registry) {
    const std::size_t colon = text.find(':');
    RecipeStep step{.step = std::string(text.substr(0, colon))};
    LATHE_TRY(const auto* entry, entryOf(registry, step.step));
    if (colon != std::string_view::npos)
        for (const std::string& part : splitAtCommas(text.substr(colon + 1))) {
            const std::size_t equals = part.find('=');
            const std::string key = part.substr(0, equals);
            const auto spec = std::ranges::find(entry->options, key, &OptionSpec::key);
            if (equals == std::string::npos || spec == entry->options.end()) {
                std::string known;
                for (const OptionSpec& option : entry->options)
                    known += (known.empty() ? "" : ", ") + option.key;
                return fail(ErrorCode::InvalidInput,
                            fmt::format("\"{}\" is no option=value of the cleaning step {}; it has {}", part, step.step,
                                        known.empty() ? "none" : known));
            }
            LATHE_TRY(step.options[key], parseOption(*spec, std::string_view(part).substr(equals + 1)));
        }
    LATHE_TRY(step.options, optionsOf(*entry, step.options));
    return step;
}

Result<Cleaner> Cleaner::make(const CleaningRegistry& registry, const CleaningRecipe& recipe) {
    if (recipe.steps.empty())
        return fail(ErrorCode::InvalidInput, "the recipe has no steps; choose at least one");
    Cleaner cleaner;
    for (const RecipeStep& step : recipe.steps) {
        LATHE_TRY(const auto* entry, entryOf(registry, step.step));
        LATHE_TRY(Json options, optionsOf(*entry, step.options));
        LATHE_TRY(auto function, entry->make(options));
        cleaner.m_functions.push_back(std::move(function));
        cleaner.m_areFilters.push_back(entry->isFilter);
        cleaner.m_recipe.steps.push_back({step.step, std::move(options)});
    }
    return cleaner;
}

Result<CleanedText> Cleaner::clean(std::string_view text, bool filters) const {
    CleanedText cleaned{.text = std::string(text), .removedBy = {}, .changedBy = {}, .masked = {}};
    for (std::size_t i = 0; i < m_functions.size(); ++i) {
        if (m_areFilters[i] && !filters)
            continue;
        LATHE_TRY(StepOutcome outcome, m_functions[i](cleaned.text));
        for (MaskedPart& part : outcome.masked) {
            part.step = i;
            cleaned.masked.push_back(std::move(part));
        }
        if (outcome.text != cleaned.text) {
            cleaned.changedBy.push_back(i);
            cleaned.text = std::move(outcome.text);
        }
        if (!outcome.keep) {
            cleaned.removedBy = i;
            break;
        }
    }
    return cleaned;
}

}  // namespace lathe::corpus
