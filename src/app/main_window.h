// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow: the frame around the pages. It knows no page by name: they come from the registry, each made when it is
// first visited. Thread: GUI.
#pragma once

#include <QHash>
#include <QMainWindow>

#include "app/actions.h"
#include "pages/page.h"

class QMenu;
class QStackedWidget;

namespace lathe {
struct Error;
}
namespace lathe::session {
class Session;
}
namespace lathe::widgets {
class MessageBar;
}

namespace lathe::app {

class JobBar;
class NavRail;
class ProjectBar;
class ProjectDoor;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(session::Session& session, pages::PageRegistry registry, QWidget* parent = nullptr);
    ~MainWindow() override;

    QString currentPage() const { return m_current; }  ///< id; empty on the welcome page
    widgets::MessageBar& messages() const { return *m_messages; }
    const Actions& actions() const { return m_actions; }
    /// Nothing runs and the page in front does not say otherwise (dynamic property "settled").
    bool isSettled() const;

    void showPage(const QString& id, const QString& argument = {});
    /// Opens, and shows \p page (default: the one last used). Problems go to the message bar.
    void openProject(const QString& folder, bool readOnly = false, const QString& page = {},
                     const QString& argument = {});
    /// Opens the demo project in the documents folder, making it first if it is not there.
    void openDemo(const QString& page = {}, const QString& argument = {});
    void showError(const Error& error);

Q_SIGNALS:
    void firstPainted();

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildFrame();
    void connectActions();
    void connectSession();
    void fillRail();
    void fillMenu();
    void retranslate();
    void projectChanged();
    void discardPages();
    pages::Page* page(const QString& id);
    QString pageTitle(const pages::PageEntry& entry) const;
    QString firstPage() const { return QString::fromStdString(m_registry.entries().front().id); }
    void showBusy(const Error& error, const QString& folder);
    void showShortcuts();

    session::Session& m_session;
    const pages::PageRegistry m_registry;
    Actions m_actions;
    QHash<QString, pages::Page*> m_pages;
    QList<QAction*> m_pageActions;
    QString m_current;
    QString m_wantedPage;  ///< shown when the project that is being opened is there
    QString m_wantedArgument;
    bool m_painted = false;
    bool m_retranslating = false;
    bool m_mayClose = false;
    ProjectDoor* m_door = nullptr;
    QMenu* m_menu = nullptr;
    NavRail* m_rail = nullptr;
    ProjectBar* m_projectBar = nullptr;
    widgets::MessageBar* m_messages = nullptr;
    QStackedWidget* m_stack = nullptr;
    WelcomePage* m_welcome = nullptr;
    JobBar* m_jobBar = nullptr;
};

}  // namespace lathe::app
