// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts: how well they go together, read at once (cross-encoder) or each by itself (sentence vectors).
#include <cmath>

#include "text/encoding_tools.h"
#include "train/detail/pair_sources.h"
#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> checkScores(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no pair of texts with a score to train on"));
    return checkEach(data, [](const Example& example) -> Result<> {
        if (!std::isfinite(example.score))
            return fail(ErrorCode::InvalidInput, "a pair has no score, or one that is no number");
        return {};
    });
}

Result<> checkLabels(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no pair of texts with a label to train on"));
    if (data.labels.size() < 2)
        return fail(ErrorCode::InvalidInput, "the pairs carry fewer than two labels; a classifier needs at least two");
    return checkEach(data, [&](const Example& example) { return checkLabel(data, example.label); });
}

Result<> checkPartners(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no pair of texts to train on"));
    if (data.train.size() < 2)
        return fail(ErrorCode::InvalidInput, "one pair has no others to be told apart from; give at least two");
    return checkEach(data, [](const Example& example) -> Result<> {
        if (example.text.empty() || example.second.empty())
            return fail(ErrorCode::InvalidInput, "a text has no partner, or one that is empty");
        return {};
    });
}

/// Both texts in one, as the model reads pairs; of the longer one as much is cut as is too much.
EncodedText encodePair(const TaskContext& run, const Example& example) {
    text::Encoding encoding = run.tokenizer.encodePair(example.text, example.second);
    const std::size_t whole = encoding.ids.size();
    const bool isLong = static_cast<std::int64_t>(whole) > run.maxTokens;
    // Where nothing sensible can be taken away, the end goes.
    if (isLong)
        static_cast<void>(text::truncate(encoding, {.maxTokens = static_cast<std::size_t>(run.maxTokens)}));
    EncodedText result = cutToFit(run.tokenizer, std::move(encoding.ids), run.maxTokens);
    result.truncated = isLong;
    if (isLong)
        result.wholeTokens = static_cast<std::int32_t>(whole);
    encoding.typeIds.resize(result.ids.size());
    for (const auto type : encoding.typeIds)
        result.typeIds.push_back(static_cast<std::int8_t>(type));
    return result;
}

Result<TaskSource> encodePairs(const TaskContext& run, const std::vector<Example>& examples, LabelTargets targets) {
    LATHE_TRY(EncodedSet set, encodeEach(run, examples, [&](const Example& example) {
                  EncodedText text = encodePair(run, example);
                  text.label = example.label;
                  if (targets == LabelTargets::Score)
                      text.values = {static_cast<float>(example.score)};
                  return text;
              }));
    TaskSource source = sourceOf(set);
    source.batches = makeLabelSource(std::move(set), run.network->config().padId, targets);
    return source;
}

Result<TaskSource> encodePartners(const TaskContext& run, const std::vector<Example>& examples, Part) {
    const auto side = [&](std::string Example::*member) {
        return encodeEach(run, examples, [&, member](const Example& example) {
            return encodeText(run.tokenizer, example.*member, -1, run.maxTokens);
        });
    };
    LATHE_TRY(EncodedSet first, side(&Example::text));
    LATHE_TRY(EncodedSet second, side(&Example::second));
    TaskSource source = sourceOf(first);
    source.tokens += second.tokens();
    source.truncated += second.truncated();
    source.batches = makeMatchSource(std::move(first), std::move(second), run.network->config().padId,
                                     run.options.value("temperature", 0.05));
    return source;
}

using Files = std::vector<std::pair<std::string, std::string>>;

/// Who reads the model must put two texts to it.
Files pairFiles(const Json&) {
    return {{"text_pairs.json", Json{{"reads", "two texts"}}.dump(2) + "\n"}};
}

/// What sentence-transformers reads of a folder.
Files vectorFiles(const Json&) {
    const Json modules = {
        {{"idx", 0}, {"name", "0"}, {"path", ""}, {"type", "sentence_transformers.models.Transformer"}},
        {{"idx", 1}, {"name", "1"}, {"path", "1_Pooling"}, {"type", "sentence_transformers.models.Pooling"}},
        {{"idx", 2}, {"name", "2"}, {"path", "2_Normalize"}, {"type", "sentence_transformers.models.Normalize"}}};
    const Json pooling = {{"pooling_mode_mean_tokens", true}, {"pooling_mode_cls_token", false}};
    return {{"modules.json", modules.dump(2) + "\n"}, {"1_Pooling/config.json", pooling.dump(2) + "\n"}};
}

}  // namespace

TaskEntry pairScoreTask() {
    return {
        .id = "pair_score",
        .title = "A number for two texts",
        .help = "Reads two texts at once and says how well they go together: similarity, relevance (cross-encoder).",
        .source = "arXiv:1901.04085",
        .data = DataKind::PairScore,
        .head = nn::Head::SequenceClassification,
        .problem = nn::Problem::Regression,
        .options = {},
        .metrics = {"spearman", "pearson", "mae", "loss"},
        .bestBy = "spearman",
        .check = checkScores,
        .labels = [](const Dataset&) { return std::vector<std::string>{"score"}; },
        .encode = [](const TaskContext& run, const std::vector<Example>& examples,
                     Part) { return encodePairs(run, examples, LabelTargets::Score); },
        .files = pairFiles};
}

TaskEntry pairLabelTask() {
    return {.id = "pair_label",
            .title = "A label for two texts",
            .help = "Reads two texts at once and gives the pair a label: follows, contradicts, means the same.",
            .source = "arXiv:1810.04805",
            .data = DataKind::PairLabel,
            .head = nn::Head::SequenceClassification,
            .options = {},
            .metrics = {"accuracy", "macro_f1", "loss"},
            .bestBy = "macro_f1",
            .check = checkLabels,
            .labels = [](const Dataset& data) { return data.labels; },
            .encode = [](const TaskContext& run, const std::vector<Example>& examples,
                         Part) { return encodePairs(run, examples, LabelTargets::One); },
            .files = pairFiles};
}

TaskEntry matchTask() {
    return {.id = "match",
            .title = "Sentence vectors",
            .help = "Gives each text a vector such that texts which belong together are near: search, duplicates.",
            .source = "arXiv:1908.10084, arXiv:2004.04906",
            .data = DataKind::Match,
            .head = nn::Head::MaskedLm,
            .options = {advanced(realOption("temperature", "Temperature", 0.05, 1e-3, 10, "-",
                                            "How sharply near texts are told apart; lower = sharper."))},
            .metrics = {"recall_at_1", "mrr", "loss"},
            .bestBy = "mrr",
            .check = checkPartners,
            .labels = {},
            .encode = encodePartners,
            .files = vectorFiles};
}

}  // namespace lathe::train
