// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Extended grapheme clusters: what a reader takes for one character. \source UAX #29, table 1c. Thread: any.
#pragma once

#include <cstddef>
#include <string_view>

namespace lathe::text {

/// The end of the cluster that begins at \p begin < text.size().
std::size_t graphemeEnd(std::string_view text, std::size_t begin);

}  // namespace lathe::text
