// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loads a checkpoint with its reference results and compares, in the order in which an error would spread.
#include "infer/checkpoint_verify.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/autograd.h>

#include <algorithm>
#include <array>

#include "infer/detail/search.h"
#include "infer/detail/verify_report.h"
#include "nn/adamw.h"
#include "nn/blocks/rotary.h"
#include "nn/network.h"
#include "nn/ops/network_loss.h"
#include "nn/precision.h"
#include "nn/safetensors.h"
#include "nn/torch_guard.h"

namespace lathe::infer {

namespace {

using torch::Tensor;

constexpr double kLogitTolerance = 1e-4;     // absolute
constexpr double kLossTolerance = 1e-5;      // relative
constexpr double kGradientTolerance = 1e-3;  // of the gradient's norm
constexpr double kCurveTolerance = 1e-3;     // relative
/// Gradients that are zero but for rounding (the bias of attention's keys) are measured against the whole gradient.
constexpr double kRoundingShare = 1e-6;

/// The reference was made on one thread; more threads add up in another order.
class OneThread {
public:
    OneThread() : m_before(at::get_num_threads()) {
        if (m_before != 1)
            at::set_num_threads(1);
    }
    ~OneThread() {
        if (m_before != 1)
            at::set_num_threads(m_before);
    }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int m_before;
};

struct Reference {
    Json json;
    std::string problem;
    nn::SafetensorsReader tensors;
    nn::Batch batch;
    Tensor labels;

    /// Undefined when the reference has none of that name.
    Tensor find(const std::string& name) const {
        auto tensor = tensors.tensor(name);
        return tensor ? tensor->clone() : Tensor();
    }
};

Result<Reference> readReference(const std::filesystem::path& folder) {
    Reference reference;
    LATHE_TRY(reference.json, readJsonFile(folder / "golden.json"));
    LATHE_TRY(reference.problem, jsonString(reference.json, "problem", ""));
    LATHE_TRY(reference.tensors, nn::SafetensorsReader::open(folder / "golden.safetensors"));
    reference.batch.ids = reference.find("input_ids");
    reference.batch.mask = reference.find("attention_mask");
    reference.batch.typeIds = reference.find("token_type_ids");
    reference.labels = reference.find("labels");
    if (!reference.batch.ids.defined() || reference.batch.ids.dim() != 2 || !reference.labels.defined())
        return fail(ErrorCode::Parse,
                    fmt::format("{} lacks input_ids or labels", (folder / "golden.safetensors").string()));
    return reference;
}

void compareGradients(nn::Network& network, const Reference& reference, VerifyReport& report) {
    double whole = 0;
    for (const auto& [name, info] : reference.tensors.tensors())
        if (name.starts_with("grad."))
            whole += reference.find(name).square().sum().item<double>();
    std::int64_t compared = 0;
    for (const auto& item : network.named_parameters()) {
        const Tensor expected = reference.find("grad." + item.key());
        const Tensor actual = item.value().grad();
        if (!expected.defined() && !actual.defined())
            continue;  // nothing reads it: an untied head's second bias, a group that stands for no layer
        if (!expected.defined() || !actual.defined()) {
            report.fail(fmt::format("no {} gradient of {}", expected.defined() ? "computed" : "reference", item.key()));
            continue;
        }
        const double scale = expected.norm().item<double>();
        const double allowed = kGradientTolerance * scale + kRoundingShare * std::sqrt(whole);
        report.check("gradient of " + item.key(), (actual - expected).norm().item<double>(), allowed);
        ++compared;
    }
    report.note(fmt::format("{} gradients", compared));
}

void compareForward(nn::Network& network, const Reference& reference, VerifyReport& report) {
    const nn::Batch& batch = reference.batch;
    const Tensor real = batch.mask.defined() ? batch.mask.ne(0) : torch::ones_like(batch.ids).to(torch::kBool);
    const auto compareStates = [&](const char* name, const Tensor& actual) {
        Tensor expected = reference.find(name);
        if (!expected.defined())
            return;
        if (expected.numel() != actual.numel()) {
            report.fail(fmt::format("{} has {} numbers, expected are {}", name, actual.numel(), expected.numel()));
            return;
        }
        expected = expected.view_as(actual);  // one class may come as [B]
        const Tensor at = expected.dim() == 3 ? real : torch::ones({expected.size(0)}, torch::kBool);
        report.check(name, (actual - expected).abs().index({at}).max().item<double>(), kLogitTolerance);
    };
    {
        const torch::NoGradGuard noGrad;
        compareStates("hidden.first", network.embed(batch));
        compareStates("hidden.last", network.hidden(batch));
    }
    const Tensor logits = network.logits(batch);
    compareStates("logits", logits.detach());
    report.note(fmt::format("logits within {:.1e}", report.last()));
    const Tensor loss = nn::networkLoss(network.config(), logits, reference.labels);
    const double expected = reference.find("loss").item<double>();
    report.check("loss", std::abs(loss.item<double>() - expected), kLossTolerance * std::abs(expected));
    loss.backward();
}

Result<> compareTraining(nn::Network& network, const Reference& reference, VerifyReport& report) {
    const auto train = reference.json.find("train");
    if (train == reference.json.end())
        return {};
    const Json& curve = *train;
    const Json& hyper = curve.at("hyper");
    nn::AdamWOptions options;
    options.beta1 = hyper.at("betas").at(0).get<double>();
    options.beta2 = hyper.at("betas").at(1).get<double>();
    options.eps = hyper.at("eps").get<double>();
    options.weightDecay = hyper.at("weight_decay").get<double>();
    nn::AdamW::NamedTensors parameters;
    for (const auto& item : network.named_parameters())
        parameters.emplace_back(item.key(), item.value());
    nn::AdamW optimizer(parameters, options);
    const std::size_t steps = curve.at("loss").size();
    for (std::size_t i = 0; i < steps; ++i) {
        optimizer.zeroGrad();
        const Tensor loss = nn::networkLoss(network.config(), network.logits(reference.batch), reference.labels);
        loss.backward();
        const double norm = optimizer.gradNorm();
        const double lossThere = curve.at("loss").at(i).get<double>(),
                     normThere = curve.at("grad_norm").at(i).get<double>();
        report.check(fmt::format("loss of step {}", i), std::abs(loss.item<double>() - lossThere),
                     kCurveTolerance * std::abs(lossThere));
        report.check(fmt::format("gradient norm of step {}", i), std::abs(norm - normThere),
                     kCurveTolerance * std::abs(normThere));
        optimizer.step(curve.at("lr").at(i).get<double>(),
                       nn::AdamW::clipScale(norm, hyper.at("max_grad_norm").get<double>()));
    }
    report.note(fmt::format("{} training steps", steps));
    return {};
}

void compareGeneration(nn::Network& network, const Reference& reference, VerifyReport& report) {
    const Tensor prompt = reference.batch.ids.narrow(0, 0, 1);
    std::int64_t compared = 0;
    const auto compareIds = [&](const char* name, auto&& generate) {
        const Tensor expected = reference.find(name);
        if (!expected.defined())
            return;
        const Tensor actual = generate(expected.size(1));
        ++compared;
        if (actual.sizes() != expected.sizes() || !actual.equal(expected))
            report.fail(
                fmt::format("{} gives other ids, {} of {}", name,
                            actual.sizes() == expected.sizes() ? actual.ne(expected).sum().item<std::int64_t>() : -1,
                            expected.numel()));
    };
    const std::int64_t t = prompt.size(1);
    compareIds("greedy", [&](std::int64_t length) { return greedySearch(network, prompt, {}, length - t, 1.0); });
    compareIds("greedy_repetition_penalty_1.3",
               [&](std::int64_t length) { return greedySearch(network, prompt, {}, length - t, 1.3); });
    compareIds("beam4", [&](std::int64_t length) { return beamSearch(network, prompt, 4, length - t); });
    const Tensor padded = reference.find("left_padded_ids");
    if (padded.defined())
        compareIds("left_padded_greedy", [&](std::int64_t length) {
            return greedySearch(network, padded, reference.find("left_padded_mask"), length - padded.size(1), 1.0);
        });
    if (compared > 0)
        report.note(fmt::format("{} generations", compared));
}

}  // namespace

Result<VerifyOutcome> verifyCheckpoint(const std::filesystem::path& folder) {
    const auto unsupported = [](std::string what) { return VerifyOutcome{VerifyStatus::Unsupported, std::move(what)}; };
    std::error_code ignored;
    if (std::filesystem::exists(folder / "adapter", ignored))
        return unsupported("PEFT adapters");
    const auto config = nn::readNetworkConfig(folder);
    if (!config && config.error().code == ErrorCode::Unsupported)
        return unsupported(config.error().message);
    if (!config)
        return fail(config.error());
    LATHE_TRY(Reference reference, readReference(folder));
    const OneThread oneThread;
    const nn::PrecisionScope exact(nn::Precision::Float32);
    const nn::KeepLongestFrequencies asTheReference;  // the comparisons below keep its order
    LATHE_TRY(const auto network, nn::loadNetwork(folder));
    return nn::guardTorch(fmt::format("comparing {}", folder.string()), [&]() -> Result<VerifyOutcome> {
        VerifyReport report;
        if (network->config().head == nn::Head::Seq2SeqLm)
            reference.batch.decoderIds = network->decoderInput(reference.labels);
        compareForward(*network, reference, report);
        compareGradients(*network, reference, report);
        compareGeneration(*network, reference, report);
        LATHE_CHECK(compareTraining(*network, reference, report));
        return report.outcome();
    });
}

}  // namespace lathe::infer
