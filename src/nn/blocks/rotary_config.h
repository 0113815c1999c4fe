// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What config.json says about rotary positions, in the spellings of all years.
#pragma once

#include <string_view>

#include "nn/blocks/rotary.h"
#include "nn/config_reader.h"

namespace lathe::nn {

/// How a family differs from the others in its rotary options.
struct RotaryRules {
    std::string_view thetaKey = "rope_theta", partialKey = "partial_rotary_factor";  ///< beside rope_scaling
    double partial = 1;         ///< share of a head that turns when the file does not say
    bool canBePartial = false;  ///< whether the family's attention leaves the rest of a head alone
    std::int64_t originalPositions =
        0;                      ///< original_max_position_embeddings when the file does not say; 0 = the maximum
    bool onlyLongRope = false;  ///< Phi-3: "longrope", also called "su" and "yarn" there, or nothing
};

/// Reads rope_scaling or rope_parameters ({"rope_type" or "type", "rope_theta", ...}) and the keys that old files have
/// beside it. Refuses kinds that are not known and values that cannot be. \p maxPositions: max_position_embeddings.
RotaryOptions readRotary(ConfigReader& reader, std::int64_t headDimension, std::int64_t maxPositions,
                         const RotaryRules& rules = {});

/// How long a text the model was made for: max_position_embeddings, stretched where the file counts before stretching.
std::int64_t readablePositions(const RotaryOptions& options);

}  // namespace lathe::nn
