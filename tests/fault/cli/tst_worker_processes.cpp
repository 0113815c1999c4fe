// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Processes that train together on this machine: they learn what one process learns, and when one of them is killed,
// all stop, say which it was, and the run goes on where it was.
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>

#include "core/files.h"
#include "core/json.h"
#include "support/run_curve.h"
#include "support/tiny_corpus.h"
#include "support/workers.h"

using lathe::Json;
using lathe::test::curveOf;
using lathe::test::freePort;
using lathe::test::ProcessResult;
using lathe::test::runProcess;
using lathe::test::withEnvironment;
using lathe::test::Workers;
namespace fs = std::filesystem;

namespace {

const std::string kCli = LATHE_BIN_DIR "/lathe-cli";

std::vector<Json> curve(const fs::path& out) {
    return curveOf(out / "run");
}

/// "" or where the first number is further apart than \p tolerance times itself (or than that, below 1).
std::string firstDifference(const std::vector<Json>& a, const std::vector<Json>& b, double tolerance) {
    if (a.size() != b.size())
        return std::to_string(a.size()) + " and " + std::to_string(b.size()) + " reports";
    for (std::size_t i = 0; i < a.size(); ++i) {
        const Json one = a[i].flatten(), two = b[i].flatten();
        bool same = one.size() == two.size();
        for (const auto& [key, value] : one.items()) {
            same = same && two.contains(key);
            if (same && value.is_number()) {
                const double x = value.get<double>(), y = two[key].get<double>();
                same = std::abs(x - y) <= tolerance * std::max(1.0, std::abs(x));
            } else if (same) {
                same = value == two[key];
            }
        }
        if (!same)
            return lathe::toLine(a[i]) + " | " + lathe::toLine(b[i]);
    }
    return {};
}

std::int64_t reportsWritten(const fs::path& out) {
    std::ifstream in(out / "run/metrics.jsonl");
    return std::count(std::istreambuf_iterator<char>(in), {}, '\n');
}

bool waitForReports(const fs::path& out, std::int64_t count) {
    for (int wait = 0; wait < 6000 && reportsWritten(out) < count; ++wait)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return reportsWritten(out) >= count;
}

std::string said(const std::vector<ProcessResult>& results) {
    std::string all;
    for (const auto& result : results)
        all += std::to_string(result.status) + ": " + result.err + "\n";
    return all;
}

bool allEndedWith(const std::vector<ProcessResult>& results, int status) {
    return std::ranges::all_of(results, [&](const auto& result) { return result.status == status; });
}

}  // namespace

class TestWorkerProcesses : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_path;
    int m_runs = 0;

    fs::path newFolder(const char* name) {
        const fs::path folder = m_path / (std::to_string(++m_runs) + name);
        fs::create_directories(folder);
        return folder;
    }
    std::vector<std::string> trainWords(const std::string& data, const std::string& model, const fs::path& out,
                                        const QStringList& sets) const {
        std::vector<std::string> words{kCli,        "train", "--data", (m_path / data).string(),
                                       "--model",   model,   "--out",  out.string(),
                                       "--threads", "1"};
        if (data == "labels.csv")
            words.insert(words.end(), {"--dev", (m_path / "labels-dev.csv").string()});
        QStringList all{"dropout=0", "eval_every=8", "save_every=4", "precision=float32"};
        if (model.starts_with("fresh"))
            all << "layers=1"
                << "hidden_size=32"
                << "heads=2"
                << "vocab_size=500"
                << "pretrain_batch_tokens=256";
        for (const QString& set : all + sets) {
            words.push_back("--set");
            words.push_back(set.toStdString());
        }
        return words;
    }
    std::string base() const { return (m_path / "base/model").string(); }

private Q_SLOTS:
    void initTestCase() {
        m_path = m_folder.path().toStdString();
        // 50 texts to train on: batches of 10 come out even
        const auto texts = lathe::test::tinyCorpus(20);
        std::ofstream train(m_path / "labels.csv"), dev(m_path / "labels-dev.csv");
        train << "text,label\n";
        dev << "text,label\n";
        for (std::size_t i = 0; i < texts.size(); ++i)
            (i < 50 ? train : dev) << '"' << texts[i].text << "\"," << texts[i].label << "\n";
        train.close();
        dev.close();
        std::ofstream chats(m_path / "chats.jsonl");
        for (const auto& [text, label] : lathe::test::tinyCorpus(12))
            chats << lathe::toLine({{"instruction", text}, {"output", label + (label == "lost" ? " and gone" : "")}})
                  << "\n";
        chats.close();
        const auto made = runProcess(
            m_path, trainWords("labels.csv", "fresh-encoder", m_path / "base", {"epochs=1", "pretrain_epochs=0"}));
        QVERIFY2(made.status == 0, made.err.c_str());
    }

    void learnWhatOneProcessLearns_data() {
        QTest::addColumn<int>("processes");
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QStringList>("sets");
        QTest::addColumn<double>("tolerance");
        const QStringList whole{"batch_size=5", "accumulation=2", "epochs=3"};
        const QStringList divided{"batch_size=10", "accumulation=1", "epochs=3"};
        // Two processes that take a step's two parts add the same two gradients that one process adds. Where parts are
        // divided, or there are more summands, sums are rounded in another order.
        QTest::newRow("two, a part each") << 2 << "labels.csv"
                                          << "" << whole << 0.0;
        QTest::newRow("two, LoRA, a part each") << 2 << "labels.csv"
                                                << "" << whole + QStringList{"method=lora", "lora_dropout=0"} << 0.0;
        QTest::newRow("two, half a part each") << 2 << "labels.csv"
                                               << "" << divided << 1e-5;
        QTest::newRow("four") << 4 << "labels.csv"
                              << "" << divided << 1e-5;
        QTest::newRow("two, AdaLoRA") << 2 << "labels.csv"
                                      << "" << whole + QStringList{"method=adalora", "lora_dropout=0"} << 1e-5;
        QTest::newRow("two, FGM and averaging")
            << 2 << "labels.csv"
            << "" << divided + QStringList{"fgm_epsilon=0.5", "average_last=2"} << 1e-5;
        QTest::newRow("two, pre-training, masked words")
            << 2 << "labels.csv"
            << "fresh-encoder" << divided + QStringList{"pretrain_epochs=2", "token_dropout=0.2"} << 1e-5;
        QTest::newRow("two, answers of unequal length, recomputed")
            << 2 << "chats.jsonl"
            << "fresh-decoder" << divided + QStringList{"pretrain_epochs=1", "gradient_checkpointing=true"} << 1e-5;
    }
    void learnWhatOneProcessLearns() {
        QFETCH(int, processes);
        QFETCH(QString, data);
        QFETCH(QString, model);
        QFETCH(QStringList, sets);
        QFETCH(double, tolerance);
        std::vector<std::string> method;
        for (auto i = sets.size() - 1; i >= 0; --i)
            if (sets[i].startsWith("method="))
                method = {"--method", sets.takeAt(i).mid(7).toStdString()};
        const std::string from = model.isEmpty() ? base() : model.toStdString();
        const auto words = [&](const fs::path& out) {
            auto all = trainWords(data.toStdString(), from, out, sets);
            all.insert(all.end(), method.begin(), method.end());
            return all;
        };
        const fs::path one = newFolder("one"), many = newFolder("many");
        const auto alone = runProcess(one, words(one / "out"));
        QVERIFY2(alone.status == 0, alone.err.c_str());
        const auto results = Workers(many, processes, words(many / "out")).wait();
        QVERIFY2(allEndedWith(results, 0), said(results).c_str());
        const auto expected = curve(one / "out"), found = curve(many / "out");
        QVERIFY(expected.size() >= 12);
        const std::string difference = firstDifference(expected, found, tolerance);
        QVERIFY2(difference.empty(), difference.c_str());
        // One process speaks and writes.
        QVERIFY(!results[0].out.empty() && fs::exists(many / "out/model"));
        for (std::size_t rank = 1; rank < results.size(); ++rank) {
            QVERIFY2(results[rank].out.empty() && results[rank].err.empty(), said(results).c_str());
            QCOMPARE(std::distance(fs::directory_iterator(many / std::to_string(rank)), {}), 2);  // its output
        }
    }

    void killedOneStopsAllAndTheRunGoesOn_data() {
        QTest::addColumn<int>("victim");
        QTest::addColumn<int>("processesAfterwards");
        QTest::newRow("another") << 1 << 3;
        QTest::newRow("the first, on with one") << 0 << 1;
    }
    void killedOneStopsAllAndTheRunGoesOn() {
        QFETCH(int, victim);
        QFETCH(int, processesAfterwards);
        const QStringList sets{"batch_size=6", "epochs=10"};
        const fs::path reference = newFolder("whole"), killed = newFolder("killed"), resumed = newFolder("resumed");
        const auto whole = Workers(reference, 3, trainWords("labels.csv", base(), reference / "out", sets)).wait();
        QVERIFY2(allEndedWith(whole, 0), said(whole).c_str());

        auto words = trainWords("labels.csv", base(), killed / "out", sets);
        Workers workers(killed, 3, words);
        QVERIFY(waitForReports(killed / "out", 12));
        workers.at(victim).signal(SIGKILL);
        const auto results = workers.wait();
        for (int rank = 0; rank < 3; ++rank) {
            const auto& result = results[static_cast<std::size_t>(rank)];
            QVERIFY2(rank == victim ? result.signaled : result.status == 1, said(results).c_str());
            if (rank == victim)
                continue;
            QVERIFY2(result.hasOneErrorLine(), said(results).c_str());
            const std::string name = "rank " + std::to_string(victim) + " of 3";
            QVERIFY2(result.err.find(name) != std::string::npos, said(results).c_str());
            QVERIFY2(result.err.find("--resume run") != std::string::npos, said(results).c_str());
        }

        words = {kCli,        "train",
                 "--data",    (m_path / "labels.csv").string(),
                 "--model",   base(),
                 "--out",     (killed / "out").string(),
                 "--resume",  "run",
                 "--threads", "1",
                 "--dev",     (m_path / "labels-dev.csv").string()};
        if (processesAfterwards > 1) {
            const auto again = Workers(resumed, processesAfterwards, words).wait();
            QVERIFY2(allEndedWith(again, 0), said(again).c_str());
        } else {
            const auto again = runProcess(resumed, words);
            QVERIFY2(again.status == 0, again.err.c_str());
        }
        const double tolerance = processesAfterwards == 3 ? 0 : 1e-5;
        const std::string difference = firstDifference(curve(reference / "out"), curve(killed / "out"), tolerance);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void silentOneIsGivenUp() {
        const fs::path folder = newFolder("silent");
        auto words = trainWords("labels.csv", base(), folder / "out", {"batch_size=6", "epochs=500"});
        words.insert(words.end(), {"--worker-timeout", "4"});
        Workers workers(folder, 2, words);
        QVERIFY(waitForReports(folder / "out", 5));
        workers.at(1).signal(SIGSTOP);
        const auto first = workers.waitFor(0);
        workers.at(1).signal(SIGKILL);
        QVERIFY2(first.status == 1 && first.hasOneErrorLine(), first.err.c_str());
        QVERIFY2(first.err.find("rank 1 of 2 has given no sign of life for 4 s") != std::string::npos,
                 first.err.c_str());
    }

    void stopOfOneStopsAll() {
        const fs::path folder = newFolder("stopped");
        Workers workers(folder, 2, trainWords("labels.csv", base(), folder / "out", {"batch_size=6", "epochs=500"}));
        QVERIFY(waitForReports(folder / "out", 5));
        workers.at(1).signal(SIGTERM);
        const auto results = workers.wait();
        QVERIFY2(allEndedWith(results, 130), said(results).c_str());
        QVERIFY(results[0].out.find("--resume run") != std::string::npos);
        QVERIFY(fs::exists(folder / "out/run/checkpoints/last/state.json"));
    }

    void errorOfTheFirstEndsAll() {
        const fs::path folder = newFolder("wrong");
        const auto results = Workers(folder, 2, trainWords("labels.csv", base(), folder / "out", {"epochs=0"})).wait();
        QVERIFY2(results[0].status != 0 && results[0].err.find("epochs") != std::string::npos, said(results).c_str());
        QVERIFY2(results[1].status == 1 && results[1].hasOneErrorLine(), said(results).c_str());
        QVERIFY2(results[1].err.find("rank 0 of 2") != std::string::npos, said(results).c_str());
    }

    void projectIsTheFirstOnesAlone() {
        const fs::path folder = newFolder("project");
        const std::string project = (folder / "shop.lathe").string();
        QCOMPARE(runProcess(folder, {kCli, "new", project}).status, 0);
        QCOMPARE(runProcess(folder, {kCli, "import", project, (m_path / "labels.csv").string()}).status, 0);
        const std::vector<std::string> words{kCli,    "train",    project,     "--model", base(),
                                             "--set", "epochs=2", "--threads", "1"};
        const auto results = Workers(folder, 2, words).wait();
        QVERIFY2(allEndedWith(results, 0), said(results).c_str());
        const auto runs = runProcess(folder, {kCli, "runs", project, "--json"});
        QVERIFY2(runs.status == 0 && runs.out.find("\"done\"") != std::string::npos, runs.out.c_str());
        QCOMPARE(std::distance(fs::directory_iterator(fs::path(project) / "runs"), {}), 1);
        QCOMPARE(std::distance(fs::directory_iterator(fs::path(project) / "models"), {}), 1);
    }

    void missingOneIsNamed() {
        const fs::path folder = newFolder("missing");
        auto words = trainWords("labels.csv", base(), folder / "out", {});
        words.insert(words.end(), {"--worker-timeout", "2"});
        const auto result = runProcess(folder, withEnvironment({"RANK=0", "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1",
                                                                "MASTER_PORT=" + std::to_string(freePort())},
                                                               words));
        QVERIFY2(result.status == 1 && result.hasOneErrorLine(), result.err.c_str());
        QVERIFY2(result.err.find("rank 1 of 2 did not come") != std::string::npos, result.err.c_str());
    }

    void halfAnEnvironmentIsRefused_data() {
        QTest::addColumn<QStringList>("variables");
        QTest::addColumn<QString>("names");
        QTest::newRow("no size") << QStringList{"RANK=0"} << "WORLD_SIZE";
        QTest::newRow("no rank") << QStringList{"WORLD_SIZE=2"} << "RANK is not set";
        QTest::newRow("rank beyond") << QStringList{"WORLD_SIZE=2", "RANK=2"} << "from 0 to 1";
        QTest::newRow("no address") << QStringList{"WORLD_SIZE=2", "RANK=0"} << "MASTER_ADDR";
        QTest::newRow("no number") << QStringList{"WORLD_SIZE=two"} << "WORLD_SIZE is \"two\"";
        QTest::newRow("no port") << QStringList{"WORLD_SIZE=2", "RANK=1", "MASTER_ADDR=localhost", "MASTER_PORT=70000"}
                                 << "65535";
    }
    void halfAnEnvironmentIsRefused() {
        QFETCH(QStringList, variables);
        QFETCH(QString, names);
        std::vector<std::string> set;
        for (const QString& variable : variables)
            set.push_back(variable.toStdString());
        const fs::path folder = newFolder("refused");
        const auto result =
            runProcess(folder, withEnvironment(set, trainWords("labels.csv", base(), folder / "out", {})));
        QVERIFY2(result.status == 1 && result.hasOneErrorLine(), result.err.c_str());
        QVERIFY2(result.err.find(names.toStdString()) != std::string::npos, result.err.c_str());
        QVERIFY(!fs::exists(folder / "out"));
    }
};

QTEST_GUILESS_MAIN(TestWorkerProcesses)
#include "tst_worker_processes.moc"
