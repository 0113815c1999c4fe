// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Token ids as people write them down: separated by spaces, commas or line breaks, or as a JSON array.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe::cli {

/// \param where named in the error. \returns Parse with the position, InvalidInput for an empty list.
Result<std::vector<std::int32_t>> parseIds(std::string_view text, std::string_view where);

}  // namespace lathe::cli
