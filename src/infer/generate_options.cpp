// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How text is generated, as options for forms and the command line.
#include "infer/text_model.h"

namespace lathe::infer {

std::vector<OptionSpec> generateOptionSpecs() {
    return {
        intOption("max_new_tokens", "Longest answer", 128, 1, 100000, "tokens", "The answer ends here at the latest."),
        realOption("temperature", "Temperature", 0.0, 0, 5, "-",
                   "0 takes the likeliest token each time; higher values vary the answer."),
        advanced(intOption("top_k", "Top k", 0, 0, 1000000, "tokens",
                           "Only the k likeliest tokens are drawn from; 0 = all.")),
        advanced(realOption("top_p", "Top p", 1.0, 0.01, 1, "share",
                            "Only the likeliest tokens that together have this probability are drawn from.")),
        advanced(realOption("repetition_penalty", "Repetition penalty", 1.0, 0.1, 10, "factor",
                            "Above 1, tokens that already occurred become less likely.")),
        advanced(intOption("seed", "Seed", 0, 0, 9007199254740991, "-",
                           "The same seed gives the same answer; only counts with a temperature.")),
    };
}

Result<GenerateOptions> generateOptionsFrom(const Json& options) {
    LATHE_TRY(const Json all, completeOptions(generateOptionSpecs(), options));
    GenerateOptions result;
    result.maxNewTokens = all["max_new_tokens"].get<int>();
    result.temperature = all["temperature"].get<double>();
    result.topK = all["top_k"].get<int>();
    result.topP = all["top_p"].get<double>();
    result.repetitionPenalty = all["repetition_penalty"].get<double>();
    result.seed = all["seed"].get<std::uint64_t>();
    return result;
}

}  // namespace lathe::infer
