// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A text becomes another: translation, summary, rewriting (encoder-decoders).
#include "train/detail/pair_sources.h"
#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no text with what it becomes to train on"));
    return checkEach(data, [](const Example& example) -> Result<> {
        if (example.text.empty() || example.answer.empty())
            return fail(ErrorCode::InvalidInput, "a text, or what it becomes, is empty");
        return {};
    });
}

Result<TaskSource> encode(const TaskContext& run, const std::vector<Example>& examples, Part) {
    const auto side = [&](std::string Example::*member) {
        return encodeEach(run, examples, [&, member](const Example& example) {
            return encodeText(run.tokenizer, example.*member, -1, run.maxTokens);
        });
    };
    LATHE_TRY(EncodedSet texts, side(&Example::text));
    LATHE_TRY(EncodedSet targets, side(&Example::answer));
    TaskSource source = sourceOf(texts);
    source.tokens += targets.tokens();
    source.truncated += targets.truncated();
    source.batches = makeSequenceSource(std::move(texts), std::move(targets), run.network);
    return source;
}

}  // namespace

TaskEntry seq2seqTask() {
    return {.id = "seq2seq",
            .title = "Text to text",
            .help = "Learns what a text becomes: its translation, its summary, its correction.",
            .source = "arXiv:1910.10683, arXiv:1910.13461",
            .data = DataKind::TextToText,
            .head = nn::Head::Seq2SeqLm,
            .options = {},
            .defaults = {{"learning_rate", 1e-4}},
            .metrics = {"loss", "token_accuracy", "perplexity"},
            .bestBy = "loss",
            .check = check,
            .labels = {},
            .encode = encode,
            .files = {}};
}

}  // namespace lathe::train
