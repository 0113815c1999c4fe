// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where words and characters as people see them begin and end. Positions are UTF-16 units. Thread: any.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lathe::corpus {

struct TextSegment {
    std::int32_t begin = 0, end = 0;
    bool isWord = false;  ///< letters, digits or ideographs, not space or punctuation
};

/// The text without gaps as words and what lies between them; Chinese, Japanese, Thai ... by ICU's dictionaries.
/// \source Unicode Standard Annex 29, word boundaries; ICU's tailoring for scripts without spaces
std::vector<TextSegment> wordSegments(std::u16string_view text);
/// Where grapheme clusters begin, and the text's end: 0 ... size; {0} for an empty text.
/// \source Unicode Standard Annex 29, extended grapheme clusters
std::vector<std::int32_t> graphemeBoundaries(std::u16string_view text);

}  // namespace lathe::corpus
