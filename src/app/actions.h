// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every command of the frame, once: text, icon, shortcut. Thread: GUI.
#pragma once

#include <QAction>

#include <vector>

namespace lathe::app {

struct Actions {
    QAction* newProject = nullptr;
    QAction* openProject = nullptr;
    QAction* demo = nullptr;
    QAction* closeProject = nullptr;
    QAction* importFile = nullptr;
    QAction* search = nullptr;
    QAction* settings = nullptr;
    QAction* shortcuts = nullptr;
    QAction* about = nullptr;
    QAction* fullScreen = nullptr;
    QAction* quit = nullptr;

    /// All actions as children of \p window, which also makes their shortcuts work in it.
    static Actions make(QWidget* window);
    void retranslate();
    std::vector<QAction*> all() const;
};

}  // namespace lathe::app
