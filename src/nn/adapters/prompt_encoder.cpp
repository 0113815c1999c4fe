// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/adapters/prompt_encoder.h"

#include <fmt/format.h>

namespace lathe::nn {

using torch::Tensor;

Tensor addHidden(const AdapterBuild& build, AdapterParts& parts, const std::string& name,
                 const std::vector<std::int64_t>& shape, const AdapterTensors::Draw& draw) {
    return parts.add(build.tensors.take({}, name, shape, draw));
}

std::function<Tensor(const Tensor&)> addDenseStack(const AdapterBuild& build, AdapterParts& parts,
                                                   const std::string& stem, const std::vector<std::int64_t>& widths,
                                                   Tensor (*activation)(const Tensor&)) {
    std::vector<std::pair<Tensor, Tensor>> layers;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
        const std::string name = fmt::format("{}.{}", stem, 2 * i);
        const auto draw = linearDraw(widths[i]);
        const Tensor weight = addHidden(build, parts, name + ".weight", {widths[i + 1], widths[i]}, draw);
        layers.emplace_back(weight, addHidden(build, parts, name + ".bias", {widths[i + 1]}, draw));
    }
    return [layers, activation](const Tensor& x) {
        Tensor y = x;  // [P, ...]
        for (std::size_t i = 0; i < layers.size(); ++i) {
            y = at::linear(y, layers[i].first, layers[i].second);
            if (i + 1 < layers.size())
                y = activation(y);
        }
        return y;
    };
}

std::function<Tensor(const Tensor&)> addLstm(const AdapterBuild& build, AdapterParts& parts, const std::string& stem,
                                             const LstmShape& shape) {
    std::vector<Tensor> weights;  // in cuDNN's order: per layer and direction w_ih, w_hh, b_ih, b_hh
    for (std::int64_t layer = 0; layer < shape.layers; ++layer)
        for (const char* direction : {"", "_reverse"}) {
            const std::string end = fmt::format("_l{}{}", layer, direction);
            const auto draw = linearDraw(shape.hidden);
            const std::int64_t in = layer == 0 ? shape.in : 2 * shape.hidden;
            weights.push_back(addHidden(build, parts, stem + ".weight_ih" + end, {4 * shape.hidden, in}, draw));
            weights.push_back(
                addHidden(build, parts, stem + ".weight_hh" + end, {4 * shape.hidden, shape.hidden}, draw));
            weights.push_back(addHidden(build, parts, stem + ".bias_ih" + end, {4 * shape.hidden}, draw));
            weights.push_back(addHidden(build, parts, stem + ".bias_hh" + end, {4 * shape.hidden}, draw));
        }
    return [weights, shape, network = &build.network](const Tensor& x) {
        const Tensor begin = torch::zeros({2 * shape.layers, 1, shape.hidden}, x.options().requires_grad(false));
        const Tensor y = std::get<0>(torch::lstm(x.unsqueeze(0), {begin, begin}, weights, true, shape.layers,
                                                 shape.dropout, network->is_training(), true, true));
        return y.squeeze(0);  // [P, 2 hidden]
    };
}

void saveEncoded(AdapterParts& parts, PromptEncoder encoder, std::size_t firstOther) {
    const std::vector<AdapterTensor> others(parts.tensors.begin() + static_cast<std::ptrdiff_t>(firstOther),
                                            parts.tensors.end());
    parts.saved = [encoder = std::move(encoder), others] {
        std::vector<AdapterTensor> all = others;
        all.push_back({"prompt_embeddings", "", encoder().detach().contiguous(), torch::kFloat32});
        return all;
    };
}

}  // namespace lathe::nn
