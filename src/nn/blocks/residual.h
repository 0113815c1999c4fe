// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The residual stream of layers whose norm stands before or behind each sublayer.
// \source Xiong et al. arXiv:2002.04745
#pragma once

#include <torch/types.h>

#include "nn/blocks/layers.h"

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
    /// What leaves a stack of thenNorm layers. [B, T, C]
    const torch::Tensor& value() const { return m_pending; }

private:
    torch::Tensor m_pending, m_sum;
    double m_dropout;
    torch::ScalarType m_type;
};

}  // namespace lathe::nn
