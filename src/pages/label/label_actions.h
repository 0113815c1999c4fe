// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabelActions: the Label page's commands as QActions, so that buttons, tool tips and the list of shortcuts agree.
// Thread: GUI.
#pragma once

#include <QObject>

#include <array>

#include "pages/label/label_keys.h"

class QAction;
class QWidget;

namespace lathe::pages {

class LabelActions : public QObject {
    Q_OBJECT

public:
    /// The actions belong to \p page and are added to it.
    explicit LabelActions(QWidget* page);

    QAction* operator[](LabelCommand command) const { return m_actions[static_cast<std::size_t>(command)]; }
    const std::array<QAction*, kLabelCommands>& all() const { return m_actions; }
    /// Shows the keys that are free beside the labels' own.
    void setKeys(const LabelKeys& keys);

private:
    std::array<QAction*, kLabelCommands> m_actions{};
};

}  // namespace lathe::pages
