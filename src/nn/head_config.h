// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// config.json of a model under another head. Thread: any.
#pragma once

#include "nn/network.h"

namespace lathe::nn {

/// \p raw with the class that has \p head and, for a classifying head, with \p labels (none: as they are) and what
/// they mean.
/// \returns Unsupported when the architecture has no such head.
Result<Json> configWithHead(Json raw, const ArchitectureEntry& entry, Head head, const std::vector<std::string>& labels,
                            Problem problem = Problem::SingleLabel);

}  // namespace lathe::nn
