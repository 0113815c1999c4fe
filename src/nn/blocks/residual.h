// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The residual stream of layers whose norm stands before or behind each sublayer.
// \source Xiong et al. arXiv:2002.04745
#pragma once

#include <torch/types.h>

#include <vector>

#include "nn/blocks/layers.h"
#include "nn/blocks/recompute.h"

namespace lathe::nn {

/// A stream and what the last sublayer adds to it, so that each addition is done together with the norm behind it.
class ResidualStream {
public:
    /// \p x [B, T, C]; \p dropout of what joins the stream; \p type that sublayers compute in.
    ResidualStream(torch::Tensor x, double dropout, torch::ScalarType type)
        : m_pending(std::move(x)), m_dropout(dropout), m_type(type) {}

    /// x + f(norm(x)). \p f [B, T, C] -> [B, T, C]
    template <class F>
    void normThen(const Norm& norm, F&& f) {
        const Normalised in = norm.add(m_pending, m_sum, m_sum.defined() ? m_dropout : 0, m_type);
        m_pending = f(in.out);
        m_sum = in.sum;
    }
    /// norm(x + f(x))
    template <class F>
    void thenNorm(const Norm& norm, F&& f) {
        m_pending = norm.add(f(m_pending), m_pending, m_dropout).out;
    }
    /// norm(x): what leaves a stack of normThen layers. [B, T, C] float32
    torch::Tensor finish(const Norm& norm) const {
        return norm.add(m_pending, m_sum, m_sum.defined() ? m_dropout : 0).out;
    }
    /// Through \p layer, a function of a stream, of which only what enters is kept where layers are recomputed.
    /// \p shared: up to two tensors that gradients reach it through besides the stream; it gets them back.
    template <class F>
    void through(const std::vector<torch::Tensor>& shared, F&& layer) {
        if (!recomputesLayers())
            return layer(*this, shared);
        std::vector<torch::Tensor> inputs{m_pending, m_sum};
        inputs.insert(inputs.end(), shared.begin(), shared.end());
        const auto whole = [layer, dropout = m_dropout, type = m_type,
                            count = shared.size()](const std::vector<torch::Tensor>& in) {
            ResidualStream stream(in[0], dropout, type);
            stream.m_sum = in[1];
            layer(stream, std::vector<torch::Tensor>(in.begin() + 2, in.begin() + 2 + static_cast<int>(count)));
            return std::vector<torch::Tensor>{stream.m_pending, stream.m_sum};
        };
        const std::vector<torch::Tensor> out = recomputed(inputs, whole);
        m_pending = out[0];
        m_sum = out[1];
    }
    /// What leaves a stack of thenNorm layers. [B, T, C]
    const torch::Tensor& value() const { return m_pending; }

private:
    torch::Tensor m_pending, m_sum;
    double m_dropout;
    torch::ScalarType m_type;
};

}  // namespace lathe::nn
