// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JobContext (stop, pause, boundary) and the file helpers.
#include <QtTest>

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "core/files.h"
#include "core/hash.h"
#include "core/job_context.h"
#include "core/mapped_file.h"

using namespace lathe;

class CoreJobsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stopReachesTheWorker() {
        auto control = std::make_shared<JobControl>();
        std::atomic<int> steps = 0;
        std::thread worker([&] {
            JobContext context(control);
            while (!context.stopRequested()) {
                ++steps;
                context.boundary();
            }
        });
        QTRY_VERIFY(steps > 10);
        control->requestStop();
        worker.join();
        QVERIFY(control->stopRequested());
    }

    void pauseHoldsTheWorkerAndStopFreesIt() {
        auto control = std::make_shared<JobControl>();
        control->setPaused(true);
        std::atomic<bool> passed = false;
        std::thread worker([&] {
            JobContext context(control);
            context.boundary();
            passed = true;
        });
        QTest::qWait(30);
        QVERIFY(!passed);
        control->requestStop();
        worker.join();
        QVERIFY(passed);
    }

    void pausedTimeIsReported() {
        auto control = std::make_shared<JobControl>();
        control->setPaused(true);
        double seconds = 0;
        std::thread worker([&] { seconds = JobContext(control).boundary(); });
        QTest::qWait(60);
        control->setPaused(false);
        worker.join();
        QVERIFY(seconds >= 0.05);
    }

    void aNudgeRunsTheHookWhilePaused() {
        auto control = std::make_shared<JobControl>();
        std::atomic<int> served = 0;
        control->setPaused(true);
        std::thread worker([&] {
            JobContext context(control);
            context.setBoundaryHook([&] { ++served; });
            context.boundary();
        });
        QTRY_COMPARE(served.load(), 1);
        control->nudge();
        QTRY_COMPARE(served.load(), 2);
        QVERIFY(control->isPaused());
        control->setPaused(false);
        worker.join();
    }

    void atomicWriteKeepsTheOldFileWhenTheDiskIsFull() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("file").toStdString();
        QVERIFY(writeFileAtomically(path, "old").has_value());
        // A file size limit fails in write() as a full disk does.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        rlimit small = before;
        small.rlim_cur = 1000;
        setrlimit(RLIMIT_FSIZE, &small);
        const auto written = writeFileAtomically(path, std::string(5000, 'x'));
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Io);
        QCOMPARE(*readFile(path, 100), std::string("old"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    }

    void boundedReads() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("file").toStdString();
        QVERIFY(writeFileAtomically(path, std::string(100, 'a')).has_value());
        QCOMPARE(readFile(path, 99).error().code, ErrorCode::InvalidInput);
        QCOMPARE(readFile(path, 100)->size(), std::size_t{100});
        QCOMPARE(readFile(folder.filePath("none").toStdString(), 9).error().code, ErrorCode::NotFound);
        QCOMPARE(MappedFile::open(path)->size(), std::size_t{100});
        QVERIFY(!MappedFile::open(folder.path().toStdString()));
    }

    void smallThings() {
        QCOMPARE(humanBytes(999), std::string("999 B"));
        QCOMPARE(humanBytes(2'400'000'000), std::string("2.4 GB"));
        QCOMPARE(hash128Hex("").size(), std::size_t{32});
        QVERIFY(hash64("a") != hash64("b"));
    }
};

QTEST_GUILESS_MAIN(CoreJobsTest)
#include "tst_core_jobs.moc"
