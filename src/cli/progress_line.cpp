// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/progress_line.h"

#include <chrono>
#include <cmath>

#include "core/files.h"

namespace lathe::cli {

Ticker::Ticker(int periodMs, std::function<void()> tick) : m_tick(std::move(tick)) {
    m_thread = std::thread([this, periodMs] {
        std::unique_lock lock(m_mutex);
        while (!m_changed.wait_for(lock, std::chrono::milliseconds(periodMs), [this] { return m_ending; })) {
            lock.unlock();
            m_tick();
            lock.lock();
        }
    });
}

Ticker::~Ticker() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
    m_tick();
}

ProgressLine::ProgressLine(Console& console, std::string title, bool bytes) : m_console(console) {
    if (!console.showsProgress())
        return;
    m_ticker = std::make_unique<Ticker>(100, [&console, title = std::move(title), bytes] {
        const Progress progress = console.control()->progress();
        std::string text = title;
        if (!progress.stage.empty())
            text += ": " + progress.stage;
        if (progress.total > 0) {
            const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
            text += fmt::format(" {:.0f} %", 100 * std::min(1.0, share));
        } else if (progress.done > 0) {
            text +=
                bytes ? " " + humanBytes(static_cast<std::uint64_t>(progress.done)) : fmt::format(" {}", progress.done);
        }
        console.live(text);
    });
}

ProgressLine::~ProgressLine() {
    m_ticker.reset();
    m_console.live({});
}

std::string formatDuration(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0)
        return "?";
    const auto total = static_cast<std::int64_t>(std::llround(seconds));
    const auto hours = total / 3600, minutes = total / 60 % 60, rest = total % 60;
    return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, rest) : fmt::format("{}:{:02}", minutes, rest);
}

}  // namespace lathe::cli
