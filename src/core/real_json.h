// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that may be missing, as JSON has them.
#pragma once

#include <cmath>

#include "core/json.h"

namespace lathe {

/// null for what was not measured: NaN and infinities, which JSON cannot write.
inline Json realOrNull(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

}  // namespace lathe
