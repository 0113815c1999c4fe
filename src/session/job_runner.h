// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JobRunner: the only class that starts threads. Two lanes: compute (one thread, every torch call) and io.
// Thread: GUI.
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <memory>

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
};

class JobRunner : public QObject {
    Q_OBJECT

public:
    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;  ///< asks everything to stop and waits for both lanes

    /// Jobs that wait or run, in order of start.
    QList<std::shared_ptr<Job>> jobs() const;
    bool isIdle() const;

    /// Runs \p work on the lane and then \p done in the GUI thread, unless \p context is gone by then.
    /// \p work gets its input by value; it must not touch QObjects.
    template <class T>
    std::shared_ptr<Job> start(Lane lane, const QString& title, std::function<Result<T>(JobContext&)> work,
                               QObject* context, std::function<void(Result<T>)> done, bool pausable = false) {
        auto result = std::make_shared<std::optional<Result<T>>>();
        return enqueue(
            lane, title, [work = std::move(work), result](JobContext& job) { result->emplace(work(job)); }, context,
            [done = std::move(done), result] {
                // Empty only when the work threw: the lane logged it and says so here.
                done(*result ? std::move(**result)
                             : Result<T>(fail(ErrorCode::Internal, "the job ended unexpectedly; see the log")));
            },
            pausable);
    }

    /// A short compute task (one chat answer) served at the next step boundary of a running job, or at once when the
    /// compute lane is idle.
    void serve(std::function<void()> work);

Q_SIGNALS:
    void jobsChanged();
    void laneIdle();

private:
    std::shared_ptr<Job> enqueue(Lane lane, const QString& title, std::function<void(JobContext&)> work,
                                 QObject* context, std::function<void()> done, bool pausable);
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace lathe::session
