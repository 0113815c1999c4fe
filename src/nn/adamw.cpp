// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One fused pass per step: parameter, gradient and both moments are read and written once.
#include "nn/adamw.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "nn/ops/parallel.h"
#include "nn/torch_compat.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::int64_t kChunk = 1 << 16;  ///< elements: one piece of work

/// All tensors' elements as one list of pieces, so that threads share big and small tensors evenly.
struct Piece {
    std::size_t slot;
    std::int64_t begin, end;
};

}  // namespace

AdamW::AdamW(NamedTensors parameters, AdamWOptions options) : m_options(options) {
    for (auto& [name, parameter] : parameters) {
        if (!parameter.requires_grad())
            continue;
        TORCH_CHECK(parameter.scalar_type() == torch::kFloat32, "AdamW keeps float32 weights; \"", name, "\" is ",
                    parameter.scalar_type());
        TORCH_CHECK(parameter.is_contiguous(), "\"", name, "\" is not contiguous");
        Slot slot;
        slot.name = name;
        slot.parameter = parameter;
        slot.m = torch::zeros_like(parameter, parameter.options().requires_grad(false));
        slot.v = torch::zeros_like(slot.m);
        slot.decay = parameter.dim() >= 2 ? options.weightDecay : 0;
        m_slots.push_back(std::move(slot));
    }
}

double AdamW::gradNorm() const {
    std::vector<Tensor> grads;
    std::vector<Piece> pieces;
    double elsewhere = 0;
    for (const Slot& slot : m_slots) {
        Tensor grad = slot.parameter.grad();
        if (!grad.defined())
            continue;
        if (!grad.is_cpu() || grad.scalar_type() != torch::kFloat32) {
            elsewhere += grad.to(torch::kFloat32).square().sum().item<double>();
            continue;
        }
        grads.push_back(grad.contiguous());
        for (std::int64_t begin = 0; begin < grad.numel(); begin += kChunk)
            pieces.push_back({grads.size() - 1, begin, std::min(grad.numel(), begin + kChunk)});
    }
    std::vector<double> sums(pieces.size());
    at::parallel_for(0, static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t from, std::int64_t to) {
        for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); ++i)
            sums[i] = kernels::sumOfSquares(bits<const float>(grads[pieces[i].slot]), pieces[i].begin, pieces[i].end);
    });
    double total = elsewhere;
    for (const double sum : sums)  // in order: the same for any number of threads
        total += sum;
    return std::sqrt(total);
}

double AdamW::clipScale(double norm, double maxNorm) {
    return maxNorm > 0 && norm > maxNorm ? std::min(1.0, maxNorm / (norm + 1e-6)) : 1.0;
}

void AdamW::step(double lr, double clipScale) {
    torch::NoGradGuard noGrad;
    ++m_steps;
    const double bias2 = 1 - std::pow(m_options.beta2, static_cast<double>(m_steps));
    kernels::AdamWStep common{};
    common.lr = static_cast<float>(lr);
    common.beta1 = static_cast<float>(m_options.beta1);
    common.beta2 = static_cast<float>(m_options.beta2);
    common.add1 = static_cast<float>(1 - m_options.beta1);
    common.add2 = static_cast<float>(1 - m_options.beta2);
    common.epsilon = static_cast<float>(m_options.eps);
    common.correction1 = static_cast<float>(1 - std::pow(m_options.beta1, static_cast<double>(m_steps)));
    common.correction2Sqrt = static_cast<float>(std::sqrt(bias2));
    common.gradScale = static_cast<float>(clipScale);
    std::vector<Tensor> grads(m_slots.size());
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        Tensor grad = m_slots[i].parameter.grad();
        if (!grad.defined())
            continue;
        if (!m_slots[i].parameter.is_cpu()) {
            stepByTorch(m_slots[i], grad, lr, clipScale);
            continue;
        }
        grads[i] = grad.to(torch::kFloat32).contiguous();
        for (std::int64_t begin = 0; begin < grad.numel(); begin += kChunk)
            pieces.push_back({i, begin, std::min(grad.numel(), begin + kChunk)});
    }
    at::parallel_for(0, static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t from, std::int64_t to) {
        for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); ++i) {
            const Slot& slot = m_slots[pieces[i].slot];
            kernels::AdamWStep own = common;
            own.decay = static_cast<float>(1 - lr * slot.decay);
            kernels::adamw(own, bits<float>(slot.parameter), bits<const float>(grads[pieces[i].slot]),
                           bits<float>(slot.m), bits<float>(slot.v), pieces[i].begin, pieces[i].end);
        }
    });
    for (std::size_t i = 0; i < m_slots.size(); ++i)
        if (grads[i].defined())
            bumpVersion(m_slots[i].parameter);
}

void AdamW::stepByTorch(Slot& slot, const Tensor& grad, double lr, double clipScale) const {
    const double correction1 = 1 - std::pow(m_options.beta1, static_cast<double>(m_steps));
    const double correction2 = 1 - std::pow(m_options.beta2, static_cast<double>(m_steps));
    const Tensor scaled = grad.to(torch::kFloat32) * clipScale;
    slot.parameter.mul_(1 - lr * slot.decay);
    slot.m.mul_(m_options.beta1).add_(scaled, 1 - m_options.beta1);
    slot.v.mul_(m_options.beta2).addcmul_(scaled, scaled, 1 - m_options.beta2);
    const Tensor denominator = (slot.v.sqrt() / std::sqrt(correction2)).add_(m_options.eps);
    slot.parameter.addcdiv_(slot.m, denominator, -lr / correction1);
}

void AdamW::zeroGrad() {
    for (Slot& slot : m_slots)
        slot.parameter.mutable_grad() = Tensor();
}

AdamW::NamedTensors AdamW::state() const {
    NamedTensors all;
    all.emplace_back("step", torch::tensor({m_steps}, torch::kInt64));
    for (const Slot& slot : m_slots) {
        all.emplace_back("m." + slot.name, slot.m);
        all.emplace_back("v." + slot.name, slot.v);
    }
    return all;
}

Result<> AdamW::loadState(const NamedTensors& state) {
    std::map<std::string, Tensor> byName(state.begin(), state.end());
    const auto step = byName.find("step");
    if (step == byName.end() || step->second.numel() != 1 || step->second.scalar_type() != torch::kInt64 ||
        step->second.item<std::int64_t>() < 0)
        return fail(ErrorCode::InvalidInput, "the optimizer's state has no step count; start the run anew");
    for (const Slot& slot : m_slots)
        for (const char* side : {"m.", "v."}) {
            const auto found = byName.find(side + slot.name);
            if (found == byName.end() || found->second.sizes() != slot.m.sizes() ||
                found->second.scalar_type() != torch::kFloat32)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("the optimizer's state does not fit the model: {}{} is missing or of another "
                                        "shape; start the run anew",
                                        side, slot.name));
        }
    torch::NoGradGuard noGrad;
    for (Slot& slot : m_slots) {
        slot.m.copy_(byName["m." + slot.name]);
        slot.v.copy_(byName["v." + slot.name]);
    }
    m_steps = step->second.item<std::int64_t>();
    return {};
}

}  // namespace lathe::nn
