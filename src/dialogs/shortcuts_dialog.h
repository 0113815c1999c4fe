// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The list of all shortcuts (F1), as key caps, with a filter. Thread: GUI.
#pragma once

#include <QDialog>
#include <QKeySequence>
#include <QString>

#include <vector>

namespace lathe::dialogs {

struct Shortcut {
    QString title;
    QKeySequence key;
};

struct ShortcutGroup {
    QString title;  ///< "Everywhere", "Label"
    std::vector<Shortcut> shortcuts;
};

class ShortcutsDialog : public QDialog {
    Q_OBJECT

public:
    explicit ShortcutsDialog(const std::vector<ShortcutGroup>& groups, QWidget* parent = nullptr);

private:
    void filter(const QString& text);
};

}  // namespace lathe::dialogs
