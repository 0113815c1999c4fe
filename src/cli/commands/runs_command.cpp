// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli runs PROJECT [RUN]: what was trained, on what, and how it went.
#include <algorithm>
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/metric_printer.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "train/run_export.h"

namespace lathe::cli {
namespace {

/// The JSON of a run's row; an empty or broken one shows as null rather than hiding the run.
Json parsed(const std::string& text) {
    const auto json = parseJson(text.empty() ? "null" : text, "run");
    return json ? *json : Json();
}

std::string field(const Json& object, const char* key) {
    if (!object.is_object() || !object.contains(key) || object[key].is_null())
        return {};
    const Json& value = object[key];
    if (value.is_string())
        return value.get<std::string>();
    return value.is_number_float() ? fmt::format("{:.4f}", value.get<double>()) : toLine(value);
}

Json toJson(const corpus::Project& project, const corpus::Run& run) {
    return {{"id", run.id},
            {"created_ms", run.createdMs},
            {"snapshot", run.snapshot},
            {"status", run.status},
            {"model_folder", modelFolderOf(project, run).string()},
            {"config", parsed(run.config)},
            {"summary", parsed(run.summary)}};
}

class RunsCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        auto* one = app.add_option("RUN", m_run, "show this run alone, with its curve");
        app.add_option("--export", m_target,
                       "write the run: a report (.html), its curves (.csv), or into a folder for TensorBoard")
            ->needs(one);
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        if (!m_run.empty()) {
            LATHE_TRY(const auto found, findRun(opened, m_run));
            return m_target.empty() ? one(console, opened.project, found) : write(console, opened.project, found);
        }
        LATHE_TRY(const auto runs, opened.store->runs());
        if (console.json()) {
            Json list = Json::array();
            for (const auto& each : runs)
                list.push_back(toJson(opened.project, each));
            console.printJson({{"runs", std::move(list)}});
            return kDone;
        }
        TextTable table({{"run"},
                         {"began"},
                         {"status"},
                         {"model"},
                         {"method"},
                         {"trained", TextTable::Align::Right},
                         {"seconds", TextTable::Align::Right},
                         {"dev accuracy", TextTable::Align::Right},
                         {"dev macro-F1", TextTable::Align::Right},
                         {"dev loss", TextTable::Align::Right}});
        for (const auto& each : runs) {
            const Json summary = parsed(each.summary), config = parsed(each.config);
            const bool timed = summary.is_object() && summary.value("seconds", Json()).is_number();
            table.add({each.id, formatTime(each.createdMs), each.status, field(config, "model"),
                       field(config, "method"), field(summary, "trainable_parameters"),
                       timed ? fmt::format("{:.1f}", summary["seconds"].get<double>()) : "",
                       field(summary, "best_dev_accuracy"), field(summary, "best_dev_macro_f1"),
                       field(summary, "best_dev_loss")});
        }
        console.print(table.isEmpty() ? "no runs yet\n" : table.toString());
        return kDone;
    }

private:
    Result<int> write(Console& console, const corpus::Project& project, const corpus::Run& run) const {
        LATHE_TRY(const auto exported, train::exportedRun(project, run));
        LATHE_TRY(const auto title, train::exportRun(exported, m_target));
        if (console.json())
            console.printJson({{"format", title}, {"target", m_target.string()}});
        else
            console.line("{}: {}", title, m_target.string());
        return kDone;
    }

    static Result<int> one(Console& console, const corpus::Project& project, const corpus::Run& run) {
        // A run that was stopped before its first step has no metrics file.
        const auto metrics = train::readMetrics(project.runsFolder() / run.id);
        const std::vector<train::StepReport> reports = metrics ? *metrics : std::vector<train::StepReport>();
        if (console.json()) {
            Json json = toJson(project, run);
            json["metrics"] = Json::array();
            for (const auto& report : reports)
                json["metrics"].push_back(cli::toJson(report));
            console.printJson(json);
            return kDone;
        }
        console.line("{}: {}, began {}, snapshot {}", run.id, run.status, formatTime(run.createdMs), run.snapshot);
        console.line("model folder: {}", modelFolderOf(project, run).string());
        console.line("config: {}", toLine(parsed(run.config)));
        console.line("summary: {}", toLine(parsed(run.summary)));
        for (const auto& report : reports) {
            if (!report.event.empty())
                console.line("  step {}: {}", report.step, report.note);
            else if (report.devLoss == report.devLoss || report.devAccuracy == report.devAccuracy)
                console.line("  {}", describe(report));
        }
        return kDone;
    }

    std::string m_project, m_run;
    std::filesystem::path m_target;
};

}  // namespace

CommandEntry runsCommand() {
    return {
        .id = "runs", .summary = "training runs of a project", .make = [] { return std::make_unique<RunsCommand>(); }};
}

}  // namespace lathe::cli
