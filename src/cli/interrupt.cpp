// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <thread>

namespace lathe::cli {
namespace {

// requestStop() takes a mutex, which a signal handler must not: the handler writes a byte, a thread reads it.
struct Target {
    std::mutex mutex;
    std::shared_ptr<JobControl> control;  // guarded by mutex
};

std::atomic<int> g_signals{0};
int g_pipe[2] = {-1, -1};

Target& target() {
    static auto* instance = new Target;  // never destroyed: the watching thread outlives main
    return *instance;
}

extern "C" void onStopSignal(int) {
    const int savedErrno = errno;
    if (g_signals.fetch_add(1) > 0)
        ::_exit(130);
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(g_pipe[1], &byte, 1);
    errno = savedErrno;
}

void watch() {
    char byte = 0;
    for (;;) {
        const auto count = ::read(g_pipe[0], &byte, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        std::shared_ptr<JobControl> control;
        {
            const std::lock_guard lock(target().mutex);
            control = target().control;
        }
        if (control)
            control->requestStop();
    }
}

}  // namespace

void installInterrupt(std::shared_ptr<JobControl> control) {
    target().control = std::move(control);
    if (g_pipe[0] >= 0 || ::pipe(g_pipe) != 0)
        return;
    std::thread(watch).detach();
    struct sigaction action = {};
    action.sa_handler = onStopSignal;
    // No SA_RESTART: a read of the keyboard must return, so that the program can end.
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void rearmInterrupt(std::shared_ptr<JobControl> control) {
    const std::lock_guard lock(target().mutex);
    target().control = std::move(control);
    g_signals = 0;
}

}  // namespace lathe::cli
