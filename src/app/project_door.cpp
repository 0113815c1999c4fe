// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/project_door.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>
#include <QTimer>
#include <QWidget>

#include "corpus/demo_project.h"
#include "dialogs/file_dialog.h"
#include "dialogs/message_box.h"
#include "session/session.h"

namespace lathe::app {

using session::Setting;

namespace {

constexpr int kGraceMs = 400;

QString projectsFolder() {
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return (QFileInfo(documents).isDir() ? documents : QDir::homePath()) + QStringLiteral("/Lathe");
}

}  // namespace

ProjectDoor::ProjectDoor(session::Session& session, QWidget& window)
    : QObject(&window), m_session(session), m_window(window) {
    connect(&session.jobs(), &session::JobRunner::laneIdle, this, [this] {
        if (const auto then = std::exchange(m_afterIdle, nullptr))
            then();
    });
}

bool ProjectDoor::isProject(const QString& folder) {
    return QFileInfo::exists(folder + QStringLiteral("/project.db"));
}

void ProjectDoor::onceIdle(std::function<void()> then) {
    if (m_session.jobs().isIdle())
        then();
    else
        m_afterIdle = std::move(then);
}

void ProjectDoor::whenIdle(const QString& verb, std::function<void()> then) {
    const auto missed = [this]() -> std::shared_ptr<session::Job> {
        std::shared_ptr<session::Job> found;
        for (const auto& job : m_session.jobs().jobs())
            if (!job->background && !job->control->stopRequested() && (!found || job->pausable))
                found = job;
        return found;
    };
    for (const auto& job : m_session.jobs().jobs())
        if (job->background)
            job->control->requestStop();
    const auto job = missed();
    if (!job) {
        onceIdle(std::move(then));
    } else if (job->pausable) {
        askToStop(job->title, verb, std::move(then));
    } else {
        // Most short jobs end by themselves before anybody could have read the question.
        QTimer::singleShot(kGraceMs, this, [this, missed, verb, then = std::move(then)] {
            if (const auto still = missed())
                askToStop(still->title, verb, then);
            else
                onceIdle(then);
        });
    }
}

void ProjectDoor::askToStop(const QString& title, const QString& verb, std::function<void()> then) {
    dialogs::Question question;
    question.title = tr("Something is still running");
    question.text = tr("\"%1\" is still running.").arg(title);
    question.explanation =
        tr("It is stopped at the next step. A training run keeps its best model and can be resumed.");
    question.accept = verb;
    question.cancel = tr("Keep it running");
    dialogs::MessageBox::ask(&m_window, question, [this, then = std::move(then)](dialogs::Answer answer) {
        if (answer != dialogs::Answer::Accept)
            return;
        for (const auto& job : m_session.jobs().jobs())
            job->control->requestStop();
        onceIdle(then);
    });
}

void ProjectDoor::open(const QString& folder, bool readOnly) {
    whenIdle(tr("Stop and open"), [=, this] {
        const bool same = m_session.hasProject() && QFileInfo(m_session.projectFolder()) == QFileInfo(folder) &&
                          m_session.isReadOnly() == readOnly;
        if (same) {
            Q_EMIT alreadyOpen();
            return;
        }
        Q_EMIT leaving();
        const auto opened = m_session.openProject(folder, readOnly);
        if (opened)
            return;
        if (opened.error().code == ErrorCode::Busy)
            Q_EMIT busy(opened.error(), folder);
        else
            Q_EMIT failed(opened.error());
    });
}

void ProjectDoor::create(const QString& folder) {
    whenIdle(tr("Stop and go on"), [=, this] {
        Q_EMIT leaving();
        if (const auto made = m_session.createProject(folder); !made)
            Q_EMIT failed(made.error());
    });
}

void ProjectDoor::openDemo() {
    const bool chinese = QLocale().language() == QLocale::Chinese;
    const QString folder =
        projectsFolder() + (chinese ? QString::fromUtf8("/银行客服.lathe") : QStringLiteral("/Bank service.lathe"));
    if (isProject(folder)) {
        open(folder);
        return;
    }
    whenIdle(tr("Stop and open"), [=, this] {
        QDir().mkpath(projectsFolder());
        const std::string path = folder.toStdString();
        const std::string language = chinese ? "zh_CN" : "en";
        const std::string resources = session::Session::resourcesFolder().toStdString();
        m_session.jobs().start<bool>(
            session::Lane::Io, tr("Making the demo project"),
            [=](JobContext&) -> Result<bool> {
                LATHE_TRY(const auto project, corpus::createDemoProject(path, language, resources));
                return !project.isReadOnly();
            },
            this,
            [this, folder](const Result<bool>& made) {
                if (made)
                    open(folder);
                else
                    Q_EMIT failed(made.error());
            });
    });
}

void ProjectDoor::close() {
    whenIdle(tr("Stop and close"), [this] {
        Q_EMIT leaving();
        m_session.closeProject();
    });
}

void ProjectDoor::askForNew() {
    QDir().mkpath(projectsFolder());
    const QString suggestion = projectsFolder() + QLatin1Char('/') + tr("My project") + QStringLiteral(".lathe");
    dialogs::FileDialog::saveFile(&m_window, tr("New project"), suggestion, tr("Lathe projects (*.lathe)"),
                                  [this](const QString& path) { create(path); });
}

void ProjectDoor::askForOpen() {
    const QStringList recent = m_session.recentProjects();
    const QString start = recent.isEmpty() ? projectsFolder() : QFileInfo(recent.constFirst()).absolutePath();
    dialogs::FileDialog::openFolder(&m_window, tr("Open a project (a folder that ends in .lathe)"), start,
                                    [this](const QString& path) { open(path); });
}

void ProjectDoor::askForImport() {
    dialogs::FileDialog::openFile(
        &m_window, tr("Import texts"), m_session.settings().text(Setting::LastImportFolder),
        tr("Texts (*.csv *.tsv *.jsonl *.json *.txt);;All files (*)"), [this](const QString& path) {
            m_session.settings().set(Setting::LastImportFolder, QFileInfo(path).absolutePath());
            Q_EMIT fileChosen(path);
        });
}

}  // namespace lathe::app
