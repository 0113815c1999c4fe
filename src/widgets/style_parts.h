// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces that LatheStyle puts together. Private to widgets/.
#pragma once

#include <QPainter>
#include <QStyleOption>

namespace lathe::widgets::parts {

/// Saves and restores the painter around a drawing function, antialiased.
class PainterScope {
public:
    explicit PainterScope(QPainter* painter) : m_painter(painter) {
        m_painter->save();
        m_painter->setRenderHint(QPainter::Antialiasing);
    }
    ~PainterScope() { m_painter->restore(); }
    PainterScope(const PainterScope&) = delete;
    PainterScope& operator=(const PainterScope&) = delete;

private:
    QPainter* m_painter;
};

QColor mixed(const QColor& ground, const QColor& over, double share);
/// A filled rounded rectangle whose border of \p width px lies inside \p rect; an invalid colour leaves it out.
void roundedPanel(QPainter* painter, const QRectF& rect, const QColor& fill, const QColor& border, qreal radius,
                  qreal width = 1);
/// An icon of the family, centred.
void glyph(QPainter* painter, const QRect& rect, const QString& icon, const QColor& color, int size = 16);
/// The frame of line edits, combo and spin boxes: hairline, accent when focused, bad when property "invalid" is set.
void fieldPanel(QPainter* painter, const QStyleOption* option, const QWidget* widget);

void pushButtonPanel(QPainter* painter, const QStyleOptionButton* option, const QWidget* widget);
void pushButtonLabel(QPainter* painter, const QStyleOptionButton* option, const QWidget* widget);
void toolButtonPanel(QPainter* painter, const QStyleOption* option, const QWidget* widget);
void checkIndicator(QPainter* painter, const QStyleOption* option);
void radioIndicator(QPainter* painter, const QStyleOption* option);
void tabShape(QPainter* painter, const QStyleOptionTab* option);
void headerSection(QPainter* painter, const QStyleOptionHeader* option);
void progressGroove(QPainter* painter, const QRect& rect);
void progressContents(QPainter* painter, const QStyleOptionProgressBar* option);
void comboBox(QPainter* painter, const QStyleOptionComboBox* option, const QWidget* widget, const QRect& arrow);
void spinBox(QPainter* painter, const QStyleOptionSpinBox* option, const QWidget* widget, const QRect& up,
             const QRect& down);
void scrollBar(QPainter* painter, const QStyleOptionSlider* option, const QRect& handle);
void slider(QPainter* painter, const QStyleOptionSlider* option, const QRect& groove, const QRect& handle);

}  // namespace lathe::widgets::parts
