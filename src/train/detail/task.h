// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Task: what a model learns: which examples it reads, how they become batches, under which head, measured by what.
// A task is one file in tasks/ and one line in tasks/tasks.def.
// Thread: compute lane.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/registry.h"
#include "infer/chat_format.h"
#include "nn/network.h"
#include "nn/precision.h"
#include "text/tokenizer.h"
#include "train/detail/batch_source.h"
#include "train/trainer.h"

namespace lathe::train {

/// What a task may use of the run.
struct TaskContext {
    const text::Tokenizer& tokenizer;
    const infer::ChatFormat& chat;
    const Dataset& data;
    const Json& options;  ///< complete
    std::shared_ptr<nn::Network> network;
    std::int64_t maxTokens;  ///< of a text, what the model can read considered
    JobContext& job;
    std::filesystem::path runFolder;
    torch::Device device = torch::kCPU;
    nn::Precision precision = nn::Precision::Float32;
    bool isStart = true;  ///< nothing has been trained yet in this phase: the network is what the run starts from
    /// Nothing will be learnt: the network's weights may not be read, and what it would say is not asked for.
    bool isRehearsal = false;
    /// Is shown the encoding of each example, in order, before any is left out or packed; once for each text that an
    /// example has. May be empty.
    std::function<void(const EncodedSet& each)> watch = {};
};

/// Training batches may be drawn differently from those of an evaluation (words hidden).
enum class Part { Train, Dev };

struct TaskSource {
    std::unique_ptr<BatchSource> batches;
    std::int64_t texts = 0;  ///< before packing
    std::int64_t tokens = 0;
    std::int64_t truncated = 0;      ///< texts that were cut
    std::vector<std::string> notes;  ///< for the log: what could not be used as it is, with counts
};

struct TaskEntry {
    std::string id;
    std::string title;
    std::string help;
    std::string source;
    DataKind data = DataKind::Label;
    nn::Head head = nn::Head::SequenceClassification;
    nn::Problem problem = nn::Problem::SingleLabel;
    std::vector<OptionSpec> options = {};
    Json defaults = Json::object();    ///< training options that differ from the model's, key by key
    std::vector<std::string> metrics;  ///< ids of what an evaluation measures
    std::string bestBy;                ///< the metric that chooses the model to keep
    /// Whether this can be learnt from. \returns InvalidInput: what is missing and how to mend it.
    std::function<Result<>(const Dataset& data)> check;
    /// Names of the head's classes; empty for heads without.
    std::function<std::vector<std::string>(const Dataset& data)> labels;
    /// Batches of the examples. \returns Canceled, InvalidInput, Io.
    std::function<Result<TaskSource>(const TaskContext& run, const std::vector<Example>& examples, Part part)> encode;
    /// Files beside the model that say how it is used: (name, content). May be empty.
    std::function<std::vector<std::pair<std::string, std::string>>(const Json& options)> files;
};
using TaskRegistry = Registry<TaskEntry>;
TaskRegistry makeTaskRegistry();

/// Tasks that write, and so are asked through the model's chat format.
bool usesChatFormat(DataKind data);

}  // namespace lathe::train
