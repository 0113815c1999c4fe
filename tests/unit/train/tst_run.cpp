// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs of tiny models through the facade: what a run leaves behind, stop and resume, determinism.
#include <QtTest>

#include <thread>

#include "core/files.h"
#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

namespace {

/// Ends a run from within: asks for a stop once \p step steps of \p phase are done.
struct StopAt {
    std::shared_ptr<JobControl> control = std::make_shared<JobControl>();
    JobContext context{control};
    StopAt(std::int64_t step, std::string stage) {
        context.setBoundaryHook([this, step, stage] {
            const auto progress = control->progress();
            if (progress.stage == stage && progress.done >= step)
                control->requestStop();
        });
    }
};

std::vector<StepReport> lossesOf(const fs::path& run) {
    auto reports = readMetrics(run);
    return reports ? *reports : std::vector<StepReport>();
}

/// "phase step trainLoss devLoss gradNorm" of every report, bit by bit.
std::vector<std::string> curve(const fs::path& run) {
    std::vector<std::string> lines;
    for (const auto& r : lossesOf(run))
        lines.push_back(fmt::format("{} {} {:a} {:a} {:a} {:a}", r.phase, r.step, r.trainLoss, r.devLoss, r.gradNorm,
                                    r.learningRate));
    return lines;
}

/// Where two curves part; empty = nowhere.
QString difference(const fs::path& one, const fs::path& two) {
    const auto a = curve(one), b = curve(two);
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (a[i] != b[i])
            return QString::fromStdString(fmt::format("line {}: {} | {}", i, a[i], b[i]));
    return a.size() == b.size() ? QString() : QString("%1 and %2 lines").arg(a.size()).arg(b.size());
}

}  // namespace

class TestRun : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;

    TrainRequest request(const std::string& model, Json options) {
        const fs::path base = fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number);
        fs::create_directories(base);
        return {
            .model = model, .options = std::move(options), .runFolder = base / "run", .modelFolder = base / "model"};
    }

private Q_SLOTS:
    void initTestCase() {
        // One thread: sums have one order, so that losses can be compared bit by bit.
        infer::setComputeThreads(1);
    }

    void init() {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
    }

    void encoderLearnsAndLeavesItsFolder() {
        Json options = test::tinyOptions();
        options["epochs"] = 20;
        const auto wanted = request("fresh-encoder", options);
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevAccuracy > 0.9, qPrintable(QString::number(outcome->bestDevAccuracy)));
        QVERIFY(outcome->bestDevMacroF1 > 0.9);
        QVERIFY(!outcome->stopped && outcome->steps == 20 * 12 && outcome->tokensPerSecond > 0);
        QCOMPARE(outcome->modelFolder, wanted.modelFolder);
        for (const char* name : {"config.json", "versions.json", "metrics.jsonl", "log.txt", "best/model.safetensors",
                                 "checkpoints/last/model.safetensors", "checkpoints/last/optimizer.safetensors",
                                 "checkpoints/last/state.json"})
            QVERIFY2(fs::exists(wanted.runFolder / name), name);
        for (const char* name : {"config.json", "model.safetensors", "tokenizer.model", "README.md"})
            QVERIFY2(fs::exists(wanted.modelFolder / name), name);
        const auto card = readFile(wanted.modelFolder / "README.md", 1 << 20);
        QVERIFY(card && card->find(test::tinyIntents().snapshotHash) != std::string::npos);
        const auto config = readJsonFile(wanted.runFolder / "config.json");
        QVERIFY(config && (*config)["options"]["epochs"] == 20 && (*config)["options"].contains("patience"));

        const auto seen = metrics.takeAll();
        QCOMPARE(seen.size(), lossesOf(wanted.runFolder).size());
        QVERIFY(std::ranges::any_of(seen, [](const auto& r) { return r.phase == "pretrain"; }));
        const auto evaluations =
            std::ranges::count_if(seen, [](const auto& r) { return r.phase == "train" && !std::isnan(r.devAccuracy); });
        QVERIFY2(evaluations >= 10, qPrintable(QString::number(evaluations)));
    }

    void savedModelSaysWhatTheRunSaid() {
        const auto wanted = request("fresh-encoder", test::tinyOptions());
        MetricBuffer metrics;
        JobContext context;
        const auto data = test::tinyIntents();
        const auto outcome = train::train(wanted, data, metrics, context);
        VERIFY_OK(outcome);
        auto model = infer::TextModel::load(wanted.modelFolder);
        VERIFY_OK(model);
        QCOMPARE((*model)->info().labels, data.labels);
        std::vector<std::string> texts;
        for (const auto& example : data.dev)
            texts.push_back(example.text);
        const auto said = (*model)->classify(texts, context);
        VERIFY_OK(said);
        int right = 0;
        for (std::size_t i = 0; i < texts.size(); ++i)
            right += (*said)[i].best == data.dev[i].label;
        QCOMPARE(right / static_cast<double>(texts.size()), outcome->bestDevAccuracy);
    }

    void sameSeedSameCurve() {
        const auto one = request("fresh-encoder", test::tinyOptions()),
                   two = request("fresh-encoder", test::tinyOptions());
        Json other = test::tinyOptions();
        other["seed"] = 7;
        const auto three = request("fresh-encoder", other);
        MetricBuffer metrics;
        JobContext context;
        for (const auto& each : {one, two, three})
            VERIFY_OK(train::train(each, test::tinyIntents(), metrics, context));
        QVERIFY(!curve(one.runFolder).empty());
        QCOMPARE(difference(one.runFolder, two.runFolder), QString());
        QVERIFY(curve(one.runFolder) != curve(three.runFolder));
    }

    void resumeEqualsUninterrupted_data() {
        QTest::addColumn<QString>("stage");
        QTest::addColumn<int>("step");
        QTest::newRow("in pre-training") << "Pre-training" << 2;
        QTest::newRow("at the first step") << "Training" << 1;
        QTest::newRow("in an epoch") << "Training" << 17;
        QTest::newRow("at an evaluation") << "Training" << 20;
        QTest::newRow("at the end") << "Training" << 47;
    }
    void resumeEqualsUninterrupted() {
        QFETCH(QString, stage);
        QFETCH(int, step);
        Json options = test::tinyOptions();
        options["dropout"] = 0.2;  // so that the generators matter
        options["pretrain_batch_tokens"] = 256;
        const auto whole = request("fresh-encoder", options);
        auto halves = request("fresh-encoder", options);
        MetricBuffer metrics;
        JobContext context;
        const auto one = train::train(whole, test::tinyIntents(), metrics, context);
        VERIFY_OK(one);
        StopAt stop(step, stage.toStdString());
        const auto first = train::train(halves, test::tinyIntents(), metrics, stop.context);
        VERIFY_OK(first);
        QVERIFY(first->stopped);
        QVERIFY(curve(halves.runFolder).size() < curve(whole.runFolder).size());
        halves.resume = true;
        const auto second = train::train(halves, test::tinyIntents(), metrics, context);
        VERIFY_OK(second);
        QVERIFY(!second->stopped);
        QCOMPARE(difference(halves.runFolder, whole.runFolder), QString());
        QCOMPARE(second->bestStep, one->bestStep);
        QCOMPARE(readFile(halves.modelFolder / "model.safetensors", 1u << 30).value(),
                 readFile(whole.modelFolder / "model.safetensors", 1u << 30).value());
    }

    void killedRunGoesOnFromItsLastCheckpoint() {
        // What a killed program leaves: metrics beyond the checkpoint, and a checkpoint that took its place only half.
        const auto whole = request("fresh-encoder", test::tinyOptions());
        auto killed = request("fresh-encoder", test::tinyOptions());
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(whole, test::tinyIntents(), metrics, context));
        StopAt stop(10, "Training");
        VERIFY_OK(train::train(killed, test::tinyIntents(), metrics, stop.context));
        fs::rename(killed.runFolder / "checkpoints/last", killed.runFolder / "checkpoints/last.old");
        QFile file(QString::fromStdString((killed.runFolder / "metrics.jsonl").string()));
        QVERIFY(file.open(QIODevice::Append));
        file.write("{\"phase\":\"train\",\"step\":11,\"train_loss\":99}\n{\"phase\":\"tr");
        file.close();
        killed.resume = true;
        VERIFY_OK(train::train(killed, test::tinyIntents(), metrics, context));
        QCOMPARE(difference(killed.runFolder, whole.runFolder), QString());
    }

    void stoppedRunLeavesAUsableModel() {
        const auto wanted = request("fresh-encoder", test::tinyOptions());
        MetricBuffer metrics;
        StopAt stop(3, "Training");  // before the first evaluation
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, stop.context);
        VERIFY_OK(outcome);
        QVERIFY(outcome->stopped);
        QCOMPARE(outcome->steps, std::int64_t{3});
        const auto model = infer::TextModel::load(wanted.modelFolder);
        VERIFY_OK(model);
    }

    void stopInPretrainingKeepsTheRunOnly() {
        const auto wanted = request("fresh-encoder", test::tinyOptions());
        MetricBuffer metrics;
        StopAt stop(1, "Pre-training");
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, stop.context);
        VERIFY_OK(outcome);
        QVERIFY(outcome->stopped && outcome->modelFolder.empty());
        QVERIFY(!fs::exists(wanted.modelFolder));
        QVERIFY(fs::exists(wanted.runFolder / "checkpoints/last/state.json"));
    }

    void resumeRefusesAnotherRun() {
        auto wanted = request("fresh-encoder", test::tinyOptions());
        MetricBuffer metrics;
        StopAt stop(3, "Training");
        VERIFY_OK(train::train(wanted, test::tinyIntents(), metrics, stop.context));
        wanted.resume = true;
        JobContext context;
        auto other = wanted;
        other.options["epochs"] = 9;
        const auto epochs = train::train(other, test::tinyIntents(), metrics, context);
        QVERIFY(!epochs && epochs.error().message.find("epochs was 4") != std::string::npos);
        auto data = test::tinyIntents();
        data.snapshotHash = "another";
        QVERIFY(!train::train(wanted, data, metrics, context));
        auto fresh = wanted;
        fresh.resume = false;
        fresh.modelFolder += "2";
        const auto again = train::train(fresh, test::tinyIntents(), metrics, context);
        QVERIFY(!again && again.error().message.find("holds a run already") != std::string::npos);
    }

    void pauseIsLeftOutOfTheTime() {
        const auto wanted = request("fresh-encoder", test::tinyOptions());
        MetricBuffer metrics;
        const auto control = std::make_shared<JobControl>();
        JobContext context(control);
        std::jthread resumer;
        bool paused = false;
        context.setBoundaryHook([&] {
            if (paused || control->progress().stage != "Training" || control->progress().done < 5)
                return;
            paused = true;
            control->setPaused(true);
            resumer = std::jthread([control] {
                std::this_thread::sleep_for(std::chrono::milliseconds(1500));
                control->setPaused(false);
            });
        });
        const auto begin = std::chrono::steady_clock::now();
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        VERIFY_OK(outcome);
        QVERIFY(paused);
        QVERIFY2(outcome->totalSeconds < wall - 1.4,
                 qPrintable(QString("%1 of %2").arg(outcome->totalSeconds).arg(wall)));
    }

    void divergenceSaysTheStepAndKeepsTheBest() {
        Json options = test::tinyOptions();
        options["learning_rate"] = 10;
        options["max_grad_norm"] = 0;
        options["weight_decay"] = 1;  // 1 - lr * decay = -9: the weights grow ninefold at each step
        options["warmup_ratio"] = 0;
        options["pretrain_epochs"] = 0;
        options["decay"] = "constant";
        options["epochs"] = 40;
        options["eval_every"] = 2;
        const auto wanted = request("fresh-encoder", options);
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().code == ErrorCode::Diverged, outcome.error().message.c_str());
        QVERIFY2(outcome.error().message.find("step") != std::string::npos, outcome.error().message.c_str());
        QVERIFY(fs::exists(wanted.runFolder / "checkpoints/last/state.json"));
        QVERIFY(infer::TextModel::load(wanted.runFolder / "best"));
    }

    void patienceEndsEarly() {
        Json options = test::tinyOptions();
        options["epochs"] = 60;
        options["eval_every"] = 12;
        options["patience"] = 2;
        const auto wanted = request("fresh-encoder", options);
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        VERIFY_OK(outcome);
        QVERIFY(outcome->steps < 60 * 12);
        QCOMPARE(outcome->steps, outcome->bestStep + 2 * 12);
    }

    void withoutDevTheLastModelIsKept() {
        const auto wanted = request("fresh-encoder", test::tinyOptions());
        auto data = test::tinyIntents();
        data.dev.clear();
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, data, metrics, context);
        VERIFY_OK(outcome);
        QVERIFY(std::isnan(outcome->bestDevAccuracy));
        QVERIFY(fs::exists(wanted.modelFolder / "model.safetensors"));
    }

    void tunedFolderCanBeTunedOn() {
        const auto first = request("fresh-encoder", test::tinyOptions());
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(first, test::tinyIntents(), metrics, context));
        auto data = test::tinyIntents();
        data.labels = {"red", "blue", "green", "unused"};
        auto second = request(first.modelFolder.string(), {{"epochs", 1}, {"precision", "float32"}, {"device", "cpu"}});
        second.method = "head";
        const auto outcome = train::train(second, data, metrics, context);
        VERIFY_OK(outcome);
        QVERIFY(outcome->trainableParameters < outcome->parameters / 2);
        const auto info = infer::inspectModel(second.modelFolder);
        VERIFY_OK(info);
        QCOMPARE(info->labels, data.labels);
    }

    void decoderLearnsToAnswer() {
        Json options = test::tinyOptions();
        options["kv_heads"] = 1;
        options["epochs"] = 30;
        options["batch_size"] = 10;
        options["dropout"] = 0;
        const auto wanted = request("fresh-decoder", options);
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyAnswers(), metrics, context);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevLoss < 0.3, qPrintable(QString::number(outcome->bestDevLoss)));
        auto model = infer::TextModel::load(wanted.modelFolder);
        VERIFY_OK(model);
        const std::vector<infer::Message> messages{{"user", "where is the loan 3"}};
        infer::GenerateOptions briefly;
        briefly.maxNewTokens = 24;
        const auto said = (*model)->chat(messages, briefly, context);
        VERIFY_OK(said);
        QCOMPARE(said->text, std::string("the loan is here"));
        QCOMPARE(said->finish, std::string("end"));
    }

    void ngramThroughTheSameDoor() {
        const auto wanted = request("ngram", Json::object());
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyIntents(), metrics, context);
        VERIFY_OK(outcome);
        QVERIFY(outcome->bestDevAccuracy > 0.9 && outcome->bestDevMacroF1 > 0.9);
        QVERIFY(metrics.takeAll().size() >= 20);
        VERIFY_OK(infer::TextModel::load(wanted.modelFolder));
        for (const char* name : {"config.json", "versions.json", "metrics.jsonl", "log.txt", "best/config.json"})
            QVERIFY2(fs::exists(wanted.runFolder / name), name);

        const auto stopped = request("ngram", Json::object());
        const auto control = std::make_shared<JobControl>();
        control->requestStop();
        JobContext stopping(control);
        const auto nothing = train::train(stopped, test::tinyIntents(), metrics, stopping);
        VERIFY_OK(nothing);
        QVERIFY(nothing->stopped && nothing->modelFolder.empty() && !fs::exists(stopped.modelFolder));
    }
};

QTEST_GUILESS_MAIN(TestRun)
#include "tst_run.moc"
