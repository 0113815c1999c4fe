// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/peak_memory.h"

#include <malloc.h>

#include <charconv>
#include <fstream>
#include <string>

#include "core/program.h"

namespace lathe {
namespace {

/// How far the peak may lie above what is resident right after it was reset: pages come and go meanwhile.
constexpr double kSlackBytes = 4e6;

double statusField(const char* key) {
    const std::string value = systemField(readSystemFile("/proc/self/status"), key);
    double kibibytes = 0;
    std::from_chars(value.data(), value.data() + value.size(), kibibytes);
    return kibibytes * 1024;
}

}  // namespace

PeakMemory::PeakMemory() {
    ::malloc_trim(0);  // what was given back must not hide what is taken
    m_before = statusField("VmRSS");
    std::ofstream reset("/proc/self/clear_refs");
    reset << 5 << std::flush;
    m_works = reset && statusField("VmHWM") <= m_before + kSlackBytes;
}

double PeakMemory::bytes() const {
    return statusField("VmHWM") - m_before;
}

}  // namespace lathe
