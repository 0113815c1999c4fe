// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What F1 shows: gathered from the actions and buttons that are there, so that no list is kept by hand. Thread: GUI.
#pragma once

#include <QWidget>

#include <utility>
#include <vector>

#include "dialogs/shortcuts_dialog.h"

namespace lathe::app {

/// \p owners: pages with their titles; what belongs to none of them goes to "Everywhere", which comes first.
std::vector<dialogs::ShortcutGroup> collectShortcuts(const QWidget& window,
                                                     const std::vector<std::pair<QString, const QWidget*>>& owners);

}  // namespace lathe::app
