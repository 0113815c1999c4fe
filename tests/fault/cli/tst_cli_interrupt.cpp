// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C while lathe-cli trains: status 130, a whole checkpoint, and the run goes on from it.
#include <algorithm>
#include <QTemporaryDir>
#include <QTest>

#include "core/json.h"
#include "support/process.h"
#include "support/tiny_corpus.h"

using lathe::test::Process;
using lathe::test::runProcess;

namespace {

const std::string kCli = LATHE_BIN_DIR "/lathe-cli";

std::vector<lathe::Json> jsonLines(const std::string& text) {
    std::vector<lathe::Json> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        if (end == std::string::npos)
            break;
        const auto parsed = lathe::parseJson(text.substr(begin, end - begin), "output");
        lines.push_back(parsed ? *parsed : lathe::Json());
        begin = end + 1;
    }
    return lines;
}

}  // namespace

class TestCliInterrupt : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path m_path;
    std::string m_project;

    std::vector<std::string> trainWords() const {
        return {kCli,
                "train",
                m_project,
                "--model",
                "fresh-encoder",
                "--set",
                "epochs=400",
                "--set",
                "layers=1",
                "--set",
                "hidden_size=32",
                "--set",
                "heads=2",
                "--set",
                "vocab_size=1000",
                "--set",
                "pretrain_epochs=0",
                "--set",
                "eval_every=50",
                "--threads",
                "1",
                "--json"};
    }

private Q_SLOTS:
    void initTestCase() {
        m_path = m_folder.path().toStdString();
        m_project = (m_path / "shop.lathe").string();
        lathe::test::writeTinyCsv((m_path / "train.csv").string(), 60);
        QCOMPARE(runProcess(m_path, {kCli, "new", m_project}).status, 0);
        QCOMPARE(runProcess(m_path, {kCli, "import", m_project, (m_path / "train.csv").string()}).status, 0);
    }

    void stopThenResume() {
        Process training(m_path, trainWords());
        QVERIFY2(training.waitForOutput("\"step\"", 60), training.outSoFar().c_str());
        training.signal(SIGINT);
        const auto stopped = training.wait();
        QVERIFY2(stopped.status == 130 && !stopped.signaled, (stopped.err + stopped.out).c_str());
        const auto lines = jsonLines(stopped.out);
        const auto& outcome = lines.back();
        QCOMPARE(outcome["event"].get<std::string>(), std::string("outcome"));
        QVERIFY(outcome["stopped"].get<bool>());
        const std::string run = outcome["run"].get<std::string>();
        const auto steps = outcome["steps"].get<std::int64_t>();
        QVERIFY(steps >= 1);

        const auto shown = runProcess(m_path, {kCli, "runs", m_project, run, "--json"});
        QCOMPARE(shown.status, 0);
        QCOMPARE(jsonLines(shown.out).front()["status"].get<std::string>(), std::string("stopped"));

        Process resumed(m_path, {kCli, "train", m_project, "--resume", run, "--threads", "1", "--json"});
        QVERIFY2(resumed.waitForOutput("\"step\"", 60), resumed.outSoFar().c_str());
        resumed.signal(SIGINT);
        const auto again = resumed.wait();
        QVERIFY2(again.status == 130, (again.err + again.out).c_str());
        const auto resumedLines = jsonLines(again.out);
        // A run that was stopped at an epoch's end evaluates that step first, which is no step of its own.
        const auto first =
            std::ranges::find_if(resumedLines, [](const auto& line) { return line.value("event", "") == "step"; });
        QVERIFY(first != resumedLines.end());
        QCOMPARE((*first)["step"].get<std::int64_t>(), steps + 1);  // on behind the step it stopped at
    }

    void twoSignalsEndAtOnce() {
        Process training(m_path, trainWords());
        QVERIFY(training.waitForOutput("\"start\"", 60));
        training.signal(SIGINT);
        training.signal(SIGINT);
        const auto ended = training.wait();
        QCOMPARE(ended.status, 130);
        QCOMPARE(runProcess(m_path, {kCli, "stats", m_project}).status, 0);
    }

    void aKilledRunLeavesTheProjectUsable() {
        Process training(m_path, trainWords());
        QVERIFY(training.waitForOutput("\"step\"", 60));
        training.signal(SIGKILL);
        QVERIFY(training.wait().signaled);
        const auto stats = runProcess(m_path, {kCli, "stats", m_project, "--json"});
        QCOMPARE(stats.status, 0);
        QCOMPARE(jsonLines(stats.out).front()["labelled"].get<int>(), 180);
        // The lock went with its holder.
        QCOMPARE(runProcess(m_path, {kCli, "train", m_project, "--set", "epochs=1", "--set", "hash_bits=12"}).status,
                 0);
    }

    void aStoppedImportLeavesTheProjectAsItWas() {
        const std::string file = (m_path / "big.csv").string();
        {
            std::ofstream out(file, std::ios::binary);
            out << "text,label\n";
            for (int i = 0; i < 600'000; ++i)
                out << "a text of some words with the number " << i << ",label " << i % 7 << "\n";
        }
        Process import(m_path, {kCli, "import", m_project, file});
        std::this_thread::sleep_for(std::chrono::milliseconds(900));
        import.signal(SIGINT);
        const auto stopped = import.wait();
        QVERIFY2(stopped.status == 130 && !stopped.signaled, (stopped.err + stopped.out).c_str());
        QVERIFY2(stopped.err.starts_with("stopped: "), stopped.err.c_str());
        const auto stats = jsonLines(runProcess(m_path, {kCli, "stats", m_project, "--json"}).out).front();
        QCOMPARE(stats["samples"].get<int>(), 180);
        QCOMPARE(stats["sources"].size(), std::size_t{1});
        QCOMPARE(stats["labels"].size(), std::size_t{3});
    }

    void aSecondWriterIsToldSo() {
        Process training(m_path, trainWords());
        QVERIFY(training.waitForOutput("\"step\"", 60));
        std::filesystem::create_directories(m_path / "second");
        const auto second = runProcess(m_path / "second", {kCli, "import", m_project, (m_path / "train.csv").string()});
        QCOMPARE(second.status, 1);
        QVERIFY2(second.hasOneErrorLine(), second.err.c_str());
        QCOMPARE(runProcess(m_path / "second", {kCli, "stats", m_project}).status, 0);  // reading works
        training.signal(SIGTERM);
        QCOMPARE(training.wait().status, 130);
    }
};

QTEST_GUILESS_MAIN(TestCliInterrupt)
#include "tst_cli_interrupt.moc"
