// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ProjectDoor: how projects come and go: new, open, demo, close, the questions before it and the trouble with it.
// Thread: GUI.
#pragma once

#include <QObject>
#include <QString>

#include <functional>

class QWidget;

namespace lathe {
struct Error;
}
namespace lathe::session {
class Session;
}

namespace lathe::app {

class ProjectDoor : public QObject {
    Q_OBJECT

public:
    /// \p window: parent of the dialogs.
    ProjectDoor(session::Session& session, QWidget& window);

    void open(const QString& folder, bool readOnly = false);
    void create(const QString& folder);
    /// The demo project in the documents folder, made first (in the io lane) if it is not there.
    void openDemo();
    void close();
    void askForNew();
    void askForOpen();
    /// Asks for a file; the answer comes as fileChosen.
    void askForImport();
    /// Runs \p then at once; or when short and background jobs have ended; or after the user agreed to stop what runs
    /// and it has ended.
    void whenIdle(const QString& verb, std::function<void()> then);
    /// Runs \p then as soon as nothing runs, without asking.
    void onceIdle(std::function<void()> then);

    static bool isProject(const QString& folder);

Q_SIGNALS:
    /// The project that is open is about to go: whatever holds on to its store has to let go.
    void leaving();
    /// It did not work; the project that was open before still is.
    void failed(const Error& error);
    void busy(const Error& error, const QString& folder);
    /// What was asked for is open already.
    void alreadyOpen();
    void fileChosen(const QString& path);

private:
    void askToStop(const QString& title, const QString& verb, std::function<void()> then);

    session::Session& m_session;
    QWidget& m_window;
    std::function<void()> m_afterIdle;
};

}  // namespace lathe::app
