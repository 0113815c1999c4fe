// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The highest resident memory of this process from a moment on.
#pragma once

#include <malloc.h>

#include <charconv>
#include <fstream>
#include <string>

#include "core/program.h"

namespace lathe::test {

class PeakMemory {
public:
    /// From now on.
    PeakMemory() {
        ::malloc_trim(0);  // what was given back must not hide what is taken
        m_before = statusField("VmRSS");
        std::ofstream reset("/proc/self/clear_refs");
        reset << 5 << std::flush;
        m_works = reset && statusField("VmHWM") <= m_before + 4e6;
    }
    /// Whether this system lets a program measure its own peak.
    bool works() const { return m_works; }
    /// Above what there was at the beginning.
    double bytes() const { return statusField("VmHWM") - m_before; }

private:
    static double statusField(const char* key) {
        const std::string value = systemField(readSystemFile("/proc/self/status"), key);
        double kibibytes = 0;
        std::from_chars(value.data(), value.data() + value.size(), kibibytes);
        return kibibytes * 1024;
    }

    double m_before = 0;
    bool m_works = false;
};

}  // namespace lathe::test
