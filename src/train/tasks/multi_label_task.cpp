// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Any number of labels a text.
#include <fmt/format.h>

#include <set>

#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no text with labels to train on; label some first"));
    const auto checked = checkEach(data, [&](const Example& example) -> Result<> {
        for (const int label : example.labels)
            LATHE_CHECK(checkLabel(data, label));
        return {};
    });
    if (!checked)
        return checked;
    std::set<int> used;
    for (const auto& example : data.train)
        used.insert(example.labels.begin(), example.labels.end());
    if (used.empty())
        return fail(ErrorCode::InvalidInput,
                    "no training text carries a label; there is nothing to tell texts apart by");
    return {};
}

Result<TaskSource> encode(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    LATHE_TRY(EncodedSet set, encodeEach(run, examples, [&](const Example& example) {
                  EncodedText text = encodeText(run.tokenizer, example.text, -1, run.maxTokens);
                  text.values.assign(run.data.labels.size(), 0);
                  for (const int label : example.labels)
                      text.values[static_cast<std::size_t>(label)] = 1;
                  return text;
              }));
    TaskSource source = sourceOf(set);
    source.batches = makeLabelSource(std::move(set), run.network->config().padId, LabelTargets::Many,
                                     maskingFor(run.tokenizer, hiddenShare(run, part)));
    return source;
}

}  // namespace

TaskEntry multiLabelTask() {
    return {.id = "multi_label",
            .title = "Any number of labels a text",
            .help = "Gives each text all labels that fit it, which may be none: each is decided for itself.",
            .source = "arXiv:1810.04805",
            .data = DataKind::Labels,
            .head = nn::Head::SequenceClassification,
            .problem = nn::Problem::MultiLabel,
            .metrics = {"micro_f1", "macro_f1", "subset_accuracy", "loss"},
            .bestBy = "micro_f1",
            .check = check,
            .labels = [](const Dataset& data) { return data.labels; },
            .encode = encode,
            .files = {}};
}

}  // namespace lathe::train
