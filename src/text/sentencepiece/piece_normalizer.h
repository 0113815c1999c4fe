// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What SentencePiece does to a text before it cuts it: the character map, spaces, U+2581. Thread: any, once built.
// \source sentencepiece, normalizer.cc (semantics, not code).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/sentencepiece/character_map.h"
#include "text/sentencepiece/model_file.h"
#include "text/sentencepiece/piece_trie.h"

namespace lathe::text {

inline constexpr std::string_view kSpaceMark = "\u2581";

struct NormalizedText {
    std::string text;
    /// For each byte of `text`, and for its end: the byte of the given text where it comes from. Empty unless asked
    /// for.
    std::vector<std::uint32_t> origin;
};

class PieceNormalizer {
public:
    /// \param untouched pieces that stay as they stand in the text; must outlive this; nullptr where there are none.
    PieceNormalizer(const NormalizerSettings& settings, bool whitespaceAsSuffix, const PieceTrie* untouched);
    /// Bytes that are no UTF-8 become U+FFFD, one each.
    NormalizedText operator()(std::string_view text, bool withOrigin) const;

private:
    struct Step {
        std::size_t taken = 0;  ///< bytes of the text
        std::string_view given;
    };
    Step step(std::string_view text) const;
    template <bool kWithOrigin>
    NormalizedText normalize(std::string_view text) const;

    CharacterMap m_map;
    const PieceTrie* m_untouched;
    bool m_dummyPrefix, m_removeExtra, m_escape, m_suffix;
};

}  // namespace lathe::text
