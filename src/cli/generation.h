// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a generation is told: as JSON, or as one line of figures.
#pragma once

#include <string>

#include "core/json.h"
#include "infer/text_model.h"

namespace lathe::cli {

Json toJson(const infer::Generation& generation);
/// "12 prompt tokens in 0.03 s, 64 new at 81.2 tokens/s, ended by length"
std::string describe(const infer::Generation& generation);

}  // namespace lathe::cli
