// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights kept as int8 with scales: bitsandbytes' LLM.int8 and compressed-tensors' integer tables become numbers when
// they are read. Everything else that quantization_config can claim is refused by name.
// \source Dettmers et al. arXiv:2208.07339 (row-wise absmax), compressed-tensors "int-quantized"
#pragma once

#include <functional>
#include <string>

#include "core/json.h"
#include "core/result.h"
#include "nn/weights_reader.h"

namespace lathe::nn {

class Network;

/// Numbers as int8 with one scale a row: number = table * scale.
struct Int8Rows {
    torch::Tensor table;  ///< [out, in] int8
    torch::Tensor scale;  ///< [out] float32
};
/// Row-wise absmax to 127, a few rows at a time. \p rows [out, in] of any floating type. \p done is told of the rows
/// [from, to) that were read.
Int8Rows quantiseRows(const torch::Tensor& rows,
                      const std::function<void(std::int64_t from, std::int64_t to)>& done = {});

/// Linear layers of \p network as int8 with a scale for each row, where they are not yet: for generating, not for
/// training. A decoder's head over the vocabulary as well, together with embeddings that share its weight, unless an
/// adapter stands on these; of other networks what makes tokens or labels stays as it is.
void holdInInt8(Network& network);

/// Whether the weights that \p config describes can be read. \returns Unsupported: names the scheme and says what to
/// do; Parse.
Result<> checkQuantization(const Json& config);
/// Whether \p name only helps to read an int8 tensor of the same layer: its scales, zero points or format.
bool isInt8Companion(const WeightsReader& reader, const std::string& name);
/// The numbers of an int8 tensor, [out, in] in float32 or the scales' type; undefined when it has no scales.
/// \returns Unsupported (scales of another layout), InvalidInput (scales of another size).
Result<torch::Tensor> dequantise(const WeightsReader& reader, const std::string& name);
/// Whether the scales are bitsandbytes', which turns [in, out] layers around before it packs them.
bool isBitsAndBytes(const WeightsReader& reader, const std::string& name);

}  // namespace lathe::nn
