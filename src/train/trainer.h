// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Trainer: one run, from a snapshot of the data to a saved model, with its run folder. Torch-free facade.
// Thread: compute lane. Metrics are pulled from MetricBuffer by whoever draws them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/json.h"
#include "core/result.h"
#include "train/catalog.h"
#include "train/run_control.h"

namespace lathe::train {

class WorkerGroup;

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

/// Metric id -> value.
using Scores = std::map<std::string, double>;

/// One optimizer step, or one evaluation (then the dev members are set). NaN = not measured.
struct StepReport {
    std::string phase = "train";  ///< "pretrain" or "train"
    std::int64_t step = 0;        ///< 1-based optimizer step within the phase
    std::int64_t totalSteps = 0;
    double epoch = 0;
    double trainLoss = kNoValue;  ///< nats per text (classify) or per token
    double devLoss = kNoValue;
    double devAccuracy = kNoValue;  ///< of texts, or of next tokens
    double devMacroF1 = kNoValue;
    double trainAccuracy = kNoValue;
    Scores devScores = {};  ///< every metric of the task, those above among them
    double learningRate = kNoValue;
    double gradNorm = kNoValue;         ///< before clipping
    double tokensPerSecond = kNoValue;  ///< real tokens, without padding
    double elapsedSeconds = 0;          ///< since the run's start, pauses left out
    /// Not empty: nothing was measured, something happened behind this step: "paused", "saved", "stop_after_epoch",
    /// "learning_rate", "skipped", "rolled_back", "smaller_batch", "diverging", "plateau".
    std::string event = {};
    std::string note = {};  ///< to an event: a sentence for people
};

/// Thread: any (m_mutex). The trainer appends, the drawer takes all at its own pace. Bounded: when nobody takes, the
/// oldest step rows are thinned to every second one; evaluations are kept.
class MetricBuffer {
public:
    void append(StepReport report);
    std::vector<StepReport> takeAll();

private:
    std::mutex m_mutex;
    std::vector<StepReport> m_reports;  // guarded by m_mutex
};

/// A labelled part of a text, half-open in Unicode code points.
struct ExampleSpan {
    std::int32_t begin = 0, end = 0;
    int label = 0;  ///< index into Dataset::labels
    friend bool operator==(const ExampleSpan&, const ExampleSpan&) = default;
};

/// One message of a conversation.
struct ExampleMessage {
    std::string role;  ///< system, user, assistant, or what else the model's template knows
    std::string text;
    bool learnt = true;  ///< an assistant's message: whether it is learnt from ("weight")
    friend bool operator==(const ExampleMessage&, const ExampleMessage&) = default;
};

/// What a model learns from once. Which members count is the task's DataKind.
struct Example {
    std::int64_t sample = 0;  ///< id in the project, 0 = none
    std::string text;
    std::string answer;
    int label = -1;                       ///< index into Dataset::labels
    std::vector<int> labels = {};         ///< DataKind::Labels: indices, any number of them
    double score = kNoValue;              ///< DataKind::Score, PairScore
    std::vector<ExampleSpan> spans = {};  ///< DataKind::Spans
    std::string second = {};              ///< DataKind::PairScore, PairLabel, Match: the other text
    /// DataKind::Chat: a whole conversation, in place of text and answer. DataKind::Preference: what comes before the
    /// answers, in place of text.
    std::vector<ExampleMessage> messages = {};
    std::string chosen = {}, rejected = {};  ///< DataKind::Preference: the better answer and the worse
    std::int64_t row = 0;                    ///< in its data file: the line, or the place in a list; 0 = none
};

struct Dataset {
    std::vector<std::string> labels;
    std::vector<Example> train;
    std::vector<Example> dev;
    /// More text of the domain without labels, for tokenizer and pre-training.
    std::vector<std::string> unlabelled;
    std::string snapshotHash;
};

/// `options` holds the keys of trainOptions() + the model's and the method's options, all in one object.
struct TrainRequest {
    std::string model = "ngram";
    std::string method = "full";
    Json options = Json::object();      ///< what differs from the defaults
    std::filesystem::path runFolder;    ///< made by the trainer; resumed from when it holds a checkpoint
    std::filesystem::path modelFolder;  ///< where the best model goes
    bool resume = false;                ///< go on from runFolder/checkpoints/last
    /// The processes that train together (distributed.h), this one of rank 0; nullptr = it is alone.
    std::shared_ptr<WorkerGroup> workers = {};
};

struct TrainOutcome {
    std::filesystem::path modelFolder;
    bool stopped = false;  ///< ended by request; the best model so far is saved, the run can be resumed
    std::int64_t steps = 0;
    std::int64_t bestStep = 0;
    double bestDevLoss = kNoValue;
    double bestDevAccuracy = kNoValue;
    double bestDevMacroF1 = kNoValue;
    Scores bestDevScores;     ///< every metric of the task at the best step
    double seconds = 0;       ///< training, pauses left out
    double totalSeconds = 0;  ///< everything included: tokenizer, pre-training, saving
    double tokensPerSecond = kNoValue;
    std::int64_t parameters = 0;
    std::int64_t trainableParameters = 0;
    std::int64_t truncatedTexts = 0;  ///< longer than max_tokens, cut
};
Json toJson(const TrainOutcome& outcome);

/// Checks the request without training: options, data, shapes. \returns the complete options (every key).
Result<Json> checkRequest(const TrainRequest& request, const Dataset& data);

/// Trains. Writes runFolder/{config.json, metrics.jsonl, log.txt, versions.json, checkpoints/last, best} and the model
/// folder. Metrics go to \p metrics as well. Pause and stop come through \p context, other orders through \p control
/// or from another process (run_control.h).
/// \returns InvalidInput, Diverged (loss is NaN or infinite: says the step), OutOfMemory, Io, Unsupported. A stop is
/// not an error: the outcome says stopped.
Result<TrainOutcome> train(const TrainRequest& request, const Dataset& data, MetricBuffer& metrics, JobContext& context,
                           std::shared_ptr<RunControl> control = {});

/// Reads runs/<id>/metrics.jsonl, skipping a cut last line. \returns NotFound, Io.
Result<std::vector<StepReport>> readMetrics(const std::filesystem::path& runFolder);

}  // namespace lathe::train
