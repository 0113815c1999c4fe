// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The look: every colour, size and font of the window, light and dark, from one table (design tokens).
// No colour, size or font literal anywhere else. Thread: GUI.
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QString>

#include <array>

class QApplication;

namespace lathe::widgets {

enum class ThemeMode { System, Light, Dark };

struct Theme {
    bool dark = false;
    QColor canvas, surface, raised, line, text, muted, faint, accent, onAccent, good, warn, bad;
    QColor accentSoft;             ///< selection behind text, hovered rows: accent over surface at low alpha
    std::array<QColor, 8> series;  ///< curves and labels, Okabe-Ito order
};

/// The theme in use. Widgets that paint themselves ask at paint time; a change arrives as QEvent::PaletteChange.
const Theme& theme();
/// Sets Fusion, palette, fonts and the style sheet for the whole application.
void applyTheme(QApplication& app, ThemeMode mode);

/// The 4 px grid.
namespace space {
inline constexpr int inner = 4, between = 8, groups = 16, page = 24, radius = 6, control = 32, dense = 28;
}

enum class Type { Secondary /*12*/, Body /*13*/, Section /*15*/, Title /*20*/, Sample /*24*/, Headline /*40*/ };
QFont font(Type type, bool bold = false);
/// Tabular figures, for tables and readouts.
QFont figures(Type type = Type::Body);

/// icons/scalable/NAME.svg tinted with the palette (normal: muted, active/checked: accent, disabled: faint).
QIcon icon(const QString& name);
QIcon icon(const QString& name, const QColor& color);
/// A label's own colour, or the series colour by index; readable on the present theme.
QColor labelColor(const QString& stored, int index);

}  // namespace lathe::widgets
