// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// T5 in its versions 1.0 and 1.1, with FLAN-T5 and ByT5.
#include "nn/arch/t5_network.h"

namespace lathe::nn {

ArchitectureEntry t5() {
    T5Family family;
    family.modelType = "t5";
    family.title = "T5";
    family.source = "arXiv:1910.10683";
    family.className = "T5ForConditionalGeneration";
    family.vocabSize = 32128;
    family.feedForward = 2048;
    family.layers = 6;
    family.heads = 8;
    family.feedForwardKind = "relu";
    family.scalesOutputs = true;
    return t5Entry(family);
}

}  // namespace lathe::nn
