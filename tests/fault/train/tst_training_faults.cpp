// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that fills up under a run, and checkpoints that are not what they should be.
#include <QtTest>

#include <sys/resource.h>
#include <csignal>
#include <fstream>

#include "core/files.h"
#include "infer/text_model.h"
#include "text/tokenizer.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

namespace {

/// No file may grow beyond \p bytes while it lives: what a full disk looks like to a write.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

}  // namespace

class TestTrainingFaults : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;

    TrainRequest request() {
        const fs::path base = fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number);
        fs::create_directories(base);
        return {.model = "fresh-encoder",
                .options = test::tinyOptions(),
                .runFolder = base / "run",
                .modelFolder = base / "model"};
    }

    /// A run that was stopped at step 12.
    TrainRequest stopped() {
        auto wanted = request();
        const auto control = std::make_shared<JobControl>();
        JobContext context(control);
        context.setBoundaryHook([&] {
            if (control->progress().stage == "Training" && control->progress().done >= 12)
                control->requestStop();
        });
        MetricBuffer metrics;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        wanted.resume = true;
        return outcome && outcome->stopped ? wanted : TrainRequest();
    }

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }
    void init() {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
    }

    void diskFullWhileCheckpointing() {
        auto wanted = request();
        MetricBuffer metrics;
        const auto control = std::make_shared<JobControl>();
        JobContext context(control);
        std::unique_ptr<FileSizeLimit> limit;
        context.setBoundaryHook([&] {
            if (!limit && control->progress().stage == "Training" && control->progress().done >= 10)
                limit = std::make_unique<FileSizeLimit>(100'000);
        });
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        QVERIFY(limit);
        limit.reset();
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().code == ErrorCode::Io, outcome.error().message.c_str());
        QVERIFY2(outcome.error().message.find("model.safetensors") != std::string::npos,
                 outcome.error().message.c_str());
        QVERIFY(infer::TextModel::load(wanted.runFolder / "best"));
        QVERIFY(!fs::exists(wanted.runFolder / "checkpoints/last.new"));
        // With space again the run goes on from the checkpoint before.
        wanted.resume = true;
        JobContext again;
        const auto finished = train::train(wanted, test::tinyIntents(), metrics, again);
        QVERIFY2(finished, finished ? "" : finished.error().message.c_str());
        QCOMPARE(finished->steps, std::int64_t{48});
    }

    void runFolderCannotBeMade() {
        auto wanted = request();
        { std::ofstream(wanted.runFolder) << "a file where the folder should be"; }
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Io);
        QVERIFY2(outcome.error().message.find("run") != std::string::npos, outcome.error().message.c_str());
    }

    void resumeWithoutCheckpoint() {
        auto wanted = request();
        wanted.resume = true;
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        QVERIFY(!outcome && outcome.error().code == ErrorCode::NotFound);
        QVERIFY(outcome.error().message.find("no checkpoint") != std::string::npos);
    }

    void brokenCheckpoints_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("state is no JSON") << "state.json" << QByteArray("{\"phase\": \"tra");
        QTest::newRow("state of another kind") << "state.json" << QByteArray("[1, 2]");
        QTest::newRow("impossible step") << "state.json" << QByteArray("{\"phase\": \"train\", \"step\": -5}");
        QTest::newRow("unknown phase") << "state.json" << QByteArray("{\"phase\": \"lunch\", \"step\": 5}");
        QTest::newRow("request of another kind")
            << "state.json" << QByteArray("{\"phase\": \"train\", \"step\": 5, \"request\": 7}");
        QTest::newRow("moments are gone") << "optimizer.safetensors" << QByteArray();
        QTest::newRow("moments claim 2^60 bytes")
            << "optimizer.safetensors" << QByteArray("\x00\x00\x00\x00\x00\x00\x00\x10{}", 10);
        QTest::newRow("weights cut") << "model.safetensors"
                                     << QByteArray("\x10\x00\x00\x00\x00\x00\x00\x00{\"a\":", 13);
        QTest::newRow("tokenizer is garbage") << "tokenizer.model" << QByteArray(1000, '\xff');
    }
    void brokenCheckpoints() {
        QFETCH(QString, file);
        QFETCH(QByteArray, content);
        const auto wanted = stopped();
        QVERIFY(wanted.resume);
        {
            std::ofstream out(wanted.runFolder / "checkpoints/last" / file.toStdString(), std::ios::binary);
            out.write(content.data(), content.size());
        }
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        QVERIFY(!outcome);
        QVERIFY(!outcome.error().message.empty());
        QVERIFY2(outcome.error().code != ErrorCode::Internal && outcome.error().code != ErrorCode::Diverged,
                 outcome.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestTrainingFaults)
#include "tst_training_faults.moc"
