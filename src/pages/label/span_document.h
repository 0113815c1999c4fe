// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SpanDocument: a text in pieces that can be laid out one by one, and where a caret may stand in it. A piece is a
// paragraph, or a part of one that is very long; words and characters of a piece are found when they are asked for.
// Positions are UTF-16 units of the whole text. Thread: GUI.
#pragma once

#include <QString>

#include <utility>
#include <vector>

#include "corpus/text_segments.h"

namespace lathe::pages {

/// Half-open.
struct TextRange {
    int begin = 0, end = 0;
    bool isEmpty() const { return end <= begin; }
    friend bool operator==(const TextRange&, const TextRange&) = default;
};

class SpanDocument {
public:
    /// A paragraph longer than this is cut, at a space if there is one: laying out a line costs the length of its
    /// piece.
    static constexpr int kPieceUnits = 2000;

    struct Piece {
        int begin = 0, end = 0;  ///< without the line end
        bool rightToLeft = false;
    };

    void setText(const QString& text);
    const QString& text() const { return m_text; }
    const std::vector<Piece>& pieces() const { return m_pieces; }
    /// The piece that a caret at \p position stands in; a position between two pieces belongs to the later one when no
    /// line end lies between them.
    int pieceAt(int position) const;

    /// The nearest place at or before \p position where a caret may stand.
    int snapped(int position) const;
    int next(int position) const;
    int previous(int position) const;
    /// The end of the next word; its beginning for previousWord().
    int nextWord(int position) const;
    int previousWord(int position) const;
    /// The word at \p position; between words the space or sign there.
    TextRange wordAt(int position) const;
    /// \p range made wider until it begins and ends at words, without the space around it. May be empty.
    TextRange toWords(TextRange range) const;
    /// Without white space at either end; never inside a grapheme cluster.
    TextRange trimmed(TextRange range) const;

private:
    struct Boundaries {
        std::vector<std::int32_t> characters;
        std::vector<corpus::TextSegment> words;
    };
    void cutParagraph(int begin, int end);
    const Boundaries& boundaries(int piece) const;
    std::u16string_view textOf(int piece) const;

    QString m_text;
    std::vector<Piece> m_pieces;
    mutable std::vector<Boundaries> m_boundaries;  ///< parallel to m_pieces; empty until asked for
};

}  // namespace lathe::pages
