// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// mT5: T5 1.1 over a hundred languages.
#include "nn/arch/t5_network.h"

namespace lathe::nn {

ArchitectureEntry mt5() {
    T5Family family;
    family.modelType = "mt5";
    family.title = "mT5";
    family.source = "arXiv:2010.11934";
    family.className = "MT5ForConditionalGeneration";
    family.vocabSize = 250112;
    family.feedForward = 1024;
    family.layers = 8;
    family.heads = 6;
    family.feedForwardKind = "gated-gelu";
    family.decoderStartId = 0;
    return t5Entry(family);
}

}  // namespace lathe::nn
