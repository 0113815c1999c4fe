// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// "did you mean ...?": the nearest of some words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lathe::cli {

/// Levenshtein distance over bytes.
int editDistance(std::string_view a, std::string_view b);
/// The candidate nearest to \p word, "" when none is near (more than a third of its letters differ).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace lathe::cli
