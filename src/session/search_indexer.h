// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SearchIndexer: keeps the opened project's search index up with its texts, in the io lane, a short piece at a time, so
// that a search or an import never waits for it for long. Thread: GUI.
#pragma once

#include <QObject>
#include <QTimer>

#include <memory>

namespace lathe {
class JobControl;
}

namespace lathe::session {

class Session;

class SearchIndexer : public QObject {
    Q_OBJECT

public:
    /// Smaller projects are searched in a few milliseconds without an index.
    static constexpr qint64 kLeastSamples = 5'000;

    explicit SearchIndexer(Session& session, QObject* parent = nullptr);
    ~SearchIndexer() override;

    bool isWorking() const { return m_job != nullptr || m_timer.isActive(); }
    /// How long after a change the work begins.
    void setDelay(int ms) { m_delayMs = ms; }

private:
    void schedule();
    void stop();
    void work();

    Session& m_session;
    QTimer m_timer;
    std::shared_ptr<JobControl> m_job;
    int m_delayMs = 2000;
    int m_changes = 0;  ///< annotations since the last work; some of them carry texts
};

}  // namespace lathe::session
