// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled parts when their text is edited. Pure functions, any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "corpus/labelling.h"

namespace lathe::corpus {

struct ReanchoredSpans {
    std::vector<SampleSpan> kept;  ///< in the new text, sorted, each once
    std::vector<SampleSpan> lost;  ///< in the old text
};

/// Where \p spans of \p oldText are in \p newText (both UTF-8; offsets in code points). What stayed is found by
/// comparing words, and characters as people see them (grapheme clusters) where words changed, so no character is cut
/// in two.
/// - Text put in at a border is outside the span; text that replaces part of a span belongs to it.
/// - A span keeps what is left of it. Replaced as a whole it is the replacement; when a deletion or a replacement
///   reaches beyond it and nothing is left, it is lost.
/// - Between two texts with more than 2000 differing words (or characters, in a stretch that changed) that stretch
///   counts as replaced as a whole.
/// Source of the comparison: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986).
ReanchoredSpans reanchorSpans(std::string_view oldText, std::string_view newText, std::span<const SampleSpan> spans);

}  // namespace lathe::corpus
