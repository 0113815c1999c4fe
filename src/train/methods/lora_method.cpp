// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA and what differs from it in one setting: rank-stabilised scaling, DoRA, a base in 8 bits.
#include "train/detail/adapter_method.h"

namespace lathe::train {
namespace {

std::vector<OptionSpec> loraOptions() {
    return {intOption("lora_rank", "Rank", 8, 1, 1024, "rows",
                      "How many directions each layer may change in: more can learn more and cost more."),
            advanced(realOption("lora_alpha", "Alpha", 0, 0, 4096, "-",
                                "How strongly the additions count, in units of the rank; 0 = twice the rank.")),
            advanced(realOption("lora_dropout", "Dropout of the additions", 0.05, 0, 0.9, "share",
                                "Share of inputs that the additions do not see while training.")),
            targetModulesOption()};
}

Json loraConfig(const Json& options, const Json& more) {
    const auto rank = options.value("lora_rank", std::int64_t{8});
    const double alpha = options.value("lora_alpha", 0.0);
    Json config = {{"peft_type", "LORA"},
                   {"r", rank},
                   {"lora_alpha", alpha > 0 ? alpha : static_cast<double>(2 * rank)},
                   {"lora_dropout", options.value("lora_dropout", 0.05)},
                   {"target_modules", targetModules(options)}};
    config.update(more);
    return config;
}

MethodEntry entryWith(MethodEntry entry, const Json& more, BaseWeights base = BaseWeights::Frozen) {
    entry.options = loraOptions();
    entry.rateFactor = 10;
    return adapterEntry(
        std::move(entry), [more](const Json& options, const MethodSetup&) { return loraConfig(options, more); }, base);
}

}  // namespace

MethodEntry loraMethod() {
    return entryWith({.id = "lora",
                      .title = "LoRA",
                      .help = "Trains small additions beside the frozen weights: close to training all, at a fraction "
                              "of the memory.",
                      .source = "arXiv:2106.09685",
                      .options = {},
                      .make = {}},
                     Json::object());
}

MethodEntry rsLoraMethod() {
    return entryWith({.id = "rslora",
                      .title = "rsLoRA",
                      .help = "LoRA whose additions count by the root of the rank, so that large ranks still help.",
                      .source = "arXiv:2312.03732",
                      .options = {},
                      .make = {}},
                     {{"use_rslora", true}});
}

MethodEntry doraMethod() {
    return entryWith({.id = "dora",
                      .title = "DoRA",
                      .help = "LoRA that trains length and direction of the weights apart: a little better at small "
                              "ranks, and slower.",
                      .source = "arXiv:2402.09353",
                      .options = {},
                      .make = {}},
                     {{"use_dora", true}});
}

MethodEntry int8LoraMethod() {
    return entryWith({.id = "lora_int8",
                      .title = "LoRA over 8 bits",
                      .help = "LoRA beside a model whose weights are held in 8 bits: half of LoRA's memory, a little "
                              "slower.",
                      .source = "arXiv:2208.07339",
                      .options = {},
                      .make = {}},
                     Json::object(), BaseWeights::FrozenInt8);
}

}  // namespace lathe::train
