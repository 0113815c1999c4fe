// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/span_document.h"

#include <algorithm>

namespace lathe::pages {

namespace {

bool isLineEnd(QChar c) {
    return c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QChar::LineSeparator ||
           c == QChar::ParagraphSeparator;
}

}  // namespace

void SpanDocument::setText(const QString& text) {
    m_text = text;
    m_pieces.clear();
    const int size = static_cast<int>(text.size());
    int begin = 0;
    for (int i = 0; i < size; ++i) {
        if (!isLineEnd(text[i]))
            continue;
        cutParagraph(begin, i);
        if (text[i] == QLatin1Char('\r') && i + 1 < size && text[i + 1] == QLatin1Char('\n'))
            ++i;
        begin = i + 1;
    }
    cutParagraph(begin, size);
    m_boundaries.assign(m_pieces.size(), {});
}

void SpanDocument::cutParagraph(int begin, int end) {
    const bool rightToLeft = QStringView(m_text).sliced(begin, std::min(end - begin, kPieceUnits)).isRightToLeft();
    while (end - begin > kPieceUnits) {
        int cut = begin + kPieceUnits;
        while (cut > begin + kPieceUnits / 2 && !m_text[cut - 1].isSpace())
            --cut;
        if (!m_text[cut - 1].isSpace()) {
            // No space for a thousand characters: between two characters at least.
            const QStringView head = QStringView(m_text).sliced(begin, kPieceUnits);
            const auto characters = corpus::graphemeBoundaries({head.utf16(), static_cast<std::size_t>(head.size())});
            // The last one may go on behind the cut.
            cut = begin + (characters.size() > 2 ? characters[characters.size() - 2] : kPieceUnits);
        }
        m_pieces.push_back({begin, cut, rightToLeft});
        begin = cut;
    }
    m_pieces.push_back({begin, end, rightToLeft});
}

int SpanDocument::pieceAt(int position) const {
    const auto after = std::upper_bound(m_pieces.begin(), m_pieces.end(), position,
                                        [](int at, const Piece& piece) { return at < piece.begin; });
    return std::max(0, static_cast<int>(after - m_pieces.begin()) - 1);
}

std::u16string_view SpanDocument::textOf(int piece) const {
    const Piece& p = m_pieces[static_cast<std::size_t>(piece)];
    const QStringView view = QStringView(m_text).sliced(p.begin, p.end - p.begin);
    return {view.utf16(), static_cast<std::size_t>(view.size())};
}

const SpanDocument::Boundaries& SpanDocument::boundaries(int piece) const {
    Boundaries& found = m_boundaries[static_cast<std::size_t>(piece)];
    if (found.characters.empty()) {
        found.characters = corpus::graphemeBoundaries(textOf(piece));
        found.words = corpus::wordSegments(textOf(piece));
    }
    return found;
}

int SpanDocument::snapped(int position) const {
    if (m_pieces.empty())
        return 0;
    const int piece = pieceAt(position);
    const int begin = m_pieces[static_cast<std::size_t>(piece)].begin;
    const auto& characters = boundaries(piece).characters;
    const auto after = std::ranges::upper_bound(characters, position - begin);
    return begin + (after == characters.begin() ? 0 : *(after - 1));
}

int SpanDocument::next(int position) const {
    const int piece = pieceAt(position);
    const int begin = m_pieces[static_cast<std::size_t>(piece)].begin;
    const auto& characters = boundaries(piece).characters;
    const auto after = std::ranges::upper_bound(characters, position - begin);
    if (after != characters.end())
        return begin + *after;
    const auto following = static_cast<std::size_t>(piece) + 1;
    return following < m_pieces.size() ? m_pieces[following].begin : m_pieces.back().end;
}

int SpanDocument::previous(int position) const {
    const int piece = pieceAt(position);
    const int begin = m_pieces[static_cast<std::size_t>(piece)].begin;
    if (position <= begin) {
        if (piece == 0)
            return 0;
        const Piece& before = m_pieces[static_cast<std::size_t>(piece) - 1];
        return before.end < begin ? before.end : snapped(before.end - 1);
    }
    const auto& characters = boundaries(piece).characters;
    const auto at = std::ranges::lower_bound(characters, position - begin);
    return begin + (at == characters.begin() ? 0 : *(at - 1));
}

int SpanDocument::nextWord(int position) const {
    for (int piece = pieceAt(position); piece < static_cast<int>(m_pieces.size()); ++piece) {
        const int begin = m_pieces[static_cast<std::size_t>(piece)].begin;
        for (const corpus::TextSegment& segment : boundaries(piece).words)
            if (segment.isWord && begin + segment.end > position)
                return begin + segment.end;
    }
    return m_pieces.back().end;
}

int SpanDocument::previousWord(int position) const {
    for (int piece = pieceAt(position); piece >= 0; --piece) {
        const int begin = m_pieces[static_cast<std::size_t>(piece)].begin;
        const auto& words = boundaries(piece).words;
        for (auto segment = words.rbegin(); segment != words.rend(); ++segment)
            if (segment->isWord && begin + segment->begin < position)
                return begin + segment->begin;
    }
    return 0;
}

TextRange SpanDocument::wordAt(int position) const {
    const int piece = pieceAt(position);
    const int begin = m_pieces[static_cast<std::size_t>(piece)].begin;
    for (const corpus::TextSegment& segment : boundaries(piece).words)
        if (begin + segment.end > position)
            return {begin + segment.begin, begin + segment.end};
    return {position, position};
}

TextRange SpanDocument::toWords(TextRange range) const {
    if (range.isEmpty())
        return range;
    const TextRange first = wordAt(range.begin), last = wordAt(range.end - 1);
    const TextRange wide{std::min(range.begin, first.isEmpty() ? range.begin : first.begin),
                         std::max(range.end, last.end)};
    return trimmed(wide);
}

TextRange SpanDocument::trimmed(TextRange range) const {
    TextRange inner{snapped(range.begin), range.end};
    if (snapped(inner.end) < inner.end)
        inner.end = next(inner.end);
    while (inner.begin < inner.end && m_text[inner.begin].isSpace())
        inner.begin = next(inner.begin);
    while (inner.begin < inner.end && m_text[inner.end - 1].isSpace())
        inner.end = previous(inner.end);
    return inner;
}

}  // namespace lathe::pages
