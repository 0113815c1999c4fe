// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prefix tuning: learned keys and values in front of the text, in every layer.
#include <algorithm>
#include <array>

#include "train/detail/adapter_method.h"

namespace lathe::train {
namespace {

/// Encoders whose reference takes no keys and values from before.
bool takesPrefixes(const nn::NetworkConfig& config) {
    constexpr std::array<std::string_view, 3> kWithout = {"albert", "deberta-v2", "distilbert"};
    return takesPrompts(config) && std::ranges::find(kWithout, config.architecture) == kWithout.end();
}

Json prefixConfig(const Json& options, const MethodSetup&) {
    Json config = {{"peft_type", "PREFIX_TUNING"},
                   {"num_virtual_tokens", options.value("virtual_tokens", std::int64_t{20})},
                   {"prefix_projection", options.value("prefix_projection", false)}};
    if (const auto hidden = options.value("prompt_hidden", std::int64_t{0}); hidden > 0)
        config["encoder_hidden_size"] = hidden;
    return config;
}

}  // namespace

MethodEntry prefixTuningMethod() {
    return adapterEntry(
        {.id = "prefix",
         .title = "Prefix tuning",
         .help = "Trains what every layer believes to have read before the text; the model itself stays as it is.",
         .source = "arXiv:2101.00190",
         .options = {virtualTokensOption(),
                     advanced(boolOption("prefix_projection", "Through a network", false,
                                         "The prefix is trained through a small network, which steadies it and is "
                                         "dropped in the end.")),
                     advanced(intOption("prompt_hidden", "Width of that network", 0, 0, 65536, "channels",
                                        "Width of the network that the prefix is trained through; 0 = the model's."))},
         .make = {},
         .rate = 1e-2,
         .fits = takesPrefixes},
        prefixConfig);
}

}  // namespace lathe::train
