// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/patient_waiting.h"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stop_token>
#include <thread>

namespace lathe::infer {
namespace {

// A thread that led one parallel region and sleeps since: libgomp counts its team until the thread ends.
class ParkedTeam {
public:
    explicit ParkedTeam(int threads) : m_thread([this, threads](std::stop_token stop) { park(threads, stop); }) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_parked; });
    }

private:
    void park(int threads, const std::stop_token& stop) {
        int members = 0;
#pragma omp parallel num_threads(threads) reduction(+ : members)
        members += 1;
        std::unique_lock lock(m_mutex);
        m_parked = members > 0;
        m_changed.notify_all();
        std::condition_variable_any().wait(lock, stop, [] { return false; });
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_parked = false;  // guarded by m_mutex
    std::jthread m_thread;  // last: it uses the members above
};

}  // namespace

void waitPatiently(int threads) {
    if (threads < 2 || std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT"))
        return;
    static const ParkedTeam team(threads);
}

}  // namespace lathe::infer
