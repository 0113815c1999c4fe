// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The language of texts alone: masked tokens and next tokens (continued pre-training).
#include <algorithm>
#include <limits>
#include <span>

#include "train/detail/chat_encoding.h"
#include "train/detail/packing.h"
#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    return data.train.empty() && data.unlabelled.empty()
               ? fail(ErrorCode::InvalidInput, "there is no text to train on; import some first")
               : Result<>();
}

/// Texts of the training part are those without labels as well.
Result<EncodedSet> encodeTexts(const TaskContext& run, const std::vector<Example>& examples, Part part,
                               const std::function<EncodedText(const std::string&)>& encode) {
    std::vector<Example> all = examples;
    if (part == Part::Train)
        for (const auto& text : run.data.unlabelled) {
            Example& example = all.emplace_back();
            example.text = text;
        }
    return encodeEach(run, all, [&](const Example& example) {
        return encode(example.answer.empty() ? example.text : example.text + "\n" + example.answer);
    });
}

/// Windows of at most \p rowTokens, begin and end tokens around each, so that nothing of a long text is lost.
EncodedSet cutIntoRows(const EncodedSet& texts, std::int64_t rowTokens, const text::SpecialTokens& special) {
    EncodedSet rows;
    const auto limit = static_cast<std::size_t>(rowTokens);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const EncodedText text = texts.text(i);
        if (text.ids.size() <= limit) {
            rows.add(text);
            continue;
        }
        const auto isEdge = [&](text::TokenId id) {
            return id >= 0 && (id == special.cls || id == special.bos || id == special.sep || id == special.eos);
        };
        const std::size_t front = isEdge(text.ids.front()), back = isEdge(text.ids.back());
        const std::size_t inner = limit - front - back, end = text.ids.size() - back;
        for (std::size_t at = front; at < end; at += inner) {
            EncodedText row;
            if (front)
                row.ids.push_back(text.ids.front());
            for (const text::TokenId id : std::span(text.ids).subspan(at, std::min(inner, end - at)))
                row.ids.push_back(id);
            if (back)
                row.ids.push_back(text.ids.back());
            rows.add(row);
        }
    }
    return rows;
}

Result<TaskSource> encodeMasked(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    Masking masking = maskingFor(run.tokenizer, run.options.value("mask_share", 0.15));
    if (masking.maskId < 0)
        return fail(ErrorCode::Unsupported,
                    "the model's tokenizer has no [MASK] token, which this task hides words behind");
    const auto special = run.tokenizer.special();
    LATHE_TRY(EncodedSet set, encodeTexts(run, examples, part, [&](const std::string& text) {
                  return encodeText(run.tokenizer, text, -1, std::numeric_limits<std::int32_t>::max());
              }));
    TaskSource source = sourceOf(set);
    source.batches = makeMaskedTokenSource(cutIntoRows(set, run.maxTokens, special), run.network->config().padId,
                                           std::move(masking));
    return source;
}

Result<TaskSource> encodeNext(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    LATHE_TRY(EncodedSet set, encodeTexts(run, examples, part,
                                          [&](const std::string& text) { return encodePlain(run.tokenizer, text); }));
    TaskSource source = sourceOf(set);
    const nn::VirtualTokens prompts = run.network->virtualTokens();
    const bool apart = run.options.value("texts_apart", false) && prompts.promptLength() + prompts.pastLength() == 0;
    EncodedSet rows =
        apart ? packWhole(cutIntoRows(set, run.maxTokens, {}), run.maxTokens) : packRows(set, run.maxTokens);
    source.batches = makeNextTokenSource(std::move(rows), run.network->config().padId);
    return source;
}

}  // namespace

TaskEntry maskedLmTask() {
    return {.id = "masked_lm",
            .title = "Hidden words",
            .help = "Learns the language of texts by guessing hidden words (continued pre-training of encoders).",
            .source = "arXiv:1810.04805, arXiv:2004.10964",
            .data = DataKind::Text,
            .head = nn::Head::MaskedLm,
            .options = {advanced(realOption("mask_share", "Masked share", 0.15, 0.01, 0.9, "share",
                                            "Share of the words that are hidden and asked for."))},
            .defaults = {{"learning_rate", 5e-5}},
            .metrics = {"loss", "token_accuracy", "perplexity"},
            .bestBy = "loss",
            .check = check,
            .labels = {},
            .encode = encodeMasked,
            .files = {}};
}

TaskEntry nextTokenTask() {
    return {.id = "next_token",
            .title = "Next words",
            .help =
                "Learns the language of texts by saying each next word (continued pre-training of models that "
                "write).",
            .source = "arXiv:2004.10964",
            .data = DataKind::Text,
            .head = nn::Head::CausalLm,
            .options = {advanced(boolOption("texts_apart", "Texts apart", false,
                                            "Short texts that share a row do not see each other; otherwise a row goes "
                                            "on from one text to the next."))},
            .defaults = {{"learning_rate", 5e-5}},
            .metrics = {"loss", "token_accuracy", "perplexity"},
            .bestBy = "loss",
            .check = check,
            .labels = {},
            .encode = encodeNext,
            .files = {}};
}

}  // namespace lathe::train
