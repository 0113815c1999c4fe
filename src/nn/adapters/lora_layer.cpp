// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/adapters/lora_layer.h"

#include "nn/dropout.h"
#include "nn/ops/low_rank.h"

namespace lathe::nn {

using torch::Tensor;

/// What comes on top of the layer's own output, before scaling: [..., out]. \p x [..., in], or ids of an embedding.
Tensor LowRankLayer::addition(const Tensor& x) const {
    const LowRankTensors& t = m_tensors;
    if (m_on.embedding)
        return at::linear(at::embedding(t.a.t(), x), t.b);  // [..., R] -> [..., C]
    const Tensor a = t.e.defined() ? t.a * t.e : t.a;       // [R, in]
    return at::linear(at::linear(x, a), t.b, t.bBias);      // [..., out]
}

Tensor LowRankLayer::output(const Tensor& x, const Tensor& y) {
    const LowRankTensors& t = m_tensors;
    if (m_on.linear && !t.magnitude.defined() && !t.bBias.defined() && canAddLowRank(y))
        return addLowRank(x, y,
                          {t.e.defined() ? t.a * t.e : t.a, t.b, m_options.scaling * m_strength,
                           isDropping() ? m_options.dropout : 0});
    if (m_on.linear && m_tensors.magnitude.defined() && !t.bBias.defined() && canAddLowRank(y))
        return scaledInBf16(x, y);
    const Tensor read = m_on.embedding ? x
                        : isDropping() ? dropout(x.to(torch::kFloat32), m_options.dropout)
                                       : x.to(torch::kFloat32);
    if (m_tensors.magnitude.defined())
        return scaledDirection(x, read, y);
    const Tensor sum = y.to(torch::kFloat32) + addition(read) * (m_options.scaling * m_strength);
    return sum.to(y.scalar_type());
}

/// DoRA's output. The lengths count as constants in the gradient (section 4.3 of the paper).
Tensor LowRankLayer::scaledDirection(const Tensor& x, const Tensor& read, const Tensor& y) const {
    const Tensor out = y.to(torch::kFloat32), added = addition(read) * m_options.scaling;  // [..., out]
    Tensor ratio;                                                                          // [out]
    {
        const Tensor weight = m_on.linear ? m_on.linear->matrix() : m_on.embedding->weight;
        ratio = m_tensors.magnitude / lengths(weight.detach().to(torch::kFloat32));
    }
    if (m_on.embedding)
        return (ratio * (out + added)).to(y.scalar_type());
    const Tensor& bias = m_on.linear->bias;
    Tensor plain;  // W x without the bias
    if (isDropping() || m_on.linear->adapters.front().get() != this)
        plain = at::linear(isDropping() ? read : x.to(torch::kFloat32), m_on.linear->matrix().to(torch::kFloat32));
    else
        plain = bias.defined() ? out - bias.to(torch::kFloat32) : out;
    return (out + (ratio - 1) * plain + ratio * added).to(y.scalar_type());
}

/// The same without a tensor in float32. (ratio - 1) is small, so that bfloat16 holds it well, and 1 stays 1.
Tensor LowRankLayer::scaledInBf16(const Tensor& x, const Tensor& y) const {
    const Tensor rows = x.to(torch::kBFloat16);
    const Tensor read = isDropping() ? dropout(rows, m_options.dropout) : rows;
    const Tensor sum = addLowRank(read, y, {m_tensors.a, m_tensors.b, m_options.scaling, 0});
    // W x of what the addition reads, and the addition, without the bias.
    Tensor direction = sum;
    if (isDropping() || m_on.linear->adapters.front().get() != this)
        direction = m_on.linear->base(read) + (sum - y);
    if (m_on.linear->bias.defined())
        direction = direction - m_on.linear->bias.to(torch::kBFloat16);
    const Tensor ratio = m_tensors.magnitude / lengths(m_on.linear->matrix().detach().to(torch::kFloat32));
    return sum + direction * (ratio - 1).to(torch::kBFloat16);
}

Tensor LowRankLayer::delta() const {
    const LowRankTensors& t = m_tensors;
    const Tensor product = t.b.matmul(t.e.defined() ? t.a * t.e : t.a) * m_options.scaling;  // [out, in]
    return m_on.embedding ? product.t() : product;
}

Tensor LowRankLayer::lengths(const Tensor& weight) const {
    const torch::NoGradGuard noGrad;
    return at::linalg_vector_norm(weight + delta(), 2, at::IntArrayRef({m_on.embedding ? 0 : 1}));
}

Result<MergedWeights> LowRankLayer::merged(const Tensor& weight, const Tensor& bias, double strength) const {
    const torch::NoGradGuard noGrad;
    MergedWeights result;
    if (m_tensors.magnitude.defined()) {
        if (strength != 1)
            return fail(ErrorCode::Unsupported, "DoRA cannot be scaled; merge it whole");
        const Tensor ratio = m_tensors.magnitude / lengths(weight);  // [out]
        result.weight = (weight + delta()) * (m_on.embedding ? ratio : ratio.unsqueeze(1));
        return result;
    }
    result.weight = weight + delta() * strength;
    if (!m_tensors.bBias.defined())
        return result;
    if (!bias.defined())
        return fail(ErrorCode::Unsupported, "\"" + m_on.path +
                                                "\" has no bias that lora_bias could be merged into; keep the adapter "
                                                "beside the model");
    result.bias = bias + m_tensors.bBias * (m_options.scaling * strength);
    return result;
}

bool LowRankLayer::setStrength(double strength) {
    if (strength != 1 && m_tensors.magnitude.defined())
        return false;
    m_strength = strength;
    return true;
}

}  // namespace lathe::nn
