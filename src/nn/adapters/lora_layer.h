// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of LoRA, DoRA and AdaLoRA: low-rank additions to a linear or embedding layer. R = rank.
// \source Hu et al. arXiv:2106.09685; Liu et al. (DoRA) arXiv:2402.09353; Zhang et al. (AdaLoRA) arXiv:2303.10512
#pragma once

#include "nn/adapters/adapter_parts.h"

namespace lathe::nn {

struct LowRankTensors {
    torch::Tensor a;          ///< [R, in]
    torch::Tensor b;          ///< [out, R]
    torch::Tensor bBias;      ///< [out]; undefined without lora_bias
    torch::Tensor e;          ///< AdaLoRA's singular values [R, 1]; undefined otherwise
    torch::Tensor magnitude;  ///< DoRA's lengths [out]; undefined otherwise
};

struct LowRankOptions {
    double scaling = 1;
    double dropout = 0;  ///< of what the addition reads, while training
};

/// y + s B A dropout(x), and for DoRA (m / |W + s B A|) (W x + s B A x): the length of each row of the sum is m.
class LowRankLayer final : public AdaptedLayer {
public:
    LowRankLayer(const Network& network, AdaptableLayer on, LowRankTensors tensors, LowRankOptions options)
        : m_network(network), m_on(std::move(on)), m_tensors(std::move(tensors)), m_options(options) {}

    torch::Tensor output(const torch::Tensor& x, const torch::Tensor& y) override;
    Result<MergedWeights> merged(const torch::Tensor& weight, const torch::Tensor& bias,
                                 double strength) const override;
    bool setStrength(double strength) override;

    /// s B A: what is added to the weight, [out, in]; of an embedding [rows, C].
    torch::Tensor delta() const;
    /// |W + s B A| per output, [out] (embeddings: [C]), as fresh magnitudes begin. \p weight as merged() gets it.
    torch::Tensor lengths(const torch::Tensor& weight) const;

private:
    torch::Tensor addition(const torch::Tensor& x) const;
    torch::Tensor scaledDirection(const torch::Tensor& x, const torch::Tensor& read, const torch::Tensor& y) const;
    torch::Tensor scaledInBf16(const torch::Tensor& x, const torch::Tensor& y) const;
    bool isDropping() const { return m_options.dropout > 0 && m_network.is_training(); }

    const Network& m_network;
    AdaptableLayer m_on;
    LowRankTensors m_tensors;
    LowRankOptions m_options;
    double m_strength = 1;
};

}  // namespace lathe::nn
