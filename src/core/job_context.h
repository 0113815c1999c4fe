// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JobContext: how long engine work hears "stop" and "pause" and says how far it is. Standard library only.
// Thread: any; the work runs on one thread, the requests come from another.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace lathe {

struct Progress {
    std::int64_t done = 0;
    std::int64_t total = 0;  ///< 0: unknown
    std::string stage;
};

/// The requester's side of a job: ask for stop or pause, read the progress. Thread: any (m_mutex).
class JobControl {
public:
    void requestStop();
    void setPaused(bool paused);
    bool stopRequested() const noexcept { return m_stop.stop_requested(); }
    bool isPaused() const;
    Progress progress() const;
    std::stop_token stopToken() const { return m_stop.get_token(); }

private:
    friend class JobContext;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::stop_source m_stop;
    bool m_paused = false;  // guarded by m_mutex
    bool m_nudged = false;  // guarded by m_mutex
    Progress m_progress;    // guarded by m_mutex

public:
    /// Wakes a paused job so that it runs its boundary hook (a chat question came in while training is paused).
    void nudge();
};

/// The worker's side. Cheap to copy a reference of; pass as JobContext&.
class JobContext {
public:
    JobContext();  ///< never stopped, never paused
    explicit JobContext(std::shared_ptr<JobControl> control);

    /// Check once per optimizer step, per generated token, per 1000 lines.
    bool stopRequested() const noexcept { return m_control->stopRequested(); }
    void progress(std::int64_t done, std::int64_t total, std::string_view stage = {});
    /// A step boundary: runs the boundary hook, then blocks while paused (the hook is run again at each nudge).
    /// \returns seconds spent paused or in the hook, so that rates can leave them out.
    double boundary();
    /// Called on the worker's thread at each boundary, e.g. to answer a chat question while training.
    void setBoundaryHook(std::function<void()> hook) { m_hook = std::move(hook); }
    JobControl& control() { return *m_control; }

private:
    std::shared_ptr<JobControl> m_control;
    std::function<void()> m_hook;
};

}  // namespace lathe
