// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/job_context.h"

#include <chrono>

namespace lathe {

void JobControl::requestStop() {
    m_stop.request_stop();
    const std::lock_guard lock(m_mutex);
    m_paused = false;
    m_changed.notify_all();
}

void JobControl::setPaused(bool paused) {
    const std::lock_guard lock(m_mutex);
    m_paused = paused && !m_stop.stop_requested();
    m_changed.notify_all();
}

bool JobControl::isPaused() const {
    const std::lock_guard lock(m_mutex);
    return m_paused;
}

Progress JobControl::progress() const {
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

void JobControl::nudge() {
    const std::lock_guard lock(m_mutex);
    m_nudged = true;
    m_changed.notify_all();
}

JobContext::JobContext() : m_control(std::make_shared<JobControl>()) {
}

JobContext::JobContext(std::shared_ptr<JobControl> control) : m_control(std::move(control)) {
}

void JobContext::progress(std::int64_t done, std::int64_t total, std::string_view stage) {
    const std::lock_guard lock(m_control->m_mutex);
    m_control->m_progress.done = done;
    m_control->m_progress.total = total;
    if (!stage.empty())
        m_control->m_progress.stage = stage;
}

double JobContext::boundary() {
    const auto start = std::chrono::steady_clock::now();
    if (m_hook)
        m_hook();
    std::unique_lock lock(m_control->m_mutex);
    while (m_control->m_paused) {
        m_control->m_changed.wait(lock, [&] { return !m_control->m_paused || m_control->m_nudged; });
        m_control->m_nudged = false;
        if (m_hook) {
            lock.unlock();
            m_hook();
            lock.lock();
        }
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace lathe
