// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RoBERTa's network under the two names that checkpoints give it.
#pragma once

#include <string>

#include "nn/network.h"

namespace lathe::nn {

/// \p id: model_type, \p classPrefix: "Roberta" of RobertaForMaskedLM.
ArchitectureEntry robertaFamily(std::string id, std::string title, std::string source, std::string classPrefix);

}  // namespace lathe::nn
