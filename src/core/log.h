// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The log: functions, not macros (libtorch owns LOG and CHECK). Thread: any.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace lathe {

enum class LogLevel { Debug, Info, Warning, Error };

struct LogLine {
    std::int64_t timeMs = 0;
    LogLevel level = LogLevel::Info;
    std::string category;
    std::string text;
};

using LogSink = std::function<void(const LogLine&)>;

/// Adds a sink; the returned number removes it again. Sinks are called one at a time.
int addLogSink(LogSink sink);
void removeLogSink(int id);
/// "2026-11-21 14:03:22 warning train: text"
std::string formatLogLine(const LogLine& line);
void logLine(LogLevel level, std::string_view category, std::string text);

template <class... Args>
void logDebug(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    logLine(LogLevel::Debug, category, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void logInfo(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    logLine(LogLevel::Info, category, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void logWarning(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    logLine(LogLevel::Warning, category, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void logError(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    logLine(LogLevel::Error, category, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace lathe
