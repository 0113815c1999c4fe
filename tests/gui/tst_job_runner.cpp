// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The two lanes: order, results, exceptions, stop, chat questions between the steps of a run, the end.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QtTest>

#include <atomic>
#include <mutex>
#include <thread>

#include "session/job_runner.h"

using namespace lathe;
using namespace lathe::session;

namespace {

/// A run of small steps with a boundary after each, as the trainer has it.
Result<int> steps(JobContext& context, std::atomic<int>& counter, int most = 100000) {
    for (int i = 0; i < most; ++i) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "stopped");
        ++counter;
        context.progress(i + 1, most, "training");
        context.boundary();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return most;
}

}  // namespace

class TestJobRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deliversResultsInTheGuiThread();
    void lanesRunSideBySideAndEachInOrder();
    void exceptionsBecomeErrors();
    void contextThatIsGoneHearsNothing();
    void stoppedWhileWaitingNeverStarts();
    void servesAtBoundaries();
    void servesWhilePausedAndStaysPaused();
    void servesAtOnceWhenIdle();
    void computeLaneIsNice();
    void destructorStopsAndJoins();
    void ownedDataDiesOnItsLane();
};

void TestJobRunner::deliversResultsInTheGuiThread() {
    JobRunner runner;
    QSignalSpy idle(&runner, &JobRunner::laneIdle);
    const auto gui = std::this_thread::get_id();
    std::thread::id worker, finisher;
    int value = 0;
    const auto job = runner.start<int>(
        Lane::Io, QStringLiteral("count"),
        [&worker](JobContext&) -> Result<int> {
            worker = std::this_thread::get_id();
            return 42;
        },
        this,
        [&](const Result<int>& result) {
            finisher = std::this_thread::get_id();
            value = *result;
        });
    QCOMPARE(runner.jobs().size(), 1);
    QCOMPARE(job->title, QStringLiteral("count"));
    QVERIFY(!runner.isIdle());
    QTRY_COMPARE(value, 42);
    QVERIFY(worker != gui);
    QVERIFY(finisher == gui);
    QTRY_COMPARE(idle.count(), 1);
    QVERIFY(runner.isIdle());
}

void TestJobRunner::lanesRunSideBySideAndEachInOrder() {
    JobRunner runner;
    std::mutex mutex;
    QStringList order;
    std::atomic<bool> ioStarted = false;
    const auto note = [&](const char* what) {
        const std::lock_guard lock(mutex);
        order << QString::fromLatin1(what);
    };
    int done = 0;
    const auto count = [&done](const Result<int>&) { ++done; };
    runner.start<int>(
        Lane::Compute, QStringLiteral("a"),
        [&](JobContext&) -> Result<int> {
            while (!ioStarted)  // ends only if the io lane runs at the same time
                std::this_thread::yield();
            note("first");
            return 1;
        },
        this, count);
    runner.start<int>(
        Lane::Compute, QStringLiteral("b"),
        [&](JobContext&) -> Result<int> {
            note("second");
            return 2;
        },
        this, count);
    runner.start<int>(
        Lane::Io, QStringLiteral("c"),
        [&](JobContext&) -> Result<int> {
            ioStarted = true;
            return 3;
        },
        this, count);
    QCOMPARE(runner.jobs().size(), 3);
    QTRY_COMPARE(done, 3);
    QCOMPARE(order, QStringList({QStringLiteral("first"), QStringLiteral("second")}));
}

void TestJobRunner::exceptionsBecomeErrors() {
    JobRunner runner;
    std::optional<Error> error;
    runner.start<int>(
        Lane::Io, QStringLiteral("bad"), [](JobContext&) -> Result<int> { throw std::runtime_error("boom"); }, this,
        [&](const Result<int>& result) { error = result.error(); });
    QTRY_VERIFY(error.has_value());
    QCOMPARE(error->code, ErrorCode::Internal);
    QCOMPARE(error->detail, std::string("boom"));
    error.reset();
    runner.start<int>(
        Lane::Io, QStringLiteral("large"), [](JobContext&) -> Result<int> { throw std::bad_alloc(); }, this,
        [&](const Result<int>& result) { error = result.error(); });
    QTRY_VERIFY(error.has_value());
    QCOMPARE(error->code, ErrorCode::OutOfMemory);
    int after = 0;  // the lane lives on
    runner.start<int>(
        Lane::Io, QStringLiteral("good"), [](JobContext&) -> Result<int> { return 7; }, this,
        [&](const Result<int>& result) { after = *result; });
    QTRY_COMPARE(after, 7);
}

void TestJobRunner::contextThatIsGoneHearsNothing() {
    JobRunner runner;
    QSignalSpy idle(&runner, &JobRunner::laneIdle);
    auto context = std::make_unique<QObject>();
    bool told = false;
    std::atomic<bool> go = false;
    runner.start<int>(
        Lane::Io, QStringLiteral("late"),
        [&](JobContext&) -> Result<int> {
            while (!go)
                std::this_thread::yield();
            return 1;
        },
        context.get(), [&](const Result<int>&) { told = true; });
    context.reset();
    go = true;
    QTRY_COMPARE(idle.count(), 1);
    QVERIFY(!told);
}

void TestJobRunner::stoppedWhileWaitingNeverStarts() {
    JobRunner runner;
    std::atomic<bool> go = false, ran = false;
    runner.start<int>(
        Lane::Compute, QStringLiteral("long"),
        [&](JobContext&) -> Result<int> {
            while (!go)
                std::this_thread::yield();
            return 1;
        },
        this, [](const Result<int>&) {});
    std::optional<ErrorCode> code;
    const auto waiting = runner.start<int>(
        Lane::Compute, QStringLiteral("waiting"),
        [&](JobContext&) -> Result<int> {
            ran = true;
            return 1;
        },
        this, [&](const Result<int>& result) { code = result.error().code; });
    waiting->control->requestStop();
    go = true;
    QTRY_VERIFY(code.has_value());
    QCOMPARE(*code, ErrorCode::Canceled);
    QVERIFY(!ran);
}

void TestJobRunner::servesAtBoundaries() {
    JobRunner runner;
    std::atomic<int> counter = 0;
    std::atomic<bool> served = false;
    std::thread::id lane, server;
    bool ended = false;
    const auto job = runner.start<int>(
        Lane::Compute, QStringLiteral("train"),
        [&](JobContext& context) {
            lane = std::this_thread::get_id();
            return steps(context, counter);
        },
        this, [&](const Result<int>&) { ended = true; });
    QTRY_VERIFY(counter > 3);
    runner.serve([&] {
        server = std::this_thread::get_id();
        served = true;
    });
    QTRY_VERIFY(served);
    QVERIFY(!ended);  // between two steps, not after the last
    QVERIFY(server == lane);
    const int before = counter;
    QTRY_VERIFY(counter > before);
    runner.serve([] { throw std::runtime_error("a question that goes wrong"); });
    const int later = counter;
    QTRY_VERIFY(counter > later + 3);  // and training goes on
    job->control->requestStop();
    QTRY_VERIFY(ended);
}

void TestJobRunner::servesWhilePausedAndStaysPaused() {
    JobRunner runner;
    std::atomic<int> counter = 0;
    std::atomic<int> served = 0;
    const auto job = runner.start<int>(
        Lane::Compute, QStringLiteral("train"), [&](JobContext& context) { return steps(context, counter); }, this,
        [](const Result<int>&) {}, true);
    QTRY_VERIFY(counter > 3);
    job->control->setPaused(true);
    QTest::qWait(50);
    const int at = counter;
    for (int i = 1; i <= 3; ++i) {
        runner.serve([&] { ++served; });
        QTRY_COMPARE(served.load(), i);
    }
    QCOMPARE(counter.load(), at);
    job->control->setPaused(false);
    QTRY_VERIFY(counter > at);
    job->control->requestStop();
    QTRY_VERIFY(runner.isIdle());
}

void TestJobRunner::servesAtOnceWhenIdle() {
    JobRunner runner;
    QSignalSpy idle(&runner, &JobRunner::laneIdle);
    std::atomic<bool> served = false;
    runner.serve([&] { served = true; });
    QTRY_VERIFY(served);
    QTRY_VERIFY(runner.isIdle());
    QTRY_VERIFY(idle.count() >= 1);
}

void TestJobRunner::computeLaneIsNice() {
    JobRunner runner;
    int nice = -100;
    runner.start<int>(
        Lane::Compute, QStringLiteral("nice"),
        [](JobContext&) -> Result<int> {
            return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)));
        },
        this, [&](const Result<int>& result) { nice = *result; });
    QTRY_VERIFY(nice != -100);
    QVERIFY2(nice > ::getpriority(PRIO_PROCESS, 0), "the compute lane should yield to the window");
}

void TestJobRunner::destructorStopsAndJoins() {
    std::atomic<int> counter = 0;
    std::atomic<bool> left = false;
    bool told = false;
    QElapsedTimer clock;
    {
        JobRunner runner;
        const auto job = runner.start<int>(
            Lane::Compute, QStringLiteral("train"),
            [&](JobContext& context) {
                auto result = steps(context, counter);
                left = true;
                return result;
            },
            this, [&](const Result<int>&) { told = true; }, true);
        runner.start<int>(
            Lane::Compute, QStringLiteral("never"),
            [&](JobContext&) -> Result<int> {
                counter = -1000000;
                return 1;
            },
            this, [&](const Result<int>&) { told = true; });
        QTRY_VERIFY(counter > 3);
        job->control->setPaused(true);  // a paused job has to wake up for the end
        QTest::qWait(20);
        clock.start();
    }
    QVERIFY(left);
    QVERIFY(counter > 0);
    QVERIFY2(clock.elapsed() < 1000, "the end took too long");
    QCoreApplication::processEvents();
    QVERIFY(!told);
}

void TestJobRunner::ownedDataDiesOnItsLane() {
    struct Owned {
        std::thread::id* where;
        ~Owned() { *where = std::this_thread::get_id(); }
    };
    JobRunner runner;
    std::thread::id died, lane;
    bool ended = false;
    auto owned = std::make_shared<Owned>(Owned{&died});
    died = {};
    runner.start<int>(
        Lane::Compute, QStringLiteral("owner"),
        [owned = std::move(owned), &lane](JobContext&) -> Result<int> {
            lane = std::this_thread::get_id();
            return 1;
        },
        this, [&](const Result<int>&) { ended = true; });
    QTRY_VERIFY(ended);
    QVERIFY(died == lane);
}

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_job_runner.moc"
