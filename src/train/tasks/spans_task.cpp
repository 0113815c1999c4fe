// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled parts of texts: names, dates, amounts (token classification, named entities).
#include <fmt/format.h>

#include <mutex>

#include "train/detail/span_encoding.h"
#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no text with labelled parts to train on; mark some first"));
    bool any = false;
    const auto checked = checkEach(data, [&](const Example& example) -> Result<> {
        for (const ExampleSpan& span : example.spans) {
            LATHE_CHECK(checkLabel(data, span.label));
            if (span.begin < 0 || span.end <= span.begin)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("a labelled part goes from {} to {}, which is no part of a text", span.begin,
                                        span.end));
            any = true;
        }
        return {};
    });
    if (!checked)
        return checked;
    if (!any)
        return fail(ErrorCode::InvalidInput, "no text has a labelled part; there is nothing to learn to find");
    return {};
}

SpanPieces piecesOf(const Json& options) {
    return options.value("label_pieces", std::string("first")) == "all" ? SpanPieces::All : SpanPieces::First;
}

Result<TaskSource> encode(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    std::mutex mutex;
    SpanLosses losses;  // guarded by mutex
    const SpanPieces pieces = piecesOf(run.options);
    LATHE_TRY(EncodedSet set, encodeEach(run, examples, [&](const Example& example) {
                  SpanLosses own;
                  EncodedText text =
                      encodeSpans(run.tokenizer, example.text, example.spans, run.maxTokens, pieces, own);
                  const std::lock_guard lock(mutex);
                  losses += own;
                  return text;
              }));
    TaskSource source = sourceOf(set);
    source.notes = describe(losses);
    source.batches = makeLabelSource(std::move(set), run.network->config().padId, LabelTargets::Tokens,
                                     maskingFor(run.tokenizer, hiddenShare(run, part)));
    return source;
}

}  // namespace

TaskEntry spansTask() {
    return {.id = "spans",
            .title = "Labelled parts of texts",
            .help = "Finds the parts of a text that carry a label: names, dates, amounts.",
            .source = "arXiv:cmp-lg/9505040, arXiv:1810.04805",
            .data = DataKind::Spans,
            .head = nn::Head::TokenClassification,
            .options = {advanced(choiceOption(
                "label_pieces", "Pieces with labels", "first", {"first", "all"},
                "Whether a word that is cut into pieces is judged by its first piece or piece by piece."))},
            .metrics = {"entity_f1", "entity_precision", "entity_recall", "accuracy", "loss"},
            .bestBy = "entity_f1",
            .check = check,
            .labels = [](const Dataset& data) { return spanTags(data.labels); },
            .encode = encode,
            .files =
                [](const Json& options) {
                    // Who reads the model must judge words as they were taught.
                    const char* pieces = piecesOf(options) == SpanPieces::First ? "first" : "all";
                    return std::vector<std::pair<std::string, std::string>>{
                        {"token_labels.json", Json{{"pieces", pieces}}.dump(2) + "\n"}};
                }};
}

}  // namespace lathe::train
