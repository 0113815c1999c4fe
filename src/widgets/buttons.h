// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Buttons in their three weights, and tooltips that name the shortcut. Thread: GUI.
#pragma once

#include <QKeySequence>
#include <QString>

class QAction;
class QAbstractButton;
class QPushButton;
class QToolButton;
class QWidget;

namespace lathe::widgets {

/// The one main action of a page: accent filled.
QPushButton* primaryButton(const QString& text, const QString& iconName = {}, QWidget* parent = nullptr);
/// An ordinary action: raised, hairline.
QPushButton* plainButton(const QString& text, const QString& iconName = {}, QWidget* parent = nullptr);
/// A side action: text alone until the pointer is over it.
QPushButton* quietButton(const QString& text, const QString& iconName = {}, QWidget* parent = nullptr);
/// An action that takes something away or stops it: text in the colour of danger.
QPushButton* dangerButton(const QString& text, const QString& iconName = {}, QWidget* parent = nullptr);
/// An icon alone; \p name is the tooltip and the accessible name.
QToolButton* iconButton(const QString& iconName, const QString& name, QWidget* parent = nullptr);

/// "Import a file (Ctrl+I)" as tooltip, the text as accessible name, and the key as the button's shortcut.
void setShortcut(QAbstractButton* button, const QString& tip, const QKeySequence& key);
/// Shows the action's text, icon and shortcut on \p button and triggers it; follows enabled and checked.
void bindAction(QAbstractButton* button, QAction* action);
/// "tip (Ctrl+I)"; the tip alone when there is no key.
QString withShortcut(const QString& tip, const QKeySequence& key);

}  // namespace lathe::widgets
