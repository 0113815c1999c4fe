// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/adapters/adalora_budget.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>

namespace lathe::nn {

using torch::Tensor;

namespace {

constexpr std::array<const char*, 3> kParts = {"lora_A", "lora_B", "lora_E"};

}  // namespace

std::string AdaLoraBudget::stateName(const char* what, std::size_t layer, std::size_t part) const {
    return fmt::format("{}.{}.{}", m_layers[layer].path, kParts[part], what);
}

AdaLoraBudget::AdaLoraBudget(AdaLoraSchedule schedule, std::vector<AdaLoraTriplets> layers)
    : m_schedule(schedule), m_layers(std::move(layers)) {
    m_smoothed.resize(m_layers.size() * 3);
    for (const AdaLoraTriplets& layer : m_layers)
        m_start += layer.e.defined() ? layer.e.size(0) : 0;
    m_target = m_schedule.targetRank * static_cast<std::int64_t>(m_layers.size());
}

std::pair<std::int64_t, bool> AdaLoraBudget::at(std::int64_t step) const {
    const AdaLoraSchedule& s = m_schedule;
    if (step <= s.warmup)
        return {m_start, false};
    if (step > s.totalSteps - s.final)
        return {m_target, true};
    const double span = static_cast<double>(s.totalSteps - s.final - s.warmup);
    const double left = 1 - static_cast<double>(step - s.warmup) / span;
    const double budget =
        static_cast<double>(m_start - m_target) * (left * left * left) + static_cast<double>(m_target);
    return {static_cast<std::int64_t>(budget), step % s.interval == 0};
}

void AdaLoraBudget::afterStep(std::int64_t step) {
    const torch::NoGradGuard noGrad;
    const std::int64_t last = m_schedule.totalSteps - m_schedule.final;
    if (m_schedule.totalSteps <= 0)
        return;
    if (step > last)
        return maskAgain();
    if (step < last)
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            learn(m_layers[i].a, m_smoothed[3 * i]);
            learn(m_layers[i].b, m_smoothed[3 * i + 1]);
            learn(m_layers[i].e, m_smoothed[3 * i + 2]);
        }
    const auto [budget, cuts] = at(step);
    if (cuts || step == last)
        cutTo(budget);
}

/// Importance = |w dw|, smoothed over steps, and how much it still moves.
void AdaLoraBudget::learn(const Tensor& parameter, Smoothed& smoothed) const {
    if (!smoothed.importance.defined()) {
        smoothed.importance = torch::zeros_like(parameter, parameter.options().requires_grad(false));
        smoothed.uncertainty = torch::zeros_like(smoothed.importance);
    }
    if (!parameter.grad().defined())
        return;
    const Tensor now = (parameter.detach() * parameter.grad()).abs();
    smoothed.importance = m_schedule.beta1 * smoothed.importance + (1 - m_schedule.beta1) * now;
    smoothed.uncertainty =
        m_schedule.beta2 * smoothed.uncertainty + (1 - m_schedule.beta2) * (now - smoothed.importance).abs();
}

void AdaLoraBudget::cutTo(std::int64_t budget) {
    std::vector<Tensor> scores;  // per layer [R]
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const auto score = [&](std::size_t part) {
            const Smoothed& smoothed = m_smoothed[3 * i + part];
            return smoothed.importance.defined() ? smoothed.importance * smoothed.uncertainty : Tensor();
        };
        const Tensor a = score(0), b = score(1), e = score(2);
        scores.push_back(a.defined()
                             ? a.mean(1) + b.mean(0) + e.view({-1})
                             : torch::zeros({m_layers[i].e.size(0)}, m_layers[i].e.options().requires_grad(false)));
    }
    const Tensor all = torch::cat(scores);
    const std::int64_t off = m_start - budget;
    if (off <= 0 || off > all.numel())
        return;
    const Tensor threshold = std::get<0>(all.kthvalue(off));
    m_on.clear();
    for (const Tensor& score : scores)
        m_on.push_back(score > threshold);
    maskAgain();
}

void AdaLoraBudget::maskAgain() {
    for (std::size_t i = 0; i < m_on.size(); ++i)
        m_layers[i].e.masked_fill_(m_on[i].logical_not().unsqueeze(1), 0);
}

std::vector<AdapterTensor> AdaLoraBudget::narrowed(const std::vector<AdapterTensor>& own,
                                                   const std::vector<AdapterTensor>& others) const {
    std::vector<AdapterTensor> all = own;
    for (std::size_t i = 0; i < m_on.size(); ++i) {
        const Tensor rows = m_on[i].nonzero().view({-1});  // [R'] int64
        for (const std::size_t part : {0, 1, 2}) {
            Tensor& value = all[3 * i + part].value;
            value = value.index_select(part == 1 ? 1 : 0, rows).contiguous();
        }
    }
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

NamedTensors AdaLoraBudget::state() const {
    NamedTensors all;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        for (std::size_t part = 0; part < kParts.size(); ++part)
            if (const Smoothed& smoothed = m_smoothed[3 * i + part]; smoothed.importance.defined()) {
                all.emplace_back(stateName("importance", i, part), smoothed.importance);
                all.emplace_back(stateName("uncertainty", i, part), smoothed.uncertainty);
            }
        if (!m_on.empty())
            all.emplace_back(m_layers[i].path + ".lora_E.on", m_on[i].to(torch::kUInt8));
    }
    return all;
}

Result<> AdaLoraBudget::loadState(const std::map<std::string, Tensor>& state) {
    std::vector<Smoothed> smoothed(m_smoothed.size());
    std::vector<Tensor> on;
    const auto find = [&](const std::string& name, const Tensor& like, torch::ScalarType type) -> Result<Tensor> {
        const auto found = state.find(name);
        if (found == state.end())
            return Tensor();
        if (found->second.numel() != like.numel())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("the checkpoint's budget does not fit this adapter: {} has another shape; start "
                                    "the run anew",
                                    name));
        return found->second.to(like.device(), type, false, true).view(like.sizes());
    };
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Tensor* of[] = {&m_layers[i].a, &m_layers[i].b, &m_layers[i].e};
        for (std::size_t part = 0; part < kParts.size(); ++part) {
            Smoothed& one = smoothed[3 * i + part];
            LATHE_TRY(one.importance, find(stateName("importance", i, part), *of[part], torch::kFloat32));
            LATHE_TRY(one.uncertainty, find(stateName("uncertainty", i, part), *of[part], torch::kFloat32));
        }
        LATHE_TRY(const Tensor kept, find(m_layers[i].path + ".lora_E.on", m_layers[i].e, torch::kBool));
        if (kept.defined())
            on.push_back(kept.view({-1}));
    }
    if (!on.empty() && on.size() != m_layers.size())
        return fail(ErrorCode::InvalidInput, "the checkpoint's budget is not whole; start the run anew");
    m_smoothed = std::move(smoothed);
    m_on = std::move(on);
    return {};
}

void AdaLoraBudget::describe(Json& config) const {
    if (m_on.empty())
        return;
    Json pattern = Json::object();
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Tensor on = m_on[i].cpu();
        Json list = Json::array();
        std::int64_t row = 0;
        for (const bool kept : m_layers[i].kept)
            list.push_back(kept && on[row++].item<bool>());
        pattern[m_layers[i].path + ".lora_E"] = std::move(list);
    }
    config["rank_pattern"] = std::move(pattern);
}

}  // namespace lathe::nn
