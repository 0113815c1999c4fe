// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A number for each text.
#include <cmath>

#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no text with a score to train on; import texts with a column of numbers"));
    return checkEach(data, [](const Example& example) -> Result<> {
        if (!std::isfinite(example.score))
            return fail(ErrorCode::InvalidInput, "a text has no score, or one that is no number");
        return {};
    });
}

Result<TaskSource> encode(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    LATHE_TRY(EncodedSet set, encodeEach(run, examples, [&](const Example& example) {
                  EncodedText text = encodeText(run.tokenizer, example.text, -1, run.maxTokens);
                  text.values = {static_cast<float>(example.score)};
                  return text;
              }));
    TaskSource source = sourceOf(set);
    source.batches = makeLabelSource(std::move(set), run.network->config().padId, LabelTargets::Score,
                                     maskingFor(run.tokenizer, hiddenShare(run, part)));
    return source;
}

}  // namespace

TaskEntry regressionTask() {
    return {.id = "regression",
            .title = "A number a text",
            .help = "Gives each text a number: a rating, a strength, a degree.",
            .source = "arXiv:1810.04805",
            .data = DataKind::Score,
            .head = nn::Head::SequenceClassification,
            .problem = nn::Problem::Regression,
            .metrics = {"pearson", "spearman", "mae", "loss"},
            .bestBy = "loss",
            .check = check,
            .labels = [](const Dataset&) { return std::vector<std::string>{"score"}; },
            .encode = encode,
            .files = {}};
}

}  // namespace lathe::train
