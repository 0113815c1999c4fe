// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// mBART, for translation between many languages.
#include "nn/arch/bart_network.h"

namespace lathe::nn {

ArchitectureEntry mbart() {
    BartFamily family;
    family.modelType = "mbart";
    family.title = "mBART";
    family.source = "arXiv:2001.08210";
    family.className = "MBartForConditionalGeneration";
    family.normBefore = true;
    return bartEntry(family);
}

}  // namespace lathe::nn
