// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli train PROJECT: a run from the project's labels to a model folder, live, stoppable, resumable.
#include <algorithm>
#include <CLI/CLI.hpp>
#include <cmath>
#include <optional>

#include "cli/check_report.h"
#include "cli/command.h"
#include "cli/file_training.h"
#include "cli/flags.h"
#include "cli/metric_printer.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "cli/train_plan.h"
#include "cli/worker_flags.h"
#include "train/project_training.h"

namespace lathe::cli {
namespace {

Json specsJson(const std::vector<OptionSpec>& specs) {
    Json list = Json::array();
    for (const auto& spec : specs)
        list.push_back(toJson(spec));
    return list;
}

void printSpecs(Console& console, const std::vector<OptionSpec>& specs) {
    for (const auto& spec : specs)
        console.line("    {:<20} {}", spec.key, describeSpec(spec));
}

class TrainCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder");
        app.add_option("--model", m_words.model,
                       "ngram, fresh-encoder, fresh-decoder, or a model folder (default: ngram)");
        app.add_option("--data", m_dataFile, "train on this file instead of a project: JSON, JSON lines or a table");
        app.add_option("--dev", m_devFile, "with --data: the file to measure on (default: a share of the data)");
        app.add_option("--out", m_out, "with --data: the folder to make, with the run and the model in it");
        app.add_option("--task", m_words.task, "what is learnt (default: what the data and the model go together for)");
        app.add_option("--method", m_words.method, "which weights are trained (default: the model's first)");
        app.add_option("--config", m_words.configFile,
                       "JSON file with model, method and options, e.g. a run's config.json");
        app.add_option("--set", m_words.sets, "key=value, as often as wanted; train --list shows the keys")
            ->allow_extra_args(false);
        app.add_option("--resume", m_resume, "go on with this run from its checkpoint");
        app.add_flag("--check", m_check,
                     "do not train: look at lengths, labels, memory, disk and time first, and say what is wrong");
        app.add_flag("--no-measure", m_noMeasure,
                     "with --check: make no step, so that time and memory are not measured");
        app.add_flag("--list", m_list, "show models, methods and options");
        m_workers.define(app);
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        if (m_list)
            return list(console);
        if (m_noMeasure && !m_check)
            return console.wrongUsage("--no-measure is for --check", "train");
        if (m_check && m_resume)
            return console.wrongUsage("--check is for a run that has not begun; leave --resume out", "train");
        if (!m_check)
            LATHE_CHECK(m_workers.meet());
        if (m_workers.follows())
            return m_workers.follow(console, m_compute);
        if (!m_dataFile.empty())
            return trainOnFile(console);
        if (m_project.empty())
            return console.wrongUsage("PROJECT is missing", "train");
        m_workers.share(m_compute).apply();
        LATHE_TRY(const auto opened, openProject(m_project, m_check ? corpus::Access::Read : corpus::Access::Write));
        if (m_resume) {
            if (m_words.model || m_words.method || !m_words.configFile.empty() || !m_words.sets.empty())
                return console.wrongUsage("--resume goes on with the run's own model and options; leave the others out",
                                          "train");
            LATHE_TRY(const auto found, findRun(opened, *m_resume));
            LATHE_TRY(auto run, train::resumeProjectRun(opened.project, *opened.store, found.id));
            return execute(console, opened, std::move(run));
        }
        takeComputeWords();
        const auto plan = planTraining(m_words, opened.project.modelsFolder());
        if (!plan && plan.error().code == ErrorCode::InvalidInput)
            return console.wrongUsage(plan.error().message, "train");
        if (!plan)
            return fail(plan.error());
        if (m_check) {
            LATHE_TRY(const auto preview, train::previewProjectRun(opened.project, *opened.store, plan->model,
                                                                   plan->method, plan->options));
            return check(console, preview.request, preview.data);
        }
        LATHE_TRY(auto run,
                  train::prepareProjectRun(opened.project, *opened.store, plan->model, plan->method, plan->options));
        return execute(console, opened, std::move(run));
    }

private:
    void takeComputeWords() {
        if (m_compute.deviceGiven)
            m_words.device = m_compute.device;
        if (m_compute.threads > 0)
            m_words.threads = m_compute.threads;
    }

    Result<int> check(Console& console, const train::TrainRequest& request, const train::Dataset& data) const {
        Result<train::PreflightReport> report = fail(ErrorCode::Internal, "not begun");
        {
            const ProgressLine progress(console, "check");
            report = train::checkRun(request, data, console.context(), {.measure = !m_noMeasure});
        }
        if (!report)
            return fail(report.error());
        return tellCheck(console, request, *report);
    }

    /// Without a project: --data FILE [--dev FILE] --out DIR.
    Result<int> trainOnFile(Console& console) {
        if (m_check && m_out.empty())
            m_out = "lathe-check";  // never made
        if (!m_project.empty() || m_out.empty())
            return console.wrongUsage(m_out.empty() ? "--data needs --out DIR for the run and the model"
                                                    : "give a project or --data, not both",
                                      "train");
        m_workers.share(m_compute).apply();
        takeComputeWords();
        FileTraining wanted{.words = m_words, .data = m_dataFile, .dev = m_devFile, .out = m_out, .resume = {}};
        wanted.resume = m_resume.has_value();
        auto prepared = prepareFileTraining(wanted);
        if (!prepared)
            return fail(prepared.error());
        auto& [request, data] = *prepared;
        if (m_check)
            return check(console, request, data);
        const std::string again = fmt::format("--data {}{} --out {} --resume run", m_dataFile,
                                              m_devFile.empty() ? "" : " --dev " + m_devFile, m_out);
        request.workers = m_workers.group("lathe-cli train " + again);
        begin(console, m_out, request, data);
        train::MetricBuffer metrics;
        MetricPrinter printer(console);
        Result<train::TrainOutcome> outcome = fail(ErrorCode::Internal, "not begun");
        {
            const Ticker ticker(100, [&] { tick(console, printer, metrics); });
            outcome = train::train(request, data, metrics, console.context());
        }
        if (!outcome)
            return fail(outcome.error());
        return report(console, again, m_out, *outcome);
    }

    static void begin(Console& console, const std::string& id, const train::TrainRequest& request,
                      const train::Dataset& data) {
        if (console.json()) {
            console.printJson({{"event", "start"},
                               {"run", id},
                               {"model", request.model},
                               {"method", request.method},
                               {"options", request.options},
                               {"snapshot", data.snapshotHash},
                               {"train", data.train.size()},
                               {"dev", data.dev.size()},
                               {"labels", data.labels.size()}});
        } else {
            console.line("run {}: {}, {} texts to train on, {} to measure with, {} labels", id, request.model,
                         data.train.size(), data.dev.size(), data.labels.size());
        }
        // What does not fit is refused by the run itself, in its own words.
        const auto estimate = train::estimateTraining(request, data);
        if (!estimate || estimate->parameters == 0)
            return;
        if (console.json()) {
            Json json{{"event", "estimate"}, {"run", id}};
            json.update(train::toJson(*estimate));
            console.printJson(json);
        } else {
            console.line("{}", describe(*estimate));
        }
    }

    Result<int> execute(Console& console, const OpenProject& opened, train::ProjectRun run) const {
        const auto& data = run.data;
        const std::string again = fmt::format("{} --resume {}", opened.project.folder().string(), run.id);
        run.request.workers = m_workers.group("lathe-cli train " + again);
        begin(console, run.id, run.request, data);
        if (data.dev.empty())
            console.warning(
                "there are no texts to measure with, so no best checkpoint is chosen: every labelled text is in the "
                "train split; import without --split to have a tenth set aside");
        train::MetricBuffer metrics;
        MetricPrinter printer(console);
        Result<train::TrainOutcome> outcome = fail(ErrorCode::Internal, "not begun");
        {
            const Ticker ticker(100, [&] { tick(console, printer, metrics); });
            outcome = train::executeProjectRun(*opened.store, run, metrics, console.context());
        }
        if (!outcome)
            return fail(outcome.error());
        return report(console, again, run.id, *outcome);
    }

    static void tick(Console& console, MetricPrinter& printer, train::MetricBuffer& metrics) {
        const auto reports = metrics.takeAll();
        printer.print(reports);
        // Between the phases (tokenizer, reading, saving) there are no steps; the job's own progress fills the line.
        const Progress progress = console.control()->progress();
        if (reports.empty() && console.showsProgress() && !progress.stage.empty() && progress.stage != "train" &&
            progress.stage != "pretrain")
            console.live(fmt::format("{} {}", progress.stage,
                                     progress.total > 0 ? fmt::format("{}/{}", progress.done, progress.total) : ""));
    }

    /// \param again the words with which the run goes on
    static Result<int> report(Console& console, const std::string& again, const std::string& id,
                              const train::TrainOutcome& outcome) {
        if (console.json()) {
            Json json = {{"event", "outcome"}, {"run", id}};
            json.update(train::toJson(outcome));
            console.printJson(json);
        } else if (outcome.stopped) {
            console.line("stopped at step {}; go on with: lathe-cli train {}", outcome.steps, again);
        } else {
            std::string line = fmt::format("done: {} steps in {}", outcome.steps, formatDuration(outcome.totalSeconds));
            const auto add = [&](const char* name, double value) {
                if (!std::isnan(value))
                    line += fmt::format(", {} {:.4f}", name, value);
            };
            add("best dev accuracy", outcome.bestDevAccuracy);
            add("macro-F1", outcome.bestDevMacroF1);
            add("loss", outcome.bestDevLoss);
            for (const auto& [metric, value] : outcome.bestDevScores)
                if (metric != "accuracy" && metric != "token_accuracy" && metric != "macro_f1" && metric != "loss")
                    add(metric.c_str(), value);
            console.line("{}", line);
            console.line("training alone {:.2f} s; {} parameters, {} of them trained", outcome.seconds,
                         outcome.parameters, outcome.trainableParameters);
            if (outcome.truncatedTexts > 0)
                console.line("{} texts were longer than max_tokens and were cut", outcome.truncatedTexts);
            console.line("model: {}", outcome.modelFolder.string());
        }
        return outcome.stopped ? kStopped : kDone;
    }

    static Result<int> list(Console& console) {
        const auto models = train::builtInModels();
        const auto methods = train::methods();
        const auto options = train::trainOptions();
        if (console.json()) {
            Json modelList = Json::array(), methodList = Json::array();
            for (const auto& model : models)
                modelList.push_back({{"id", model.id},
                                     {"title", model.title},
                                     {"help", model.help},
                                     {"tasks", model.tasks},
                                     {"methods", model.methods},
                                     {"options", specsJson(model.options)},
                                     {"defaults", model.defaults}});
            for (const auto& method : methods)
                methodList.push_back({{"id", method.id},
                                      {"title", method.title},
                                      {"help", method.help},
                                      {"source", method.source},
                                      {"options", specsJson(method.options)}});
            Json taskList = Json::array();
            for (const auto& task : train::tasks())
                taskList.push_back({{"id", task.id},
                                    {"title", task.title},
                                    {"help", task.help},
                                    {"source", task.source},
                                    {"options", specsJson(task.options)},
                                    {"metrics", task.metrics}});
            console.printJson({{"tasks", std::move(taskList)},
                               {"models", std::move(modelList)},
                               {"methods", std::move(methodList)},
                               {"options", specsJson(options)}});
            return kDone;
        }
        console.line("Models (--model), each with its own options:");
        for (const auto& model : models) {
            console.line("  {}: {}", model.id, model.help);
            printSpecs(console, model.options);
        }
        console.line("  FOLDER: a Hugging Face model folder");
        console.line("\nTasks (--task), each with its own options:");
        for (const auto& task : train::tasks()) {
            console.line("  {}: {}", task.id, task.help);
            printSpecs(console, task.options);
        }
        console.line("\nMethods (--method):");
        for (const auto& method : methods) {
            console.line("  {}: {}", method.id, method.help);
            printSpecs(console, method.options);
        }
        console.line("\nOptions (--set key=value):");
        printSpecs(console, options);
        return kDone;
    }

    std::string m_project, m_dataFile, m_devFile, m_out;
    TrainWords m_words;
    std::optional<std::string> m_resume;
    ComputeFlags m_compute;
    WorkerFlags m_workers;
    bool m_check = false, m_noMeasure = false, m_list = false;
};

}  // namespace

CommandEntry trainCommand() {
    return {.id = "train", .summary = "train a model on the project's labels or answers", .make = [] {
                return std::make_unique<TrainCommand>();
            }};
}

}  // namespace lathe::cli
