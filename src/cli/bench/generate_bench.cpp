// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench generate: a fresh Llama of the shape, saved as a model folder and loaded the way every model is.
#include <algorithm>

#include "cli/bench.h"
#include "cli/bench/made_llama.h"
#include "cli/bench/synthetic_text.h"
#include "core/scratch_folder.h"
#include "infer/text_model.h"
#include "nn/network.h"

namespace lathe::cli {
namespace {

struct Shape {
    nn::FreshShape network;
    int promptTokens = 0;
    int newTokens = 0;
};

Shape shapeOf(bool large) {
    return {llamaShape(large), large ? 256 : 128, large ? 64 : 256};
}

struct Speed {
    double promptRate = 0, newRate = 0;  ///< tokens per second
    std::int64_t newTokens = 0;
};

Result<Speed> measure(const Shape& shape, const std::filesystem::path& folder, const infer::LoadOptions& load,
                      JobContext& context) {
    LATHE_TRY(const auto model, infer::TextModel::load(folder, load));
    infer::GenerateOptions options;
    SyntheticText random(3);
    double promptSeconds = 0, seconds = 0;
    std::int64_t promptTokens = 0;
    Speed speed;
    // The first round warms up. A text may end early, so rounds go on until enough tokens were timed.
    for (int round = 0; round < 8 && (round < 2 || speed.newTokens < shape.newTokens); ++round) {
        std::vector<std::int32_t> ids;
        for (int i = 0; i < shape.promptTokens; ++i)
            ids.push_back(static_cast<std::int32_t>(4 + random.number() % 900));
        options.maxNewTokens = round == 0 ? 8 : shape.newTokens;
        LATHE_TRY(const auto generated, model->generateIds(ids, options, context));
        if (generated.finish == "stopped")
            return fail(ErrorCode::Canceled, "the benchmark was stopped");
        if (round == 0)
            continue;
        promptTokens += generated.promptTokens;
        promptSeconds += generated.promptSeconds;
        speed.newTokens += generated.newTokens;
        seconds += generated.seconds;
    }
    speed.promptRate = promptSeconds > 0 ? static_cast<double>(promptTokens) / promptSeconds : 0;
    speed.newRate = seconds > 0 ? static_cast<double>(speed.newTokens) / seconds : 0;
    return speed;
}

/// Names of the figures, and what weightTypeFrom() calls them.
constexpr std::pair<const char*, const char*> kWeights[] = {
    {"float32", "float32"}, {"bfloat16", "bf16"}, {"int8", "int8"}};

Result<Json> runGenerate(const BenchOptions& options, Console& console) {
    const bool large = options.shape.empty() || options.shape == "134m";
    if (!large && options.shape != "small")
        return fail(ErrorCode::InvalidInput,
                    fmt::format("there is no shape \"{}\"; bench generate takes small or 134m", options.shape));
    Shape shape = shapeOf(large);
    if (options.count > 0)
        shape.newTokens = static_cast<int>(std::min<std::int64_t>(options.count, 1500));
    LATHE_TRY(const auto temporary, ScratchFolder::make("bench"));
    LATHE_TRY(const auto parameters, writeLlama(shape.network, temporary.path(), console.context()));
    Json json = {
        {"shape", large ? "134m" : "small"}, {"parameters", parameters}, {"prompt_tokens", shape.promptTokens}};
    std::string text = fmt::format("Llama, {:.0f} M parameters, batch 1, prompt of {} tokens\n",
                                   static_cast<double>(parameters) / 1e6, shape.promptTokens);
    for (const auto& [name, choice] : kWeights) {
        if (!options.weights.empty() && options.weights != choice)
            continue;
        LATHE_TRY(const auto type, infer::weightTypeFrom(choice));
        LATHE_TRY(const auto speed,
                  measure(shape, temporary.path(), {.device = options.device, .weights = type, .adapters = {}},
                          console.context()));
        json[name] = {{"prompt_tokens_per_second", speed.promptRate},
                      {"new_tokens_per_second", speed.newRate},
                      {"new_tokens", speed.newTokens}};
        text += fmt::format("  {:<8}  reads {:.0f} tokens/s, writes {:.1f} tokens/s\n", name, speed.promptRate,
                            speed.newRate);
    }
    json["text"] = text;
    return json;
}

}  // namespace

BenchEntry generateBench() {
    return {.id = "generate", .summary = "generating with a fresh Llama (--shape 134m or small)", .run = runGenerate};
}

}  // namespace lathe::cli
