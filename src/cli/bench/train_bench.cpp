// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench train: the product's own trainer on made-up texts that fill the longest length, so that every token
// counted is a real one. Reports tokens/s and its share of the GEMM rate measured in the same run.
// Only work that training cannot do without is counted: layers that are computed twice count once, frozen weights
// without their gradient, attention under a causal mask half.
#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/bench.h"
#include "cli/bench/gemm_rate.h"
#include "cli/bench/made_llama.h"
#include "cli/bench/synthetic_text.h"
#include "core/scratch_folder.h"
#include "nn/network.h"
#include "train/trainer.h"

namespace lathe::cli {
namespace {

struct Shape {
    std::int64_t layers, hidden, heads, batch, tokens, steps;
    bool isLlama = false;
};

/// Multiply-adds that every token takes through weights, by what they learn.
struct WeightCount {
    double trained = 0, frozen = 0;
};

/// \returns FLOPs that one token costs in a training step: 2 per weight forward, 2 for the gradient of what the weight
/// reads, 2 for the gradient of the weight where it trains; attention's two products likewise, over the positions that
/// a token can see. Embeddings, norms and the head of one row a text are left out.
double flopsPerToken(const WeightCount& weights, const Shape& shape) {
    const double seen = static_cast<double>(shape.tokens) * (shape.isLlama ? 0.5 : 1.0);
    const double attention = static_cast<double>(shape.layers * shape.hidden) * seen;
    return 6 * weights.trained + 4 * weights.frozen + 12 * attention;
}

WeightCount encoderWeights(const Shape& shape) {
    const auto c = static_cast<double>(shape.hidden);
    return {.trained = static_cast<double>(shape.layers) * (4 * c * c + 2 * c * (4 * c))};
}

/// \p rank of LoRA on all linear layers but the head; 0 = every weight trains.
WeightCount llamaWeights(const nn::FreshShape& shape, std::int64_t rank) {
    const auto c = static_cast<double>(shape.hiddenSize), f = static_cast<double>(shape.intermediateSize);
    const double keys = c * static_cast<double>(shape.kvHeads) / static_cast<double>(shape.heads);
    const auto layers = static_cast<double>(shape.layers);
    const double base = layers * (2 * c * c + 2 * c * keys + 3 * c * f) + c * static_cast<double>(shape.vocabSize);
    if (rank == 0)
        return {.trained = base};
    const double ends = layers * (4 * c + 2 * (c + keys) + 3 * (c + f));  // in + out of every adapted layer
    return {.trained = static_cast<double>(rank) * ends, .frozen = base};
}

train::Dataset makeData(const Shape& shape) {
    constexpr int kLabels = 20;
    SyntheticText source(1);
    train::Dataset data;
    for (int label = 0; label < kLabels; ++label)
        data.labels.push_back("label " + std::to_string(label));
    const auto add = [&](std::vector<train::Example>& to, std::int64_t count) {
        for (std::int64_t i = 0; i < count; ++i) {
            train::Example example;
            // a word is a token or more, and what is too long is cut; of running text nothing is, and no row is short
            example.text = source.words(static_cast<int>(shape.tokens) + (shape.isLlama ? 0 : 8));
            example.label = static_cast<int>(i % kLabels);
            to.push_back(std::move(example));
        }
    };
    add(data.train, shape.batch * shape.steps);
    add(data.dev, shape.isLlama ? 1 : kLabels);
    data.snapshotHash = "bench";
    return data;
}

/// Seconds of the middle step; the first ones, in which kernels are chosen and memory grows, are left out.
double medianStepSeconds(const std::vector<train::StepReport>& reports) {
    std::vector<double> seconds;
    double before = -1;
    std::int64_t step = -1;
    for (const auto& report : reports) {
        if (report.phase != "train" || std::isnan(report.trainLoss))
            continue;
        if (report.step == step + 1 && report.step > 2)
            seconds.push_back(report.elapsedSeconds - before);
        step = report.step;
        before = report.elapsedSeconds;
    }
    if (seconds.empty())
        return 0;
    const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
    std::ranges::nth_element(seconds, middle);
    return *middle;
}

Result<Shape> shapeOf(const BenchOptions& options) {
    if (options.shape.empty() || options.shape == "small")
        return Shape{4, 256, 4, 32, 64, 60};
    if (options.shape == "base")
        return Shape{12, 768, 12, 8, 128, 12};
    const bool large = options.shape == "llama134m";
    if (!large && options.shape != "llama-small")
        return fail(ErrorCode::InvalidInput,
                    fmt::format("there is no shape \"{}\"; bench train takes small, base, llama-small or llama134m",
                                options.shape));
    const nn::FreshShape llama = llamaShape(large);
    return Shape{llama.layers, llama.hiddenSize, llama.heads, large ? 4 : 8, large ? 256 : 64, large ? 6 : 40, true};
}

Json encoderOptions(const Shape& shape) {
    return {{"layers", shape.layers},
            {"hidden_size", shape.hidden},
            {"heads", shape.heads},
            {"vocab_size", 4000},
            {"pretrain_epochs", 0}};
}

struct Prepared {
    train::TrainRequest request;
    WeightCount weights;
};

Result<Prepared> prepare(const BenchOptions& options, const Shape& shape, const std::filesystem::path& folder,
                         JobContext& context) {
    const std::int64_t rank = options.rank > 0 ? options.rank : 16;
    Prepared made;
    train::TrainRequest& request = made.request;
    request.method = options.method.empty() ? "full" : options.method;
    const bool lora = request.method == "lora" || request.method == "lora_int8";
    if (!lora && request.method != "full")
        return fail(ErrorCode::InvalidInput, fmt::format("bench train cannot count the work of \"{}\"; it takes full, "
                                                         "lora or lora_int8",
                                                         request.method));
    if (lora && !shape.isLlama)
        return fail(ErrorCode::InvalidInput, "bench train measures LoRA on a Llama; add --shape llama134m");
    request.options = {
        {"epochs", 1},           {"batch_size", shape.batch}, {"max_tokens", shape.tokens},
        {"eval_every", 1000000}, {"device", options.device},  {"gradient_checkpointing", options.recompute}};
    request.runFolder = folder / "run";
    request.modelFolder = folder / "model";
    if (!shape.isLlama) {
        request.model = "fresh-encoder";
        request.options.update(encoderOptions(shape));
        made.weights = encoderWeights(shape);
        return made;
    }
    const nn::FreshShape llama = llamaShape(options.shape == "llama134m");
    request.model = (folder / "base").string();
    std::error_code code;
    std::filesystem::create_directories(request.model, code);
    LATHE_TRY(const auto parameters, writeLlama(llama, request.model, context));
    static_cast<void>(parameters);
    request.options["task"] = "next_token";
    if (lora)
        request.options["lora_rank"] = rank;
    made.weights = llamaWeights(llama, lora ? rank : 0);
    return made;
}

Result<Json> runTrain(const BenchOptions& options, Console& console) {
    LATHE_TRY(Shape shape, shapeOf(options));
    if (options.count > 0)
        shape.steps = std::clamp<std::int64_t>(options.count, 4, 10000);
    LATHE_TRY(const auto temporary, ScratchFolder::make("bench"));
    LATHE_TRY(const auto gemm, measureGemmRate());
    const train::Dataset data = makeData(shape);
    LATHE_TRY(const auto prepared, prepare(options, shape, temporary.path(), console.context()));
    const train::TrainRequest& request = prepared.request;
    train::MetricBuffer metrics;
    LATHE_TRY(const auto outcome, train::train(request, data, metrics, console.context()));
    if (outcome.stopped)
        return fail(ErrorCode::Canceled, "the benchmark was stopped");
    const double seconds = medianStepSeconds(metrics.takeAll());
    if (seconds <= 0)
        return fail(ErrorCode::Internal, "too few steps were reported; take a larger --count");
    const double tokensPerSecond = static_cast<double>(shape.batch * shape.tokens) / seconds;
    const double rate = tokensPerSecond * flopsPerToken(prepared.weights, shape);
    const double best = std::max(gemm.float32, gemm.bfloat16);
    const std::string name = fmt::format("{}, {} layers x {}, {} x {} tokens", request.method, shape.layers,
                                         shape.hidden, shape.batch, shape.tokens);
    return Json{
        {"shape", options.shape.empty() ? "small" : options.shape},
        {"method", request.method},
        {"layers", shape.layers},
        {"hidden_size", shape.hidden},
        {"batch", shape.batch},
        {"tokens", shape.tokens},
        {"steps", outcome.steps},
        {"parameters", outcome.parameters},
        {"trainable_parameters", outcome.trainableParameters},
        {"step_seconds", seconds},
        {"tokens_per_second", tokensPerSecond},
        {"gflops", rate / 1e9},
        {"gemm_float32_gflops", gemm.float32 / 1e9},
        {"gemm_bfloat16_gflops", gemm.bfloat16 / 1e9},
        {"share_of_gemm", rate / best},
        {"text",
         fmt::format(
             "{}: {:.1f} ms a step, {:.0f} tokens/s, {:.0f} GFLOP/s = {:.1f} % of the GEMM rate ({:.0f} GFLOP/s)\n",
             name, 1000 * seconds, tokensPerSecond, rate / 1e9, 100 * rate / best, best / 1e9)}};
}

}  // namespace

BenchEntry trainBench() {
    return {.id = "train",
            .summary =
                "training an encoder (--shape small: 4 x 256; base: 12 x 768) or a Llama (llama-small, llama134m; "
                "--method full, lora, lora_int8; --rank)",
            .run = runTrain};
}

}  // namespace lathe::cli
