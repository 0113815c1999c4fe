// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/actions.h"

#include <QCoreApplication>
#include <QWidget>

#include "widgets/theme.h"

namespace lathe::app {
namespace {

QAction* make(QWidget* window, const char* name, const char* iconName, const QKeySequence& key) {
    auto* action = new QAction(window);
    action->setObjectName(QString::fromLatin1(name));
    if (iconName)
        action->setIcon(widgets::icon(QString::fromLatin1(iconName)));
    action->setShortcut(key);
    action->setShortcutContext(Qt::WindowShortcut);
    window->addAction(action);
    return action;
}

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(lathe::app::Actions)
};

}  // namespace

Actions Actions::make(QWidget* window) {
    Actions a;
    a.newProject = app::make(window, "newProject", "new", QKeySequence(Qt::CTRL | Qt::Key_N));
    a.openProject = app::make(window, "openProject", "open", QKeySequence(Qt::CTRL | Qt::Key_O));
    a.demo = app::make(window, "demoProject", "spark", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    a.closeProject = app::make(window, "closeProject", "close", QKeySequence(Qt::CTRL | Qt::Key_W));
    a.importFile = app::make(window, "importFile", "import", QKeySequence(Qt::CTRL | Qt::Key_I));
    a.search = app::make(window, "search", "search", QKeySequence(Qt::CTRL | Qt::Key_K));
    a.settings = app::make(window, "settings", "settings", QKeySequence(Qt::CTRL | Qt::Key_Comma));
    a.shortcuts = app::make(window, "shortcuts", "keyboard", QKeySequence(Qt::Key_F1));
    a.about = app::make(window, "about", "info", QKeySequence());
    a.fullScreen = app::make(window, "fullScreen", nullptr, QKeySequence(Qt::Key_F11));
    a.fullScreen->setCheckable(true);
    a.quit = app::make(window, "quit", nullptr, QKeySequence(Qt::CTRL | Qt::Key_Q));
    a.retranslate();
    return a;
}

void Actions::retranslate() {
    newProject->setText(Texts::tr("New project…"));
    openProject->setText(Texts::tr("Open project…"));
    demo->setText(Texts::tr("Open the demo project"));
    demo->setStatusTip(
        Texts::tr("A bank's customer service, in Chinese and English: mostly labelled, ready to train on"));
    closeProject->setText(Texts::tr("Close project"));
    importFile->setText(Texts::tr("Import texts…"));
    search->setText(Texts::tr("Search the corpus"));
    settings->setText(Texts::tr("Settings"));
    shortcuts->setText(Texts::tr("Keyboard shortcuts"));
    about->setText(Texts::tr("About Lathe"));
    fullScreen->setText(Texts::tr("Full screen"));
    quit->setText(Texts::tr("Quit"));
}

std::vector<QAction*> Actions::all() const {
    return {newProject, openProject, demo,       closeProject, importFile, search,
            settings,   shortcuts,   fullScreen, quit,         about};
}

}  // namespace lathe::app
