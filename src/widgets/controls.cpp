// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls.h"

#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/labels.h"
#include "widgets/style_parts.h"
#include "widgets/theme.h"

namespace lathe::widgets {
namespace {

constexpr int kDot = 8;
constexpr int kChipPadding = 12;

void focusRing(QPainter* painter, const QWidget* widget, const QRectF& rect, qreal radius) {
    if (widget->hasFocus())
        parts::roundedPanel(painter, rect, QColor(), theme().accent, radius, 2);
}

}  // namespace

Chip::Chip(const QString& text, QWidget* parent) : QAbstractButton(parent) {
    setText(text);
    setCheckable(true);
    setFont(widgets::font(Type::Secondary));
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Chip::setCount(qint64 count) {
    if (m_count == count)
        return;
    m_count = count;
    updateGeometry();
    update();
}

void Chip::setDot(const QColor& color) {
    m_dot = color;
    updateGeometry();
    update();
}

QString Chip::countText() const {
    return m_count < 0 ? QString() : QLocale().toString(m_count);
}

QSize Chip::sizeHint() const {
    const QFontMetrics metrics(font());
    int width = 2 * kChipPadding + metrics.horizontalAdvance(text()) + 1;
    if (m_dot.isValid())
        width += kDot + space::inner + 2;
    if (m_count >= 0)
        width += space::inner + 2 + metrics.horizontalAdvance(countText());
    return {width, space::dense};
}

void Chip::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    const bool lively = underMouse() && isEnabled();
    const QColor fill = isChecked() ? t.accentSoft : lively ? parts::mixed(t.surface, t.text, 0.05) : t.surface;
    parts::roundedPanel(&painter, rect(), fill, isChecked() ? t.accent : t.line, height() / 2.0);
    focusRing(&painter, this, rect(), height() / 2.0);
    int x = kChipPadding;
    if (m_dot.isValid()) {
        parts::roundedPanel(&painter, QRectF(x, (height() - kDot) / 2.0, kDot, kDot), m_dot, QColor(), kDot / 2.0);
        x += kDot + space::inner + 2;
    }
    painter.setFont(font());
    painter.setPen(!isEnabled() ? t.faint : isChecked() ? t.accent : t.text);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::AlignLeft, text());
    if (m_count >= 0) {
        painter.setPen(isChecked() ? t.accent : t.muted);
        painter.drawText(QRect(x, 0, width() - x - kChipPadding, height()), Qt::AlignVCenter | Qt::AlignRight,
                         countText());
    }
}

Toggle::Toggle(const QString& text, QWidget* parent) : QAbstractButton(parent) {
    setText(text);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Toggle::sizeHint() const {
    const int label = text().isEmpty() ? 0 : space::between + QFontMetrics(font()).horizontalAdvance(text()) + 2;
    return {36 + label, space::dense};
}

void Toggle::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    const QRectF track(0, (height() - 20) / 2.0, 36, 20);
    const QColor off = parts::mixed(t.surface, t.faint, underMouse() ? 0.8 : 0.6);
    parts::roundedPanel(&painter, track, !isEnabled() ? t.line : isChecked() ? t.accent : off, QColor(), 10);
    const QRectF knob(isChecked() ? track.right() - 18 : track.left() + 2, track.top() + 2, 16, 16);
    parts::roundedPanel(&painter, knob, isChecked() ? t.onAccent : t.surface, QColor(), 8);
    focusRing(&painter, this, track, 10);
    painter.setPen(isEnabled() ? t.text : t.faint);
    painter.setFont(font());
    painter.drawText(QRect(36 + space::between, 0, width(), height()), Qt::AlignVCenter | Qt::AlignLeft, text());
}

ProbabilityBar::ProbabilityBar(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Probability"));
}

void ProbabilityBar::setValue(double share) {
    m_value = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    setAccessibleDescription(QLocale().toString(m_value * 100, 'f', 1) + QStringLiteral(" %"));
    update();
}

void ProbabilityBar::setColor(const QColor& color) {
    m_color = color;
    update();
}

void ProbabilityBar::setThickness(int px) {
    m_thickness = px;
    updateGeometry();
}

void ProbabilityBar::paint(QPainter* painter, const QRectF& rect, double share, const QColor& color) {
    const qreal radius = rect.height() / 2;
    parts::roundedPanel(painter, rect, theme().line, QColor(), radius);
    if (share > 0)
        parts::roundedPanel(
            painter, QRectF(rect.left(), rect.top(), std::max(rect.height(), rect.width() * share), rect.height()),
            color.isValid() ? color : theme().accent, QColor(), radius);
}

void ProbabilityBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(&painter, QRectF(0, (height() - m_thickness) / 2.0, width(), m_thickness), m_value, m_color);
}

StatTile::StatTile(const QString& caption, QWidget* parent) : QWidget(parent) {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    m_value = new QLabel(QStringLiteral("–"), this);
    m_value->setTextFormat(Qt::PlainText);
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_caption = mutedLabel(caption, this);
    m_note = mutedLabel({}, this);
    setTone(m_note, Tone::Faint);
    m_note->hide();
    all->addWidget(m_value);
    all->addWidget(m_caption);
    all->addWidget(m_note);
    setCompact(false);
    setCaption(caption);
}

void StatTile::setCompact(bool compact) {
    QFont number = figures(compact ? Type::Sample : Type::Headline);
    number.setWeight(QFont::DemiBold);
    m_value->setFont(number);
}

void StatTile::setValue(const QString& value) {
    m_value->setText(value.isEmpty() ? QStringLiteral("–") : value);
    setAccessibleName(QStringLiteral("%1: %2").arg(m_caption->text(), m_value->text()));
}

void StatTile::setCaption(const QString& caption) {
    m_caption->setText(caption);
    setAccessibleName(QStringLiteral("%1: %2").arg(caption, m_value->text()));
}

void StatTile::setNote(const QString& note) {
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

QString StatTile::value() const {
    return m_value->text();
}

}  // namespace lathe::widgets
