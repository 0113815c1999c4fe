// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Attention: two batched products around one softmax kernel, with its own backward.
// \source Vaswani et al. arXiv:1706.03762 eq. 1, Ainslie et al. arXiv:2305.13245 (grouped queries)
#include "nn/ops/attention.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "nn/dropout.h"
#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Grouped queries need no copies of keys: the H / G query heads of a group are rows of one product.
Tensor groupRows(const Tensor& x, std::int64_t groups) {
    const std::int64_t b = x.size(0), rows = x.size(1) / groups * x.size(2);
    return x.reshape({b * groups, rows, x.size(3)});  // [B * G, H / G * T, D]
}

/// The numbers of an AttentionMask and its scores, in a form that autograd can keep.
struct Span {
    bool causal = false;
    std::int64_t past = 0, window = 0;
    double scale = 0, softcap = 0;

    void save(AutogradContext* context) const {
        context->saved_data["causal"] = causal;
        context->saved_data["past"] = past;
        context->saved_data["window"] = window;
        context->saved_data["scale"] = scale;
        context->saved_data["softcap"] = softcap;
    }
    static Span of(AutogradContext* context) {
        return {context->saved_data["causal"].toBool(), context->saved_data["past"].toInt(),
                context->saved_data["window"].toInt(), context->saved_data["scale"].toDouble(),
                context->saved_data["softcap"].toDouble()};
    }
    kernels::AttentionSpan over(const Tensor& q, std::int64_t keys, const Tensor& keyMask, const Tensor& bias) const {
        kernels::AttentionSpan span;
        span.rowsPerBatch = q.size(1) * q.size(2);
        span.queries = q.size(2);
        span.keys = keys;
        span.keyMask = keyMask.defined() ? bits<const std::uint8_t>(keyMask) : nullptr;
        span.causal = causal;
        span.past = past;
        span.window = window;
        span.scale = static_cast<float>(scale);
        span.softcap = static_cast<float>(softcap);
        span.bias = bias.defined() ? bits<const float>(bias) : nullptr;
        span.biasStride = bias.defined() && bias.size(0) > 1 ? span.rowsPerBatch * keys : 0;
        return span;
    }
};

double scaleOf(const AttentionScores& scores, const Tensor& q) {
    return scores.scale != 0 ? scores.scale : 1.0 / std::sqrt(static_cast<double>(q.size(3)));
}

struct Probabilities {
    Tensor p, dropped;  ///< the same tensor without dropout
    Tensor slope;       ///< derivative of the softcap; undefined without one
};

/// Uses up the scores.
Probabilities softmaxOf(const Tensor& scores, const kernels::AttentionSpan& span, kernels::Dropout drop) {
    Probabilities out{scores, scores, {}};
    if (drop.isOn())
        out.dropped = torch::empty_like(scores);
    if (span.softcap > 0)
        out.slope = torch::zeros_like(scores);
    onType(scores, [&](auto tag) {
        using T = decltype(tag);
        forRows(scores.numel() / span.keys, span.keys * 4, [&](std::int64_t begin, std::int64_t end) {
            std::vector<float> scratch(static_cast<std::size_t>(span.keys));
            kernels::attentionSoftmax(span, drop, begin, end, bits<const T>(scores), bits<T>(out.p),
                                      bits<T>(out.dropped), out.slope.defined() ? bits<T>(out.slope) : nullptr,
                                      scratch.data());
        });
    });
    return out;
}

struct AttentionFunction : torch::autograd::Function<AttentionFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& q, const Tensor& k, const Tensor& v,
                          const OptionalTensor& maybeMask, const OptionalTensor& maybeBias, const Span& shape,
                          double probability, std::int64_t key) {
        const Tensor keyMask = valueOf(maybeMask), bias = valueOf(maybeBias);
        const std::int64_t groups = k.size(1), keys = k.size(2), d = q.size(3);
        const kernels::Dropout drop{static_cast<std::uint64_t>(key), static_cast<float>(probability)};
        const kernels::AttentionSpan span = shape.over(q, keys, keyMask, bias);
        const Tensor rows = groupRows(q, groups);
        const Tensor k3 = k.reshape({-1, keys, d}), v3 = v.reshape({-1, keys, d});  // [B * G, S, D]
        const auto [p, dropped, slope] = softmaxOf(at::bmm(rows, k3.transpose(1, 2)), span, drop);
        context->save_for_backward({q, k, v, p, dropped, keyMask, slope});
        shape.save(context);
        context->saved_data["biasRows"] = bias.defined() ? bias.size(0) : std::int64_t{0};
        context->saved_data["p"] = probability;
        context->saved_data["key"] = key;
        return at::bmm(dropped, v3).view(q.sizes());  // [B, H, T, D]
    }

    static variable_list backward(AutogradContext* context, variable_list grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &p = saved[3], &dropped = saved[4], &slope = saved[6];
        const std::int64_t groups = k.size(1), keys = k.size(2), d = q.size(3);
        const kernels::Dropout drop{static_cast<std::uint64_t>(context->saved_data["key"].toInt()),
                                    static_cast<float>(context->saved_data["p"].toDouble())};
        const kernels::AttentionSpan span = Span::of(context).over(q, keys, saved[5], {});
        const Tensor gradOut = groupRows(grads[0].contiguous(), groups);
        const Tensor rows = groupRows(q, groups);
        const Tensor k3 = k.reshape({-1, keys, d}), v3 = v.reshape({-1, keys, d});  // [B * G, S, D]
        const Tensor gradV = at::bmm(dropped.transpose(1, 2), gradOut);             // [B * G, S, D]
        const Tensor gradScores = at::bmm(gradOut, v3.transpose(1, 2));             // [B * G, H / G * T, S]
        onType(gradScores, [&](auto tag) {
            using T = decltype(tag);
            forRows(gradScores.numel() / keys, keys * 4, [&](std::int64_t begin, std::int64_t end) {
                std::vector<float> scratch(static_cast<std::size_t>(keys));
                kernels::attentionSoftmaxBackward(span, drop, begin, end, bits<const T>(gradScores), bits<const T>(p),
                                                  slope.defined() ? bits<const T>(slope) : nullptr, bits<T>(gradScores),
                                                  scratch.data());
            });
        });
        const Tensor gradQ = at::bmm(gradScores, k3);
        const Tensor gradK = at::bmm(gradScores.transpose(1, 2), rows);
        const std::int64_t biasRows = context->saved_data["biasRows"].toInt();
        Tensor gradBias;  // [1 or B, H, T, S]: the scores' gradient before it was scaled
        if (biasRows > 0) {
            gradBias = gradScores.view({q.size(0), q.size(1), q.size(2), keys}).to(torch::kFloat32);
            gradBias = (biasRows == 1 ? gradBias.sum(0, true) : gradBias) / static_cast<double>(span.scale);
        }
        return {gradQ.view(q.sizes()), gradK.view(k.sizes()), gradV.view(v.sizes()), {}, gradBias, {}, {}, {}};
    }
};

Tensor compositeAttention(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionMask& mask,
                          double probability, const AttentionScores& how) {
    const std::int64_t repeat = q.size(1) / k.size(1), t = q.size(2), s = k.size(2);
    const Tensor keys = repeat == 1 ? k : k.repeat_interleave(repeat, 1);                       // [B, H, S, D]
    const Tensor values = repeat == 1 ? v : v.repeat_interleave(repeat, 1);                     // [B, H, S, D]
    Tensor scores = at::matmul(q, keys.transpose(2, 3)).to(torch::kFloat32) * scaleOf(how, q);  // [B, H, T, S]
    if (how.softcap > 0)
        scores = torch::tanh(scores / how.softcap) * how.softcap;
    if (how.bias.defined())
        scores = scores + how.bias;
    const double hidden = std::numeric_limits<float>::lowest();
    if (mask.keys.defined())
        scores = scores.masked_fill(mask.keys.eq(0).view({q.size(0), 1, 1, s}), hidden);
    if (mask.causal) {
        const Tensor all = torch::ones({t, s}, q.options().dtype(torch::kBool));
        scores = scores.masked_fill(all.triu(mask.past + 1), hidden);
        if (mask.window > 0)
            scores = scores.masked_fill(all.tril(mask.past - mask.window), hidden);
    }
    return at::matmul(dropout(torch::softmax(scores, -1).to(q.scalar_type()), probability), values);
}

struct RotaryFunction : torch::autograd::Function<RotaryFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x, std::int64_t heads, const Tensor& positions,
                          const Tensor& cosines, const Tensor& sines) {
        const Tensor in = x.stride(2) == 1 && x.stride(0) == x.size(1) * x.stride(1) ? x : x.contiguous();
        TORCH_CHECK(2 * cosines.size(1) * heads <= in.size(2), "angles for ", 2 * cosines.size(1),
                    " coordinates, heads of ", in.size(2) / heads);
        const kernels::RotaryShape shape{in.size(1), heads, in.size(2) / heads, 2 * cosines.size(1), in.stride(1)};
        Tensor out = torch::empty({in.size(0), heads, in.size(1), shape.dimension}, in.options());  // [B, H, T, D]
        onType(in, [&](auto tag) {
            using T = decltype(tag);
            forRows(in.size(0) * in.size(1), in.size(2), [&](std::int64_t begin, std::int64_t end) {
                kernels::rotaryForward(shape, begin, end, bits<const T>(in), bits<const std::int64_t>(positions),
                                       bits<const float>(cosines), bits<const float>(sines), bits<T>(out));
            });
        });
        context->save_for_backward({positions, cosines, sines});
        return out;
    }

    static variable_list backward(AutogradContext* context, variable_list grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor gradOut = grads[0].contiguous();
        const std::int64_t b = gradOut.size(0), heads = gradOut.size(1), t = gradOut.size(2), d = gradOut.size(3);
        const kernels::RotaryShape shape{t, heads, d, 2 * saved[1].size(1), heads * d};
        Tensor gradIn = torch::empty({b, t, heads * d}, gradOut.options());
        onType(gradIn, [&](auto tag) {
            using T = decltype(tag);
            forRows(b * t, heads * d, [&](std::int64_t begin, std::int64_t end) {
                kernels::rotaryBackward(shape, begin, end, bits<const T>(gradOut), bits<const std::int64_t>(saved[0]),
                                        bits<const float>(saved[1]), bits<const float>(saved[2]), bits<T>(gradIn));
            });
        });
        return {gradIn, {}, {}, {}, {}};
    }
};

}  // namespace

Tensor keyMaskOf(const Tensor& mask) {
    if (!mask.defined() || mask.min().item<std::int64_t>() != 0)
        return {};
    return mask.ne(0).to(torch::kUInt8).contiguous();
}

Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v, const AttentionMask& mask, double probability,
              const AttentionScores& scores) {
    Tensor out;  // [B, H, T, D]
    // the kernel's backward pass knows one gradient of the scores; behind a cap the bias would need another
    if (hasKernel(q) && (scores.softcap == 0 || !scores.bias.defined())) {
        const Tensor bias =
            scores.bias.defined()
                ? scores.bias.expand({scores.bias.size(0), q.size(1), q.size(2), k.size(2)}).contiguous()
                : Tensor();
        const Span span{mask.causal, mask.past, mask.window, scaleOf(scores, q), scores.softcap};
        out = AttentionFunction::apply(q, k, v, optionalOf(mask.keys), optionalOf(bias), span, probability,
                                       static_cast<std::int64_t>(nextDropout(probability).key));
    } else {
        out = compositeAttention(q, k, v, mask, probability, scores);
    }
    return out.transpose(1, 2).reshape({q.size(0), q.size(2), q.size(1) * q.size(3)});  // [B, T, H * D]
}

Tensor splitHeads(const Tensor& x, std::int64_t heads) {
    const std::int64_t b = x.size(0), t = x.size(1);
    return x.reshape({b, t, heads, x.size(2) / heads}).transpose(1, 2).contiguous();  // [B, H, T, D]
}

Tensor rotateHeads(const Tensor& x, std::int64_t heads, const Tensor& positions, const Tensor& cosines,
                   const Tensor& sines) {
    if (hasKernel(x))
        return RotaryFunction::apply(x, heads, positions.contiguous(), cosines, sines);
    const std::int64_t b = x.size(0), t = x.size(1), d = x.size(2) / heads, half = cosines.size(1);
    const Tensor all = x.reshape({b, t, heads, d}).transpose(1, 2).to(torch::kFloat32);   // [B, H, T, D]
    const Tensor c = cosines.index_select(0, positions.flatten()).view({b, 1, t, half});  // [B, 1, T, R / 2]
    const Tensor s = sines.index_select(0, positions.flatten()).view({b, 1, t, half});    // [B, 1, T, R / 2]
    const Tensor first = all.slice(3, 0, half), second = all.slice(3, half, 2 * half);
    return torch::cat({first * c - second * s, second * c + first * s, all.slice(3, 2 * half)}, 3).to(x.scalar_type());
}

}  // namespace lathe::nn
