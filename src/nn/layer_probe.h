// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerProbe: where in a network the numbers first went bad.
// Thread: the probe is the calling thread's own.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <string>

namespace lathe::nn {

/// While one lives, embeddings, linear layers and norms show it what leaves them, adapters included. Costs a look at
/// every number; without one a layer costs nothing.
class LayerProbe {
public:
    LayerProbe();
    ~LayerProbe();
    LayerProbe(const LayerProbe&) = delete;
    LayerProbe& operator=(const LayerProbe&) = delete;

    /// Dotted, as checkpoints name it ("encoder.layer.3.output.dense"): the first layer in order of computing whose
    /// output held a NaN or an infinity. Empty = none. \p network: that was computed with.
    std::string firstBad(const torch::nn::Module& network) const;

    /// \returns \p output. Called by the layers.
    static const torch::Tensor& seen(const torch::nn::Module& layer, const torch::Tensor& output) {
        if (t_probe)
            t_probe->look(layer, output);
        return output;
    }

private:
    void look(const torch::nn::Module& layer, const torch::Tensor& output);

    static thread_local LayerProbe* t_probe;
    LayerProbe* m_before;
    const torch::nn::Module* m_bad = nullptr;
};

/// Whether any of its numbers is NaN or infinite. Undefined and integer tensors are fine.
bool isFinite(const torch::Tensor& tensor);

}  // namespace lathe::nn
