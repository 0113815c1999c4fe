// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerAdapter: what an adapter adds to one linear or embedding layer while it is switched on.
#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

namespace lathe::nn {

class LayerAdapter {
public:
    virtual ~LayerAdapter() = default;
    /// Whether the layer itself must read something else than x (IA3 on feed-forward layers).
    virtual bool changesInput() const { return false; }
    /// What the layer reads in place of \p x. Same shape.
    virtual torch::Tensor input(const torch::Tensor& x) { return x; }
    /// What leaves the layer in place of \p y = layer(input(x)). \p x [..., in], or ids [...] int64 of an embedding.
    virtual torch::Tensor output(const torch::Tensor& x, const torch::Tensor& y) = 0;
};

/// In the order in which they were switched on; each sees what the ones before made.
using LayerAdapters = std::vector<std::shared_ptr<LayerAdapter>>;

inline torch::Tensor adaptedOutput(const LayerAdapters& adapters, const torch::Tensor& x, torch::Tensor y) {
    for (const auto& adapter : adapters)
        y = adapter->output(x, y);
    return y;
}

}  // namespace lathe::nn
