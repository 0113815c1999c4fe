// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The highest resident memory of this process from a moment on. Thread: one measurement at a time in a process.
#pragma once

namespace lathe {

/// Of this process, in bytes: a field of /proc/self/status ("VmRSS", "RssFile"); 0 where there is none.
double processMemory(const char* field);

class PeakMemory {
public:
    /// From now on.
    PeakMemory();
    /// Whether this system lets a program measure its own peak.
    bool works() const { return m_works; }
    /// Above what there was at the beginning.
    double bytes() const;

private:
    double m_before = 0;
    bool m_works = false;
};

}  // namespace lathe
