// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <cerrno>
#include <iostream>

#include "core/utf8.h"

namespace lathe::cli {

std::string oneLine(std::string_view text) {
    std::string line;
    for (const char c : text) {
        if (c == '\n' || c == '\r') {
            if (!line.empty() && !line.ends_with("; "))
                line += "; ";
        } else {
            // Control characters of a hostile file name or cell must not steer the terminal.
            line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
        }
    }
    while (line.ends_with(' ') || line.ends_with(';'))
        line.pop_back();
    return sanitizeUtf8(line);
}

Console::Console(const Streams& streams, bool json, std::shared_ptr<JobControl> control)
    : m_streams(streams), m_json(json), m_control(std::move(control)), m_context(m_control) {
}

void Console::print(std::string_view text) {
    const std::lock_guard lock(m_mutex);
    clearLive();
    errno = 0;
    m_streams.out.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
    if (!m_streams.out && m_outputError == 0) {
        m_outputError = errno != 0 ? errno : EIO;
        m_control->requestStop();
    }
}

void Console::printJson(const Json& json) {
    print(toLine(json) + "\n");
}

void Console::live(std::string_view text) {
    if (!showsProgress())
        return;
    const std::lock_guard lock(m_mutex);
    clearLive();
    m_streams.err << text << std::flush;
    m_liveShown = !text.empty();
}

void Console::clearLive() {
    if (m_liveShown)
        m_streams.err << "\r\033[K" << std::flush;
    m_liveShown = false;
}

void Console::warning(std::string_view text) {
    const std::lock_guard lock(m_mutex);
    clearLive();
    m_streams.err << "warning: " << oneLine(text) << "\n" << std::flush;
}

void Console::note(std::string_view text) {
    const std::lock_guard lock(m_mutex);
    clearLive();
    m_streams.err << oneLine(text) << "\n" << std::flush;
}

int Console::failure(const Error& error) {
    const int status = error.code == ErrorCode::Canceled ? kStopped : kFailed;
    {
        const std::lock_guard lock(m_mutex);
        clearLive();
        m_streams.err << (status == kStopped ? "stopped: " : "error: ") << oneLine(error.message) << "\n" << std::flush;
    }
    if (m_json)
        printJson({{"error", {{"code", errorCodeName(error.code)}, {"message", oneLine(error.message)}}}});
    return status;
}

int Console::wrongUsage(std::string_view message, std::string_view command) {
    const std::string hint = command.empty() ? "lathe-cli --help" : fmt::format("lathe-cli {} --help", command);
    const std::string text = fmt::format("{}; see {}", oneLine(message), hint);
    {
        const std::lock_guard lock(m_mutex);
        clearLive();
        m_streams.err << "error: " << text << "\n" << std::flush;
    }
    if (m_json)
        printJson({{"error", {{"code", "usage"}, {"message", text}}}});
    return kUsage;
}

}  // namespace lathe::cli
