// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/label/choice_button.h"

#include <QPainter>
#include <QPainterPath>

#include "widgets/labels.h"

namespace lathe::pages {

namespace space = widgets::space;

ChoiceButton::ChoiceButton(const QString& text, const QString& key, QWidget* parent)
    : QAbstractButton(parent), m_key(key) {
    setText(text);
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(key.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, key));
}

QSize ChoiceButton::sizeHint() const {
    return {kHeight + space::groups, kHeight};
}

void ChoiceButton::paintEvent(QPaintEvent*) {
    const widgets::Theme& t = widgets::theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath outline;
    outline.addRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), space::radius, space::radius);
    painter.fillPath(outline, isChecked() ? t.accent : isEnabled() && underMouse() ? t.accentSoft : t.raised);
    painter.setPen(QPen(hasFocus() || isChecked() ? t.accent : t.line, hasFocus() ? 2 : 1));
    painter.drawPath(outline);
    const bool isShort = text().size() <= 4;
    painter.setFont(widgets::font(isShort ? widgets::Type::Title : widgets::Type::Body, isChecked()));
    painter.setPen(!isEnabled() ? t.faint : isChecked() ? t.onAccent : t.text);
    const QRect inner = rect().adjusted(space::between, 0, -space::between, 0);
    painter.drawText(inner, Qt::AlignCenter, painter.fontMetrics().elidedText(text(), Qt::ElideRight, inner.width()));
    if (m_key.isEmpty() || m_key == text())
        return;
    const int width = widgets::KeyCap::widthFor(m_key);
    widgets::KeyCap::paint(&painter, QRect(this->width() - width - space::inner, space::inner, width, space::groups),
                           m_key, isChecked());
}

}  // namespace lathe::pages
