// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Session: the opened project as the window sees it. Controllers and item models hang on to it.
// Thread: GUI (its store connection included).
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>

#include "corpus/importer.h"
#include "corpus/project.h"
#include "session/job_runner.h"
#include "session/settings.h"

namespace lathe::session {

class Session : public QObject {
    Q_OBJECT

public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    bool hasProject() const { return m_store != nullptr; }
    bool isReadOnly() const;
    QString projectName() const;
    QString projectFolder() const;
    const corpus::Project& project() const;  ///< only when hasProject()
    corpus::CorpusStore& store();            ///< only when hasProject(); the GUI thread's own connection
    const corpus::ImporterRegistry& importers() const { return m_importers; }
    JobRunner& jobs() { return m_jobs; }
    Settings& settings() { return m_settings; }
    const corpus::Counts& counts() const { return m_counts; }              ///< refreshed with countsChanged
    const std::vector<corpus::Label>& labels() const { return m_labels; }  ///< refreshed with labelsChanged
    const corpus::Label* label(corpus::LabelId id) const;
    /// Where demo data and the like lie: $LATHE_RESOURCES, the installed share/lathe, or the source tree of a build.
    static QString resourcesFolder();
    /// Newest first, only those that still exist.
    QStringList recentProjects() const;

    Result<> createProject(const QString& folder);
    Result<> createDemo(const QString& folder, const QString& language);
    /// \p readOnly: after the Error Busy was shown and the user chose to read.
    Result<> openProject(const QString& folder, bool readOnly = false);
    void closeProject();

    /// Call after anything changed the samples (import, removal): refreshes counts and labels, emits samplesChanged.
    void notifySamplesChanged();
    /// Call after one annotation: cheap, adjusts counts, emits annotationChanged.
    void notifyAnnotation(corpus::SampleId id);
    void notifyRunsChanged();    ///< a run ended, models may be new
    void notifyLabelsChanged();  ///< label set edited

Q_SIGNALS:
    void projectChanged();  ///< opened, closed
    void samplesChanged();
    void annotationChanged(qint64 sampleId);
    void countsChanged();
    void labelsChanged();
    void runsChanged();
    /// Any page may ask for another: "evaluate", "label" ...; argument e.g. run id or sample id as text.
    void pageRequested(const QString& pageId, const QString& argument);
    /// Non-modal message in the window's bar.
    void messagePosted(const QString& text, const QString& detail, bool isError);

private:
    void refreshCounts();
    Result<> adopt(Result<corpus::Project> opened);

    JobRunner m_jobs;
    Settings m_settings;
    QTimer m_countsTimer;   ///< puts off the count when it is slow (huge corpora)
    qint64 m_countsMs = 0;  ///< what the last count took
    corpus::ImporterRegistry m_importers;
    std::optional<corpus::Project> m_project;
    std::unique_ptr<corpus::CorpusStore> m_store;
    corpus::Counts m_counts;
    std::vector<corpus::Label> m_labels;
};

}  // namespace lathe::session
