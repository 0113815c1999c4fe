// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SpanLayout: where a text's characters and its labelled parts lie on the screen. Only what was looked at is laid out;
// the rest has an estimated height. Under each line of text lie lanes, one over the other: each holds bars under
// labelled parts, and the label's name where a part begins. Bidirectional text: a part is what it is in the order of
// the characters, and may be several bars in a line. Thread: GUI.
#pragma once

#include <QFont>
#include <QRectF>
#include <QTextLayout>

#include <memory>
#include <vector>

#include "pages/label/span_document.h"

class QPainter;

namespace lathe::pages {

/// A labelled part as it is shown.
struct ShownSpan {
    TextRange range;
    qint64 label = 0;
    bool suggested = false;  ///< by a model or a rule, nobody confirmed it
    friend bool operator==(const ShownSpan&, const ShownSpan&) = default;
};

/// A part of a labelled part: what lies in one line.
struct SpanMark {
    int span = 0;  ///< index
    int lane = 0;
    std::vector<QRectF> bars;  ///< one for each run of characters that lie side by side: their box of text
    QRectF tag;                ///< where the name stands; empty in the lines after the first
    bool begins = false, ends = false;
    qreal beginX = 0, endX = 0;  ///< where it begins and ends, in the direction of its characters there
};

class SpanLayout {
public:
    struct Line {
        QTextLine text;
        qreal top = 0, height = 0;  ///< within its piece; the lanes are part of it
        std::vector<SpanMark> marks;
    };

    explicit SpanLayout(const SpanDocument& document) : m_document(document) {}

    /// After the document got another text.
    void reset();
    void setFonts(const QFont& text, const QFont& tag);
    void setWidth(int width);
    /// \p names of each span's label, parallel to \p spans.
    void setSpans(std::vector<ShownSpan> spans, std::vector<QString> names);
    const std::vector<ShownSpan>& spans() const { return m_spans; }

    /// Lays out what lies between \p top and \p bottom. \returns by how much what was at \p top moved down because
    /// pieces above it turned out higher or lower than estimated.
    qreal layOut(qreal top, qreal bottom);
    qreal height() const;

    /// The place for a caret nearest to \p point.
    int positionAt(const QPointF& point);
    /// The character under \p point, -1 beside the text.
    int characterAt(const QPointF& point);
    /// The span whose bar, name or text is under \p point, the shortest of several; -1: none.
    int spanAt(const QPointF& point);
    QRectF caretRect(int position);
    /// Whether the character at \p position runs from right to left where it stands.
    bool isRightToLeft(int position);
    /// The beginning or the end of the line that \p position is in.
    int lineEdge(int position, bool end);
    /// A height within the line below (or above) the one at \p y; -1: there is none.
    qreal lineBeyond(qreal y, bool below);
    /// Boxes of the characters of \p range between \p top and \p bottom.
    std::vector<QRectF> boxes(TextRange range, qreal top, qreal bottom);

    /// Calls \p visit(line, origin of its piece) for each line between \p top and \p bottom.
    template <class Visit>
    void eachLine(qreal top, qreal bottom, Visit&& visit) {
        for (int piece = pieceAtHeight(top); piece < static_cast<int>(m_pieces.size()); ++piece) {
            if (m_pieces[static_cast<std::size_t>(piece)].top > bottom)
                break;
            for (const Line& line : laidOut(piece).lines) {
                const qreal lineTop = m_pieces[static_cast<std::size_t>(piece)].top + line.top;
                if (lineTop + line.height >= top && lineTop <= bottom)
                    visit(line, QPointF(0, m_pieces[static_cast<std::size_t>(piece)].top));
            }
        }
    }

    qreal laneHeight() const { return m_laneHeight; }
    qreal textHeight() const { return m_textHeight; }
    static constexpr int kBar = 3;  ///< thickness of the bar under a labelled part

private:
    struct Piece {
        std::unique_ptr<QTextLayout> layout;  ///< empty: not laid out yet
        std::vector<Line> lines;
        qreal top = 0, height = 0;
    };
    Piece& laidOut(int piece);
    void breakLines(int piece);
    void placeLines(int piece);
    void placeMarks(int piece, Line& line);
    /// Where the character at \p position, which is in \p line, begins or ends.
    qreal edgeX(int piece, const QTextLine& line, int position, bool end) const;
    std::vector<QRectF> runs(int piece, const QTextLine& line, TextRange range) const;
    void estimate();
    void stack(std::size_t from);
    int pieceAtHeight(qreal y) const;
    const Line* lineAt(qreal y, int& piece);

    const SpanDocument& m_document;
    std::vector<Piece> m_pieces;
    std::vector<ShownSpan> m_spans;
    std::vector<QString> m_names;
    QFont m_font, m_tagFont;
    int m_width = 0;
    qreal m_textHeight = 0, m_laneHeight = 0;
};

}  // namespace lathe::pages
