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

}  // namespace

double processMemory(const char* field) {
    const std::string value = systemField(readSystemFile("/proc/self/status"), field);
    double kibibytes = 0;
    std::from_chars(value.data(), value.data() + value.size(), kibibytes);
    return kibibytes * 1024;
}

PeakMemory::PeakMemory() {
    ::malloc_trim(0);  // what was given back must not hide what is taken
    m_before = processMemory("VmRSS");
    std::ofstream reset("/proc/self/clear_refs");
    reset << 5 << std::flush;
    m_works = reset && processMemory("VmHWM") <= m_before + kSlackBytes;
}

double PeakMemory::bytes() const {
    return processMemory("VmHWM") - m_before;
}

}  // namespace lathe
