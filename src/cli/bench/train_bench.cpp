// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench train: the product's own trainer on made-up texts that fill the longest length, so that every token
// counted is a real one. Reports tokens/s and its share of the GEMM rate measured in the same run.
#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/bench.h"
#include "cli/bench/gemm_rate.h"
#include "cli/bench/synthetic_text.h"
#include "cli/bench/temp_folder.h"
#include "train/trainer.h"

namespace lathe::cli {
namespace {

struct Shape {
    std::int64_t layers, hidden, heads, batch, tokens, steps;
};

/// \returns FLOPs that one token costs in a training step: 2 per weight and token forward, twice that backward;
/// attention's two products over all T positions likewise. Embeddings, norms and the head of one row a text are left
/// out.
double flopsPerToken(const Shape& shape) {
    const auto c = static_cast<double>(shape.hidden), t = static_cast<double>(shape.tokens);
    const double weights = 4 * c * c + 2 * c * (4 * c);
    return static_cast<double>(shape.layers) * (6 * weights + 12 * t * c);
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
            example.text = source.words(static_cast<int>(shape.tokens) + 8);  // a word is a token or more: always cut
            example.label = static_cast<int>(i % kLabels);
            to.push_back(std::move(example));
        }
    };
    add(data.train, shape.batch * shape.steps);
    add(data.dev, kLabels);
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

Json optionsFor(const Shape& shape, const std::string& device) {
    return {{"epochs", 1},
            {"batch_size", shape.batch},
            {"max_tokens", shape.tokens},
            {"layers", shape.layers},
            {"hidden_size", shape.hidden},
            {"heads", shape.heads},
            {"vocab_size", 4000},
            {"pretrain_epochs", 0},
            {"eval_every", shape.steps},
            {"device", device}};
}

Result<Json> runTrain(const BenchOptions& options, Console& console) {
    const bool base = options.shape == "base";
    if (!base && !options.shape.empty() && options.shape != "small")
        return fail(ErrorCode::InvalidInput,
                    fmt::format("there is no shape \"{}\"; bench train takes small or base", options.shape));
    Shape shape = base ? Shape{12, 768, 12, 8, 128, 12} : Shape{4, 256, 4, 32, 64, 60};
    if (options.count > 0)
        shape.steps = std::clamp<std::int64_t>(options.count, 4, 10000);
    LATHE_TRY(const auto temporary, TempFolder::make());
    LATHE_TRY(const auto gemm, measureGemmRate());
    const train::Dataset data = makeData(shape);
    train::TrainRequest request;
    request.model = "fresh-encoder";
    request.options = optionsFor(shape, options.device);
    request.runFolder = temporary.path() / "run";
    request.modelFolder = temporary.path() / "model";
    train::MetricBuffer metrics;
    LATHE_TRY(const auto outcome, train::train(request, data, metrics, console.context()));
    if (outcome.stopped)
        return fail(ErrorCode::Canceled, "the benchmark was stopped");
    const double seconds = medianStepSeconds(metrics.takeAll());
    if (seconds <= 0)
        return fail(ErrorCode::Internal, "too few steps were reported; take a larger --count");
    const double tokensPerSecond = static_cast<double>(shape.batch * shape.tokens) / seconds;
    const double rate = tokensPerSecond * flopsPerToken(shape);
    const double best = std::max(gemm.float32, gemm.bfloat16);
    const std::string name =
        fmt::format("{} layers x {}, {} x {} tokens", shape.layers, shape.hidden, shape.batch, shape.tokens);
    return Json{
        {"shape", base ? "base" : "small"},
        {"layers", shape.layers},
        {"hidden_size", shape.hidden},
        {"batch", shape.batch},
        {"tokens", shape.tokens},
        {"steps", outcome.steps},
        {"parameters", outcome.parameters},
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
    return {.id = "train", .summary = "training an encoder (--shape small: 4 x 256; base: 12 x 768)", .run = runTrain};
}

}  // namespace lathe::cli
