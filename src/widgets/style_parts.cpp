// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How each control is drawn from the tokens.
#include "widgets/style_parts.h"

#include <QPushButton>
#include <QWidget>

#include <algorithm>

#include "widgets/theme.h"

namespace lathe::widgets::parts {
namespace {

bool has(const QStyleOption* option, QStyle::StateFlag flag) {
    return option->state.testFlag(flag);
}

struct ButtonColors {
    QColor fill, border, text;
};

ButtonColors buttonColors(const QStyleOption* option, const QWidget* widget) {
    const Theme& t = theme();
    const QString kind = widget ? widget->property("kind").toString() : QString();
    const bool down = has(option, QStyle::State_Sunken);
    const bool hover = has(option, QStyle::State_MouseOver);
    const bool enabled = has(option, QStyle::State_Enabled);
    const double press = down ? 0.16 : hover ? 0.08 : 0.0;
    if (!enabled)
        return {kind == QLatin1String("quiet") ? QColor() : mixed(t.canvas, t.line, 0.5),
                kind == QLatin1String("quiet") ? QColor() : t.line, t.faint};
    if (kind == QLatin1String("primary"))
        return {mixed(t.accent, t.dark ? QColor(Qt::white) : QColor(Qt::black), press), QColor(), t.onAccent};
    const bool danger = kind == QLatin1String("danger");
    const QColor text = danger ? t.bad : t.text;
    if (has(option, QStyle::State_On))
        return {t.accentSoft, t.accent, t.accent};
    if (kind == QLatin1String("quiet"))
        return {down || hover ? mixed(t.canvas, t.text, down ? 0.12 : 0.06) : QColor(), QColor(), text};
    return {mixed(t.raised, t.text, press * 0.6), hover ? mixed(t.line, t.muted, 0.4) : t.line, text};
}

}  // namespace

QColor mixed(const QColor& ground, const QColor& over, double share) {
    const auto part = static_cast<float>(share);
    return QColor::fromRgbF(ground.redF() + (over.redF() - ground.redF()) * part,
                            ground.greenF() + (over.greenF() - ground.greenF()) * part,
                            ground.blueF() + (over.blueF() - ground.blueF()) * part);
}

void roundedPanel(QPainter* painter, const QRectF& rect, const QColor& fill, const QColor& border, qreal radius,
                  qreal width) {
    const PainterScope scope(painter);
    const qreal inset = border.isValid() ? width / 2 : 0;
    painter->setPen(border.isValid() ? QPen(border, width) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius);
}

void glyph(QPainter* painter, const QRect& rect, const QString& name, const QColor& color, int size) {
    QRect place(0, 0, size, size);
    place.moveCenter(rect.center());
    icon(name, color).paint(painter, place);
}

void fieldPanel(QPainter* painter, const QStyleOption* option, const QWidget* widget) {
    const Theme& t = theme();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool focus = enabled && has(option, QStyle::State_HasFocus);
    const bool invalid = widget && widget->property("invalid").toBool();
    const QColor border = invalid                                           ? t.bad
                          : focus                                           ? t.accent
                          : has(option, QStyle::State_MouseOver) && enabled ? mixed(t.line, t.muted, 0.4)
                                                                            : t.line;
    roundedPanel(painter, option->rect, enabled ? t.surface : t.canvas, border, space::radius,
                 focus || invalid ? 2 : 1);
}

void pushButtonPanel(QPainter* painter, const QStyleOptionButton* option, const QWidget* widget) {
    const ButtonColors colors = buttonColors(option, widget);
    roundedPanel(painter, option->rect, colors.fill, colors.border, space::radius);
    if (has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange)) {
        const Theme& t = theme();
        const bool onAccent = widget && widget->property("kind").toString() == QLatin1String("primary");
        roundedPanel(
            painter,
            QRectF(option->rect).adjusted(onAccent ? 2 : 0, onAccent ? 2 : 0, onAccent ? -2 : 0, onAccent ? -2 : 0),
            QColor(), onAccent ? t.onAccent : t.accent, space::radius - (onAccent ? 2 : 0), 2);
    }
}

void pushButtonLabel(QPainter* painter, const QStyleOptionButton* option, const QWidget* widget) {
    const ButtonColors colors = buttonColors(option, widget);
    const PainterScope scope(painter);
    constexpr int iconSize = 16;
    const bool hasIcon = !option->icon.isNull();
    const bool hasMenu = option->features.testFlag(QStyleOptionButton::HasMenu);
    const int textWidth = option->fontMetrics.size(Qt::TextShowMnemonic, option->text).width();
    const int gap = hasIcon && !option->text.isEmpty() ? space::between - 2 : 0;
    const int full = (hasIcon ? iconSize + gap : 0) + textWidth + (hasMenu ? iconSize : 0);
    const bool leftAligned = widget && widget->property("align").toString() == QLatin1String("left");
    int x = leftAligned ? option->rect.left() + space::between
                        : option->rect.left() + std::max(space::inner, (option->rect.width() - full) / 2);
    if (hasIcon) {
        const QRect place(x, option->rect.center().y() - iconSize / 2 + 1, iconSize, iconSize);
        const qreal ratio = painter->device()->devicePixelRatioF();
        QPixmap image = option->icon.pixmap(QSize(iconSize, iconSize), ratio);
        if (!(widget && widget->property("keepIconColor").toBool())) {
            QPainter tint(&image);
            tint.setCompositionMode(QPainter::CompositionMode_SourceIn);
            tint.fillRect(QRect(QPoint(), image.size()), colors.text);
        }
        painter->drawPixmap(place, image);
        x += iconSize + gap;
    }
    painter->setPen(colors.text);
    const int right = option->rect.right() - space::inner - (hasMenu ? iconSize : 0);
    const QRect textRect(x, option->rect.top(), std::max(0, right - x + 1), option->rect.height());
    painter->drawText(
        textRect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic | Qt::TextSingleLine,
        option->fontMetrics.elidedText(option->text, Qt::ElideRight, textRect.width() + 1, Qt::TextShowMnemonic));
    if (hasMenu)
        glyph(painter,
              QRect(x + std::min(textWidth, textRect.width()) + 2, option->rect.top(), iconSize - 2,
                    option->rect.height()),
              QStringLiteral("chevron-down"), colors.text, 12);
}

void toolButtonPanel(QPainter* painter, const QStyleOption* option, const QWidget*) {
    const Theme& t = theme();
    QColor fill;
    if (has(option, QStyle::State_On))
        fill = t.accentSoft;
    else if (has(option, QStyle::State_Enabled) && has(option, QStyle::State_Sunken))
        fill = mixed(t.canvas, t.text, 0.12);
    else if (has(option, QStyle::State_Enabled) && has(option, QStyle::State_MouseOver))
        fill = mixed(t.canvas, t.text, 0.06);
    if (fill.isValid())
        roundedPanel(painter, option->rect, fill, QColor(), space::radius);
}

void checkIndicator(QPainter* painter, const QStyleOption* option) {
    const Theme& t = theme();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool on = has(option, QStyle::State_On) || has(option, QStyle::State_NoChange);
    QRectF box(0, 0, 16, 16);
    box.moveCenter(QRectF(option->rect).center());
    const QColor fill = on ? (enabled ? t.accent : t.faint) : t.surface;
    const QColor border = has(option, QStyle::State_HasFocus)               ? t.accent
                          : has(option, QStyle::State_MouseOver) && enabled ? t.muted
                                                                            : t.faint;
    roundedPanel(painter, box, fill, on ? QColor() : border, 4);
    if (has(option, QStyle::State_On))
        glyph(painter, box.toRect(), QStringLiteral("check"), enabled ? t.onAccent : t.surface, 14);
    else if (has(option, QStyle::State_NoChange))
        painter->fillRect(QRectF(box.left() + 4, box.center().y() - 1, 8, 2), t.onAccent);
}

void radioIndicator(QPainter* painter, const QStyleOption* option) {
    const Theme& t = theme();
    const PainterScope scope(painter);
    QRectF circle(0, 0, 16, 16);
    circle.moveCenter(QRectF(option->rect).center());
    const bool on = has(option, QStyle::State_On);
    const QColor color = has(option, QStyle::State_Enabled) && on ? t.accent : t.faint;
    painter->setPen(QPen(color, on ? 5 : 1));
    painter->setBrush(t.surface);
    const qreal inset = on ? 2.5 : 0.5;
    painter->drawEllipse(circle.adjusted(inset, inset, -inset, -inset));
}

void tabShape(QPainter* painter, const QStyleOptionTab* option) {
    const Theme& t = theme();
    if (!has(option, QStyle::State_Selected)) {
        if (has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled))
            roundedPanel(painter, QRectF(option->rect).adjusted(2, 2, -2, -4), mixed(t.canvas, t.text, 0.05), QColor(),
                         space::radius);
        return;
    }
    painter->fillRect(QRect(option->rect.left() + space::between, option->rect.bottom() - 1,
                            option->rect.width() - 2 * space::between, 2),
                      t.accent);
}

void headerSection(QPainter* painter, const QStyleOptionHeader* option) {
    const Theme& t = theme();
    const QRect& r = option->rect;
    painter->fillRect(r, has(option, QStyle::State_MouseOver) ? mixed(t.surface, t.text, 0.04) : t.surface);
    if (option->orientation == Qt::Horizontal)
        painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), t.line);
    else
        painter->fillRect(QRect(r.right(), r.top(), 1, r.height()), t.line);
}

void progressGroove(QPainter* painter, const QRect& rect) {
    roundedPanel(painter, rect, theme().line, QColor(), std::min(space::radius / 2.0, rect.height() / 2.0));
}

void progressContents(QPainter* painter, const QStyleOptionProgressBar* option) {
    const Theme& t = theme();
    const QRectF r(option->rect);
    const qreal radius = std::min(space::radius / 2.0, r.height() / 2);
    if (option->maximum <= option->minimum) {  // unknown length: a still mark, nothing that moves without end
        roundedPanel(painter, QRectF(r.left() + r.width() / 3, r.top(), r.width() / 3, r.height()), t.accent, QColor(),
                     radius);
        return;
    }
    const double share = static_cast<double>(option->progress - option->minimum) / (option->maximum - option->minimum);
    const qreal width = r.width() * std::clamp(share, 0.0, 1.0);
    if (width >= 1)
        roundedPanel(painter, QRectF(r.left(), r.top(), std::max(width, 2 * radius), r.height()), t.accent, QColor(),
                     radius);
}

void comboBox(QPainter* painter, const QStyleOptionComboBox* option, const QWidget* widget, const QRect& arrow) {
    if (option->frame)
        fieldPanel(painter, option, widget);
    glyph(painter, arrow, QStringLiteral("chevron-down"),
          has(option, QStyle::State_Enabled) ? theme().muted : theme().faint, 14);
}

void spinBox(QPainter* painter, const QStyleOptionSpinBox* option, const QWidget* widget, const QRect& up,
             const QRect& down) {
    const Theme& t = theme();
    if (option->frame)
        fieldPanel(painter, option, widget);
    if (option->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto color = [&](QStyle::SubControl part, QAbstractSpinBox::StepEnabledFlag step) {
        if (!has(option, QStyle::State_Enabled) || !option->stepEnabled.testFlag(step))
            return t.faint;
        return option->activeSubControls.testFlag(part) ? t.accent : t.muted;
    };
    glyph(painter, up, QStringLiteral("chevron-up"), color(QStyle::SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled), 12);
    glyph(painter, down, QStringLiteral("chevron-down"),
          color(QStyle::SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled), 12);
}

void scrollBar(QPainter* painter, const QStyleOptionSlider* option, const QRect& handle) {
    const Theme& t = theme();
    if (option->maximum <= option->minimum)
        return;
    const bool lively = option->activeSubControls.testFlag(QStyle::SC_ScrollBarSlider) &&
                        (has(option, QStyle::State_MouseOver) || has(option, QStyle::State_Sunken));
    QRectF bar(handle);
    bar = option->orientation == Qt::Vertical ? bar.adjusted(3, 2, -3, -2) : bar.adjusted(2, 3, -2, -3);
    roundedPanel(painter, bar, mixed(t.surface, t.faint, lively ? 0.9 : 0.45), QColor(),
                 std::min(bar.width(), bar.height()) / 2);
}

void slider(QPainter* painter, const QStyleOptionSlider* option, const QRect& groove, const QRect& handle) {
    const Theme& t = theme();
    const bool enabled = has(option, QStyle::State_Enabled);
    QRectF line(groove);
    QRectF done(groove);
    if (option->orientation == Qt::Horizontal) {
        line = QRectF(groove.left(), groove.center().y() - 1, groove.width(), 4);
        done = line;
        (option->upsideDown ? done.setLeft(handle.center().x()) : done.setRight(handle.center().x()));
    } else {
        line = QRectF(groove.center().x() - 1, groove.top(), 4, groove.height());
        done = line;
        (option->upsideDown ? done.setTop(handle.center().y()) : done.setBottom(handle.center().y()));
    }
    roundedPanel(painter, line, t.line, QColor(), 2);
    roundedPanel(painter, done, enabled ? t.accent : t.faint, QColor(), 2);
    QRectF knob(0, 0, 14, 14);
    knob.moveCenter(QRectF(handle).center());
    roundedPanel(painter, knob, t.surface, enabled ? t.accent : t.faint, 7,
                 has(option, QStyle::State_HasFocus) ? 3 : 2);
}

}  // namespace lathe::widgets::parts
