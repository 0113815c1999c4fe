// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prompt tuning: learned embeddings in front of the text.
#include "train/detail/adapter_method.h"

namespace lathe::train {

MethodEntry promptTuningMethod() {
    return adapterEntry(
        {.id = "prompt",
         .title = "Prompt tuning",
         .help = "Trains a few tokens in front of every text, and nothing else: for large models and many tasks.",
         .source = "arXiv:2104.08691",
         .options = {virtualTokensOption(),
                     advanced(choiceOption("prompt_init", "Beginning", "words", {"words", "random"},
                                           "What the tokens begin as: words of the vocabulary, or noise."))},
         .make = {},
         .rate = 1e-2,
         .fits = takesPrompts},
        [](const Json& options, const MethodSetup&) {
            const bool words = options.value("prompt_init", std::string("words")) == "words";
            return Json{{"peft_type", "PROMPT_TUNING"},
                        {"num_virtual_tokens", options.value("virtual_tokens", std::int64_t{20})},
                        {"prompt_tuning_init", words ? "SAMPLE_VOCAB" : "RANDOM"}};
        });
}

}  // namespace lathe::train
