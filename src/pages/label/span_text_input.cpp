// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SpanText, what the mouse and the keys do.
#include "pages/label/span_text.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace lathe::pages {

namespace {

constexpr qreal kGrip = 6;  ///< px from a part's end at which it is dragged

bool isMove(int key) {
    switch (key) {
        case Qt::Key_Left:
        case Qt::Key_Right:
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_Home:
        case Qt::Key_End:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            return true;
        default:
            return false;
    }
}

}  // namespace

bool SpanText::takesKey(const QKeyEvent& event) const {
    const auto modifiers = event.modifiers() & ~Qt::KeypadModifier;
    if (event.key() == Qt::Key_Escape)
        return m_brush || m_chosen >= 0 || !selection().isEmpty();
    if (!isMove(event.key()))
        return false;
    const bool isPage = event.key() == Qt::Key_PageUp || event.key() == Qt::Key_PageDown;
    if (modifiers & Qt::AltModifier)
        return event.key() == Qt::Key_Left || event.key() == Qt::Key_Right;
    return !(isPage && (modifiers & Qt::ControlModifier));
}

bool SpanText::event(QEvent* event) {
    // The keys are the text's before they are anybody's shortcut.
    if (event->type() == QEvent::ShortcutOverride && takesKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QAbstractScrollArea::event(event);
}

bool SpanText::focusNextPrevChild(bool next) {
    // Behind the last part Tab goes on to the next control: the text is no trap.
    if (chooseNext(next ? +1 : -1))
        return true;
    choose(-1);
    return QAbstractScrollArea::focusNextPrevChild(next);
}

void SpanText::keyPressEvent(QKeyEvent* event) {
    if (!takesKey(*event))
        return QAbstractScrollArea::keyPressEvent(event);
    event->accept();
    if (event->key() == Qt::Key_Escape) {
        m_anchor = m_caret;
        choose(-1);
        setBrush({});
        viewport()->update();
        return;
    }
    moveCaret(*event);
}

void SpanText::keyReleaseEvent(QKeyEvent* event) {
    QAbstractScrollArea::keyReleaseEvent(event);
    // With a brush a selection is finished when Shift is let go.
    if (event->key() == Qt::Key_Shift && !event->isAutoRepeat())
        labelByBrush();
}

bool SpanText::moveCaret(const QKeyEvent& event) {
    const bool select = event.modifiers() & Qt::ShiftModifier;
    if (event.modifiers() & Qt::AltModifier) {
        if (m_chosen < 0)
            return false;
        const TextRange range = shown()[static_cast<std::size_t>(m_chosen)].range;
        const int from = select ? range.begin : range.end;
        const bool rightToLeft = m_document.pieces()[static_cast<std::size_t>(m_document.pieceAt(from))].rightToLeft;
        const bool forward = (event.key() == Qt::Key_Right) != rightToLeft;
        int to = forward ? m_document.next(from) : m_document.previous(from);
        if (m_snapsToWords) {
            // An end stands behind a word, a beginning before one.
            if (select)
                to = forward ? m_document.previousWord(m_document.nextWord(m_document.wordAt(from).end))
                             : m_document.previousWord(from);
            else
                to = forward ? m_document.nextWord(from)
                             : m_document.nextWord(m_document.previousWord(m_document.previousWord(from)));
        }
        moveEdge(select, to);
        return true;
    }
    const bool keepsColumn = event.key() == Qt::Key_Up || event.key() == Qt::Key_Down ||
                             event.key() == Qt::Key_PageUp || event.key() == Qt::Key_PageDown;
    if (!keepsColumn)
        m_wantedX = -1;
    setCaret(caretTarget(event), select);
    return true;
}

int SpanText::caretTarget(const QKeyEvent& event) {
    const bool byWord = event.modifiers() & Qt::ControlModifier;
    const bool rightToLeft = m_document.pieces()[static_cast<std::size_t>(m_document.pieceAt(m_caret))].rightToLeft;
    const int page =
        std::max(1, static_cast<int>(viewport()->height() / (m_layout.textHeight() + m_layout.laneHeight())) - 1);
    switch (event.key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
            if ((event.key() == Qt::Key_Right) != rightToLeft)
                return byWord ? m_document.nextWord(m_caret) : m_document.next(m_caret);
            return byWord ? m_document.previousWord(m_caret) : m_document.previous(m_caret);
        case Qt::Key_Up:
            return lineAway(-1);
        case Qt::Key_Down:
            return lineAway(+1);
        case Qt::Key_PageUp:
            return lineAway(-page);
        case Qt::Key_PageDown:
            return lineAway(page);
        default:
            break;
    }
    const bool home = event.key() == Qt::Key_Home;
    if (byWord)
        return home ? 0 : static_cast<int>(m_document.text().size());
    return m_layout.lineEdge(m_caret, !home);
}

int SpanText::lineAway(int lines) {
    const QRectF caret = m_layout.caretRect(m_caret);
    const qreal x = m_wantedX >= 0 ? m_wantedX : caret.left();
    qreal y = caret.center().y();
    for (int i = 0; i < std::abs(lines); ++i) {
        const qreal next = m_layout.lineBeyond(y, lines > 0);
        if (next < 0)
            break;
        y = next;
    }
    m_wantedX = x;
    return m_layout.positionAt({x, y});
}

void SpanText::setCaret(int position, bool select) {
    m_caret = m_document.snapped(position);
    if (!select)
        m_anchor = m_caret;
    choose(-1);
    showPosition(m_caret);
    viewport()->update();
}

SpanText::Drag SpanText::edgeAt(const QPointF& point) {
    if (m_chosen < 0 || m_readOnly)
        return Drag::None;
    const TextRange& range = shown()[static_cast<std::size_t>(m_chosen)].range;
    const auto near = [&](int character, bool begin) {
        const auto boxes = m_layout.boxes({character, m_document.next(character)}, point.y() - 1, point.y() + 1);
        if (boxes.empty())
            return false;
        const bool leading = begin != m_layout.isRightToLeft(character);
        const qreal x = leading ? boxes.front().left() : boxes.front().right();
        const qreal bottom = boxes.front().bottom() + SpanLayout::kBar;
        return std::abs(point.x() - x) <= kGrip && point.y() >= boxes.front().top() && point.y() <= bottom;
    };
    if (near(range.begin, true))
        return Drag::Begin;
    return near(m_document.previous(range.end), false) ? Drag::End : Drag::None;
}

void SpanText::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return QAbstractScrollArea::mousePressEvent(event);
    const QPointF point = toText(event->position());
    m_pressed = event->position();
    m_moved = false;
    m_byWord = false;
    m_wantedX = -1;
    m_drag = edgeAt(point);
    if (m_drag != Drag::None) {
        m_edge = shown()[static_cast<std::size_t>(m_chosen)].range;
        return;
    }
    m_drag = Drag::Select;
    m_caret = m_layout.positionAt(point);
    if (!(event->modifiers() & Qt::ShiftModifier))
        m_anchor = m_caret;
    viewport()->update();
}

void SpanText::mouseMoveEvent(QMouseEvent* event) {
    if (m_drag == Drag::None) {
        const bool grip = edgeAt(toText(event->position())) != Drag::None;
        viewport()->setCursor(grip ? Qt::SizeHorCursor : m_brush ? Qt::CrossCursor : Qt::IBeamCursor);
        return;
    }
    if (!m_moved && (event->position() - m_pressed).manhattanLength() < QApplication::startDragDistance())
        return;
    m_moved = true;
    dragTo(event->position());
}

void SpanText::dragTo(const QPointF& inViewport) {
    if (inViewport.y() < 0 || inViewport.y() > viewport()->height())
        verticalScrollBar()->setValue(top() + (inViewport.y() < 0 ? -1 : 1) * verticalScrollBar()->singleStep());
    const int position = m_layout.positionAt(toText(inViewport));
    if (m_drag == Drag::Select) {
        m_caret = position;
        choose(-1);
    } else {
        int to = position;
        if (m_snapsToWords) {
            const TextRange word = m_document.wordAt(position);
            const bool late = position - word.begin > word.end - position;
            to = word.isEmpty() ? position : late ? word.end : word.begin;
        }
        if (m_drag == Drag::Begin)
            m_edge.begin = std::min(to, m_document.previous(m_edge.end));
        else
            m_edge.end = std::max(to, m_document.next(m_edge.begin));
    }
    viewport()->update();
}

void SpanText::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_drag == Drag::None)
        return QAbstractScrollArea::mouseReleaseEvent(event);
    const Drag drag = std::exchange(m_drag, Drag::None);
    if (drag == Drag::Select && m_moved) {
        TextRange range = m_document.trimmed(selection());
        if (m_snapsToWords || m_byWord)
            range = m_document.toWords(range);
        m_anchor = range.begin;
        m_caret = range.end;
        labelByBrush();
    } else if (drag == Drag::Select && !m_byWord && !(event->modifiers() & Qt::ShiftModifier)) {
        choose(m_layout.spanAt(toText(event->position())));
    } else if (drag == Drag::Begin || drag == Drag::End) {
        const TextRange range = m_document.trimmed(m_edge);
        if (m_moved)
            moveEdge(drag == Drag::Begin, drag == Drag::Begin ? range.begin : range.end);
    }
    viewport()->update();
}

void SpanText::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    const int character = m_layout.characterAt(toText(event->position()));
    if (character < 0)
        return;
    const TextRange word = m_document.trimmed(m_document.wordAt(character));
    m_drag = Drag::Select;
    m_pressed = event->position();
    m_moved = false;
    m_byWord = true;
    choose(-1);
    m_anchor = word.begin;
    m_caret = word.end;
    labelByBrush();
    viewport()->update();
}

void SpanText::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void SpanText::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

}  // namespace lathe::pages
