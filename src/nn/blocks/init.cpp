// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fresh weights. \source Devlin et al. arXiv:1810.04805 (initializer_range), transformers PreTrainedModel._init_weights
#include "nn/blocks/init.h"

namespace lathe::nn {

namespace {

thread_local int t_unset = 0;

}  // namespace

UnsetWeights::UnsetWeights() {
    ++t_unset;
}

UnsetWeights::~UnsetWeights() {
    --t_unset;
}

bool UnsetWeights::isActive() {
    return t_unset > 0;
}

void initialiseParameter(std::string_view name, torch::Tensor parameter, double range) {
    torch::NoGradGuard noGrad;
    if (name.ends_with("bias"))
        parameter.zero_();
    else if (parameter.dim() < 2)
        parameter.fill_(1);
    else
        parameter.normal_(0, range);
}

void initialise(torch::nn::Module& network, double range, torch::Tensor embedding, std::int64_t padRow) {
    if (UnsetWeights::isActive())
        return;
    for (auto& parameter : network.named_parameters())
        initialiseParameter(parameter.key(), parameter.value(), range);
    torch::NoGradGuard noGrad;
    if (padRow >= 0 && padRow < embedding.size(0))
        embedding[padRow].zero_();
}

}  // namespace lathe::nn
