// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Supervised fine-tuning on answers and conversations.
#include <mutex>

#include "train/detail/chat_encoding.h"
#include "train/detail/conversation_encoding.h"
#include "train/detail/packing.h"
#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no question with an answer to train on; import or write some first"));
    for (const auto& example : data.train)
        if (example.answer.empty() && example.messages.empty())
            return fail(ErrorCode::InvalidInput,
                        "a training text has no answer; a generating model learns from answers");
    return {};
}

LearnFrom learnFrom(const Json& options) {
    const std::string name = options.value("learn_from", std::string("answers"));
    return name == "everything"    ? LearnFrom::Everything
           : name == "last_answer" ? LearnFrom::LastAnswer
                                   : LearnFrom::Answers;
}

/// Prompts that an adapter puts in front of every row would stand before its first text alone.
bool canPack(const TaskContext& run) {
    const nn::VirtualTokens tokens = run.network->virtualTokens();
    return tokens.promptLength() + tokens.pastLength() == 0;
}

Result<TaskSource> encode(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    std::mutex mutex;
    ConversationLosses losses;  // guarded by mutex
    const LearnFrom from = learnFrom(run.options);
    LATHE_TRY(
        EncodedSet all, encodeEach(run, examples, [&](const Example& example) {
            if (example.messages.empty()) {
                EncodedText text = encodeChat(run.tokenizer, run.chat, example.text, example.answer, run.maxTokens);
                if (from == LearnFrom::Everything)
                    text.lossFrom = 1;
                return text;
            }
            ConversationLosses own;
            EncodedText text = encodeConversation(run.tokenizer, run.chat, example.messages, from, run.maxTokens, own);
            const std::lock_guard lock(mutex);
            losses += own;
            return text;
        }));
    EncodedSet set = withoutEmpty(all);
    TaskSource source = sourceOf(set);
    source.notes = describe(losses);
    if (part == Part::Train && run.options.value("pack", false)) {
        if (canPack(run))
            set = packWhole(set, run.maxTokens);
        else
            source.notes.emplace_back("texts are not packed: the method puts virtual tokens in front of each");
    }
    source.batches = makeNextTokenSource(std::move(set), run.network->config().padId);
    return source;
}

std::vector<OptionSpec> chatOptions() {
    const std::vector<std::string> choices{"answers", "last_answer", "everything"};
    return {
        choiceOption("learn_from", "Learn from", "answers", choices,
                     "Which words are learnt: those of all answers, of each conversation's last answer, or the "
                     "questions as well."),
        advanced(boolOption("pack", "Pack texts", false,
                            "Puts several short texts into one row, which is faster; they do not see each other. The "
                            "batch size then counts rows.")),
    };
}

}  // namespace

TaskEntry chatTask() {
    return {.id = "chat",
            .title = "Answers and conversations",
            .help = "Learns to answer as your answers do, in the model's chat format (supervised fine-tuning).",
            .source = "arXiv:2109.01652",
            .data = DataKind::Chat,
            .head = nn::Head::CausalLm,
            .options = chatOptions(),
            .metrics = {"loss", "token_accuracy", "perplexity"},
            .bestBy = "loss",
            .check = check,
            .labels = {},
            .encode = encode,
            .files = {}};
}

}  // namespace lathe::train
