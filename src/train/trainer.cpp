// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// train(): checks, opens the run folder, hands over to the kind of run, and writes down how it ended.
#include "train/trainer.h"

#include <fmt/format.h>

#include <cmath>

#include "nn/torch_guard.h"
#include "train/detail/checkpoint.h"
#include "train/detail/metrics_file.h"
#include "train/detail/ngram_run.h"
#include "train/detail/run_recorder.h"
#include "train/detail/settings.h"
#include "train/detail/transformer_run.h"

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

/// "0.93", or what JSON has for a value that was not measured.
Json realOrNull(double value) {
    return std::isfinite(value) ? Json(value) : Json();
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
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    const Settings settings = settingsFrom(choice, options);
    if (request.resume)
        LATHE_CHECK(rewindToCheckpoint(request.runFolder));
    LATHE_TRY(RunRecorder recorder, RunRecorder::open(complete, options, data, metrics));
    recorder.log(LogLevel::Info,
                 fmt::format("{} ({}), {} training texts, {} dev texts, {} without labels", request.model,
                             request.method, data.train.size(), data.dev.size(), data.unlabelled.size()));
    if (!control)
        control = std::make_shared<RunControl>();
    const OrderWatcher watcher(request.runFolder, *control, context);
    auto result = nn::guardTorch(
        "training", [&] { return runKind(complete, settings, options, data, recorder, context, *control); });
    if (const auto flushed = recorder.flush(); result && !flushed)
        return fail(flushed.error());
    if (!result && result.error().code == ErrorCode::Canceled) {
        recorder.log(LogLevel::Info, "stopped before there was anything to keep");
        TrainOutcome stopped;
        stopped.stopped = true;
        return stopped;
    }
    if (!result)
        recorder.log(LogLevel::Error, result.error().message);
    else
        recorder.log(LogLevel::Info,
                     fmt::format("{} after {:.1f} s", result->stopped ? "stopped" : "done", result->totalSeconds));
    return result;
}

}  // namespace lathe::train
