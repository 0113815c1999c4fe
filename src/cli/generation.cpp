// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/generation.h"

#include <fmt/format.h>

namespace lathe::cli {
namespace {

double rate(std::int64_t tokens, double seconds) {
    return seconds > 0 ? static_cast<double>(tokens) / seconds : 0;
}

}  // namespace

Json toJson(const infer::Generation& generation) {
    Json json = {{"text", generation.text},
                 {"ids", generation.ids},
                 {"prompt_tokens", generation.promptTokens},
                 {"new_tokens", generation.newTokens},
                 {"finish", generation.finish},
                 {"prompt_seconds", generation.promptSeconds},
                 {"seconds", generation.seconds},
                 {"tokens_per_second", rate(generation.newTokens, generation.seconds)}};
    if (generation.score != 0)
        json["score"] = generation.score;
    if (generation.chances.empty())
        return json;
    json["logprobs"] = Json::array();
    for (const infer::TokenChance& chance : generation.chances) {
        Json one = {{"id", chance.id}, {"logprob", chance.logProbability}};
        for (const auto& [id, logProbability] : chance.top)
            one["top"].push_back({{"id", id}, {"logprob", logProbability}});
        json["logprobs"].push_back(std::move(one));
    }
    return json;
}

std::string describe(const infer::Generation& generation) {
    return fmt::format("{} prompt tokens in {:.2f} s, {} new at {:.1f} tokens/s, finish: {}", generation.promptTokens,
                       generation.promptSeconds, generation.newTokens, rate(generation.newTokens, generation.seconds),
                       generation.finish);
}

}  // namespace lathe::cli
