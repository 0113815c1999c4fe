// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A normalised text cut into words for the model; added tokens found in it are pieces that have their id already.
// Thread: one at a time.
#pragma once

#include <vector>

#include "core/utf8.h"
#include "text/aligned_text.h"
#include "text/pattern.h"
#include "text/tokenizer.h"

namespace lathe::text {

struct Piece {
    std::uint32_t begin = 0, end = 0;  ///< bytes of the text
    TokenId id = -1;                   ///< of an added token; -1: for the model
};

struct PreTokenized {
    AlignedText text;
    std::vector<Piece> pieces;
    std::vector<Piece> spare;        ///< for split() and rewrite()
    std::vector<PatternPart> parts;  ///< for splitting by patterns

    std::string_view textOf(const Piece& piece) const {
        return text.text().substr(piece.begin, piece.end - piece.begin);
    }

    /// Cuts each piece that has no id: \p cut(text of the piece, add) calls add(begin, end in it); empty parts are
    /// dropped.
    template <class Cut>
    void split(const Cut& cut) {
        spare.clear();
        for (const Piece& piece : pieces) {
            if (piece.id >= 0) {
                spare.push_back(piece);
                continue;
            }
            cut(textOf(piece), [&](std::size_t begin, std::size_t end) {
                if (end > begin)
                    spare.push_back({static_cast<std::uint32_t>(piece.begin + begin),
                                     static_cast<std::uint32_t>(piece.begin + end), -1});
            });
        }
        pieces.swap(spare);
    }

    /// Cuts by a pattern.
    void split(const Pattern& pattern, SplitBehavior behavior, bool invert) {
        split([&](std::string_view piece, const auto& add) {
            pattern.parts(piece, parts);
            if (invert)
                for (PatternPart& part : parts)
                    part.isMatch = !part.isMatch;
            applyBehavior(behavior, parts);
            for (const PatternPart& part : parts)
                add(part.begin, part.end);
        });
    }

    /// Cuts where \p isMatch(character) holds.
    template <class IsMatch>
    void splitAt(SplitBehavior behavior, const IsMatch& isMatch);

    /// Writes the text anew: \p write(piece, editor) puts what is to stand for a piece that has no id.
    template <class Write>
    void rewrite(const Write& write) {
        spare.clear();
        AlignedText::Editor editor(text);
        for (const Piece& piece : pieces) {
            const auto begin = static_cast<std::uint32_t>(editor.size());
            if (piece.id >= 0)
                editor.keep(piece.begin, piece.end);
            else
                write(piece, editor);
            spare.push_back({begin, static_cast<std::uint32_t>(editor.size()), piece.id});
        }
        editor.finish();
        pieces.swap(spare);
    }
};

template <class IsMatch>
void PreTokenized::splitAt(SplitBehavior behavior, const IsMatch& isMatch) {
    split([&](std::string_view piece, const auto& add) {
        parts.clear();
        std::size_t before = 0;
        for (std::size_t pos = 0; pos < piece.size();) {
            const std::size_t at = pos;
            if (!isMatch(nextCodePoint(piece, pos)))
                continue;
            if (at > before)
                parts.push_back({before, at, false});
            parts.push_back({at, pos, true});
            before = pos;
        }
        if (before < piece.size())
            parts.push_back({before, piece.size(), false});
        applyBehavior(behavior, parts);
        for (const PatternPart& part : parts)
            add(part.begin, part.end);
    });
}

}  // namespace lathe::text
