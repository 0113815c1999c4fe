// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli search PROJECT: runs over many options, under a budget, with one table of results.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "cli/train_plan.h"
#include "core/text_table.h"
#include "train/project_search.h"

namespace lathe::cli {
namespace {

class SearchCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("--space", m_space, "JSON file with kind, model, method, options and space");
        app.add_option("--set", m_sets,
                       "key=a,b,c: values to try; key=a: the same for all; method=a,b for methods. As often as wanted; "
                       "train --list shows the keys")
            ->allow_extra_args(false);
        app.add_option("--kind", m_kind, "grid, random or halving (default: grid)")
            ->check(CLI::IsMember({"grid", "random", "halving"}));
        app.add_option("--model", m_model, "what train takes (default: ngram)");
        app.add_option("--method", m_method, "which weights are trained");
        app.add_option("--budget-runs", m_runs, "trials at most")->check(CLI::PositiveNumber);
        app.add_option("--budget-minutes", m_minutes, "no trial begins after this")->check(CLI::PositiveNumber);
        app.add_option("--seed", m_seed, "of what is drawn (default: 42)")->check(CLI::NonNegativeNumber);
        app.add_option("--name", m_name, "the search's name (default: the next number)");
        app.add_option("--resume", m_resume, "go on with the search of this name");
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        m_compute.apply();
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Write));
        if (!m_resume.empty()) {
            if (!m_space.empty() || !m_sets.empty() || m_kind || m_model || m_runs || m_minutes)
                return console.wrongUsage("--resume goes on with the search as it is; leave the others out", "search");
            LATHE_TRY(const auto found, train::findProjectSearch(opened.project, m_resume));
            return execute(console, opened, found);
        }
        const auto request = requested(opened.project);
        if (!request && request.error().code == ErrorCode::InvalidInput)
            return console.wrongUsage(request.error().message, "search");
        if (!request)
            return fail(request.error());
        LATHE_TRY(const auto search, train::prepareProjectSearch(opened.project, *request, m_name));
        return execute(console, opened, search);
    }

private:
    Result<train::SearchRequest> requested(const corpus::Project& project) const {
        Json json = Json::object();
        if (!m_space.empty()) {
            LATHE_TRY(json, readJsonFile(m_space, 1u << 20));
        }
        if (m_kind)
            json["kind"] = *m_kind;
        if (m_runs)
            json["runs"] = *m_runs;
        if (m_minutes)
            json["minutes"] = *m_minutes;
        if (m_seed)
            json["seed"] = *m_seed;
        LATHE_TRY(train::SearchRequest request, train::searchRequestFrom(json));
        TrainWords words;
        words.model = m_model ? *m_model : request.model;
        if (m_method)
            words.method = *m_method;
        else if (json.contains("method"))
            words.method = request.method;
        LATHE_TRY(const TrainPlan plan, planTraining(words, project.modelsFolder()));
        request.model = plan.model;
        request.method = plan.method;
        if (m_compute.deviceGiven)
            request.options["device"] = m_compute.device;
        LATHE_TRY(const auto choice, train::choiceOf(plan.model));
        const auto specs = train::searchSpecs(choice, choice.methods);
        for (const auto& set : m_sets)
            LATHE_CHECK(addSet(specs, set, request));
        return request;
    }

    /// "key=a,b,c" as an axis, "key=a" as an option of every trial.
    static Result<> addSet(const std::vector<OptionSpec>& specs, const std::string& set,
                           train::SearchRequest& request) {
        const auto equals = set.find('=');
        Json parsed = Json::object();
        train::SearchAxis axis;
        std::size_t at = equals == std::string::npos ? set.size() : equals + 1;
        do {
            const auto comma = std::min(set.find(',', at), set.size());
            LATHE_CHECK(setOption(
                specs, equals == std::string::npos ? set : set.substr(0, equals + 1) + set.substr(at, comma - at),
                parsed));
            axis.key = parsed.begin().key();
            axis.values.push_back(parsed.begin().value());
            at = comma + 1;
        } while (at <= set.size());
        std::erase_if(request.axes, [&](const auto& each) { return each.key == axis.key; });
        request.options.erase(axis.key);
        if (axis.values.size() == 1)
            request.options[axis.key] = axis.values.front();
        else
            request.axes.push_back(std::move(axis));
        return {};
    }

    static Result<int> execute(Console& console, const OpenProject& opened, const train::ProjectSearch& search) {
        if (console.json())
            console.printJson({{"event", "search"},
                               {"name", search.name},
                               {"metric", search.metric},
                               {"request", train::toJson(search.request)}});
        else
            console.line("search {}: {} by {}", search.name, search.request.model, search.metric);
        train::MetricBuffer metrics;
        Result<train::SearchOutcome> outcome = fail(ErrorCode::Internal, "not begun");
        {
            const ProgressLine progress(console, "search");
            outcome = train::executeProjectSearch(opened.project, *opened.store, search, metrics, console.context(),
                                                  [&](const train::Trial& trial) { print(console, trial); });
        }
        if (!outcome)
            return fail(outcome.error());
        return report(console, opened.project.folder().string(), search, *outcome);
    }

    static void print(Console& console, const train::Trial& trial) {
        if (console.json()) {
            Json json = train::toJson(trial);
            json["event"] = "trial";
            console.printJson(json);
        } else if (trial.status == "begun") {
            console.line("trial {}: {}", trial.number, toLine(trial.options));
        } else if (trial.status == "failed") {
            console.line("trial {} failed: {}", trial.number, trial.error);
        }
    }

    static Result<int> report(Console& console, const std::string& project, const train::ProjectSearch& search,
                              const train::SearchOutcome& outcome) {
        if (console.json()) {
            console.printJson({{"event", "outcome"},
                               {"name", search.name},
                               {"stopped", outcome.stopped},
                               {"trials", outcome.trials.size()},
                               {"best", outcome.best ? train::toJson(*outcome.best) : Json()}});
            return outcome.stopped ? kStopped : kDone;
        }
        auto ranked = outcome.trials;
        std::ranges::stable_sort(ranked, [&](const auto& a, const auto& b) {
            if (a.round != b.round)
                return a.round > b.round;
            if (std::isnan(a.value) || std::isnan(b.value))
                return !std::isnan(a.value) && std::isnan(b.value);
            return search.higherIsBetter ? a.value > b.value : a.value < b.value;
        });
        TextTable table({{"trial", TextTable::Align::Right},
                         {search.metric, TextTable::Align::Right},
                         {"trained", TextTable::Align::Right},
                         {"seconds", TextTable::Align::Right},
                         {"run"},
                         {"options"}});
        for (const auto& trial : ranked)
            table.add(
                {std::to_string(trial.number), std::isnan(trial.value) ? "-" : fmt::format("{:.4f}", trial.value),
                 trial.summary.contains("trainable_parameters") ? toLine(trial.summary["trainable_parameters"]) : "",
                 fmt::format("{:.1f}", trial.seconds), trial.run,
                 trial.status == "done" ? toLine(trial.options) : trial.status});
        console.print(table.toString());
        if (outcome.stopped)
            console.line("stopped; go on with: lathe-cli search {} --resume {}", project, search.name);
        else if (outcome.best)
            console.line("best: trial {}, run {}", outcome.best->number, outcome.best->run);
        else
            console.line("no trial came to an end; the table says why");
        return outcome.stopped ? kStopped : kDone;
    }

    std::string m_project, m_space, m_name, m_resume;
    std::vector<std::string> m_sets;
    std::optional<std::string> m_kind, m_model, m_method;
    std::optional<std::int64_t> m_runs, m_seed;
    std::optional<double> m_minutes;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry searchCommand() {
    return {.id = "search", .summary = "try many options under a budget and keep a table", .make = [] {
                return std::make_unique<SearchCommand>();
            }};
}

}  // namespace lathe::cli
