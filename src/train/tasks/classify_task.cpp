// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One label a text.
#include <fmt/format.h>

#include <set>

#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no labelled text to train on; label some first"));
    LATHE_CHECK(checkEach(data, [&](const Example& example) { return checkLabel(data, example.label); }));
    std::set<int> used;
    for (const auto& example : data.train)
        used.insert(example.label);
    if (used.size() < 2)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the training texts carry {} label{}; a classifier needs texts of at least two",
                                used.size(), used.size() == 1 ? "" : "s"));
    return {};
}

Result<TaskSource> encode(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    LATHE_TRY(EncodedSet set, encodeEach(run, examples, [&](const Example& example) {
                  return encodeText(run.tokenizer, example.text, example.label, run.maxTokens);
              }));
    TaskSource source = sourceOf(set);
    source.batches = makeClassificationSource(std::move(set), run.network->config().padId,
                                              maskingFor(run.tokenizer, hiddenShare(run, part)));
    return source;
}

}  // namespace

TaskEntry classifyTask() {
    return {.id = "classify",
            .title = "One label a text",
            .help = "Gives each text the one label that fits best: topics, intents, moods.",
            .source = "arXiv:1810.04805",
            .data = DataKind::Label,
            .head = nn::Head::SequenceClassification,
            .metrics = {"accuracy", "macro_f1", "loss"},
            .bestBy = "macro_f1",
            .check = check,
            .labels = [](const Dataset& data) { return data.labels; },
            .encode = encode,
            .files = {}};
}

}  // namespace lathe::train
