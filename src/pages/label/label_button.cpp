// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/label_button.h"

#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace lathe::pages {

using widgets::theme;
namespace space = widgets::space;

namespace {

constexpr int kHeight = space::control + space::between;
constexpr int kDot = space::between + 2;
constexpr int kBox = space::groups;
constexpr int kBar = 3;
constexpr int kMostDepth = 4;
constexpr std::size_t kExamples = 3;
constexpr qsizetype kExampleLength = 120;
/// Less would only be a speck in the rounded corner.
constexpr float kLeastShown = 0.03F;

QStringList firstOf(const std::vector<std::string>& texts) {
    QStringList first;
    for (std::size_t i = 0; i < std::min(kExamples, texts.size()); ++i)
        first << QString::fromStdString(texts[i]).simplified().left(kExampleLength);
    return first;
}

}  // namespace

LabelButton::LabelButton(QWidget* parent) : QAbstractButton(parent) {
    // Not by click: the keys of the page would go to a button that happens to have been clicked.
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LabelButton::setLabel(const corpus::Label& label, int index, int depth) {
    m_id = label.id;
    m_name = QString::fromStdString(label.name);
    m_key = QString::fromStdString(label.key).toUpper();
    m_guideline = QString::fromStdString(label.guideline);
    m_storedColor = QString::fromStdString(label.color);
    m_index = index;
    m_depth = depth;
    m_examples = firstOf(label.examples);
    m_counterExamples = firstOf(label.counterExamples);
    m_count = label.count;
    setText(m_name);
    updateDescription();
    update();
}

void LabelButton::setCount(std::int64_t count) {
    if (m_count == count)
        return;
    m_count = count;
    updateDescription();
    update();
}

void LabelButton::setCurrent(bool current) {
    if (m_current == current)
        return;
    m_current = current;
    updateDescription();
    update();
}

void LabelButton::setTickable(bool tickable) {
    if (m_tickable == tickable)
        return;
    m_tickable = tickable;
    updateDescription();
    update();
}

void LabelButton::setProbability(float probability, bool best) {
    if (m_probability == probability && m_best == best)
        return;
    m_probability = probability;
    m_best = best;
    updateDescription();
    update();
}

void LabelButton::updateDescription() {
    QString description = tr("%n text(s)", nullptr, static_cast<int>(m_count));
    if (m_probability >= 0)
        description += QStringLiteral(", ") + tr("suggested with %1 %").arg(qRound(m_probability * 100));
    if (m_current)
        description += QStringLiteral(", ") + (m_tickable ? tr("on") : tr("this text's label"));
    setAccessibleName(m_name);
    setAccessibleDescription(description);
    QString tip = QStringLiteral("<b>") + m_name.toHtmlEscaped() + QStringLiteral("</b>");
    if (!m_key.isEmpty())
        tip += QStringLiteral(" (") + m_key.toHtmlEscaped() + QStringLiteral(")");
    if (!m_guideline.isEmpty())
        tip += QStringLiteral("<p>") + m_guideline.toHtmlEscaped() + QStringLiteral("</p>");
    for (const QString& example : m_examples)
        tip += QString::fromUtf8("<br>✓ ") + example.toHtmlEscaped();
    for (const QString& example : m_counterExamples)
        tip += QString::fromUtf8("<br>✗ ") + example.toHtmlEscaped();
    setToolTip(tip + QStringLiteral("<p>") + description + QStringLiteral("</p>"));
}

QSize LabelButton::sizeHint() const {
    return {kHeight * 5, kHeight};
}

QSize LabelButton::minimumSizeHint() const {
    return {kHeight * 3, kHeight};
}

void LabelButton::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void LabelButton::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void LabelButton::paintMark(QPainter& painter, const QRectF& box) const {
    const QColor color = widgets::labelColor(m_storedColor, m_index);
    if (!m_tickable) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(box);
        return;
    }
    const QRectF frame = box.adjusted(1, 1, -1, -1);
    painter.setPen(QPen(color, 2));
    painter.setBrush(m_current ? QBrush(color) : Qt::NoBrush);
    painter.drawRoundedRect(frame, space::inner - 1, space::inner - 1);
    if (!m_current)
        return;
    const QPointF tick[] = {{frame.left() + frame.width() * 0.24, frame.top() + frame.height() * 0.52},
                            {frame.left() + frame.width() * 0.43, frame.top() + frame.height() * 0.72},
                            {frame.left() + frame.width() * 0.78, frame.top() + frame.height() * 0.30}};
    painter.setPen(QPen(theme().surface, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(tick, 3);
}

void LabelButton::paintEvent(QPaintEvent*) {
    const widgets::Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool lit = isEnabled() && (underMouse() || isDown());

    QPainterPath outline;
    outline.addRoundedRect(frame, space::radius, space::radius);
    painter.fillPath(outline, t.raised);
    if (m_current || lit)
        painter.fillPath(outline, t.accentSoft);
    painter.setPen(QPen(m_current || hasFocus() ? t.accent : t.line, hasFocus() ? 2 : 1));
    painter.drawPath(outline);

    // The probability lies along the lower edge, inside the outline: nothing moves when it comes or goes.
    if (m_probability >= kLeastShown) {
        painter.save();
        painter.setClipPath(outline);
        const qreal width = frame.width() * static_cast<qreal>(m_probability);
        painter.fillRect(QRectF(frame.left(), frame.bottom() - kBar, width, kBar), m_best ? t.accent : t.faint);
        painter.restore();
    }

    int left = space::between + std::min(m_depth, kMostDepth) * space::groups;
    const int middle = height() / 2;
    if (!m_key.isEmpty()) {
        const int side = space::groups + space::inner;
        const QRect cap(left, middle - side / 2, widgets::KeyCap::widthFor(m_key), side);
        widgets::KeyCap::paint(&painter, cap, m_key);
        left = cap.right() + 1 + space::between;
    }
    const int mark = m_tickable ? kBox : kDot;
    paintMark(painter, QRectF(left, middle - mark / 2.0, mark, mark));
    left += mark + space::between;

    painter.setFont(widgets::figures(widgets::Type::Secondary));
    QString trailing = QLocale().toString(static_cast<qlonglong>(m_count));
    if (m_best && m_probability >= 0)
        trailing = tr("%1 %").arg(qRound(m_probability * 100));
    const int trailingWidth = painter.fontMetrics().horizontalAdvance(trailing);
    painter.setPen(m_best && m_probability >= 0 ? t.accent : t.muted);
    painter.drawText(QRect(width() - space::between - trailingWidth, 0, trailingWidth, height()),
                     Qt::AlignVCenter | Qt::AlignRight, trailing);

    painter.setFont(widgets::font(widgets::Type::Body, m_current));
    painter.setPen(isEnabled() ? t.text : t.faint);
    const QRect nameRect(left, 0, width() - left - trailingWidth - 2 * space::between, height());
    painter.drawText(nameRect, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_name, Qt::ElideRight, nameRect.width()));
}

}  // namespace lathe::pages
