// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The opened project and the news about it. Thread: GUI.
#include "session/session.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>

#include <algorithm>

#include "core/log.h"
#include "core/program.h"
#include "corpus/demo_project.h"

namespace lathe::session {
namespace {

constexpr int kRecentKept = 8;
/// A count slower than this is put off and gathered, so that labelling stays immediate in huge corpora.
constexpr qint64 kSlowCountMs = 5;
constexpr int kCountDelayMs = 400;

std::filesystem::path toPath(const QString& text) {
    return std::filesystem::path(QDir::cleanPath(QFileInfo(text).absoluteFilePath()).toStdString());
}

QString fromPath(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

}  // namespace

Session::Session(QObject* parent) : QObject(parent), m_importers(corpus::makeImporterRegistry()) {
    m_countsTimer.setSingleShot(true);
    m_countsTimer.setInterval(kCountDelayMs);
    connect(&m_countsTimer, &QTimer::timeout, this, &Session::refreshCounts);
    m_jobs.setComputeThreads(m_settings.value(Setting::ComputeThreads).toInt());
    connect(&m_settings, &Settings::changed, this, [this](Setting key) {
        if (key == Setting::ComputeThreads)
            m_jobs.setComputeThreads(m_settings.value(key).toInt());
    });
}

Session::~Session() = default;

bool Session::isReadOnly() const {
    return m_project && m_project->isReadOnly();
}

QString Session::projectName() const {
    return m_project ? QString::fromStdString(m_project->name()) : QString();
}

QString Session::projectFolder() const {
    return m_project ? fromPath(m_project->folder()) : QString();
}

const corpus::Project& Session::project() const {
    Q_ASSERT(m_project);
    return *m_project;
}

corpus::CorpusStore& Session::store() {
    Q_ASSERT(m_store);
    return *m_store;
}

const corpus::Label* Session::label(corpus::LabelId id) const {
    const auto it = std::ranges::find(m_labels, id, &corpus::Label::id);
    return it == m_labels.end() ? nullptr : &*it;
}

QString Session::resourcesFolder() {
    // Without them, the place of an installed program: whoever reads there then says that nothing is there.
    const auto place = findResources().value_or(programFolder().parent_path() / "share" / "lathe");
    return QString::fromStdString(place.string());
}

QStringList Session::recentProjects() const {
    QStringList found;
    const QStringList stored = m_settings.value(Setting::RecentProjects).toStringList();
    std::ranges::copy_if(stored, std::back_inserter(found), [](const QString& folder) {
        return QFileInfo::exists(folder + QStringLiteral("/project.db"));
    });
    return found;
}

Result<> Session::adopt(Result<corpus::Project> opened) {
    if (!opened)
        return fail(opened.error());
    LATHE_TRY(auto store, opened->connect());
    LATHE_TRY(auto counts, store->counts());
    LATHE_TRY(auto labels, store->labels());
    m_store = std::move(store);
    m_project = std::move(*opened);
    m_counts = counts;
    m_labels = std::move(labels);
    QStringList recent = m_settings.value(Setting::RecentProjects).toStringList();
    recent.removeAll(projectFolder());
    recent.prepend(projectFolder());
    m_settings.set(Setting::RecentProjects, recent.mid(0, kRecentKept));
    logInfo("session", "opened {} ({} samples{})", m_project->folder().string(), m_counts.samples,
            isReadOnly() ? ", read-only" : "");
    Q_EMIT projectChanged();
    Q_EMIT countsChanged();
    Q_EMIT labelsChanged();
    return {};
}

Result<> Session::createProject(const QString& folder) {
    return adopt(corpus::Project::create(toPath(folder)));
}

Result<> Session::createDemo(const QString& folder, const QString& language) {
    return adopt(corpus::createDemoProject(toPath(folder), language.toStdString(), resourcesFolder().toStdString()));
}

Result<> Session::openProject(const QString& folder, bool readOnly) {
    // The lock on the project that is open belongs to this process; opening it again would find itself busy.
    if (m_project && m_project->folder() == toPath(folder) && m_project->isReadOnly() == readOnly)
        return {};
    return adopt(corpus::Project::open(toPath(folder), readOnly ? corpus::Access::Read : corpus::Access::Write));
}

void Session::closeProject() {
    if (!m_project)
        return;
    m_countsTimer.stop();
    m_store.reset();
    m_project.reset();
    m_counts = {};
    m_labels.clear();
    Q_EMIT projectChanged();
    Q_EMIT countsChanged();
    Q_EMIT labelsChanged();
}

void Session::refreshCounts() {
    if (!m_store)
        return;
    m_countsTimer.stop();
    QElapsedTimer clock;
    clock.start();
    auto counts = m_store->counts();
    auto labels = m_store->labels();
    m_countsMs = clock.elapsed();
    if (!counts || !labels) {
        const Error& error = counts ? labels.error() : counts.error();
        logError("session", "counting failed: {}", error.message);
        return;
    }
    m_counts = *counts;
    m_labels = std::move(*labels);
    Q_EMIT countsChanged();
}

void Session::notifySamplesChanged() {
    const auto known = m_labels.size();
    refreshCounts();
    if (m_labels.size() != known)
        Q_EMIT labelsChanged();
    Q_EMIT samplesChanged();
}

void Session::notifyAnnotation(corpus::SampleId id) {
    if (m_countsMs <= kSlowCountMs)
        refreshCounts();
    else if (!m_countsTimer.isActive())
        m_countsTimer.start();
    Q_EMIT annotationChanged(id);
}

void Session::notifyRunsChanged() {
    Q_EMIT runsChanged();
}

void Session::notifyLabelsChanged() {
    refreshCounts();
    Q_EMIT labelsChanged();
}

}  // namespace lathe::session
