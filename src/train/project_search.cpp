// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/project_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "core/files.h"
#include "train/detail/metric.h"
#include "train/detail/settings.h"
#include "train/project_training.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMethodAxis = "method";
constexpr const char* kRequestFile = "search.json";
constexpr const char* kTableFile = "search.jsonl";

fs::path searchesFolder(const corpus::Project& project) {
    return project.folder() / "searches";
}

/// A model's folder, for one that is named as the project's.
std::string resolved(const corpus::Project& project, const std::string& model) {
    std::error_code code;
    const bool builtIn = std::ranges::any_of(builtInModels(), [&](const auto& each) { return each.id == model; });
    const fs::path own = project.modelsFolder() / model;
    return !builtIn && !fs::exists(model, code) && fs::exists(own, code) ? own.string() : model;
}

const OptionSpec* specOf(const std::vector<OptionSpec>& specs, const std::string& key) {
    const auto found = std::ranges::find(specs, key, &OptionSpec::key);
    return found == specs.end() ? nullptr : &*found;
}

Result<> checkAxis(const SearchAxis& axis, const std::vector<OptionSpec>& specs) {
    const OptionSpec* spec = specOf(specs, axis.key);
    if (!spec)
        return fail(ErrorCode::InvalidInput, fmt::format("space: there is no option \"{}\"", axis.key));
    for (const Json& value : axis.values)
        LATHE_CHECK(validateOption(*spec, value));
    if (!axis.values.empty())
        return {};
    if (spec->type != OptionType::Int && spec->type != OptionType::Real)
        return fail(ErrorCode::InvalidInput, fmt::format("space: {} has no range; list its values", axis.key));
    const auto number = [&](double value) {
        return spec->type == OptionType::Int ? Json(static_cast<std::int64_t>(value)) : Json(value);
    };
    LATHE_CHECK(validateOption(*spec, number(axis.min)));
    LATHE_CHECK(validateOption(*spec, number(axis.max)));
    return {};
}

/// The methods that trials of a request may have.
std::vector<std::string> methodsOf(const SearchRequest& request) {
    const auto axis = std::ranges::find(request.axes, kMethodAxis, &SearchAxis::key);
    std::vector<std::string> methods;
    if (axis != request.axes.end())
        for (const Json& value : axis->values)
            if (value.is_string())
                methods.push_back(value.get<std::string>());
    return methods.empty() ? std::vector<std::string>{request.method} : methods;
}

/// Of options that some of the methods have, those that this one has.
Json optionsOfMethod(const ModelChoice& choice, const std::string& method, const Json& options) {
    const auto specs = optionsFor(choice, method);
    Json own = Json::object();
    for (const auto& [key, value] : options.items())
        if (specOf(specs, key))
            own[key] = value;
    return own;
}

Result<Json> completeOptionsOf(const ModelChoice& choice, const std::string& method, const Json& options) {
    return completeOptions(optionsFor(choice, method), optionsOfMethod(choice, method, options));
}

/// What decides, and in which direction; the checked request, whole numbers drawn whole.
Result<ProjectSearch> describe(const corpus::Project& project, SearchRequest request) {
    ProjectSearch search;
    request.model = resolved(project, request.model);
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    const auto methods = methodsOf(request);
    const auto specs = searchSpecs(choice, methods);
    for (auto& axis : request.axes) {
        LATHE_CHECK(checkAxis(axis, specs));
        axis.whole = axis.whole || specOf(specs, axis.key)->type == OptionType::Int;
        if (request.options.contains(axis.key))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} is both fixed and searched; leave it out of one of them", axis.key));
    }
    for (const auto& [key, value] : request.options.items())
        if (!specOf(specs, key))
            return fail(ErrorCode::InvalidInput, fmt::format("there is no option \"{}\"", key));
    LATHE_TRY(Json complete, completeOptionsOf(choice, methods.front(), request.options));
    if (!complete.contains("best_by"))  // the model does not read it; its runs are measured all the same
        complete["best_by"] = "auto";
    search.metric = settingsFrom(choice, complete).bestBy;
    const auto metrics = makeMetricRegistry();
    const MetricEntry* metric = metrics.find(search.metric);
    search.higherIsBetter = !metric || metric->higherIsBetter;
    const std::int64_t epochs = complete.value("epochs", std::int64_t{1});
    LATHE_TRY(const Search planned, Search::plan(request, epochs, search.higherIsBetter));
    search.request = planned.request();
    return search;
}

/// The value of the metric that decides, as a run's summary has it.
double valueOf(const Json& summary, const std::string& metric) {
    if (const auto scores = summary.find("best_dev_scores"); scores != summary.end() && scores->is_object())
        if (const auto found = scores->find(metric); found != scores->end() && found->is_number())
            return found->get<double>();
    const std::string key = "best_dev_" + (metric == "token_accuracy" ? std::string("accuracy") : metric);
    const auto found = summary.find(key);
    return found != summary.end() && found->is_number() ? found->get<double>() : kNoValue;
}

class TrialRunner {
public:
    TrialRunner(const corpus::Project& project, corpus::CorpusStore& store, const ProjectSearch& search,
                MetricBuffer& metrics, JobContext& context)
        : m_project(project), m_store(store), m_search(search), m_metrics(metrics), m_context(context) {}

    Trial run(Trial trial, const std::function<Result<>(const Trial&)>& note) {
        const auto begin = std::chrono::steady_clock::now();
        const auto outcome = runOf(trial, note);
        trial.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (!outcome && outcome.error().code == ErrorCode::Canceled) {
            trial.status = "stopped";
        } else if (!outcome) {
            trial.status = "failed";
            trial.error = outcome.error().message;
        } else {
            trial.status = outcome->stopped ? "stopped" : "done";
            trial.summary = toJson(*outcome);
            trial.value = valueOf(trial.summary, m_search.metric);
        }
        return trial;
    }

private:
    Result<TrainOutcome> runOf(Trial& trial, const std::function<Result<>(const Trial&)>& note) {
        if (!trial.run.empty()) {
            auto resumed = resumeProjectRun(m_project, m_store, trial.run);
            if (resumed) {
                auto outcome = executeProjectRun(m_store, *resumed, m_metrics, m_context);
                // A run that ended before its first checkpoint begins anew.
                if (outcome || outcome.error().code != ErrorCode::NotFound)
                    return outcome;
            }
        }
        const SearchRequest& request = m_search.request;
        Json options = request.options;
        options.update(trial.options);
        const std::string method = options.value(kMethodAxis, request.method);
        LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
        LATHE_TRY(const ProjectRun fresh, prepareProjectRun(m_project, m_store, request.model, method,
                                                            optionsOfMethod(choice, method, options)));
        trial.run = fresh.id;
        LATHE_CHECK(note(trial));
        return executeProjectRun(m_store, fresh, m_metrics, m_context);
    }

    const corpus::Project& m_project;
    corpus::CorpusStore& m_store;
    const ProjectSearch& m_search;
    MetricBuffer& m_metrics;
    JobContext& m_context;
};

}  // namespace

std::vector<OptionSpec> searchSpecs(const ModelChoice& choice, const std::vector<std::string>& methods) {
    std::vector<OptionSpec> all{
        choiceOption(kMethodAxis, "Method", choice.methods.front(), choice.methods, "Which weights are trained.")};
    for (const std::string& method : methods)
        for (OptionSpec& spec : optionsFor(choice, method))
            if (!specOf(all, spec.key))
                all.push_back(std::move(spec));
    return all;
}

Result<ProjectSearch> prepareProjectSearch(const corpus::Project& project, const SearchRequest& request,
                                           const std::string& name) {
    LATHE_TRY(ProjectSearch search, describe(project, request));
    LATHE_CHECK(makeFolder(searchesFolder(project)));
    std::error_code code;
    search.name = name;
    if (name.empty()) {
        int highest = 0;
        for (const auto& entry : fs::directory_iterator(searchesFolder(project), code)) {
            const std::string taken = entry.path().filename().string();
            int number = 0;
            std::from_chars(taken.data(), taken.data() + taken.size(), number);
            highest = std::max(highest, number);
        }
        search.name = fmt::format("{:04}", highest + 1);
    }
    if (search.name.find('/') != std::string::npos || search.name.starts_with("."))
        return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" cannot be a search's name", search.name));
    search.folder = searchesFolder(project) / search.name;
    if (!fs::create_directory(search.folder, code))
        return fail(code ? ErrorCode::Io : ErrorCode::InvalidInput,
                    fmt::format("{}: {}", search.folder.string(),
                                code ? code.message() : "there is a search of this name; resume it or choose another"));
    LATHE_CHECK(writeJsonFile(search.folder / kRequestFile, toJson(search.request)));
    return search;
}

Result<ProjectSearch> findProjectSearch(const corpus::Project& project, const std::string& name) {
    const fs::path folder = searchesFolder(project) / name;
    std::error_code code;
    if (name.empty() || name.find('/') != std::string::npos || !fs::exists(folder / kRequestFile, code))
        return fail(ErrorCode::NotFound, fmt::format("{} has no search \"{}\"", project.folder().string(), name));
    LATHE_TRY(const Json json, readJsonFile(folder / kRequestFile));
    LATHE_TRY(const SearchRequest request, searchRequestFrom(json));
    LATHE_TRY(ProjectSearch search, describe(project, request));
    search.name = name;
    search.folder = folder;
    return search;
}

Result<SearchOutcome> executeProjectSearch(const corpus::Project& project, corpus::CorpusStore& store,
                                           const ProjectSearch& search, MetricBuffer& metrics, JobContext& context,
                                           const OnTrial& onTrial) {
    LATHE_TRY(const ModelChoice choice, choiceOf(search.request.model));
    const std::string method = methodsOf(search.request).front();
    LATHE_TRY(const Json complete, completeOptionsOf(choice, method, search.request.options));
    LATHE_TRY(const Search planned,
              Search::plan(search.request, complete.value("epochs", std::int64_t{1}), search.higherIsBetter));
    TrialRunner runner(project, store, search, metrics, context);
    return runSearch(
        planned, search.folder / kTableFile,
        [&](Trial trial, const std::function<Result<>(const Trial&)>& note) {
            if (onTrial)
                onTrial(trial);
            Trial over = runner.run(std::move(trial), note);
            if (onTrial)
                onTrial(over);
            return over;
        },
        context);
}

}  // namespace lathe::train
