// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// XLM-RoBERTa: RoBERTa over a vocabulary of a hundred languages. \source Conneau et al. arXiv:1911.02116
#include "nn/arch/roberta.h"

namespace lathe::nn {

ArchitectureEntry xlmRoberta() {
    return robertaFamily("xlm-roberta", "XLM-RoBERTa", "arXiv:1911.02116", "XLMRoberta");
}

}  // namespace lathe::nn
