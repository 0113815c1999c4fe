// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What all optimizers share: the list of parameters, the gradient's norm, the state on its way to disk and back.
#include "nn/optimizers/optimizer.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "nn/ops/parallel.h"
#include "nn/torch_compat.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::int64_t kChunk = 1 << 16;  ///< elements: one piece of work

struct Piece {
    std::size_t tensor;
    std::int64_t begin, end;
};

void addPieces(std::vector<Piece>& pieces, std::size_t tensor, std::int64_t elements) {
    for (std::int64_t begin = 0; begin < elements; begin += kChunk)
        pieces.push_back({tensor, begin, std::min(elements, begin + kChunk)});
}

template <class F>
void spread(const std::vector<Piece>& pieces, F&& function) {
    at::parallel_for(0, static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t from, std::int64_t to) {
        for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); ++i)
            function(i);
    });
}

}  // namespace

Optimizer::Optimizer(std::vector<OptimizerParameter> parameters, const Memory& memory) {
    for (auto& [name, parameter, weightDecay, rateFactor] : parameters) {
        if (!parameter.requires_grad())
            continue;
        TORCH_CHECK(parameter.scalar_type() == torch::kFloat32, "optimizers keep float32 weights; \"", name, "\" is ",
                    parameter.scalar_type());
        TORCH_CHECK(parameter.is_contiguous(), "\"", name, "\" is not contiguous");
        m_slots.push_back({.name = std::move(name),
                           .parameter = parameter,
                           .memory = memory(parameter.detach()),
                           .decay = weightDecay,
                           .rate = rateFactor});
    }
}

double Optimizer::gradNorm() const {
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
        addPieces(pieces, grads.size() - 1, grad.numel());
    }
    std::vector<double> sums(pieces.size());
    spread(pieces, [&](std::size_t i) {
        sums[i] = kernels::sumOfSquares(bits<const float>(grads[pieces[i].tensor]), pieces[i].begin, pieces[i].end);
    });
    double total = elsewhere;
    for (const double sum : sums)  // in order: the same for any number of threads
        total += sum;
    return std::sqrt(total);
}

double Optimizer::clipScale(double norm, double maxNorm) {
    return maxNorm > 0 && norm > maxNorm ? std::min(1.0, maxNorm / (norm + 1e-6)) : 1.0;
}

void Optimizer::step(double lr, double clipScale) {
    const torch::NoGradGuard noGrad;
    ++m_steps;
    std::vector<Work> work;
    for (const Slot& slot : m_slots) {
        const Tensor grad = slot.parameter.grad();
        if (!grad.defined())
            continue;
        if (slot.parameter.is_cpu())
            work.push_back({&slot, grad.to(torch::kFloat32).contiguous()});
        else
            updateByTorch(slot, grad.to(torch::kFloat32), lr, clipScale);
    }
    update(work, lr, clipScale);
    for (const Work& each : work)
        bumpVersion(each.slot->parameter);
}

void Optimizer::forPieces(const std::vector<Work>& work,
                          const std::function<void(const Work&, std::int64_t, std::int64_t)>& function) {
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < work.size(); ++i)
        addPieces(pieces, i, work[i].grad.numel());
    spread(pieces, [&](std::size_t i) { function(work[pieces[i].tensor], pieces[i].begin, pieces[i].end); });
}

void Optimizer::zeroGrad() {
    for (Slot& slot : m_slots)
        slot.parameter.mutable_grad() = Tensor();
}

Optimizer::NamedTensors Optimizer::state() const {
    NamedTensors all;
    all.emplace_back("step", torch::tensor({m_steps}, torch::kInt64));
    for (const Slot& slot : m_slots)
        for (const auto& [kind, tensor] : slot.memory)
            all.emplace_back(kind + "." + slot.name, tensor);
    return all;
}

Result<> Optimizer::loadState(const NamedTensors& state) {
    std::map<std::string, Tensor> byName(state.begin(), state.end());
    const auto step = byName.find("step");
    if (step == byName.end() || step->second.numel() != 1 || step->second.scalar_type() != torch::kInt64 ||
        step->second.item<std::int64_t>() < 0)
        return fail(ErrorCode::InvalidInput, "the optimizer's state has no step count; start the run anew");
    for (const Slot& slot : m_slots)
        for (const auto& [kind, tensor] : slot.memory) {
            const auto found = byName.find(kind + "." + slot.name);
            if (found == byName.end() || found->second.sizes() != tensor.sizes() ||
                found->second.scalar_type() != tensor.scalar_type())
                return fail(ErrorCode::InvalidInput,
                            fmt::format("the optimizer's state does not fit the model: {}.{} is missing or of another "
                                        "shape; start the run anew",
                                        kind, slot.name));
        }
    const torch::NoGradGuard noGrad;
    for (Slot& slot : m_slots)
        for (auto& [kind, tensor] : slot.memory)
            tensor.copy_(byName[kind + "." + slot.name]);
    m_steps = step->second.item<std::int64_t>();
    return {};
}

}  // namespace lathe::nn
