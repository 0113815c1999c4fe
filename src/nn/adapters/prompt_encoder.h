// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The networks that prompt kinds train through: the file keeps only what comes out of them.
#pragma once

#include <functional>

#include "nn/adapters/adapter_parts.h"

namespace lathe::nn {

/// Trains tensors of its own, which the file does not keep, and makes prompt_embeddings of them.
using PromptEncoder = std::function<torch::Tensor()>;

/// A stack of dense layers "STEM.I.weight" / "STEM.I.bias" with \p activation between them. \p widths: in, ..., out.
/// \p step: the distance of I between two layers.
std::function<torch::Tensor(const torch::Tensor&)> addDenseStack(const AdapterBuild& build, AdapterParts& parts,
                                                                 const std::string& stem,
                                                                 const std::vector<std::int64_t>& widths,
                                                                 torch::Tensor (*activation)(const torch::Tensor&));

struct LstmShape {
    std::int64_t in = 0, hidden = 0, layers = 1;
    double dropout = 0;
};
/// A bidirectional LSTM over the prompt's positions: [P, in] -> [P, 2 hidden].
std::function<torch::Tensor(const torch::Tensor&)> addLstm(const AdapterBuild& build, AdapterParts& parts,
                                                           const std::string& stem, const LstmShape& shape);

/// A tensor that trains and is not saved.
torch::Tensor addHidden(const AdapterBuild& build, AdapterParts& parts, const std::string& name,
                        const std::vector<std::int64_t>& shape, const AdapterTensors::Draw& draw);

/// Saves prompt_embeddings as \p encoder makes them, and what addOverrides() brought from \p firstOther on.
void saveEncoded(AdapterParts& parts, PromptEncoder encoder, std::size_t firstOther);

}  // namespace lathe::nn
