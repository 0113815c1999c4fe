// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The key and the colour that a new label gets when none is given.
#pragma once

#include <span>
#include <string>

#include "corpus/types.h"

namespace lathe::corpus::detail {

/// "1" ... "9", "0", then letters that the label page does not use for itself; empty when all are taken.
std::string freeKey(std::span<const Label> labels);
/// Okabe and Ito's colours in turn, then hues as far apart as they get.
std::string freeColor(std::span<const Label> labels);
/// The n-th of a row of hues that keeps neighbours far apart.
std::string spreadColor(std::int64_t n);

}  // namespace lathe::corpus::detail
