// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JobRunner: the only class that starts threads. Two lanes: compute (one thread, every torch call) and io.
// Thread: GUI.
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

#include "core/job_context.h"
#include "core/result.h"

namespace lathe::session {

enum class Lane { Compute, Io };

/// A started job, shared by whoever shows or stops it.
struct Job {
    int id = 0;
    Lane lane = Lane::Io;
    QString title;  ///< "Training run 7", shown in the job bar
    std::shared_ptr<JobControl> control;
    bool pausable = false;
    /// Set right after start(): nobody would miss it (loading for a hint, measuring for a picture). It is stopped
    /// without asking when the project or the window closes. Thread: GUI.
    bool background = false;
};

class JobRunner : public QObject {
    Q_OBJECT

public:
    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;  ///< asks everything to stop and waits for both lanes

    /// Jobs that wait or run, in order of start.
    QList<std::shared_ptr<Job>> jobs() const;
    bool isIdle() const;
    /// Threads of the compute lane; 0 = all cores. Takes effect before the lane's next job.
    void setComputeThreads(int threads);

    /// Runs \p work on the lane and then \p done in the GUI thread, unless \p context is gone by then.
    /// \p work gets its input by value; it must not touch QObjects.
    template <class T>
    std::shared_ptr<Job> start(Lane lane, const QString& title, std::function<Result<T>(JobContext&)> work,
                               QObject* context, std::function<void(Result<T>)> done, bool pausable = false) {
        auto result = std::make_shared<std::optional<Result<T>>>();
        return enqueue(
            lane, title,
            [work = std::move(work), title, result](JobContext& job) {
                try {
                    // A job that was stopped while it waited for its lane never starts.
                    result->emplace(job.stopRequested()
                                        ? Result<T>(fail(ErrorCode::Canceled, "stopped before it began"))
                                        : work(job));
                } catch (...) {
                    result->emplace(fail(currentExceptionError(title)));
                }
            },
            context, [done = std::move(done), result] { done(std::move(**result)); }, pausable);
    }

    /// A short compute task (one chat answer) served at the next step boundary of a running job, or at once when the
    /// compute lane is idle. A paused job is woken for it and stays paused.
    void serve(std::function<void()> work);

Q_SIGNALS:
    void jobsChanged();
    void laneIdle();

private:
    std::shared_ptr<Job> enqueue(Lane lane, const QString& title, std::function<void(JobContext&)> work,
                                 QObject* context, std::function<void()> done, bool pausable);
    /// The exception now being handled, logged and as an Error; call inside catch. Thread: any.
    static Error currentExceptionError(const QString& title);
    void announceIdle();
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace lathe::session
