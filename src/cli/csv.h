// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One CSV row as RFC 4180 writes it.
#pragma once

#include <string>
#include <vector>

namespace lathe::cli {

/// Ends in CR LF; a cell with a comma, a quote or a line break is quoted.
std::string csvRow(const std::vector<std::string>& cells);

}  // namespace lathe::cli
