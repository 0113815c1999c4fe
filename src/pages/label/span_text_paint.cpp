// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SpanText, how it looks: a labelled part has a tint, a bar with its name under it, and ticks where it begins and ends,
// so that neither colours nor overlaps have to be told apart by eye alone. Suggestions are dashed and not tinted.
#include "pages/label/span_text.h"

#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>

#include <algorithm>

#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using widgets::theme;

namespace {

constexpr int kTint = 34, kChosenTint = 84, kTagTint = 46;  ///< alpha
constexpr qreal kCorner = 3;
constexpr qreal kTick = 2;
constexpr int kCaret = 2;

QColor withAlpha(QColor color, int alpha) {
    color.setAlpha(alpha);
    return color;
}

}  // namespace

QColor SpanText::colorOf(const ShownSpan& span) const {
    const auto found = std::ranges::find(m_labels, span.label, &corpus::Label::id);
    if (found == m_labels.end())
        return theme().faint;
    return widgets::labelColor(QString::fromStdString(found->color), static_cast<int>(found - m_labels.begin()));
}

void SpanText::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(0, -top());
    const qreal from = event->rect().top() + top(), to = event->rect().bottom() + top();
    m_layout.eachLine(from, to, [&](const SpanLayout::Line& line, const QPointF& origin) {
        for (const SpanMark& mark : line.marks) {
            const ShownSpan& span = shown()[static_cast<std::size_t>(mark.span)];
            if (span.suggested && mark.span != m_chosen)
                continue;
            painter.setPen(Qt::NoPen);
            painter.setBrush(withAlpha(colorOf(span), mark.span == m_chosen ? kChosenTint : kTint));
            for (const QRectF& bar : mark.bars)
                painter.drawRoundedRect(bar.translated(origin), kCorner, kCorner);
        }
    });
    paintSelection(painter, from, to);
    m_layout.eachLine(from, to,
                      [&](const SpanLayout::Line& line, const QPointF& origin) { paintLine(painter, line, origin); });
    if (hasFocus() && !m_readOnly && m_drag == Drag::None) {
        QRectF caret = m_layout.caretRect(m_caret);
        caret.setWidth(kCaret);
        caret.moveLeft(std::min(caret.left(), static_cast<qreal>(viewport()->width() - kCaret)));
        painter.fillRect(caret, theme().accent);
    }
}

void SpanText::paintSelection(QPainter& painter, qreal visibleTop, qreal visibleBottom) {
    TextRange range = selection();
    if (m_drag == Drag::Begin || m_drag == Drag::End)
        range = m_edge;
    else if (m_drag == Drag::Select && m_moved && m_snapsToWords)
        range = m_document.toWords(range);
    for (const QRectF& box : m_layout.boxes(range, visibleTop, visibleBottom))
        painter.fillRect(box, withAlpha(theme().accent, kChosenTint));
}

void SpanText::paintLine(QPainter& painter, const SpanLayout::Line& line, const QPointF& origin) {
    painter.setPen(theme().text);
    line.text.draw(&painter, origin);
    for (const SpanMark& mark : line.marks)
        paintMark(painter, line, mark, origin);
}

void SpanText::paintMark(QPainter& painter, const SpanLayout::Line& line, const SpanMark& mark, const QPointF& origin) {
    const ShownSpan& span = shown()[static_cast<std::size_t>(mark.span)];
    const QColor color = colorOf(span);
    const bool chosen = mark.span == m_chosen;
    const qreal y = origin.y() + line.text.y() + std::max(m_layout.textHeight(), line.text.height()) +
                    mark.lane * m_layout.laneHeight();
    const qreal middle = y + SpanLayout::kBar / 2.0;
    QPen pen(color, SpanLayout::kBar - (span.suggested ? 1 : 0), span.suggested ? Qt::DashLine : Qt::SolidLine,
             Qt::FlatCap);
    for (const QRectF& bar : mark.bars) {
        painter.setPen(pen);
        painter.drawLine(QPointF(bar.left() + 1, middle), QPointF(bar.right() - 1, middle));
        if (chosen) {
            painter.setPen(QPen(color, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(bar.translated(origin).adjusted(0, 1, 0, -1), kCorner, kCorner);
        }
    }
    // Ticks: where the part begins and ends, in the direction of its text.
    painter.setPen(QPen(color, kTick));
    const auto tick = [&](qreal x) { painter.drawLine(QPointF(x, y - kCorner), QPointF(x, y + SpanLayout::kBar)); };
    if (mark.begins)
        tick(mark.beginX);
    if (mark.ends)
        tick(mark.endX);
    if (mark.tag.isEmpty())
        return;
    const QRectF tag = mark.tag.translated(0, origin.y());
    if (chosen) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme().accent);
        painter.drawRoundedRect(tag, kCorner, kCorner);
    } else if (!span.suggested) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(withAlpha(color, kTagTint));
        painter.drawRoundedRect(tag, kCorner, kCorner);
    }
    QFont font = widgets::font(widgets::Type::Secondary, chosen);
    font.setItalic(span.suggested);
    painter.setFont(font);
    painter.setPen(chosen ? theme().onAccent : span.suggested ? theme().muted : theme().text);
    const QRectF inner = tag.adjusted(space::inner, 0, -space::inner / 2.0, 0);
    const QString name = span.suggested ? tr("%1 ?").arg(labelName(span.label)) : labelName(span.label);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(name, Qt::ElideRight, static_cast<int>(inner.width())));
}

}  // namespace lathe::pages
