// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What stands there before a project is open: the demo, new, open, and the recent ones. Thread: GUI.
#pragma once

#include <QWidget>

class QAction;
class QVBoxLayout;

namespace lathe::session {
class Session;
}

namespace lathe::app {

struct Actions;

class WelcomePage : public QWidget {
    Q_OBJECT

public:
    WelcomePage(session::Session& session, const Actions& actions, QWidget* parent = nullptr);
    void refresh();  ///< reads the recent projects again

Q_SIGNALS:
    void openRequested(const QString& folder);

private:
    session::Session& m_session;
    QWidget* m_recent = nullptr;
    QVBoxLayout* m_recentRows = nullptr;
};

}  // namespace lathe::app
