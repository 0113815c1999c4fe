// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the processes of a run say to each other: tensors through Gloo, signs of life and last words through the store
// that rank 0 keeps.
#include "train/detail/worker_group.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#ifdef LATHE_HAS_GLOO

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "train/detail/c10d.h"
#include "train/detail/own_address.h"

namespace lathe::train {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using torch::Tensor;

/// How often a waiting process looks for the others, and each gives a sign of life.
constexpr auto kLookEvery = 500ms, kBeatEvery = 500ms;
/// After a connection broke: who gives no sign of life for so long is gone.
constexpr auto kVerdict = 4s;
/// A sum takes as long as it takes; it is given up by watching the others, not by the clock.
constexpr auto kNoEnd = std::chrono::hours(24 * 30);

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::vector<std::uint8_t> toBytes(const std::string& text) {
    return {text.begin(), text.end()};
}

std::string rankKey(const char* what, int rank) {
    return fmt::format("{}/{}", what, rank);
}

}  // namespace

class WorkerGroup::Impl {
public:
    using Handle = c10::intrusive_ptr<c10d_compat::Work>;

    Impl(Launch launch, double patienceSeconds)
        : m_launch(std::move(launch)),
          m_patience(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(patienceSeconds))) {}

    ~Impl() {
        m_beating->store(false);
        if (!m_beat.joinable())
            return;
        if (!m_failure) {
            m_beat.join();
            return;
        }
        // What waits for a process that is gone cannot be ended: it is left to the end of the program.
        m_beat.detach();
        static_cast<void>(m_group.release());
        static_cast<void>(m_store.release());
    }

    /// \returns why it did not come about; "" = met.
    std::string meet() {
        try {
            openStore();
            waitForAll();
            startBeating();
            connect();
        } catch (const WorkerLost& lost) {
            return lost.what();
        } catch (const c10::Error& error) {
            return firstLine(error.what_without_backtrace());
        } catch (const std::exception& error) {
            return firstLine(error.what());
        }
        return {};
    }

    const Launch& launch() const { return m_launch; }
    Launch& launch() { return m_launch; }
    const std::optional<std::string>& failure() const { return m_failure; }
    c10d_compat::Group& group() { return *m_group; }

    void wait(const Handle& work) {
        refuseWhenLost();
        const auto begin = Clock::now();
        std::map<int, Sign> signs;
        for (;;) {
            std::string broke;
            try {
                work->wait(kLookEvery);
                return;
            } catch (const std::exception& error) {
                broke = firstLine(error.what());
            }
            if (work->isCompleted()) {
                if (work->isSuccess())
                    return;
                lose(broke);
            }
            lookAround(signs, begin);
        }
    }

    template <class Start>
    Handle start(Start&& begin) {
        refuseWhenLost();
        try {
            return begin();
        } catch (const std::exception& error) {
            lose(firstLine(error.what()));
        }
    }

    void leave(const std::string& why) {
        if (m_left.exchange(true) || !m_store)
            return;
        try {
            m_store->set(rankKey("left", m_launch.rank), toBytes(why));
            // The store goes with this process: the others are given the time to read.
            if (m_launch.rank == 0 && !m_failure)
                std::this_thread::sleep_for(2 * kLookEvery);
        } catch (const std::exception&) {
            // Nobody is there to be told.
        }
    }

private:
    /// The last that was seen of a process.
    struct Sign {
        std::int64_t beats = -1;
        Clock::time_point when;
    };

    void openStore() {
        const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(m_patience);
        const bool isServer = m_launch.rank == 0;
        try {
            m_store = c10d_compat::makeStore(m_launch.host, m_launch.port, isServer, patience);
        } catch (const std::exception& error) {
            throw WorkerLost(fmt::format("rank {} cannot {} at {}:{} ({}); {}", m_launch.rank,
                                         isServer ? "wait for the others" : "reach rank 0", m_launch.host,
                                         m_launch.port, firstLine(error.what()),
                                         isServer ? "is the port taken? choose another MASTER_PORT"
                                                  : "does the process of rank 0 run there, and may this machine "
                                                    "reach it?"));
        }
        m_store = c10::make_intrusive<c10d::PrefixStore>(fmt::format("lathe/{}", m_launch.attempt), m_store);
    }

    void waitForAll() {
        if (m_store->add(rankKey("here", m_launch.rank), 1) > 1)
            throw WorkerLost(fmt::format("two processes have RANK {}; give each its own", m_launch.rank));
        const auto end = Clock::now() + m_patience;
        for (int rank = 0; rank < m_launch.size; ++rank)
            while (m_store->add(rankKey("here", rank), 0) == 0) {
                if (Clock::now() > end) {
                    std::vector<int> missing;
                    for (int each = rank; each < m_launch.size; ++each)
                        if (m_store->add(rankKey("here", each), 0) == 0)
                            missing.push_back(each);
                    throw WorkerLost(fmt::format(
                        "rank {} of {} did not come to {}:{} within {:.0f} s; start all processes within that time, or "
                        "give more with --worker-timeout",
                        fmt::join(missing, ", "), m_launch.size, m_launch.host, m_launch.port,
                        std::chrono::duration<double>(m_patience).count()));
                }
                std::this_thread::sleep_for(20ms);
            }
    }

    void startBeating() {
        m_beat = std::thread([store = m_store, beating = m_beating, key = rankKey("beat", m_launch.rank)] {
            try {
                while (beating->load()) {
                    store->add(key, 1);
                    for (auto slept = 0ms; slept < kBeatEvery && beating->load(); slept += 20ms)
                        std::this_thread::sleep_for(20ms);
                }
            } catch (const std::exception&) {
                // The store has gone: whoever waits for the others finds out.
            }
        });
    }

    /// Beside this thread, because it would wait without end for a process that is killed at this moment.
    void connect() {
        using Group = c10::intrusive_ptr<c10d_compat::Group>;
        const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
        auto made = std::make_shared<std::promise<Group>>();
        auto future = made->get_future();
        std::thread([made, store = m_store, launch = m_launch, name = std::string(interface ? interface : "")] {
            try {
                made->set_value(c10d_compat::makeGroup(store, launch.rank, launch.size,
                                                       ownAddress(launch.host, launch.port), name, kNoEnd));
            } catch (...) {
                made->set_exception(std::current_exception());
            }
        }).detach();
        const auto begin = Clock::now();
        std::map<int, Sign> signs;
        while (future.wait_for(kLookEvery) != std::future_status::ready)
            lookAround(signs, begin);
        try {
            m_group = future.get();
        } catch (const std::exception& error) {
            lose(firstLine(error.what()));
        }
    }

    void refuseWhenLost() const {
        if (m_failure)
            throw WorkerLost(*m_failure);
    }

    /// While waiting: has somebody left, is somebody silent?
    void lookAround(std::map<int, Sign>& signs, Clock::time_point begin) {
        std::string silent;
        try {
            for (int rank = 0; rank < m_launch.size; ++rank) {
                if (rank == m_launch.rank)
                    continue;
                if (m_store->check({rankKey("left", rank)}))
                    lose({});
                Sign& sign = signs[rank];
                const std::int64_t beats = m_store->add(rankKey("beat", rank), 0);
                if (beats != sign.beats)
                    sign = {.beats = beats, .when = Clock::now()};
                else if (Clock::now() - std::max(sign.when, begin) > m_patience)
                    silent = fmt::format("rank {} of {} has given no sign of life for {:.0f} s", rank, m_launch.size,
                                         std::chrono::duration<double>(m_patience).count());
            }
        } catch (const WorkerLost&) {
            throw;
        } catch (const std::exception& error) {
            lose(firstLine(error.what()));
        }
        if (!silent.empty()) {
            m_failure = silent;
            leave({});
            throw WorkerLost(silent);
        }
    }

    /// Finds out who is missing and says so. \param broke what the connection's end was called
    [[noreturn]] void lose(const std::string& broke) {
        std::string found;
        try {
            // Told first, so that the others need not wait until they notice by themselves.
            m_store->set(rankKey("left", m_launch.rank), {});
            m_left = true;
            found = findOut();
            m_store->add("known", 1);
            if (m_launch.rank == 0)
                waitUntilAllKnow();
        } catch (const std::exception&) {
            if (found.empty())
                found = fmt::format("rank 0 of {}, which holds the processes together, is gone", m_launch.size);
        }
        m_failure = found.empty() ? fmt::format("the connection between the processes broke ({})", broke) : found;
        throw WorkerLost(*m_failure);
    }

    std::string findOut() {
        std::map<int, std::int64_t> first;
        std::vector<int> silent;
        const auto end = Clock::now() + kVerdict;
        do {
            silent.clear();
            for (int rank = 0; rank < m_launch.size; ++rank) {
                if (rank == m_launch.rank)
                    continue;
                if (m_store->check({rankKey("left", rank)})) {
                    const auto bytes = m_store->get(rankKey("left", rank));
                    if (!bytes.empty())
                        return fmt::format("rank {} of {} {}", rank, m_launch.size,
                                           std::string(bytes.begin(), bytes.end()));
                    continue;
                }
                const std::int64_t beats = m_store->add(rankKey("beat", rank), 0);
                if (!first.contains(rank))
                    first[rank] = beats;
                else if (beats > first[rank] + 1)
                    continue;  // lives, and will notice
                silent.push_back(rank);
            }
            if (!silent.empty())
                std::this_thread::sleep_for(100ms);
        } while (!silent.empty() && Clock::now() < end);
        if (silent.empty())
            return {};
        return fmt::format("rank {} of {} is gone: it was killed, or its machine cannot be reached",
                           fmt::join(silent, ", "), m_launch.size);
    }

    /// The store ends with this process.
    void waitUntilAllKnow() {
        const auto end = Clock::now() + kVerdict + 1s;
        std::int64_t alive = 0;
        for (int rank = 0; rank < m_launch.size; ++rank)
            alive += m_store->check({rankKey("left", rank)}) ? 1 : 0;
        while (m_store->add("known", 0) < alive && Clock::now() < end)
            std::this_thread::sleep_for(50ms);
    }

    Launch m_launch;
    Clock::duration m_patience;
    c10::intrusive_ptr<c10d_compat::Store> m_store;
    c10::intrusive_ptr<c10d_compat::Group> m_group;
    std::thread m_beat;
    std::shared_ptr<std::atomic<bool>> m_beating = std::make_shared<std::atomic<bool>>(true);
    std::atomic<bool> m_left = false;
    std::optional<std::string> m_failure;
};

namespace {

class PendingSum final : public WorkerGroup::Pending {
public:
    PendingSum(WorkerGroup::Impl& impl, WorkerGroup::Impl::Handle work) : m_impl(impl), m_work(std::move(work)) {}
    void wait() override { m_impl.wait(m_work); }

private:
    WorkerGroup::Impl& m_impl;
    WorkerGroup::Impl::Handle m_work;
};

std::string hostName() {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return name;
}

}  // namespace

Result<std::shared_ptr<WorkerGroup>> meetWorkers(const Launch& launch, double patienceSeconds) {
    auto impl = std::make_unique<WorkerGroup::Impl>(launch, patienceSeconds);
    if (const std::string why = impl->meet(); !why.empty())
        return fail(ErrorCode::Io, why);
    Launch& known = impl->launch();
    auto group = std::make_shared<WorkerGroup>(std::move(impl));
    if (known.localSize == 0) {
        try {
            const auto hosts = group->gather(hostName());
            known.localSize = static_cast<int>(std::ranges::count(hosts, hostName()));
        } catch (const WorkerLost& lost) {
            return fail(ErrorCode::Io, lost.what());
        }
    }
    return group;
}

WorkerGroup::WorkerGroup(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {
}

WorkerGroup::~WorkerGroup() {
    if (!m_isDone)
        leave("ended before the training did");
}

const Launch& WorkerGroup::launch() const {
    return static_cast<const Impl&>(*m_impl).launch();
}

std::unique_ptr<WorkerGroup::Pending> WorkerGroup::beginSum(Tensor tensor) {
    auto work = m_impl->start([&] {
        std::vector<Tensor> tensors{tensor};
        return m_impl->group().allreduce(tensors);
    });
    return std::make_unique<PendingSum>(*m_impl, std::move(work));
}

void WorkerGroup::sum(Tensor& tensor) {
    beginSum(tensor)->wait();
}

void WorkerGroup::copyFromFirst(Tensor& tensor) {
    m_impl->wait(m_impl->start([&] {
        std::vector<Tensor> tensors{tensor};
        return m_impl->group().broadcast(tensors);
    }));
}

std::string WorkerGroup::fromFirst(const std::string& bytes) {
    auto size = torch::tensor({static_cast<std::int64_t>(bytes.size())}, torch::kInt64);
    copyFromFirst(size);
    std::string all = isFirst() ? bytes : std::string(static_cast<std::size_t>(size.item<std::int64_t>()), '\0');
    if (all.empty())
        return all;
    auto view = torch::from_blob(all.data(), {static_cast<std::int64_t>(all.size())}, torch::kUInt8);
    copyFromFirst(view);
    return all;
}

std::vector<std::string> WorkerGroup::gather(const std::string& bytes) {
    auto sizes = torch::zeros({size()}, torch::kInt64);
    sizes[rank()] = static_cast<std::int64_t>(bytes.size());
    sum(sizes);
    const auto longest = std::max<std::int64_t>(1, sizes.max().item<std::int64_t>());
    auto own = torch::zeros({longest}, torch::kUInt8);
    std::ranges::copy(bytes, own.data_ptr<std::uint8_t>());
    std::vector<Tensor> input{own};
    std::vector<std::vector<Tensor>> outputs(1);
    for (int each = 0; each < size(); ++each)
        outputs[0].push_back(torch::zeros({longest}, torch::kUInt8));
    m_impl->wait(m_impl->start([&] { return m_impl->group().allgather(outputs, input); }));
    std::vector<std::string> all;
    for (int each = 0; each < size(); ++each) {
        const auto* begin = outputs[0][static_cast<std::size_t>(each)].data_ptr<std::uint8_t>();
        all.emplace_back(begin, begin + sizes[each].item<std::int64_t>());
    }
    return all;
}

void WorkerGroup::leave(const std::string& why) {
    m_impl->leave(why);
}

std::optional<std::string> WorkerGroup::failure() const {
    return static_cast<const Impl&>(*m_impl).failure();
}

}  // namespace lathe::train

#endif
