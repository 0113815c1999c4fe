// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What every generating model folder is loaded into.
#pragma once

#include <memory>

#include "infer/text_model.h"
#include "nn/network.h"
#include "text/tokenizer.h"

namespace lathe::infer {

struct GeneratorParts {
    std::shared_ptr<nn::Network> network;
    std::shared_ptr<const text::Tokenizer> tokenizer;  ///< NoTokenizer for weights alone: ids in, ids out
    torch::Device device = torch::kCPU;
};

/// Counts the parameters into \p info.
Result<GeneratorParts> loadGenerator(ModelInfo& info, const LoadOptions& options);

}  // namespace lathe::infer
