// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTimer>
#include <QVBoxLayout>

#include "app/job_bar.h"
#include "app/nav_rail.h"
#include "app/project_bar.h"
#include "app/shortcut_list.h"
#include "app/welcome_page.h"
#include "dialogs/about_dialog.h"
#include "dialogs/file_dialog.h"
#include "dialogs/message_box.h"
#include "dialogs/settings_dialog.h"
#include "dialogs/shortcuts_dialog.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/message_bar.h"
#include "widgets/theme.h"

namespace lathe::app {

using session::Setting;
using widgets::MessageBar;

namespace {

QString projectsFolder() {
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return (QFileInfo(documents).isDir() ? documents : QDir::homePath()) + QStringLiteral("/Lathe");
}

bool isProject(const QString& folder) {
    return QFileInfo::exists(folder + QStringLiteral("/project.db"));
}

}  // namespace

MainWindow::MainWindow(session::Session& session, pages::PageRegistry registry, QWidget* parent)
    : QMainWindow(parent), m_session(session), m_registry(std::move(registry)), m_actions(Actions::make(this)) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setMinimumSize(1024, 640);
    buildFrame();
    connectActions();
    fillRail();
    restoreGeometry(session.settings().value(Setting::WindowGeometry).toByteArray());
    connect(&session, &session::Session::projectChanged, this, &MainWindow::projectChanged);
    connect(&session, &session::Session::pageRequested, this, &MainWindow::showPage);
    connect(&session, &session::Session::messagePosted, this,
            [this](const QString& text, const QString& detail, bool isError) {
                m_messages->showMessage(isError ? MessageBar::Kind::Error : MessageBar::Kind::Info, text, detail);
            });
    connect(&session.jobs(), &session::JobRunner::laneIdle, this, [this] {
        if (const auto then = std::exchange(m_afterIdle, nullptr))
            then();
    });
    projectChanged();
}

MainWindow::~MainWindow() = default;

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
    on(m_actions.newProject, [this] { askForNew(); });
    on(m_actions.openProject, [this] { askForOpen(); });
    on(m_actions.demo, [this] { openDemo(); });
    on(m_actions.closeProject, [this] { closeProject(); });
    on(m_actions.importFile, [this] { askForImport(); });
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
    connect(m_projectBar, &ProjectBar::searchRequested, this, [this](const QString& text) {
        Q_EMIT m_session.pageRequested(QString::fromStdString(m_registry.entries().front().id), text);
    });
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
    showPage(known ? wanted : QString::fromStdString(m_registry.entries().front().id), argument);
}

void MainWindow::whenIdle(const QString& verb, std::function<void()> then) {
    if (m_session.jobs().jobs().isEmpty()) {
        then();
        return;
    }
    dialogs::Question question;
    question.title = tr("Something is still running");
    question.text = tr("\"%1\" is still running.").arg(m_session.jobs().jobs().constFirst()->title);
    question.explanation =
        tr("It is stopped at the next step. A training run keeps its best model and can be resumed.");
    question.accept = verb;
    question.cancel = tr("Keep it running");
    dialogs::MessageBox::ask(this, question, [this, then = std::move(then)](dialogs::Answer answer) {
        if (answer != dialogs::Answer::Accept)
            return;
        if (m_session.jobs().jobs().isEmpty()) {
            then();
            return;
        }
        m_afterIdle = then;
        for (const auto& job : m_session.jobs().jobs())
            job->control->requestStop();
    });
}

void MainWindow::openProject(const QString& folder, bool readOnly, const QString& wanted, const QString& argument) {
    whenIdle(tr("Stop and open"), [=, this] {
        m_messages->dismiss();
        discardPages();  // their item models hold on to the store that goes now
        m_wantedPage = wanted;
        m_wantedArgument = argument;
        const auto opened = m_session.openProject(folder, readOnly);
        if (opened && m_current.isEmpty())
            projectChanged();  // it was open already
        if (opened)
            return;
        projectChanged();
        m_wantedPage.clear();
        if (opened.error().code != ErrorCode::Busy) {
            showError(opened.error());
            return;
        }
        m_messages->showMessage(MessageBar::Kind::Warning, session::errorText(opened.error()),
                                QString::fromStdString(opened.error().detail));
        m_messages->setAction(tr("Open read-only"), [=, this] { openProject(folder, true, wanted, argument); });
    });
}

void MainWindow::createProject(const QString& folder) {
    whenIdle(tr("Stop and go on"), [=, this] {
        discardPages();
        m_wantedPage = QString::fromStdString(m_registry.entries().front().id);
        if (const auto made = m_session.createProject(folder); !made) {
            m_wantedPage.clear();
            projectChanged();
            showError(made.error());
        }
    });
}

void MainWindow::openDemo(const QString& wanted, const QString& argument) {
    const bool chinese = QLocale().language() == QLocale::Chinese;
    const QString folder =
        projectsFolder() + (chinese ? QString::fromUtf8("/银行客服.lathe") : QStringLiteral("/Bank service.lathe"));
    if (isProject(folder)) {
        openProject(folder, false, wanted, argument);
        return;
    }
    whenIdle(tr("Stop and open"), [=, this] {
        QDir().mkpath(projectsFolder());
        discardPages();
        m_wantedPage = wanted;
        m_wantedArgument = argument;
        if (const auto made = m_session.createDemo(folder, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
            !made) {
            m_wantedPage.clear();
            projectChanged();
            showError(made.error());
        }
    });
}

void MainWindow::closeProject() {
    whenIdle(tr("Stop and close"), [this] {
        discardPages();
        m_session.closeProject();
    });
}

void MainWindow::showError(const Error& error) {
    if (error.code != ErrorCode::Canceled)
        m_messages->showMessage(MessageBar::Kind::Error, session::errorText(error),
                                QString::fromStdString(error.detail));
}

void MainWindow::askForNew() {
    QDir().mkpath(projectsFolder());
    dialogs::FileDialog::saveFile(this, tr("New project"),
                                  projectsFolder() + QLatin1Char('/') + tr("My project") + QStringLiteral(".lathe"),
                                  tr("Lathe projects (*.lathe)"), [this](const QString& path) { createProject(path); });
}

void MainWindow::askForOpen() {
    const QStringList recent = m_session.recentProjects();
    const QString start = recent.isEmpty() ? projectsFolder() : QFileInfo(recent.constFirst()).absolutePath();
    dialogs::FileDialog::openFolder(this, tr("Open a project (a folder that ends in .lathe)"), start,
                                    [this](const QString& path) { openProject(path); });
}

void MainWindow::askForImport() {
    const QString folder = m_session.settings().text(Setting::LastImportFolder);
    dialogs::FileDialog::openFile(
        this, tr("Import texts"), folder, tr("Texts (*.csv *.tsv *.jsonl *.json *.txt);;All files (*)"),
        [this](const QString& path) {
            m_session.settings().set(Setting::LastImportFolder, QFileInfo(path).absolutePath());
            Q_EMIT m_session.pageRequested(QString::fromStdString(m_registry.entries().front().id),
                                           QStringLiteral("import:") + path);
        });
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
    whenIdle(tr("Stop and quit"), [this] {
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
        m_afterIdle = [this] { retranslate(); };
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
        if (isProject(path))
            openProject(path);
        else if (!m_session.hasProject())
            m_messages->showMessage(MessageBar::Kind::Info,
                                    tr("Make or open a project first; then drop the file again."));
        else if (m_session.isReadOnly())
            m_messages->showMessage(MessageBar::Kind::Warning,
                                    tr("This project is open read-only: nothing can be imported."));
        else
            Q_EMIT m_session.pageRequested(QString::fromStdString(m_registry.entries().front().id),
                                           QStringLiteral("import:") + path);
    });
}

}  // namespace lathe::app
