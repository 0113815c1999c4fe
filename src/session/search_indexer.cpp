// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/search_indexer.h"

#include "core/log.h"
#include "corpus/search_index.h"
#include "session/session.h"

namespace lathe::session {

namespace {

constexpr std::chrono::milliseconds kPiece{200};
/// Looking through so many annotations that are not indexed costs a search about a millisecond.
constexpr int kManyChanges = 2000;

}  // namespace

SearchIndexer::SearchIndexer(Session& session, QObject* parent) : QObject(parent), m_session(session) {
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SearchIndexer::work);
    connect(&session, &Session::projectChanged, this, [this] {
        stop();
        schedule();
    });
    connect(&session, &Session::samplesChanged, this, &SearchIndexer::schedule);
    connect(&session, &Session::annotationChanged, this, [this] {
        if (++m_changes >= kManyChanges)
            schedule();
    });
    schedule();
}

SearchIndexer::~SearchIndexer() {
    stop();
}

void SearchIndexer::schedule() {
    m_changes = 0;
    if (!m_job)
        m_timer.start(m_delayMs);
}

void SearchIndexer::stop() {
    m_timer.stop();
    if (m_job)
        m_job->requestStop();
    m_job.reset();
}

void SearchIndexer::work() {
    if (!m_session.hasProject() || m_session.isReadOnly() || m_session.counts().samples < kLeastSamples)
        return;
    auto control = std::make_shared<std::shared_ptr<JobControl>>();
    auto job = m_session.jobs().start<bool>(
        Lane::Io, tr("Preparing the search"),
        [project = m_session.project()](JobContext& context) {
            return corpus::updateSearchIndex(project, context, kPiece);
        },
        this,
        [this, control](Result<bool> result) {
            if (m_job != *control)
                return;  // of a project that is closed
            m_job.reset();
            if (!result && result.error().code != ErrorCode::Canceled)
                logWarning("session", "the search has no index: {}", result.error().message);
            else if (result && !*result)
                m_timer.start(0);  // behind whatever waits for the lane by now
        });
    job->background = true;  // nobody is asked before it is stopped
    m_job = *control = job->control;
}

}  // namespace lathe::session
