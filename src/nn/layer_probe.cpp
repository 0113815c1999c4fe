// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/layer_probe.h"

namespace lathe::nn {

thread_local LayerProbe* LayerProbe::t_probe = nullptr;

LayerProbe::LayerProbe() : m_before(t_probe) {
    t_probe = this;
}

LayerProbe::~LayerProbe() {
    t_probe = m_before;
}

void LayerProbe::look(const torch::nn::Module& layer, const torch::Tensor& output) {
    if (!m_bad && !isFinite(output))
        m_bad = &layer;
}

std::string LayerProbe::firstBad(const torch::nn::Module& network) const {
    if (!m_bad)
        return {};
    for (const auto& item : network.named_modules("", false))
        if (item.value().get() == m_bad)
            return item.key();
    return "the output layer";  // over tied embeddings: a part of the network, but none that is saved
}

bool isFinite(const torch::Tensor& tensor) {
    const torch::NoGradGuard noGrad;
    return !tensor.defined() || !tensor.is_floating_point() || at::isfinite(tensor).all().item<bool>();
}

}  // namespace lathe::nn
