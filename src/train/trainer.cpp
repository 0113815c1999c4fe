// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// train(): checks, opens the run folder, hands over to the kind of run, and writes down how it ended.
#include "train/trainer.h"

#include <fmt/format.h>

#include <cmath>

#include "core/files.h"
#include "core/real_json.h"
#include "core/scratch_folder.h"
#include "nn/torch_guard.h"
#include "train/detail/checkpoint.h"
#include "train/detail/metrics_file.h"
#include "train/detail/ngram_run.h"
#include "train/detail/run_recorder.h"
#include "train/detail/settings.h"
#include "train/detail/shared_run.h"
#include "train/detail/transformer_run.h"
#include "train/detail/worker_group.h"
#include "train/distributed.h"

namespace lathe::train {
namespace {

Json member(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() ? Json() : *found;
}

/// A resumed run is the run that was stopped: its model, its options, its data.
Result<Json> optionsToResume(const TrainRequest& request, const Dataset& data) {
    LATHE_TRY(const Resumable found, findCheckpoint(request.runFolder));
    const Json& before = found.request;
    const std::string folder = request.runFolder.string();
    if (member(before, "model") != Json(request.model) || member(before, "method") != Json(request.method))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} was a run of {} ({}); it cannot go on as \"{}\" (\"{}\")", folder,
                                toLine(member(before, "model")), toLine(member(before, "method")), request.model,
                                request.method));
    if (member(before, "snapshot") != Json(data.snapshotHash) ||
        member(before, "train_texts") != Json(data.train.size()) || member(before, "labels") != Json(data.labels))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the data is not that of the run in {}; start a new run", folder));
    const Json options = member(before, "options");
    if (request.options.is_object())
        for (const auto& [key, value] : request.options.items())
            if (options.contains(key) && options.at(key) != value)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("{} was {} when the run was stopped and cannot become {}; start a new run", key,
                                        toLine(options.at(key)), toLine(value)));
    return options;
}

/// Lines that a killed run wrote behind its last checkpoint go, because those steps come again.
Result<> rewindToCheckpoint(const std::filesystem::path& runFolder) {
    LATHE_TRY(const Resumable found, findCheckpoint(runFolder));
    return rewindMetrics(runFolder, [&](const StepReport& report) {
        return report.phase == found.state.phase ? report.step <= found.state.step : report.phase == "pretrain";
    });
}

Json scoresJson(const Scores& scores) {
    Json json = Json::object();
    for (const auto& [id, value] : scores)
        json[id] = realOrNull(value);
    return json;
}

Result<TrainOutcome> runKind(const TrainRequest& request, const Settings& settings, const Json& options,
                             const Dataset& data, RunRecorder& recorder, JobContext& context, RunControl& control) {
    if (settings.origin == ModelOrigin::Ngram)
        return runNgram(request, settings, options, data, recorder, context);
    TransformerRun run(request, settings, options, data, recorder, context, control);
    return run.run();
}

/// From a checked request to the end of the run.
Result<TrainOutcome> trainChecked(const TrainRequest& request, const Json& options, const Dataset& data,
                                  MetricBuffer& metrics, JobContext& context, RunControl& control) {
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    const Settings settings = settingsFrom(choice, options);
    if (request.resume)
        LATHE_CHECK(rewindToCheckpoint(request.runFolder));
    LATHE_TRY(RunRecorder recorder, RunRecorder::open(request, options, data, metrics));
    recorder.log(LogLevel::Info,
                 fmt::format("{} ({}), {} training texts, {} dev texts, {} without labels", request.model,
                             request.method, data.train.size(), data.dev.size(), data.unlabelled.size()));
    if (request.workers)
        recorder.log(LogLevel::Info, fmt::format("{} processes train together", request.workers->size()));
    const OrderWatcher watcher(request.runFolder, control, context);
    auto result = nn::guardTorch("training",
                                 [&] { return runKind(request, settings, options, data, recorder, context, control); });
    if (const auto flushed = recorder.flush(); result && !flushed)
        return fail(flushed.error());
    // Of several processes one that was stopped before the first step cannot end as if all had agreed to.
    if (!result && result.error().code == ErrorCode::Canceled && !request.workers) {
        recorder.log(LogLevel::Info, "stopped before there was anything to keep");
        TrainOutcome stopped;
        stopped.stopped = true;
        return stopped;
    }
    const bool isLost = request.workers && request.workers->failure();  // which the caller says
    if (!result)
        recorder.log(isLost ? LogLevel::Info : LogLevel::Error, result.error().message);
    else
        recorder.log(LogLevel::Info,
                     fmt::format("{} after {:.1f} s", result->stopped ? "stopped" : "done", result->totalSeconds));
    return result;
}

/// Why the processes stopped, and how to go on.
Error lostWorker(const WorkerGroup& group, const std::string& why, JobContext& context) {
    const Progress progress = context.control().progress();
    const std::string where =
        progress.total > 0 ? fmt::format(" after step {} of {}", progress.done, progress.total) : "";
    const std::string again = group.resumeWords.empty() ? "" : ": " + group.resumeWords;
    return {ErrorCode::Io,
            fmt::format("{}; all processes stop{}. Start all {} again to go on from the last checkpoint{}", why, where,
                        group.size(), again),
            {}};
}

/// \p work, in which all processes of the group take part: they end together, or all know why not.
template <class Work>
Result<TrainOutcome> together(WorkerGroup& group, JobContext& context, Work&& work) {
    Result<TrainOutcome> result = nn::guardTorch("training", [&]() -> Result<TrainOutcome> {
        auto done = work();
        if (done)
            sumOver(group, {0.0});  // nobody goes before what rank 0 writes is written
        return done;
    });
    if (const auto why = group.failure())
        result = fail(lostWorker(group, *why, context));
    else if (!result)
        group.leave(result.error().code == ErrorCode::Canceled ? "was asked to stop"
                                                               : "failed: " + result.error().message);
    group.finish();
    return result;
}

}  // namespace

Json toJson(const TrainOutcome& outcome) {
    return {{"model", outcome.modelFolder.string()},
            {"stopped", outcome.stopped},
            {"steps", outcome.steps},
            {"best_step", outcome.bestStep},
            {"best_dev_loss", realOrNull(outcome.bestDevLoss)},
            {"best_dev_accuracy", realOrNull(outcome.bestDevAccuracy)},
            {"best_dev_macro_f1", realOrNull(outcome.bestDevMacroF1)},
            {"best_dev", scoresJson(outcome.bestDevScores)},
            {"seconds", outcome.seconds},
            {"total_seconds", outcome.totalSeconds},
            {"tokens_per_second", realOrNull(outcome.tokensPerSecond)},
            {"parameters", outcome.parameters},
            {"trainable_parameters", outcome.trainableParameters},
            {"truncated_texts", outcome.truncatedTexts}};
}

Result<TrainOutcome> train(const TrainRequest& request, const Dataset& data, MetricBuffer& metrics, JobContext& context,
                           std::shared_ptr<RunControl> control) {
    TrainRequest complete = request;
    if (request.resume) {
        LATHE_TRY(complete.options, optionsToResume(request, data));
    }
    LATHE_TRY(const Json options, checkRequest(complete, data));
    if (!control)
        control = std::make_shared<RunControl>();
    if (!request.workers)
        return trainChecked(complete, options, data, metrics, context, *control);
    if (request.model == "ngram")
        return fail(ErrorCode::Unsupported,
                    "ngram trains in one process, in seconds; start it without RANK and WORLD_SIZE");
    WorkerGroup& group = *request.workers;
    return together(group, context, [&]() -> Result<TrainOutcome> {
        giveRun(group, complete, options, data);
        if (request.resume)
            LATHE_CHECK(shareRunFolder(group, request.runFolder));
        return trainChecked(complete, options, data, metrics, context, *control);
    });
}

Result<TrainOutcome> followTraining(const std::shared_ptr<WorkerGroup>& group, JobContext& context) {
    return together(*group, context, [&]() -> Result<TrainOutcome> {
        SharedRun run = takeRun(*group);
        LATHE_TRY(const ScratchFolder scratch, ScratchFolder::make(fmt::format("rank-{}", group->rank())));
        run.request.runFolder = scratch.path() / "run";
        run.request.modelFolder = scratch.path() / "model";
        run.request.workers = group;
        LATHE_CHECK(makeFolder(run.request.runFolder));
        if (run.request.resume)
            LATHE_CHECK(shareRunFolder(*group, run.request.runFolder));
        MetricBuffer metrics;
        RunControl control;
        return trainChecked(run.request, run.request.options, run.data, metrics, context, control);
    });
}

}  // namespace lathe::train
