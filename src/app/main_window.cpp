// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "app/job_bar.h"
#include "app/nav_rail.h"
#include "app/project_bar.h"
#include "app/project_door.h"
#include "app/shortcut_list.h"
#include "app/welcome_page.h"
#include "dialogs/about_dialog.h"
#include "dialogs/settings_dialog.h"
#include "dialogs/shortcuts_dialog.h"
#include "session/error_text.h"
#include "session/search_indexer.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/message_bar.h"
#include "widgets/theme.h"

namespace lathe::app {

using session::Setting;
using widgets::MessageBar;

MainWindow::MainWindow(session::Session& session, pages::PageRegistry registry, QWidget* parent)
    : QMainWindow(parent),
      m_session(session),
      m_registry(std::move(registry)),
      m_actions(Actions::make(this)),
      m_door(new ProjectDoor(session, *this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setMinimumSize(1024, 640);
    buildFrame();
    connectActions();
    fillRail();
    restoreGeometry(session.settings().value(Setting::WindowGeometry).toByteArray());
    connectSession();
    new session::SearchIndexer(session, this);
    projectChanged();
}

MainWindow::~MainWindow() = default;

void MainWindow::connectSession() {
    connect(&m_session, &session::Session::projectChanged, this, &MainWindow::projectChanged);
    connect(&m_session, &session::Session::pageRequested, this, &MainWindow::showPage);
    connect(&m_session, &session::Session::messagePosted, this,
            [this](const QString& text, const QString& detail, bool isError) {
                m_messages->showMessage(isError ? MessageBar::Kind::Error : MessageBar::Kind::Info, text, detail);
            });
    // The pages' item models hold on to the store that goes.
    connect(m_door, &ProjectDoor::leaving, this, &MainWindow::discardPages);
    connect(m_door, &ProjectDoor::alreadyOpen, this, &MainWindow::projectChanged);
    connect(m_door, &ProjectDoor::busy, this, &MainWindow::showBusy);
    connect(m_door, &ProjectDoor::failed, this, [this](const Error& error) {
        m_wantedPage.clear();
        projectChanged();
        showError(error);
    });
    connect(m_door, &ProjectDoor::fileChosen, this,
            [this](const QString& path) { showPage(firstPage(), QStringLiteral("import:") + path); });
}

void MainWindow::buildFrame() {
    m_menu = new QMenu(this);
    auto* central = new QWidget(this);
    auto* across = new QHBoxLayout(central);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    m_rail = new NavRail(central);
    across->addWidget(m_rail);
    auto* down = new QVBoxLayout;
    down->setSpacing(0);
    m_projectBar = new ProjectBar(m_session, m_menu, central);
    m_messages = new MessageBar(central);
    m_stack = new QStackedWidget(central);
    m_jobBar = new JobBar(m_session, central);
    down->addWidget(m_projectBar);
    down->addWidget(m_messages);
    down->addWidget(m_stack, 1);
    down->addWidget(m_jobBar);
    across->addLayout(down, 1);
    setCentralWidget(central);
    m_welcome = new WelcomePage(m_session, m_actions, m_stack);
    m_stack->addWidget(m_welcome);
    connect(m_welcome, &WelcomePage::openRequested, this, [this](const QString& folder) { openProject(folder); });
}

void MainWindow::connectActions() {
    const auto on = [this](QAction* action, auto&& run) {
        connect(action, &QAction::triggered, this, std::forward<decltype(run)>(run));
    };
    on(m_actions.newProject, [this] { m_door->askForNew(); });
    on(m_actions.openProject, [this] { m_door->askForOpen(); });
    on(m_actions.demo, [this] { openDemo(); });
    on(m_actions.closeProject, [this] { m_door->close(); });
    on(m_actions.importFile, [this] { m_door->askForImport(); });
    on(m_actions.search, [this] { m_projectBar->focusSearch(); });
    on(m_actions.settings, [this] {
        auto* dialog = new dialogs::SettingsDialog(m_session.settings(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    on(m_actions.about, [this] {
        auto* dialog = new dialogs::AboutDialog(m_session.jobs(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    on(m_actions.shortcuts, [this] { showShortcuts(); });
    on(m_actions.fullScreen, [this](bool full) { full ? showFullScreen() : showNormal(); });
    on(m_actions.quit, [this] { close(); });
    connect(m_rail, &NavRail::pageChosen, this, [this](const QString& id) { showPage(id); });
    connect(m_projectBar, &ProjectBar::searchRequested, this,
            [this](const QString& text) { Q_EMIT m_session.pageRequested(firstPage(), text); });
    connect(m_menu, &QMenu::aboutToShow, this, &MainWindow::fillMenu);
}

QString MainWindow::pageTitle(const pages::PageEntry& entry) const {
    return QCoreApplication::translate("pages", entry.title);
}

void MainWindow::fillRail() {
    m_rail->clear();
    qDeleteAll(m_pageActions);
    m_pageActions.clear();
    int number = 0;
    for (const auto& entry : m_registry.entries()) {
        const QString id = QString::fromStdString(entry.id);
        const QKeySequence key(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + number++));
        auto* action = new QAction(pageTitle(entry), this);
        action->setShortcut(key);
        action->setObjectName(QStringLiteral("page_") + id);
        connect(action, &QAction::triggered, this, [this, id] { showPage(id); });
        addAction(action);
        m_pageActions << action;
        m_rail->addPage(id, QString::fromLatin1(entry.icon), pageTitle(entry),
                        widgets::withShortcut(pageTitle(entry), key));
    }
    for (QAction* action : {m_actions.shortcuts, m_actions.settings}) {
        auto* button =
            m_rail->addTool(action == m_actions.settings ? QStringLiteral("settings") : QStringLiteral("help"),
                            action->text(), widgets::withShortcut(action->text(), action->shortcut()));
        connect(button, &QAbstractButton::clicked, action, &QAction::trigger);
    }
}

void MainWindow::fillMenu() {
    m_menu->clear();
    m_menu->addActions({m_actions.newProject, m_actions.openProject});
    QMenu* recent = m_menu->addMenu(tr("Recent"));
    for (const QString& folder : m_session.recentProjects()) {
        QAction* action = recent->addAction(QFileInfo(folder).completeBaseName());
        action->setToolTip(folder);
        connect(action, &QAction::triggered, this, [this, folder] { openProject(folder); });
    }
    recent->setToolTipsVisible(true);
    recent->setEnabled(!recent->isEmpty());
    m_menu->addAction(m_actions.demo);
    m_menu->addSeparator();
    m_menu->addAction(m_actions.importFile);
    m_menu->addSeparator();
    m_menu->addActions({m_actions.settings, m_actions.shortcuts, m_actions.fullScreen, m_actions.about});
    m_menu->addSeparator();
    m_menu->addActions({m_actions.closeProject, m_actions.quit});
}

bool MainWindow::isSettled() const {
    const QVariant settled = m_stack->currentWidget()->property("settled");
    return m_session.jobs().isIdle() && m_wantedPage.isEmpty() && (!settled.isValid() || settled.toBool());
}

pages::Page* MainWindow::page(const QString& id) {
    if (auto* made = m_pages.value(id))
        return made;
    const auto* entry = m_registry.find(id.toStdString());
    if (!entry)
        return nullptr;
    pages::Page* made = entry->create(m_session, m_stack);
    made->setObjectName(id + QStringLiteral("Page"));
    made->setAccessibleName(pageTitle(*entry));
    m_pages.insert(id, made);
    m_stack->addWidget(made);
    return made;
}

void MainWindow::showPage(const QString& id, const QString& argument) {
    pages::Page* shown = m_session.hasProject() ? page(id) : nullptr;
    if (!shown)
        return;
    m_current = id;
    m_rail->setCurrent(id);
    m_stack->setCurrentWidget(shown);
    m_session.settings().set(Setting::LastPage, id);
    shown->activate(argument);
}

void MainWindow::discardPages() {
    m_current.clear();
    m_stack->setCurrentWidget(m_welcome);
    qDeleteAll(m_pages);
    m_pages.clear();
}

void MainWindow::projectChanged() {
    const bool open = m_session.hasProject();
    discardPages();
    m_rail->setPagesEnabled(open);
    for (QAction* action : std::as_const(m_pageActions))
        action->setEnabled(open);
    m_actions.closeProject->setEnabled(open);
    m_actions.search->setEnabled(open);
    m_actions.importFile->setEnabled(open && !m_session.isReadOnly());
    setWindowTitle(open ? m_session.projectName() : QString());
    const QString wanted = m_wantedPage.isEmpty() ? m_session.settings().text(Setting::LastPage) : m_wantedPage;
    const QString argument = std::exchange(m_wantedArgument, {});
    m_wantedPage.clear();
    if (!open) {
        m_rail->setCurrent({});
        m_welcome->refresh();
        return;
    }
    const bool known = m_registry.find(wanted.toStdString()) != nullptr;
    showPage(known ? wanted : firstPage(), argument);
}

void MainWindow::openProject(const QString& folder, bool readOnly, const QString& wanted, const QString& argument) {
    m_messages->dismiss();
    m_wantedPage = wanted;
    m_wantedArgument = argument;
    m_door->open(folder, readOnly);
}

void MainWindow::openDemo(const QString& wanted, const QString& argument) {
    m_wantedPage = wanted;
    m_wantedArgument = argument;
    m_door->openDemo();
}

void MainWindow::showBusy(const Error& error, const QString& folder) {
    const QString wanted = m_wantedPage;
    const QString argument = m_wantedArgument;
    projectChanged();
    m_messages->showMessage(MessageBar::Kind::Warning, session::errorText(error),
                            QString::fromStdString(error.message));
    m_messages->setAction(tr("Open read-only"), [=, this] { openProject(folder, true, wanted, argument); });
}

void MainWindow::showError(const Error& error) {
    if (error.code != ErrorCode::Canceled)
        m_messages->showMessage(MessageBar::Kind::Error, session::errorText(error),
                                QString::fromStdString(error.detail));
}

void MainWindow::showShortcuts() {
    // Pages are made when they are visited; their keys are wanted now.
    if (m_session.hasProject())
        for (const auto& entry : m_registry.entries())
            page(QString::fromStdString(entry.id));
    std::vector<std::pair<QString, const QWidget*>> owners;
    for (const auto& entry : m_registry.entries())
        if (const auto* made = m_pages.value(QString::fromStdString(entry.id)))
            owners.emplace_back(pageTitle(entry), made);
    auto* dialog = new dialogs::ShortcutsDialog(collectShortcuts(*this, owners), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (m_session.jobs().jobs().isEmpty() || m_mayClose) {
        m_session.settings().set(Setting::WindowGeometry, saveGeometry());
        discardPages();
        event->accept();
        return;
    }
    event->ignore();
    m_door->whenIdle(tr("Stop and quit"), [this] {
        m_mayClose = true;
        close();
    });
}

void MainWindow::changeEvent(QEvent* event) {
    QMainWindow::changeEvent(event);
    if (event->type() != QEvent::LanguageChange || m_retranslating || !m_rail)
        return;
    m_retranslating = true;  // two translators come one after the other
    QTimer::singleShot(0, this, &MainWindow::retranslate);
}

void MainWindow::retranslate() {
    m_retranslating = false;
    m_actions.retranslate();
    fillRail();
    m_projectBar->retranslate();
    m_jobBar->retranslate();
    const QString current = m_current;
    if (!m_session.jobs().jobs().isEmpty()) {
        // The pages' controllers own what runs; they are made anew in the new language afterwards.
        m_messages->showMessage(MessageBar::Kind::Info,
                                tr("The pages change their language when the running job has ended."));
        m_rail->setCurrent(current);
        m_door->onceIdle([this] { retranslate(); });
        return;
    }
    discardPages();
    delete m_welcome;
    m_welcome = new WelcomePage(m_session, m_actions, m_stack);
    m_stack->insertWidget(0, m_welcome);
    m_stack->setCurrentWidget(m_welcome);
    connect(m_welcome, &WelcomePage::openRequested, this, [this](const QString& folder) { openProject(folder); });
    m_wantedPage = current;
    projectChanged();
}

void MainWindow::paintEvent(QPaintEvent* event) {
    QMainWindow::paintEvent(event);
    if (std::exchange(m_painted, true))
        return;
    QTimer::singleShot(0, this, &MainWindow::firstPainted);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const auto urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.constFirst().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QString path = event->mimeData()->urls().value(0).toLocalFile();
    event->acceptProposedAction();
    // Later, so that the program that the file comes from is not kept waiting by a dialog.
    QTimer::singleShot(0, this, [this, path] {
        if (ProjectDoor::isProject(path))
            openProject(path);
        else if (!m_session.hasProject())
            m_messages->showMessage(MessageBar::Kind::Info,
                                    tr("Make or open a project first; then drop the file again."));
        else if (m_session.isReadOnly())
            m_messages->showMessage(MessageBar::Kind::Warning,
                                    tr("This project is open read-only: nothing can be imported."));
        else
            Q_EMIT m_session.pageRequested(firstPage(), QStringLiteral("import:") + path);
    });
}

}  // namespace lathe::app
