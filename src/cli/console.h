// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Console: where a command reads, writes and hears "stop". Human text or JSON, never both on standard output.
// Thread: the command's; live() may be called from a reporting thread while the command computes.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <iosfwd>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/job_context.h"
#include "core/json.h"
#include "core/result.h"

namespace lathe::cli {

/// What scripts see.
enum ExitStatus : int {
    kDone = 0,
    kFailed = 1,     ///< the work failed, or some of it
    kUsage = 2,      ///< the command line itself is wrong
    kStopped = 130,  ///< SIGINT or SIGTERM; what was finished is on disk
};

struct Streams {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    bool inIsTerminal = false;
    bool outIsTerminal = false;
    bool errIsTerminal = false;
};

class Console {
public:
    Console(const Streams& streams, bool json, std::shared_ptr<JobControl> control);

    bool json() const { return m_json; }
    std::istream& in() { return m_streams.in; }
    bool interactive() const { return m_streams.inIsTerminal && m_streams.outIsTerminal; }
    bool readsTerminal() const { return m_streams.inIsTerminal; }
    /// Whether a line that redraws itself is wanted: a terminal, and no --json.
    bool showsProgress() const { return m_streams.errIsTerminal && !m_json; }
    JobContext& context() { return m_context; }
    const std::shared_ptr<JobControl>& control() const { return m_control; }

    /// Standard output as it is, flushed.
    void print(std::string_view text);
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        print(fmt::format(format, std::forward<Args>(args)...) + "\n");
    }
    /// One JSON value on one line of standard output.
    void printJson(const Json& json);
    /// Rewrites the terminal's last line on standard error; empty = clears it. Does nothing without showsProgress().
    void live(std::string_view text);
    void warning(std::string_view text);
    void note(std::string_view text);
    /// "error: ..." on standard error, and {"error": ...} on standard output with --json. \returns the exit status.
    int failure(const Error& error);
    int wrongUsage(std::string_view message, std::string_view command = {});
    /// The errno of the first write to standard output that failed, 0 if none did. The job is stopped then. EPIPE: its
    /// reader has gone (| head), which is the reader's choice and needs no words.
    int outputError() const { return m_outputError; }

private:
    void clearLive();

    Streams m_streams;
    bool m_json;
    std::shared_ptr<JobControl> m_control;
    JobContext m_context;
    std::mutex m_mutex;
    bool m_liveShown = false;           // guarded by m_mutex
    std::atomic<int> m_outputError{0};  // written under m_mutex
};

/// One line: line breaks become "; ", so that an error stays one line on standard error.
std::string oneLine(std::string_view text);

}  // namespace lathe::cli
