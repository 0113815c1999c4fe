// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The job bar: what runs, how far, how long still; pause and stop from any page; device and memory. Thread: GUI.
#pragma once

#include <QElapsedTimer>
#include <QHash>
#include <QTimer>
#include <QWidget>

#include <memory>

class QLabel;
class QProgressBar;
class QToolButton;

namespace lathe::session {
struct Job;
class Session;
}  // namespace lathe::session

namespace lathe::app {

/// Time left from progress that is looked at now and then. Starts anew when a stage with another total begins.
class TimeLeft {
public:
    void restart();
    /// \returns seconds left, negative while it is too early to say. \p seconds: a clock that only goes on.
    double update(qint64 done, qint64 total, double seconds);

private:
    qint64 m_total = -1;
    qint64 m_firstDone = 0;
    double m_firstSeconds = 0;
    double m_smoothed = -1;
};

class JobBar : public QWidget {
    Q_OBJECT

public:
    explicit JobBar(session::Session& session, QWidget* parent = nullptr);
    void retranslate();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void jobsChanged();
    std::shared_ptr<session::Job> jobToShow();
    void refresh();
    void refreshDevice();
    QString statusText(const session::Job& job, double left) const;

    session::Session& m_session;
    std::shared_ptr<session::Job> m_job;  ///< the one that is shown
    QHash<int, qint64> m_firstSeenMs;     ///< by job id
    QTimer m_timer;
    QTimer m_deviceTimer;
    QElapsedTimer m_clock;
    TimeLeft m_left;
    QLabel* m_title = nullptr;
    QLabel* m_status = nullptr;
    QProgressBar* m_bar = nullptr;
    QToolButton* m_pause = nullptr;
    QToolButton* m_stop = nullptr;
    QLabel* m_device = nullptr;
};

/// Resident memory of this process in bytes, 0 when it cannot be read.
quint64 residentBytes();

}  // namespace lathe::app
