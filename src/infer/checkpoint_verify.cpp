// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Loads a checkpoint with its reference results and compares, in the order in which an error would spread.
#include "infer/checkpoint_verify.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/autograd.h>

#include <algorithm>
#include <array>
#include <map>

#include "infer/detail/adapter_reference.h"
#include "infer/detail/generation_defaults.h"
#include "infer/detail/search.h"
#include "infer/detail/verify_report.h"
#include "infer/detail/verify_training.h"
#include "nn/adapters/adapter.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/rotary.h"
#include "nn/network.h"
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
    nn::WeightsReader tensors;
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
    LATHE_TRY(reference.tensors, nn::WeightsReader::open(folder / "golden.safetensors"));
    reference.batch.ids = reference.find("input_ids");
    reference.batch.mask = reference.find("attention_mask");
    reference.batch.typeIds = reference.find("token_type_ids");
    reference.labels = reference.find("labels");
    if (!reference.batch.ids.defined() || reference.batch.ids.dim() != 2 || !reference.labels.defined())
        return fail(ErrorCode::Parse,
                    fmt::format("{} lacks input_ids or labels", (folder / "golden.safetensors").string()));
    return reference;
}

VerifySubject wholeNetwork(nn::Network& network) {
    VerifySubject subject{network, {}};
    for (const auto& item : network.named_parameters())
        subject.parameters.emplace_back(item.key(), item.value());
    return subject;
}

/// Names of shared weights at the layers that borrow them: the reference lists such a weight under the name that it
/// comes upon first, which need not be the owner's.
std::map<const void*, std::vector<std::string>> borrowedNames(const nn::Network& network) {
    std::map<const void*, std::vector<std::string>> names;
    for (const auto& item : network.named_modules({}, false))
        if (const auto* layer = dynamic_cast<const nn::Linear*>(item.value().get()))
            names[layer->weight.unsafeGetTensorImpl()].push_back(item.key() + ".weight");
    return names;
}

/// \returns how far gradients that are not mere rounding are from the reference's, of their norm, at most.
double compareGradients(const VerifySubject& subject, const Reference& reference, VerifyReport& report) {
    double whole = 0;
    for (const auto& [name, info] : reference.tensors.tensors())
        if (name.starts_with("grad."))
            whole += reference.find(name).square().sum().item<double>();
    std::int64_t compared = 0;
    double apart = 0;
    auto borrowed = borrowedNames(subject.network);
    for (const auto& [name, parameter] : subject.parameters) {
        if (subject.encoded && name.starts_with("prompt_encoder."))
            continue;
        Tensor expected = reference.find("grad." + name);
        for (const std::string& other : borrowed[parameter.unsafeGetTensorImpl()])
            if (!expected.defined())
                expected = reference.find("grad." + other);
        const Tensor actual = parameter.grad();
        if (!expected.defined() && !actual.defined())
            continue;  // nothing reads it: an untied head's second bias, a group that stands for no layer
        if (!expected.defined() || !actual.defined()) {
            report.fail(fmt::format("no {} gradient of {}", expected.defined() ? "computed" : "reference", name));
            continue;
        }
        const double scale = expected.norm().item<double>();
        const double allowed = kGradientTolerance * scale + kRoundingShare * std::sqrt(whole);
        report.check("gradient of " + name, (actual - expected).norm().item<double>(), allowed);
        if (scale > kGradientTolerance * std::sqrt(whole))
            apart = std::max(apart, report.last() / scale);
        ++compared;
    }
    if (subject.encoded)
        compareEncodedPrompt(
            *subject.adapter, reference.json.at("trainable"),
            [&](const std::string& name) { return reference.find(name); }, kGradientTolerance, report);
    if (compared > 0)
        report.note(fmt::format("{} gradients within {:.1e}", compared, apart));
    return apart;
}

void compareForward(const VerifySubject& subject, const Reference& reference, VerifyReport& report) {
    nn::Network& network = subject.network;
    const nn::Batch& batch = reference.batch;
    const bool isSeq2Seq = network.config().head == nn::Head::Seq2SeqLm;
    const auto realOf = [](const Tensor& mask, const Tensor& ids) {
        return mask.defined() ? mask.ne(0) : torch::ones_like(ids).to(torch::kBool);
    };
    const Tensor read = realOf(batch.mask, batch.ids);
    const Tensor written = isSeq2Seq ? realOf(batch.decoderMask, batch.decoderIds) : read;
    const auto compareStates = [&](const char* name, const Tensor& actual, const Tensor& real) {
        Tensor expected = reference.find(name);
        if (!expected.defined())
            return;
        if (expected.numel() != actual.numel()) {
            report.fail(fmt::format("{} has {} numbers, expected are {}", name, actual.numel(), expected.numel()));
            return;
        }
        expected = expected.view_as(actual);  // one class may come as [B]
        // virtual tokens stand in front and are all real
        const Tensor at = expected.dim() == 3 ? at::constant_pad_nd(real, {expected.size(1) - real.size(1), 0}, 1)
                                              : torch::ones({expected.size(0)}, torch::kBool);
        report.check(name, (actual - expected).abs().index({at}).max().item<double>(), kLogitTolerance);
    };
    {
        const torch::NoGradGuard noGrad;
        compareStates("hidden.first", network.embed(batch), read);
        if (isSeq2Seq)
            compareStates("encoder_last", network.encode(batch), read);
        compareStates("hidden.last", network.hidden(batch), written);
    }
    const Tensor logits = network.logits(batch);
    compareStates("logits", logits.detach(), written);
    report.note(fmt::format("logits within {:.1e}", report.last()));
    const Tensor loss = subject.loss(logits, reference.labels);
    const double expected = reference.find("loss").item<double>();
    report.check("loss", std::abs(loss.item<double>() - expected), kLossTolerance * std::abs(expected));
    loss.backward();
}

/// The tokens of each row that its mask calls real.
std::vector<std::vector<std::int32_t>> promptsOf(const Tensor& ids, const Tensor& mask) {
    std::vector<std::vector<std::int32_t>> prompts(static_cast<std::size_t>(ids.size(0)));
    for (std::int64_t row = 0; row < ids.size(0); ++row)
        for (std::int64_t i = 0; i < ids.size(1); ++i)
            if (!mask.defined() || mask[row][i].item<std::int64_t>() != 0)
                prompts[static_cast<std::size_t>(row)].push_back(ids[row][i].item<std::int32_t>());
    return prompts;
}

/// Compares new tokens with what \p expected [B, front + new] has behind its first tokens.
void compareIds(const std::string& name, const SearchResult& found, const Tensor& expected, std::int64_t front,
                VerifyReport& report) {
    std::int64_t wrong = 0;
    for (std::int64_t row = 0; row < expected.size(0); ++row) {
        const auto& ids = found.texts[static_cast<std::size_t>(row)].front().ids;
        for (std::int64_t i = 0; i < expected.size(1) - front; ++i) {
            // behind an end token the reference holds padding
            const bool isOver = i >= std::ssize(ids) && !ids.empty() &&
                                found.texts[static_cast<std::size_t>(row)].front().finish == Finish::End;
            const bool isSame = i < std::ssize(ids) &&
                                ids[static_cast<std::size_t>(i)] == expected[row][front + i].item<std::int64_t>();
            wrong += isOver || isSame ? 0 : 1;
        }
    }
    if (wrong > 0)
        report.fail(
            fmt::format("{} gives other ids, {} of {}", name, wrong, expected.size(0) * (expected.size(1) - front)));
}

Result<> compareGeneration(nn::Network& network, const std::filesystem::path& folder, const Reference& reference,
                           VerifyReport& report) {
    const bool isSeq2Seq = network.config().head == nn::Head::Seq2SeqLm;
    const GenerationDefaults defaults = GenerationDefaults::of(folder, network.config().raw);
    JobContext context;
    std::int64_t compared = 0;
    const auto compare = [&](const char* name, const Tensor& ids, const Tensor& mask, double penalty,
                             int beams) -> Result<> {
        const Tensor expected = reference.find(name);
        if (!expected.defined())
            return {};
        // decoder ids begin with the start token
        const std::int64_t front = isSeq2Seq ? 1 : ids.size(1);
        if (expected.dim() != 2 || expected.size(0) != ids.size(0) || expected.size(1) <= front)
            return fail(ErrorCode::Parse, fmt::format("{} in golden.safetensors has a strange shape", name));
        GenerateOptions options;
        options.maxNewTokens = static_cast<int>(expected.size(1) - front);
        options.sample = false;
        options.beams = beams;
        if (penalty != 1)
            options.repetitionPenalty = penalty;
        LATHE_TRY(SearchSettings settings, defaults.settings(options));
        settings.staysInside = false;  // the reference goes on, and rotary positions may
        if (settings.decoderStart < 0)
            settings.decoderStart = static_cast<std::int32_t>(network.config().decoderStartId);
        compareIds(name, searchTokens(network, torch::kCPU, promptsOf(ids, mask), settings, {}, context), expected,
                   front, report);
        ++compared;
        return {};
    };
    const nn::Batch& batch = reference.batch;
    const Tensor prompt = isSeq2Seq ? batch.ids : batch.ids.narrow(0, 0, 1);
    const Tensor mask = isSeq2Seq ? batch.mask : Tensor();
    LATHE_CHECK(compare("greedy", prompt, mask, 1, 1));
    LATHE_CHECK(compare("greedy_repetition_penalty_1.3", prompt, mask, 1.3, 1));
    LATHE_CHECK(compare("beam4", prompt, mask, 1, 4));
    const Tensor padded = reference.find("left_padded_ids");
    if (padded.defined())
        LATHE_CHECK(compare("left_padded_greedy", padded, reference.find("left_padded_mask"), 1, 1));
    if (compared > 0)
        report.note(fmt::format("{} generations", compared));
    return {};
}

/// Switches the folder's adapter on: from now on it is what trains.
Result<> useAdapter(VerifySubject& subject, nn::Adapter& adapter, const Reference& reference, VerifyReport& report) {
    const auto trainable = reference.json.find("trainable");
    if (trainable == reference.json.end() || !trainable->is_array())
        return fail(ErrorCode::Parse, "golden.json lists no trainable parameters of the adapter");
    LATHE_CHECK(adapter.attach());
    subject.adapter = &adapter;
    subject.parameters = adapter.parameters();
    subject.encoded = compareTrainable(adapter, *trainable, report);
    report.note(adapter.kind());
    return {};
}

}  // namespace

Result<VerifyOutcome> verifyCheckpoint(const std::filesystem::path& folder) {
    const auto unsupported = [](std::string what) { return VerifyOutcome{VerifyStatus::Unsupported, std::move(what)}; };
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
    std::shared_ptr<nn::Adapter> adapter;
    if (std::error_code ignored; std::filesystem::exists(folder / "adapter", ignored)) {
        auto loaded = nn::loadAdapter(network, folder / "adapter");
        if (!loaded && loaded.error().code == ErrorCode::Unsupported)
            return unsupported(loaded.error().message);
        if (!loaded)
            return fail(std::move(loaded.error()));
        adapter = std::move(*loaded);
    }
    return nn::guardTorch(fmt::format("comparing {}", folder.string()), [&]() -> Result<VerifyOutcome> {
        VerifyReport report;
        VerifySubject subject = wholeNetwork(*network);
        if (adapter)
            LATHE_CHECK(useAdapter(subject, *adapter, reference, report));
        if (network->config().head == nn::Head::Seq2SeqLm)
            reference.batch.decoderIds = network->decoderInput(reference.labels);
        compareForward(subject, reference, report);
        const double apart = compareGradients(subject, reference, report);
        LATHE_CHECK(compareGeneration(*network, folder, reference, report));
        if (const auto train = reference.json.find("train"); train != reference.json.end())
            compareTraining(subject, reference.batch, reference.labels, *train,
                            {.relative = kCurveTolerance, .gradients = apart}, report);
        return report.outcome();
    });
}

}  // namespace lathe::infer
