// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the reference results of an adapter say about its parameters.
#pragma once

#include <torch/types.h>

#include <functional>
#include <string>
#include <vector>

#include "core/json.h"
#include "infer/detail/verify_report.h"
#include "nn/adapters/adapter.h"

namespace lathe::infer {

/// The reference's tensor of a name; undefined when it has none.
using FindTensor = std::function<torch::Tensor(const std::string& name)>;

/// Compares the names that train. \returns whether the reference trained the prompt through an encoder whose own
/// weights the folder does not hold (P-tuning, projected prefixes).
bool compareTrainable(const nn::Adapter& adapter, const Json& trainable, VerifyReport& report);

/// An encoder's last layer y = W h + b makes the prompt: the bias's gradient is the sum of the prompt's, and the rows
/// of the weight's lie in what the prompt's gradients span. That much can be compared without the encoder.
void compareEncodedPrompt(const nn::Adapter& adapter, const Json& trainable, const FindTensor& find, double tolerance,
                          VerifyReport& report);

}  // namespace lathe::infer
