// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The likeliest labels of one classified text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/json.h"

namespace lathe::cli {

/// Label and probability, likeliest first; equal ones in the labels' order.
std::vector<std::pair<std::string, float>> topLabels(const std::vector<std::string>& labels,
                                                     const std::vector<float>& probabilities, int count);
Json toJson(const std::vector<std::pair<std::string, float>>& top);

}  // namespace lathe::cli
