// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdaLoRA's budget: how important each triplet of A, E and B is, and which are switched off as training goes on.
// \source Zhang et al. arXiv:2303.10512, section 3; peft/tuners/adalora/layer.py (RankAllocator)
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "nn/adapters/adapter_tensors.h"

namespace lathe::nn {

struct AdaLoraSchedule {
    std::int64_t targetRank = 8;  ///< mean over the layers at the end
    std::int64_t totalSteps = 0;  ///< 0 = not known: the budget stays as it is
    std::int64_t warmup = 0;      ///< steps with the whole budget
    std::int64_t final = 0;       ///< steps at the end with the last budget
    std::int64_t interval = 1;    ///< steps between two cuts
    double beta1 = 0.85, beta2 = 0.85;
};

/// One layer's triplets: a [R, in], e [R, 1], b [out, R].
struct AdaLoraTriplets {
    std::string path;
    torch::Tensor a, b, e;
    std::vector<bool> kept;  ///< of the triplets it began with; the tensors hold the kept ones
};

class AdaLoraBudget {
public:
    AdaLoraBudget(AdaLoraSchedule schedule, std::vector<AdaLoraTriplets> layers);

    /// After the optimizer's step \p step (from 1), while gradients are still there.
    void afterStep(std::int64_t step);
    /// How many triplets may stay at a step, and whether that step cuts down to them.
    std::pair<std::int64_t, bool> at(std::int64_t step) const;

    /// \p own (A, B, E per layer) without the triplets that are switched off, then \p others.
    std::vector<AdapterTensor> narrowed(const std::vector<AdapterTensor>& own,
                                        const std::vector<AdapterTensor>& others) const;
    /// What the next cuts depend on: importances and which triplets are on. Nothing before the first step.
    NamedTensors state() const;
    /// \returns InvalidInput when a shape differs; nothing is changed then.
    Result<> loadState(const std::map<std::string, torch::Tensor>& state);
    /// Writes rank_pattern, once something was switched off.
    void describe(Json& config) const;

private:
    struct Smoothed {
        torch::Tensor importance, uncertainty;
    };
    void learn(const torch::Tensor& parameter, Smoothed& smoothed) const;
    std::string stateName(const char* what, std::size_t layer, std::size_t part) const;
    void cutTo(std::int64_t budget);
    void maskAgain();

    AdaLoraSchedule m_schedule;
    std::vector<AdaLoraTriplets> m_layers;
    std::vector<Smoothed> m_smoothed;        ///< three a layer: A, B, E
    std::vector<torch::Tensor> m_on;         ///< per layer [R] bool; empty before the first cut
    std::int64_t m_start = 0, m_target = 0;  ///< triplets of all layers
};

}  // namespace lathe::nn
