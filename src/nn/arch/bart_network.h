// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BART: encoder-decoder with learned positions; BART norms behind each sublayer, mBART before it.
// \source Lewis et al. arXiv:1910.13461, Liu et al. arXiv:2001.08210; parameter names of transformers' modeling_bart
#pragma once

#include <string>

#include "nn/network.h"

namespace lathe::nn {

struct BartFamily {
    std::string modelType, title, source, className;
    bool normBefore = false;           ///< and a norm behind each stack
    std::int64_t decoderStartId = -1;  ///< -1: the label's own last token (mBART's language) starts the decoder
};

ArchitectureEntry bartEntry(const BartFamily& family);

}  // namespace lathe::nn
