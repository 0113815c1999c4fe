// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"

#include <map>
#include <mutex>

#include "core/files.h"

namespace lathe {
namespace {

// The one global of the engine: everybody logs, and the sinks belong to the program.
struct Sinks {
    std::mutex mutex;
    std::map<int, LogSink> byId;  // guarded by mutex
    int nextId = 1;               // guarded by mutex
};

Sinks& sinks() {
    static Sinks instance;
    return instance;
}

}  // namespace

int addLogSink(LogSink sink) {
    const std::lock_guard lock(sinks().mutex);
    sinks().byId.emplace(sinks().nextId, std::move(sink));
    return sinks().nextId++;
}

void removeLogSink(int id) {
    const std::lock_guard lock(sinks().mutex);
    sinks().byId.erase(id);
}

std::string formatLogLine(const LogLine& line) {
    static constexpr const char* names[] = {"debug", "info", "warning", "error"};
    return fmt::format("{} {} {}: {}", formatTime(line.timeMs), names[static_cast<int>(line.level)], line.category,
                       line.text);
}

void logLine(LogLevel level, std::string_view category, std::string text) {
    const LogLine line{nowMs(), level, std::string(category), std::move(text)};
    const std::lock_guard lock(sinks().mutex);
    for (const auto& [id, sink] : sinks().byId)
        sink(line);
}

}  // namespace lathe
