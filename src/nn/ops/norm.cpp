// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// addNormalise as an autograd function over the kernel; plain torch ops on other devices.
#include "nn/ops/norm.h"

#include <torch/csrc/autograd/custom_function.h>

#include "nn/dropout.h"
#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

const float* floats(const Tensor& tensor) {
    return tensor.defined() ? bits<const float>(tensor) : nullptr;
}

struct NormFunction : torch::autograd::Function<NormFunction> {
    static variable_list forward(AutogradContext* context, const Tensor& x, const OptionalTensor& maybeResidual,
                                 const Tensor& gamma, const OptionalTensor& maybeBeta, double epsilon, bool rms,
                                 double probability, std::int64_t key, std::int64_t outputType) {
        const Tensor residual = valueOf(maybeResidual), beta = valueOf(maybeBeta);
        const Tensor in = x.contiguous();
        const Tensor base = residual.defined() ? residual.contiguous() : residual;
        const std::int64_t channels = in.size(-1), rows = in.numel() / channels;
        const kernels::NormShape shape{channels, static_cast<float>(epsilon), rms};
        const kernels::Dropout drop{static_cast<std::uint64_t>(key), static_cast<float>(probability)};
        Tensor sum = torch::empty(in.sizes(), torch::kFloat32);
        Tensor out = torch::empty(in.sizes(), static_cast<torch::ScalarType>(outputType));
        Tensor mean = torch::empty({rms ? 0 : rows}, torch::kFloat32), rstd = torch::empty({rows}, torch::kFloat32);
        onType(in, [&](auto inTag) {
            onType(out, [&](auto outTag) {
                using T = decltype(inTag);
                using U = decltype(outTag);
                forRows(rows, channels, [&](std::int64_t begin, std::int64_t end) {
                    kernels::normForward(shape, drop, begin, end, bits<const T>(in), floats(base), floats(gamma),
                                         floats(beta), bits<float>(sum), bits<U>(out), bits<float>(mean),
                                         bits<float>(rstd));
                });
            });
        });
        context->set_materialize_grads(false);
        context->save_for_backward({sum, gamma, mean, rstd});
        context->saved_data["epsilon"] = epsilon;
        context->saved_data["rms"] = rms;
        context->saved_data["p"] = probability;
        context->saved_data["key"] = key;
        context->saved_data["type"] = static_cast<std::int64_t>(in.scalar_type());
        context->saved_data["residual"] = residual.defined();
        context->saved_data["beta"] = beta.defined();
        return {sum, out};
    }

    static variable_list backward(AutogradContext* context, variable_list grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &sum = saved[0], &gamma = saved[1], &mean = saved[2], &rstd = saved[3];
        const std::int64_t channels = sum.size(-1), rows = sum.numel() / channels;
        const kernels::NormShape shape{channels, static_cast<float>(context->saved_data["epsilon"].toDouble()),
                                       context->saved_data["rms"].toBool()};
        const kernels::Dropout drop{static_cast<std::uint64_t>(context->saved_data["key"].toInt()),
                                    static_cast<float>(context->saved_data["p"].toDouble())};
        const auto type = static_cast<torch::ScalarType>(context->saved_data["type"].toInt());
        if (!grads[1].defined() && !grads[0].defined())
            return variable_list(9);
        const Tensor gradOut = grads[1].defined() ? grads[1].contiguous() : torch::zeros_like(sum);
        const Tensor gradSum = grads[0].defined() ? grads[0].contiguous() : Tensor();
        Tensor gradResidual = torch::empty_like(sum);
        // where nothing lies between x and the sum, both gradients are the same tensor
        const bool own = drop.isOn() || type != torch::kFloat32;
        Tensor gradX = own ? torch::empty(sum.sizes(), type) : gradResidual;
        const std::int64_t threads = std::max<std::int64_t>(1, std::min<std::int64_t>(at::get_num_threads(), rows / 8));
        Tensor parts = torch::zeros({threads, 2, channels}, torch::kFloat32);
        const std::int64_t share = (rows + threads - 1) / threads;
        onType(gradOut, [&](auto outTag) {
            onType(gradX, [&](auto inTag) {
                using U = decltype(outTag);
                using T = decltype(inTag);
                at::parallel_for(0, threads, 1, [&](std::int64_t from, std::int64_t to) {
                    for (std::int64_t part = from; part < to; ++part) {
                        float* sums = bits<float>(parts) + part * 2 * channels;
                        kernels::normBackward(shape, drop, part * share, std::min(rows, (part + 1) * share),
                                              bits<const U>(gradOut), floats(gradSum), floats(sum), floats(gamma),
                                              floats(mean), floats(rstd), bits<float>(gradResidual),
                                              own ? bits<T>(gradX) : nullptr, sums,
                                              context->saved_data["beta"].toBool() ? sums + channels : nullptr);
                    }
                });
            });
        });
        const Tensor total = threads == 1 ? parts[0] : parts.sum(0);  // [2, C]
        return {gradX,    context->saved_data["residual"].toBool() ? gradResidual : Tensor(),
                total[0], context->saved_data["beta"].toBool() ? total[1] : Tensor(),
                {},       {},
                {},       {},
                {}};
    }
};

Normalised compositeNorm(const Tensor& x, const Tensor& residual, const Tensor& gamma, const Tensor& beta,
                         const NormOptions& options) {
    Tensor sum = dropout(x, options.dropout).to(torch::kFloat32);
    if (residual.defined())
        sum = sum + residual;
    const Tensor scale = gamma.to(torch::kFloat32);
    Tensor out;
    if (options.rms)
        out = sum * torch::rsqrt(sum.square().mean(-1, true) + options.epsilon) * scale;
    else
        out = torch::layer_norm(sum, {sum.size(-1)}, scale, beta.defined() ? beta.to(torch::kFloat32) : beta,
                                options.epsilon);
    return {sum, out.to(options.output)};
}

}  // namespace

Normalised addNormalise(const Tensor& x, const Tensor& residual, const Tensor& gamma, const Tensor& beta,
                        const NormOptions& options) {
    if (!hasKernel(x) || (options.output != torch::kFloat32 && options.output != torch::kBFloat16))
        return compositeNorm(x, residual, gamma, beta, options);
    const Tensor scale = gamma.to(torch::kFloat32);
    const Tensor shift = beta.defined() ? beta.to(torch::kFloat32) : beta;
    const kernels::Dropout drop = nextDropout(options.dropout);
    const variable_list both = NormFunction::apply(x, optionalOf(residual), scale, optionalOf(shift), options.epsilon,
                                                   options.rms, options.dropout, static_cast<std::int64_t>(drop.key),
                                                   static_cast<std::int64_t>(options.output));
    return {both[0], both[1]};
}

}  // namespace lathe::nn
