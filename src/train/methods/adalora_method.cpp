// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdaLoRA: LoRA that begins with more directions than it may keep and gives them to the layers that need them.
#include <algorithm>

#include "train/detail/adapter_method.h"

namespace lathe::train {
namespace {

std::vector<OptionSpec> adaLoraOptions() {
    return {intOption("lora_rank", "First rank", 12, 1, 1024, "rows", "How many directions each layer begins with."),
            intOption("target_rank", "Last rank", 8, 1, 1024, "rows",
                      "How many directions a layer has in the end, on average."),
            advanced(realOption("lora_alpha", "Alpha", 0, 0, 4096, "-",
                                "How strongly the additions count, in units of the first rank; 0 = twice the rank.")),
            advanced(realOption("lora_dropout", "Dropout of the additions", 0.05, 0, 0.9, "share",
                                "Share of inputs that the additions do not see while training.")),
            advanced(realOption("budget_warmup", "Steps with all directions", 0.1, 0, 0.9, "share",
                                "Share of the steps before the first direction is switched off.")),
            advanced(realOption("budget_final", "Steps with the last directions", 0.3, 0, 0.9, "share",
                                "Share of the steps, at the end, that train only what is kept.")),
            advanced(intOption("budget_interval", "Steps between cuts", 0, 0, 1000000, "steps",
                               "How often directions are switched off; 0 = a hundred times in the run.")),
            advanced(realOption("orthogonal_weight", "Pull to right angles", 0.5, 0, 100, "-",
                                "How strongly the directions of a layer are kept apart from each other.")),
            targetModulesOption()};
}

Json adaLoraConfig(const Json& options, const MethodSetup& setup) {
    const auto rank = options.value("lora_rank", std::int64_t{12});
    const double alpha = options.value("lora_alpha", 0.0);
    const auto share = [&](const char* key, double fallback) {
        return static_cast<std::int64_t>(options.value(key, fallback) * static_cast<double>(setup.totalSteps));
    };
    const auto interval = options.value("budget_interval", std::int64_t{0});
    const std::int64_t warmup = share("budget_warmup", 0.1);
    return {{"peft_type", "ADALORA"},
            {"init_r", rank},
            {"target_r", std::min(rank, options.value("target_rank", std::int64_t{8}))},
            {"lora_alpha", alpha > 0 ? alpha : static_cast<double>(2 * rank)},
            {"lora_dropout", options.value("lora_dropout", 0.05)},
            {"orth_reg_weight", options.value("orthogonal_weight", 0.5)},
            {"target_modules", targetModules(options)},
            {"total_step", setup.totalSteps},
            {"tinit", warmup},
            // at least one step between the two, over which the budget falls
            {"tfinal", std::max<std::int64_t>(0, std::min(share("budget_final", 0.3), setup.totalSteps - warmup - 1))},
            {"deltaT", interval > 0 ? interval : std::max<std::int64_t>(1, setup.totalSteps / 100)}};
}

}  // namespace

MethodEntry adaLoraMethod() {
    return adapterEntry({.id = "adalora",
                         .title = "AdaLoRA",
                         .help = "LoRA that moves its additions to the layers that need them most as it learns.",
                         .source = "arXiv:2303.10512",
                         .options = adaLoraOptions(),
                         .make = {},
                         .rateFactor = 25},
                        adaLoraConfig);
}

}  // namespace lathe::train
