// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-flight: what is known about a run before it starts: its texts as tokens, its labels, its memory, its time, and
// what is wrong with any of them. Torch-free facade. Thread: compute lane.
#pragma once

#include <optional>

#include "train/estimate.h"

namespace lathe::train {

/// Problem: the run would fail or learn nothing. Warning: it would be worse than it could be.
enum class Severity { Note, Warning, Problem };
const char* severityName(Severity severity);  ///< "note", "warning", "problem"

/// A text that a finding is about.
struct TextPlace {
    bool isDev = false;
    std::int64_t item = 0;    ///< in Dataset::train or dev
    std::int64_t sample = 0;  ///< id in the project, 0 = none
    std::int64_t row = 0;     ///< of its data file, 0 = none
    std::string text;         ///< its beginning
};

struct Finding {
    Severity severity = Severity::Note;
    std::string code;    ///< "cut_texts": stays the same, for programs
    std::string what;    ///< a sentence: what was found
    std::string advice;  ///< a sentence: what to do about it
    std::int64_t count = 0;
    std::vector<TextPlace> examples = {};  ///< a few
};

struct LengthHistogram {
    struct Bin {
        std::int64_t from = 0, to = 0;  ///< both included
        std::int64_t texts = 0;
    };
    std::string unit = "tokens";  ///< "characters" for a model that knows no tokens
    std::vector<Bin> bins;        ///< of one width, but the last, which ends with the longest text
    std::int64_t texts = 0, total = 0;
    std::int64_t shortest = 0, median = 0, p90 = 0, p99 = 0, longest = 0;
    std::int64_t limit = 0;  ///< what the run reads of a text; 0 = all
    std::int64_t cutTexts = 0;
    std::int64_t lost = 0;  ///< tokens that are cut off
};
/// \param lengths of the training texts
LengthHistogram histogramOf(std::vector<std::int64_t> lengths);

struct LabelCount {
    std::string label;
    std::int64_t train = 0, dev = 0;  ///< texts, or labelled parts
};

/// A phase of the run. Seconds are NaN where no step was measured.
struct PhaseForecast {
    std::string name;  ///< "pretrain", "train"
    std::int64_t steps = 0, evaluations = 0;
    BatchShape longest;                ///< through the network at once
    double longestSeconds = kNoValue;  ///< of the step with the longest batch
    double stepSeconds = kNoValue;     ///< mean of all steps
    double evaluationSeconds = kNoValue;
    double seconds = kNoValue;  ///< the whole phase
};

/// Bytes that a run will have on disk at the moment when it has most, and what is free there.
struct DiskNeed {
    double runBytes = 0, modelBytes = 0;
    double runFree = kNoValue, modelFree = kNoValue;
    bool sameDisk = true;  ///< both folders share what is free
};

struct PreflightReport {
    std::string task;
    std::int64_t trainTexts = 0, devTexts = 0, unlabelledTexts = 0;
    LengthHistogram lengths;
    std::vector<LabelCount> labels;         ///< in the data's order
    std::optional<TrainEstimate> estimate;  ///< nothing for an n-gram model
    std::vector<PhaseForecast> phases;
    double peakBytes = kNoValue;       ///< measured, above what the program held before; on CUDA of the device
    bool onDevice = false;             ///< the run is on CUDA
    double availableBytes = kNoValue;  ///< of main memory, before
    double preparationSeconds = kNoValue;
    double secondsToEnd = kNoValue;  ///< the whole run; less where it ends early
    std::string notMeasured;         ///< why no step was measured
    DiskNeed disk;
    std::vector<Finding> findings;  ///< the gravest first

    bool hasProblem() const;
    const Finding* find(std::string_view code) const;  ///< nullptr: it is not there
};
Json toJson(const PreflightReport& report);

struct PreflightOptions {
    bool measure = true;  ///< makes two or three steps with the run's network, which takes its memory
};

/// Looks at the data as the run would read it, with its tokenizer (a fresh model's is trained for this), and measures
/// steps. Leaves nothing in the run's folders and no random state changed; what it writes meanwhile lies in the
/// system's folder for temporary files. A run that train() would refuse is a finding, too.
/// \returns InvalidInput for options that are wrong, NotFound, Unsupported or Parse for a model that cannot be read,
/// Canceled.
Result<PreflightReport> checkRun(const TrainRequest& request, const Dataset& data, JobContext& context,
                                 const PreflightOptions& options = {});

}  // namespace lathe::train
