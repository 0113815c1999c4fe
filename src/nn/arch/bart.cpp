// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BART, for summaries and other rewriting.
#include "nn/arch/bart_network.h"

namespace lathe::nn {

ArchitectureEntry bart() {
    BartFamily family;
    family.modelType = "bart";
    family.title = "BART";
    family.source = "arXiv:1910.13461";
    family.className = "BartForConditionalGeneration";
    family.decoderStartId = 2;
    return bartEntry(family);
}

}  // namespace lathe::nn
