// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The two lanes: each is one thread with a queue, started with its first job. What belongs to a job (closures, buffers)
// is shared; nothing on a lane holds a pointer to a widget.
#include "session/job_runner.h"

#include <QPointer>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include "core/log.h"
#include "infer/text_model.h"

namespace lathe::session {

namespace {

/// The window must win against training on a machine with two cores. Qt's thread priorities are ignored by Linux's
/// default scheduler; a thread's nice value is not, and the threads of its OpenMP team inherit it.
constexpr int kComputeNice = 10;

void lowerPriority() {
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    if (::setpriority(PRIO_PROCESS, thread, kComputeNice) != 0)
        logWarning("jobs", "the compute lane keeps its normal priority; the window may be slow while training");
}

}  // namespace

/// Thread: any (mutex). `jobs` and `nextId` belong to the GUI thread.
struct JobRunner::State {
    struct Task {
        std::shared_ptr<Job> job;
        std::function<void(JobContext&)> work;
        std::function<void()> finish;  ///< run in the GUI thread
    };

    struct LaneState {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<Task> queue;                    // guarded by mutex
        std::deque<std::function<void()>> served;  // guarded by mutex
        std::shared_ptr<JobControl> running;       // guarded by mutex
        bool serving = false;                      // guarded by mutex
        bool ending = false;                       // guarded by mutex
        std::thread thread;                        // GUI thread only
    };

    JobRunner* runner = nullptr;
    std::array<LaneState, 2> lanes;
    std::atomic<int> computeThreads = 0;
    QList<std::shared_ptr<Job>> jobs;
    int nextId = 1;

    LaneState& lane(Lane which) { return lanes[which == Lane::Compute ? 0 : 1]; }
    void run(Lane which);
    void serveAll(LaneState& lane);
    void runTask(Lane which, Task task);
    void ensureThread(Lane which) {
        if (!lane(which).thread.joinable())
            lane(which).thread = std::thread([this, which] { run(which); });
    }
};

void JobRunner::State::run(Lane which) {
    LaneState& self = lane(which);
    if (which == Lane::Compute)
        lowerPriority();
    int threadsSet = -1;
    std::unique_lock lock(self.mutex);
    for (;;) {
        self.changed.wait(lock, [&] { return self.ending || !self.queue.empty() || !self.served.empty(); });
        if (self.ending)
            break;
        if (which == Lane::Compute && threadsSet != computeThreads) {
            threadsSet = computeThreads;
            lock.unlock();
            infer::setComputeThreads(threadsSet);
            lock.lock();
            continue;
        }
        if (!self.served.empty()) {
            lock.unlock();
            serveAll(self);
            lock.lock();
            continue;
        }
        Task task = std::move(self.queue.front());
        self.queue.pop_front();
        self.running = task.job->control;
        lock.unlock();
        runTask(which, std::move(task));
        lock.lock();
        self.running.reset();
    }
    // Models and tensors that waiting closures hold go where they were made.
    auto served = std::move(self.served);
    auto queue = std::move(self.queue);
    lock.unlock();
    served.clear();
    queue.clear();
}

/// Runs what serve() queued until nothing is left. Thread: the lane, between jobs or at a job's boundary.
void JobRunner::State::serveAll(LaneState& self) {
    for (bool any = false;; any = true) {
        std::function<void()> work;
        {
            const std::lock_guard lock(self.mutex);
            self.serving = false;
            if (self.served.empty() || self.ending) {
                if (any)
                    QMetaObject::invokeMethod(runner, &JobRunner::announceIdle, Qt::QueuedConnection);
                return;
            }
            work = std::move(self.served.front());
            self.served.pop_front();
            self.serving = true;
        }
        try {
            work();
        } catch (...) {
            currentExceptionError(QStringLiteral("a short task of the compute lane"));
        }
    }
}

void JobRunner::State::runTask(Lane which, Task task) {
    {
        JobContext context(task.job->control);
        if (which == Lane::Compute)
            context.setBoundaryHook([this, which] { serveAll(lane(which)); });
        try {
            task.work(context);
        } catch (...) {
            currentExceptionError(task.job->title);
        }
        task.work = nullptr;  // what the work owned dies on its lane, before anybody hears that it ended
    }
    // The runner outlives its lanes: its destructor joins them first.
    QMetaObject::invokeMethod(
        runner,
        [state = runner->m_state, job = task.job, finish = std::move(task.finish)] {
            state->jobs.removeOne(job);
            finish();
            Q_EMIT state->runner->jobsChanged();
            state->runner->announceIdle();
        },
        Qt::QueuedConnection);
}

JobRunner::JobRunner(QObject* parent) : QObject(parent), m_state(std::make_shared<State>()) {
    m_state->runner = this;
}

JobRunner::~JobRunner() {
    for (const auto& job : std::as_const(m_state->jobs))
        job->control->requestStop();
    for (auto& lane : m_state->lanes) {
        {
            const std::lock_guard lock(lane.mutex);
            lane.ending = true;
        }
        lane.changed.notify_all();
    }
    for (auto& lane : m_state->lanes)
        if (lane.thread.joinable())
            lane.thread.join();
}

QList<std::shared_ptr<Job>> JobRunner::jobs() const {
    return m_state->jobs;
}

bool JobRunner::isIdle() const {
    if (!m_state->jobs.isEmpty())
        return false;
    auto& lane = m_state->lane(Lane::Compute);
    const std::lock_guard lock(lane.mutex);
    return lane.served.empty() && !lane.serving;
}

void JobRunner::announceIdle() {
    if (isIdle())
        Q_EMIT laneIdle();
}

void JobRunner::setComputeThreads(int threads) {
    m_state->computeThreads = std::max(0, threads);
}

void JobRunner::serve(std::function<void()> work) {
    auto& lane = m_state->lane(Lane::Compute);
    std::shared_ptr<JobControl> running;
    {
        const std::lock_guard lock(lane.mutex);
        lane.served.push_back(std::move(work));
        running = lane.running;
    }
    m_state->ensureThread(Lane::Compute);
    lane.changed.notify_all();
    if (running)
        running->nudge();
}

std::shared_ptr<Job> JobRunner::enqueue(Lane lane, const QString& title, std::function<void(JobContext&)> work,
                                        QObject* context, std::function<void()> done, bool pausable) {
    auto job = std::make_shared<Job>(Job{m_state->nextId++, lane, title, std::make_shared<JobControl>(), pausable});
    m_state->jobs.append(job);
    State::Task task{job, std::move(work),
                     [guard = QPointer<QObject>(context ? context : this), done = std::move(done)] {
                         if (guard)
                             done();
                     }};
    auto& state = m_state->lane(lane);
    {
        const std::lock_guard lock(state.mutex);
        state.queue.push_back(std::move(task));
    }
    m_state->ensureThread(lane);
    state.changed.notify_all();
    Q_EMIT jobsChanged();
    return job;
}

Error JobRunner::currentExceptionError(const QString& title) {
    Error error{ErrorCode::Internal, "the job \"" + title.toStdString() + "\" ended unexpectedly; see the log", {}};
    try {
        throw;
    } catch (const std::bad_alloc&) {
        error.code = ErrorCode::OutOfMemory;
        error.message = "there was not enough memory for \"" + title.toStdString() + "\"";
    } catch (const std::exception& exception) {
        error.detail = exception.what();
    } catch (...) {
        error.detail = "an exception of unknown type";
    }
    logError("jobs", "{} {}", error.message, error.detail);
    return error;
}

}  // namespace lathe::session
