// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How text is generated, as options for forms and the command line.
#include "infer/text_model.h"

namespace lathe::infer {

namespace {

/// "a|b": texts between bars; \n, \t, \| and \\ stand for a line break, a tab, a bar and a backslash.
std::vector<std::string> splitStops(const std::string& text) {
    std::vector<std::string> stops(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '|') {
            stops.emplace_back();
        } else if (text[i] == '\\' && i + 1 < text.size()) {
            const char next = text[++i];
            stops.back() += next == 'n' ? '\n' : (next == 't' ? '\t' : next);
        } else {
            stops.back() += text[i];
        }
    }
    std::erase(stops, std::string());
    return stops;
}

}  // namespace

std::vector<OptionSpec> generateOptionSpecs() {
    return {
        intOption("max_new_tokens", "Longest answer", 128, 1, 100000, "tokens", "The answer ends here at the latest."),
        realOption("temperature", "Temperature", 0.0, 0, 5, "-",
                   "0 takes the likeliest token each time; higher values vary the answer."),
        choiceOption("decoding", "Choice of tokens", "auto", {"auto", "greedy", "sample"},
                     "Always the likeliest token, or drawn ones; auto: by the temperature, else as the model's own "
                     "settings say. This also holds for every option that is left alone."),
        advanced(intOption("min_new_tokens", "Shortest answer", 0, 0, 100000, "tokens",
                           "The answer does not end before it has so many.")),
        advanced(intOption("top_k", "Top k", 0, 0, 1000000, "tokens",
                           "Only the k likeliest tokens are drawn from; 0 = all.")),
        advanced(realOption("top_p", "Top p", 1.0, 0.01, 1, "share",
                            "Only the likeliest tokens that together have this probability are drawn from.")),
        advanced(realOption("min_p", "Min p", 0.0, 0, 1, "share",
                            "Only tokens with this share of the likeliest one's probability are drawn; 0 = all.")),
        advanced(realOption("repetition_penalty", "Repetition penalty", 1.0, 0.1, 10, "factor",
                            "Above 1, tokens that already occurred become less likely.")),
        advanced(realOption("frequency_penalty", "Frequency penalty", 0.0, -10, 10, "logits",
                            "Taken off a token's score for each time that the answer has it already.")),
        advanced(realOption("presence_penalty", "Presence penalty", 0.0, -10, 10, "logits",
                            "Taken off a token's score once the answer has it.")),
        advanced(intOption("beams", "Beams", 1, 1, 64, "texts",
                           "So many texts are followed at once and the best is taken; 1 = one, token by token.")),
        advanced(realOption("length_penalty", "Length penalty", 1.0, -10, 10, "exponent",
                            "With beams: above 0 favours longer texts, below 0 shorter ones.")),
        advanced(choiceOption("early_stopping", "Stop beams early", "no", {"no", "yes", "never"},
                              "yes: as soon as there are enough texts; no: when better ones are unlikely; never: when "
                              "none can be better.")),
        advanced(textOption("stop", "Stop texts", "",
                            "Texts that end the answer, with | between them; \\n is a line break, \\| a bar.")),
        advanced(intOption("seed", "Seed", 0, 0, 9007199254740991, "-",
                           "The same seed gives the same answer; only counts when tokens are drawn.")),
    };
}

Result<GenerateOptions> generateOptionsFrom(const Json& options) {
    LATHE_TRY(const Json all, completeOptions(generateOptionSpecs(), options));
    GenerateOptions result;
    const auto take = [&]<class T>(const char* key, std::optional<T>& into) {
        if (options.contains(key))
            into = all[key].get<T>();
    };
    take("max_new_tokens", result.maxNewTokens);
    take("min_new_tokens", result.minNewTokens);
    take("temperature", result.temperature);
    take("top_k", result.topK);
    take("top_p", result.topP);
    take("min_p", result.minP);
    take("repetition_penalty", result.repetitionPenalty);
    take("beams", result.beams);
    take("length_penalty", result.lengthPenalty);
    result.frequencyPenalty = all["frequency_penalty"].get<double>();
    result.presencePenalty = all["presence_penalty"].get<double>();
    if (all["decoding"] != "auto")
        result.sample = all["decoding"] == "sample";
    if (options.contains("early_stopping"))
        result.earlyStopping = all["early_stopping"] == "yes"     ? EarlyStopping::Yes
                               : all["early_stopping"] == "never" ? EarlyStopping::Never
                                                                  : EarlyStopping::No;
    result.stop = splitStops(all["stop"].get<std::string>());
    result.seed = all["seed"].get<std::uint64_t>();
    return result;
}

}  // namespace lathe::infer
