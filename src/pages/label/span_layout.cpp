// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/span_layout.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QTextOption>

#include <algorithm>
#include <cmath>

#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;

namespace {

constexpr qreal kLead = 0.12;      ///< of the text's height, above it
constexpr qreal kSmallWidth = 40;  ///< narrower than this is no place for a text
constexpr qreal kLongestName = 160;
constexpr qreal kTouching = 0.75;  ///< px between boxes of neighbours, by rounding
constexpr int kTabSpaces = 4;

bool runsRightToLeft(const QTextLine& line, int at) {
    const auto runs = line.glyphRuns(at, 1);
    return !runs.isEmpty() && runs.front().isRightToLeft();
}

}  // namespace

void SpanLayout::reset() {
    m_pieces.clear();
    m_pieces.resize(m_document.pieces().size());
    m_spans.clear();
    m_names.clear();
    estimate();
}

void SpanLayout::setFonts(const QFont& text, const QFont& tag) {
    m_font = text;
    m_tagFont = tag;
    m_textHeight = QFontMetricsF(text).height();
    m_laneHeight = std::ceil(kBar + QFontMetricsF(tag).height() + 2);
    estimate();
}

void SpanLayout::setWidth(int width) {
    if (m_width == width)
        return;
    m_width = width;
    estimate();
}

void SpanLayout::setSpans(std::vector<ShownSpan> spans, std::vector<QString> names) {
    m_spans = std::move(spans);
    m_names = std::move(names);
    for (std::size_t i = 0; i < m_pieces.size(); ++i)
        if (m_pieces[i].layout)
            placeLines(static_cast<int>(i));
    stack(0);
}

void SpanLayout::estimate() {
    if (m_width <= 0 || m_textHeight <= 0)
        return;
    const qreal perLine = std::max(1.0, m_width / std::max(1.0, QFontMetricsF(m_font).averageCharWidth() * 1.1));
    const qreal lineHeight = m_textHeight * (1 + kLead) + m_laneHeight;
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        m_pieces[i] = {};
        const auto& piece = m_document.pieces()[i];
        m_pieces[i].height = lineHeight * std::max(1.0, std::ceil((piece.end - piece.begin) / perLine));
    }
    stack(0);
}

void SpanLayout::stack(std::size_t from) {
    for (std::size_t i = std::max<std::size_t>(from, 1); i < m_pieces.size(); ++i)
        m_pieces[i].top = m_pieces[i - 1].top + m_pieces[i - 1].height;
}

qreal SpanLayout::height() const {
    return m_pieces.empty() ? 0 : m_pieces.back().top + m_pieces.back().height;
}

int SpanLayout::pieceAtHeight(qreal y) const {
    const auto after = std::upper_bound(m_pieces.begin(), m_pieces.end(), y,
                                        [](qreal at, const Piece& piece) { return at < piece.top; });
    return std::max(0, static_cast<int>(after - m_pieces.begin()) - 1);
}

qreal SpanLayout::layOut(qreal top, qreal bottom) {
    qreal moved = 0;
    for (int i = pieceAtHeight(top); i < static_cast<int>(m_pieces.size()); ++i) {
        const Piece& piece = m_pieces[static_cast<std::size_t>(i)];
        if (piece.top > bottom + moved)
            break;
        const bool above = !piece.layout && piece.top < top;
        const qreal before = piece.height;
        laidOut(i);
        // What is being read stays where it is: a piece that begins above grows upwards.
        if (above)
            moved += piece.height - before;
    }
    return moved;
}

SpanLayout::Piece& SpanLayout::laidOut(int piece) {
    Piece& p = m_pieces[static_cast<std::size_t>(piece)];
    if (!p.layout) {
        breakLines(piece);
        placeLines(piece);
        stack(static_cast<std::size_t>(piece) + 1);
    }
    return p;
}

void SpanLayout::breakLines(int piece) {
    const SpanDocument::Piece& source = m_document.pieces()[static_cast<std::size_t>(piece)];
    Piece& p = m_pieces[static_cast<std::size_t>(piece)];
    p.layout = std::make_unique<QTextLayout>(m_document.text().mid(source.begin, source.end - source.begin), m_font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    // A paragraph has one direction, also where it is cut.
    option.setTextDirection(source.rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    option.setTabStopDistance(QFontMetricsF(m_font).horizontalAdvance(QLatin1Char(' ')) * kTabSpaces);
    p.layout->setTextOption(option);
    p.layout->setCacheEnabled(true);
    p.lines.clear();
    p.layout->beginLayout();
    for (QTextLine line = p.layout->createLine(); line.isValid(); line = p.layout->createLine()) {
        line.setLineWidth(std::max(kSmallWidth, static_cast<qreal>(m_width)));
        p.lines.push_back({line, 0, 0, {}});
    }
    p.layout->endLayout();
}

void SpanLayout::placeLines(int piece) {
    Piece& p = m_pieces[static_cast<std::size_t>(piece)];
    qreal y = 0;
    for (Line& line : p.lines) {
        const qreal lead = m_textHeight * kLead;
        line.top = y;
        line.text.setPosition({0, y + lead});
        placeMarks(piece, line);
        // One lane is always there: the first label of a line moves nothing.
        int lanes = 1;
        for (const SpanMark& mark : line.marks)
            lanes = std::max(lanes, mark.lane + 1);
        line.height = lead + std::max(m_textHeight, line.text.height()) + lanes * m_laneHeight;
        y += line.height;
    }
    p.height = y;
}

std::vector<QRectF> SpanLayout::runs(int piece, const QTextLine& line, TextRange range) const {
    const int origin = m_document.pieces()[static_cast<std::size_t>(piece)].begin;
    const int begin = std::max(range.begin - origin, line.textStart());
    const int end = std::min(range.end - origin, line.textStart() + line.textLength());
    std::vector<QRectF> found;
    if (begin >= end)
        return found;
    // By glyphs, not by caret positions: where the direction changes, a caret has two places and Qt names one.
    for (const QGlyphRun& run : line.glyphRuns(begin, end - begin)) {
        const QRectF glyphs = run.boundingRect();
        const QRectF box(glyphs.left(), line.y(), glyphs.width(), line.height());
        const bool touches = !found.empty() && box.left() <= found.back().right() + kTouching &&
                             box.right() >= found.back().left() - kTouching;
        if (touches)
            found.back() = found.back().united(box);
        else
            found.push_back(box);
    }
    return found;
}

qreal SpanLayout::edgeX(int piece, const QTextLine& line, int position, bool end) const {
    const auto boxes = runs(piece, line, {position, m_document.next(position)});
    if (boxes.empty())
        return line.naturalTextRect().left();
    const int origin = m_document.pieces()[static_cast<std::size_t>(piece)].begin;
    const bool right = runsRightToLeft(line, position - origin) != end;
    return right ? boxes.front().right() : boxes.front().left();
}

void SpanLayout::placeMarks(int piece, Line& line) {
    line.marks.clear();
    const int origin = m_document.pieces()[static_cast<std::size_t>(piece)].begin;
    const TextRange inLine{origin + line.text.textStart(), origin + line.text.textStart() + line.text.textLength()};
    const QFontMetricsF tagMetrics(m_tagFont);
    std::vector<std::vector<std::pair<qreal, qreal>>> taken;  // by lane
    const auto isFree = [](const std::vector<std::pair<qreal, qreal>>& lane, qreal left, qreal right) {
        return std::ranges::none_of(lane,
                                    [&](const auto& other) { return left < other.second && other.first < right; });
    };
    for (std::size_t i = 0; i < m_spans.size(); ++i) {
        const TextRange& range = m_spans[i].range;
        if (range.begin >= inLine.end)
            break;  // sorted
        if (range.end <= inLine.begin)
            continue;
        SpanMark mark;
        mark.span = static_cast<int>(i);
        mark.begins = range.begin >= inLine.begin;
        mark.ends = range.end <= inLine.end;
        mark.bars = runs(piece, line.text, range);
        if (mark.bars.empty())
            continue;
        qreal left = mark.bars.front().left(), right = mark.bars.front().right();
        for (const QRectF& bar : mark.bars) {
            left = std::min(left, bar.left());
            right = std::max(right, bar.right());
        }
        if (mark.begins) {
            mark.beginX = edgeX(piece, line.text, range.begin, false);
            const qreal width = std::min(tagMetrics.horizontalAdvance(m_names[i]) + space::between, kLongestName);
            const QRectF& bar = mark.bars.front();
            qreal x = runsRightToLeft(line.text, range.begin - origin) ? bar.right() - width : bar.left();
            x = std::clamp(x, 0.0, std::max(0.0, m_width - width));
            mark.tag = QRectF(x, 0, width, m_laneHeight - kBar - 1);
            left = std::min(left, x);
            right = std::max(right, x + width + 2);
        }
        if (mark.ends)
            mark.endX = edgeX(piece, line.text, m_document.previous(range.end), true);
        while (mark.lane < static_cast<int>(taken.size()) &&
               !isFree(taken[static_cast<std::size_t>(mark.lane)], left, right))
            ++mark.lane;
        if (mark.lane == static_cast<int>(taken.size()))
            taken.emplace_back();
        taken[static_cast<std::size_t>(mark.lane)].emplace_back(left, right);
        const qreal laneTop = line.text.y() + std::max(m_textHeight, line.text.height()) + mark.lane * m_laneHeight;
        mark.tag.moveTop(laneTop + kBar + 1);
        line.marks.push_back(std::move(mark));
    }
}

const SpanLayout::Line* SpanLayout::lineAt(qreal y, int& piece) {
    if (m_pieces.empty())
        return nullptr;
    piece = pieceAtHeight(y);
    const Piece& p = laidOut(piece);
    const auto below =
        std::ranges::find_if(p.lines, [&](const Line& line) { return y < p.top + line.top + line.height; });
    return below == p.lines.end() ? (p.lines.empty() ? nullptr : &p.lines.back()) : &*below;
}

int SpanLayout::positionAt(const QPointF& point) {
    int piece = 0;
    const Line* line = lineAt(point.y(), piece);
    if (!line)
        return 0;
    const int origin = m_document.pieces()[static_cast<std::size_t>(piece)].begin;
    return m_document.snapped(origin + line->text.xToCursor(point.x(), QTextLine::CursorBetweenCharacters));
}

int SpanLayout::characterAt(const QPointF& point) {
    int piece = 0;
    const Line* line = lineAt(point.y(), piece);
    if (!line || line->text.textLength() == 0)
        return -1;
    const QRectF text = line->text.naturalTextRect();
    if (point.x() < text.left() || point.x() >= text.right())
        return -1;
    const int origin = m_document.pieces()[static_cast<std::size_t>(piece)].begin;
    return m_document.snapped(origin + line->text.xToCursor(point.x(), QTextLine::CursorOnCharacter));
}

int SpanLayout::spanAt(const QPointF& point) {
    int piece = 0;
    const Line* line = lineAt(point.y(), piece);
    if (!line)
        return -1;
    const QPointF inPiece = point - QPointF(0, m_pieces[static_cast<std::size_t>(piece)].top);
    int best = -1;
    const auto length = [this](int span) {
        const TextRange& range = m_spans[static_cast<std::size_t>(span)].range;
        return range.end - range.begin;
    };
    for (const SpanMark& mark : line->marks) {
        const qreal laneTop = line->text.y() + std::max(m_textHeight, line->text.height()) + mark.lane * m_laneHeight;
        // A name or a bar is that span's alone.
        bool own = mark.tag.contains(inPiece);
        bool over = false;
        for (const QRectF& bar : mark.bars) {
            own = own || QRectF(bar.left(), laneTop, bar.width(), kBar + 1).contains(inPiece);
            over = over || bar.contains(inPiece);
        }
        if (own)
            return mark.span;
        if (over && (best < 0 || length(mark.span) < length(best)))
            best = mark.span;
    }
    return best;
}

QRectF SpanLayout::caretRect(int position) {
    if (m_pieces.empty())
        return {};
    const int piece = m_document.pieceAt(position);
    const Piece& p = laidOut(piece);
    const int at = position - m_document.pieces()[static_cast<std::size_t>(piece)].begin;
    const QTextLine line = p.layout->lineForTextPosition(std::min(at, static_cast<int>(p.layout->text().size())));
    if (!line.isValid())
        return {0, p.top, 1, m_textHeight};
    return {line.cursorToX(at), p.top + line.y(), 1, std::max(m_textHeight, line.height())};
}

bool SpanLayout::isRightToLeft(int position) {
    if (m_pieces.empty())
        return false;
    const int piece = m_document.pieceAt(position);
    const Piece& p = laidOut(piece);
    const int at = position - m_document.pieces()[static_cast<std::size_t>(piece)].begin;
    const QTextLine line = p.layout->lineForTextPosition(at);
    return line.isValid() && runsRightToLeft(line, at);
}

int SpanLayout::lineEdge(int position, bool end) {
    if (m_pieces.empty())
        return 0;
    const int piece = m_document.pieceAt(position);
    const SpanDocument::Piece& source = m_document.pieces()[static_cast<std::size_t>(piece)];
    const QTextLine line = laidOut(piece).layout->lineForTextPosition(position - source.begin);
    if (!line.isValid())
        return position;
    if (!end)
        return source.begin + line.textStart();
    const int last = source.begin + line.textStart() + line.textLength();
    // Behind the space at a line's end the caret would stand in the next line.
    return last < source.end ? m_document.previous(last) : last;
}

qreal SpanLayout::lineBeyond(qreal y, bool below) {
    int piece = 0;
    const Line* line = lineAt(y, piece);
    if (!line)
        return -1;
    const qreal top = m_pieces[static_cast<std::size_t>(piece)].top + line->top;
    const qreal next = below ? top + line->height + 1 : top - 1;
    if (next < 0 || next > height())
        return -1;
    const Line* other = lineAt(next, piece);
    return other ? m_pieces[static_cast<std::size_t>(piece)].top + other->text.y() + other->text.height() / 2 : -1;
}

std::vector<QRectF> SpanLayout::boxes(TextRange range, qreal top, qreal bottom) {
    std::vector<QRectF> found;
    if (range.isEmpty())
        return found;
    for (int i = m_document.pieceAt(range.begin); i < static_cast<int>(m_pieces.size()); ++i) {
        const Piece& p = m_pieces[static_cast<std::size_t>(i)];
        if (p.top > bottom || m_document.pieces()[static_cast<std::size_t>(i)].begin >= range.end)
            break;
        if (p.top + p.height < top)
            continue;
        for (const Line& line : laidOut(i).lines)
            if (p.top + line.top <= bottom && p.top + line.top + line.height >= top)
                for (const QRectF& box : runs(i, line.text, range))
                    found.push_back(box.translated(0, p.top));
    }
    return found;
}

}  // namespace lathe::pages
