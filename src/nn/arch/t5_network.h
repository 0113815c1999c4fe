// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// T5: pre-norm encoder-decoder with RMS norm, no biases, no score scale and relative positions.
// \source Raffel et al. arXiv:1910.10683, Shazeer arXiv:2002.05202 (v1.1); parameter names of transformers' modeling_t5
#pragma once

#include <string>

#include "nn/network.h"

namespace lathe::nn {

/// What the members of the family do not share: the defaults of keys that config.json leaves out.
struct T5Family {
    std::string modelType, title, source, className;
    std::int64_t vocabSize = 0, feedForward = 0, layers = 0, heads = 0;
    std::string feedForwardKind;
    std::int64_t decoderStartId = -1;
    bool scalesOutputs = false;  ///< whether the head may see states scaled by 1 / sqrt C
};

ArchitectureEntry t5Entry(const T5Family& family);

}  // namespace lathe::nn
