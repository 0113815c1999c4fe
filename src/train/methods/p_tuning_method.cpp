// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// P-tuning: learned embeddings in front of the text, trained through an MLP or LSTM.
#include "train/detail/adapter_method.h"

namespace lathe::train {
namespace {

Json pTuningConfig(const Json& options, const MethodSetup&) {
    Json config = {{"peft_type", "P_TUNING"},
                   {"num_virtual_tokens", options.value("virtual_tokens", std::int64_t{20})},
                   {"encoder_reparameterization_type",
                    options.value("prompt_encoder", std::string("mlp")) == "lstm" ? "LSTM" : "MLP"}};
    if (const auto hidden = options.value("prompt_hidden", std::int64_t{0}); hidden > 0)
        config["encoder_hidden_size"] = hidden;
    return config;
}

}  // namespace

MethodEntry pTuningMethod() {
    return adapterEntry(
        {.id = "p_tuning",
         .title = "P-tuning",
         .help = "Prompt tuning through a small network that ties the tokens to each other and is dropped in the end.",
         .source = "arXiv:2103.10385",
         .options = {virtualTokensOption(),
                     advanced(choiceOption("prompt_encoder", "Network", "mlp", {"mlp", "lstm"},
                                           "The kind of network that the tokens are trained through.")),
                     advanced(intOption("prompt_hidden", "Width of that network", 0, 0, 65536, "channels",
                                        "Width of the network that the tokens are trained through; 0 = the model's."))},
         .make = {},
         .rate = 1e-3,
         .fits = takesPrompts},
        pTuningConfig);
}

}  // namespace lathe::train
