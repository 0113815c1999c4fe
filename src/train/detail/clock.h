// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run has taken, pauses left out, and how fast it is going. Torch-free.
#pragma once

#include <chrono>
#include <cmath>

#include "train/trainer.h"

namespace lathe::train {

/// Counts on from \p before (a resumed run's seconds); pause() takes out what a pause or a chat answer took.
class RunClock {
public:
    explicit RunClock(double before) : m_before(before) {}
    void pause(double seconds) { m_paused += seconds; }
    double elapsed() const {
        return m_before + std::chrono::duration<double>(Steady::now() - m_start).count() - m_paused;
    }

private:
    using Steady = std::chrono::steady_clock;
    Steady::time_point m_start = Steady::now();
    double m_before = 0;
    double m_paused = 0;
};

/// Tokens per second over about the last \p memorySeconds of work: both sums fade with time, so that neither the first
/// step nor one long batch stands out.
class SmoothedRate {
public:
    explicit SmoothedRate(double memorySeconds = 5) : m_memory(memorySeconds) {}
    void add(double tokens, double seconds) {
        const double fade = std::exp(-seconds / m_memory);
        m_tokens = m_tokens * fade + tokens;
        m_seconds = m_seconds * fade + seconds;
    }
    double perSecond() const { return m_seconds > 0 ? m_tokens / m_seconds : kNoValue; }

private:
    double m_memory;
    double m_tokens = 0;
    double m_seconds = 0;
};

}  // namespace lathe::train
