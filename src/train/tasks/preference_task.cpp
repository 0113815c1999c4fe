// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Preference tuning: DPO, ORPO, SimPO.
#include <mutex>

#include "train/detail/conversation_encoding.h"
#include "train/detail/preference.h"
#include "train/detail/task_tools.h"

namespace lathe::train {
namespace {

Result<> check(const Dataset& data) {
    LATHE_CHECK(needTexts(data, "there is no question with a better and a worse answer to train on"));
    return checkEach(data, [](const Example& example) -> Result<> {
        if (example.chosen.empty() || example.rejected.empty())
            return fail(ErrorCode::InvalidInput, "a question lacks its better or its worse answer");
        return {};
    });
}

PreferenceOptions lossOptions(const Json& options) {
    const std::string name = options.value("preference_loss", std::string("dpo"));
    if (name == "simpo")
        return {PreferenceLoss::SimPo, options.value("simpo_beta", 2.0), options.value("simpo_margin", 1.0)};
    return {name == "orpo" ? PreferenceLoss::Orpo : PreferenceLoss::Dpo, options.value("beta", 0.1), 0};
}

EncodedText answered(const TaskContext& run, const Example& example, const std::string& answer,
                     ConversationLosses& losses) {
    std::vector<ExampleMessage> messages = example.messages;
    if (messages.empty())
        messages.push_back({.role = "user", .text = example.text});
    messages.push_back({.role = "assistant", .text = answer});
    return encodeConversation(run.tokenizer, run.chat, messages, LearnFrom::LastAnswer, run.maxTokens, losses);
}

/// Asked once, of the network that the run starts from, and kept: a resumed run compares with the same numbers.
Result<ReferenceScores> reference(const TaskContext& run, const EncodedSet& chosen, const EncodedSet& rejected,
                                  Part part) {
    const auto file =
        run.runFolder / (part == Part::Train ? "reference-train.safetensors" : "reference-dev.safetensors");
    if (run.isRehearsal)
        return ReferenceScores{std::vector<double>(chosen.size()), std::vector<double>(chosen.size())};
    if (!run.isStart)
        return loadReference(file, chosen.size());
    LATHE_TRY(ReferenceScores scores,
              referenceScores(*run.network, chosen, rejected, run.device, run.precision, run.job));
    LATHE_CHECK(saveReference(scores, file));
    return scores;
}

Result<TaskSource> encode(const TaskContext& run, const std::vector<Example>& examples, Part part) {
    std::mutex mutex;
    ConversationLosses losses;  // guarded by mutex
    const auto side = [&](std::string Example::*answer) {
        return encodeEach(run, examples, [&, answer](const Example& example) {
            ConversationLosses own;
            EncodedText text = answered(run, example, example.*answer, own);
            const std::lock_guard lock(mutex);
            losses += own;
            return text;
        });
    };
    LATHE_TRY(const EncodedSet better, side(&Example::chosen));
    LATHE_TRY(const EncodedSet worse, side(&Example::rejected));
    EncodedSet chosen, rejected;
    for (std::size_t i = 0; i < better.size(); ++i)
        if (better.lengths()[i] > 0 && worse.lengths()[i] > 0) {  // a pair has both or is none
            chosen.add(better.text(i));
            rejected.add(worse.text(i));
        }
    TaskSource source = sourceOf(chosen);
    source.tokens += rejected.tokens();
    source.truncated += rejected.truncated();
    source.notes = describe(losses);
    const PreferenceOptions options = lossOptions(run.options);
    ReferenceScores scores;
    if (options.loss == PreferenceLoss::Dpo) {
        LATHE_TRY(scores, reference(run, chosen, rejected, part));
    }
    source.batches = makePreferenceSource(std::move(chosen), std::move(rejected), std::move(scores),
                                          run.network->config().padId, options);
    return source;
}

std::vector<OptionSpec> preferenceOptions() {
    const std::vector<std::string> losses{"dpo", "orpo", "simpo"};
    return {
        choiceOption("preference_loss", "Loss", "dpo", losses,
                     "How the better answer is made likelier: against the model as it was (dpo), while learning the "
                     "better answer (orpo), or by its mean alone (simpo)."),
        advanced(realOption("beta", "Strength", 0.1, 1e-4, 100, "-",
                            "dpo: how closely the model stays to what it was, higher = closer; orpo: the weight of the "
                            "preference beside the better answer.")),
        advanced(realOption("simpo_beta", "SimPO strength", 2.0, 1e-4, 100, "-",
                            "simpo: how much the difference of two answers counts.")),
        advanced(realOption("simpo_margin", "SimPO margin", 1.0, 0, 100, "-",
                            "simpo: by how much the better answer is to be ahead.")),
    };
}

}  // namespace

TaskEntry preferenceTask() {
    return {.id = "preference",
            .title = "Preferences",
            .help = "Learns from pairs of answers which one people prefer (DPO, ORPO, SimPO).",
            .source = "arXiv:2305.18290, arXiv:2403.07691, arXiv:2405.14734",
            .data = DataKind::Preference,
            .head = nn::Head::CausalLm,
            .options = preferenceOptions(),
            .defaults = {{"learning_rate", 5e-6}, {"epochs", 2}},
            .metrics = {"preference_accuracy", "preference_margin", "loss"},
            .bestBy = "loss",
            .check = check,
            .labels = {},
            .encode = encode,
            .files = {}};
}

}  // namespace lathe::train
