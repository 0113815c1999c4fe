// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A training process that is killed at random steps and resumed gives, bit by bit, what one gives that never stopped.
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <random>

#include "core/files.h"
#include "core/json.h"
#include "support/process.h"
#include "support/run_curve.h"
#include "support/tiny_corpus.h"

using lathe::Json;
using lathe::test::curveOf;
using lathe::test::Process;
using lathe::test::runProcess;
namespace fs = std::filesystem;

namespace {

const std::string kCli = LATHE_BIN_DIR "/lathe-cli";
constexpr int kKills = 6;

/// As lines, which show every digit.
std::vector<std::string> curve(const fs::path& run) {
    std::vector<std::string> lines;
    for (const Json& report : curveOf(run))
        lines.push_back(lathe::toLine(report));
    return lines;
}

std::int64_t stepsWritten(const fs::path& run) {
    std::ifstream in(run / "metrics.jsonl");
    return std::count(std::istreambuf_iterator<char>(in), {}, '\n');
}

}  // namespace

class TestSigkillTraining : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path m_path;
    std::string m_project;

    std::vector<std::string> trainWords() const {
        std::vector<std::string> words{kCli, "train", m_project, "--model", "fresh-encoder", "--threads", "1"};
        for (const char* set : {"epochs=12", "layers=1", "hidden_size=32", "heads=2", "vocab_size=1000", "dropout=0.2",
                                "pretrain_epochs=2", "pretrain_batch_tokens=128", "eval_every=15", "save_every=4"}) {
            words.push_back("--set");
            words.push_back(set);
        }
        return words;
    }

private Q_SLOTS:
    void initTestCase() {
        m_path = m_folder.path().toStdString();
        m_project = (m_path / "shop.lathe").string();
        lathe::test::writeTinyCsv((m_path / "train.csv").string(), 60);
        QCOMPARE(runProcess(m_path, {kCli, "new", m_project}).status, 0);
        QCOMPARE(runProcess(m_path, {kCli, "import", m_project, (m_path / "train.csv").string()}).status, 0);
    }

    void killedAndResumed() {
        const auto whole = runProcess(m_path, trainWords());
        QVERIFY2(whole.status == 0, whole.err.c_str());
        const fs::path one = fs::path(m_project) / "runs/0001-fresh-encoder",
                       two = fs::path(m_project) / "runs/0002-fresh-encoder";
        const auto all = static_cast<std::int64_t>(curve(one).size());
        QVERIFY(all > 60);

        std::random_device device;
        const auto seed = device();
        std::mt19937 random(seed);
        int killed = 0;
        auto words = trainWords();
        for (int i = 0; i < kKills; ++i) {
            // Somewhere behind what is there, before the end: the first time behind the first checkpoint.
            const std::int64_t from = std::max<std::int64_t>(12, stepsWritten(two));
            const std::int64_t until = from + static_cast<std::int64_t>(random() % 25);
            Process training(m_path, words);
            for (int wait = 0; wait < 6000 && stepsWritten(two) < until && fs::exists(m_project); ++wait) {
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                if (wait % 500 == 0 && stepsWritten(two) >= all)
                    break;
            }
            training.signal(SIGKILL);
            killed += training.wait().signaled ? 1 : 0;
            if (fs::exists(two / "checkpoints/last/state.json") ||
                fs::exists(two / "checkpoints/last.new/state.json") ||
                fs::exists(two / "checkpoints/last.old/state.json"))
                words = {kCli, "train", m_project, "--resume", "2", "--threads", "1"};
        }
        const auto last = runProcess(m_path, words);
        QVERIFY2(last.status == 0 || last.err.find("done already") != std::string::npos, last.err.c_str());
        QVERIFY2(killed >= 2, qPrintable(QString("%1 of %2 were killed on the way").arg(killed).arg(kKills)));
        const auto a = curve(one), b = curve(two);
        for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
            QVERIFY2(a[i] == b[i], (std::to_string(seed) + ": " + a[i] + " | " + b[i]).c_str());
        QCOMPARE(a.size(), b.size());
        const auto weights = [&](const char* id) {
            return lathe::readFile(fs::path(m_project) / "models" / id / "model.safetensors", 1u << 30);
        };
        const auto first = weights("0001-fresh-encoder"), second = weights("0002-fresh-encoder");
        QVERIFY(first && second && *first == *second);
    }

    void controlledFromAnotherProcess() {
        auto words = trainWords();
        for (const char* set : {"epochs=2000", "pretrain_epochs=0"}) {
            words.push_back("--set");
            words.push_back(set);
        }
        const fs::path run = fs::path(m_project) / "runs/0003-fresh-encoder";
        Process training(m_path, words);
        for (int wait = 0; wait < 6000 && stepsWritten(run) < 20; ++wait)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        const fs::path aside = m_path / "control";
        fs::create_directories(aside);
        const auto control = [&](std::vector<std::string> order) {
            order.insert(order.begin(), {kCli, "control", m_project, "3"});
            return runProcess(aside, order);
        };
        for (const auto& order : std::vector<std::vector<std::string>>{
                 {"pause"}, {"save"}, {"learning-rate", "1e-4"}, {"resume"}, {"stop-after-epoch"}}) {
            const auto done = control(order);
            QVERIFY2(done.status == 0, done.err.c_str());
        }
        const auto nonsense = control({"lunch"});
        QVERIFY(nonsense.status == 2 && nonsense.hasOneErrorLine());
        const auto stopped = training.wait();
        QVERIFY2(stopped.status == 130, (stopped.err + stopped.out).c_str());
        const auto late = control({"save"});
        QVERIFY(late.status == 1 && late.err.find("--resume") != std::string::npos);
        const auto log = lathe::readFile(run / "metrics.jsonl", 1 << 30);
        QVERIFY(log);
        for (const char* event : {"paused", "saved", "learning_rate", "stop_after_epoch"})
            QVERIFY2(log->find("\"" + std::string(event) + "\"") != std::string::npos, event);
    }
};

QTEST_GUILESS_MAIN(TestSigkillTraining)
#include "tst_sigkill_training.moc"
