// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ProgressLine: while it lives, the job's progress is shown on the terminal's last line.
// Thread: a thread of its own that only reads JobControl::progress().
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "cli/console.h"

namespace lathe::cli {

/// Calls a function every \p periodMs until it is destroyed, and a last time then.
class Ticker {
public:
    Ticker(int periodMs, std::function<void()> tick);
    ~Ticker();
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_ending = false;  // guarded by m_mutex
    std::function<void()> m_tick;
    std::thread m_thread;
};

class ProgressLine {
public:
    /// \p bytes: done and total are bytes and are shown as such.
    ProgressLine(Console& console, std::string title, bool bytes = false);
    ~ProgressLine();

private:
    Console& m_console;
    std::unique_ptr<Ticker> m_ticker;
};

/// "0:42", "1:05:09".
std::string formatDuration(double seconds);

}  // namespace lathe::cli
