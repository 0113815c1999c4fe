// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-flight's measured steps: memory and time that the run then has, and no trace of having been there.
#include <torch/torch.h>

#include <QtTest>

#include <thread>

#include "infer/text_model.h"
#include "nn/dropout.h"
#include "nn/network.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "train/detail/rehearsal.h"
#include "train/detail/tensor_peak.h"
#include "train/preflight.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

class TestPreflightSteps : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    fs::path m_decoder, m_encoder;

    fs::path root() const { return m_temporary.path().toStdString(); }
    TrainRequest request(const std::string& model, Json options = test::tinyOptions(),
                         const std::string& method = "full") {
        static int number = 0;
        const fs::path base = root() / fmt::format("run {}", ++number);
        return {.model = model,
                .method = method,
                .options = std::move(options),
                .runFolder = base / "run",
                .modelFolder = base / "model"};
    }
    static Result<TrainOutcome> runOf(const TrainRequest& wanted, const Dataset& data, MetricBuffer& metrics) {
        JobContext context;
        return train::train(wanted, data, metrics, context);
    }
    static std::vector<double> lossesOf(MetricBuffer& metrics) {
        std::vector<double> losses;
        for (const auto& report : metrics.takeAll())
            losses.push_back(std::isnan(report.trainLoss) ? report.devLoss : report.trainLoss);
        return losses;
    }

private Q_SLOTS:
    void initTestCase() {
        infer::setComputeThreads(1);
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        Json options = test::tinyOptions();
        options["epochs"] = 1;
        options["pretrain_epochs"] = 0;
        MetricBuffer metrics;
        const auto encoder = request("fresh-encoder", options);
        VERIFY_OK(runOf(encoder, test::tinyIntents(), metrics));
        m_encoder = encoder.modelFolder;
        options["kv_heads"] = 1;
        const auto decoder = request("fresh-decoder", options);
        VERIFY_OK(runOf(decoder, test::tinyAnswers(), metrics));
        m_decoder = decoder.modelFolder;
    }

    void aRunIsForetold() {
        const auto wanted = request("fresh-encoder");
        const auto data = test::tinyIntents();
        JobContext context;
        const auto report = checkRun(wanted, data, context);
        VERIFY_OK(report);
        QVERIFY(!report->hasProblem());
        QCOMPARE(report->phases.size(), std::size_t{2});
        QVERIFY(!fs::exists(wanted.runFolder) && !fs::exists(wanted.modelFolder));
        for (const auto& phase : report->phases) {
            QVERIFY(phase.longestSeconds > 0 && phase.stepSeconds > 0);
            QVERIFY(phase.seconds >= phase.stepSeconds * static_cast<double>(phase.steps) * 0.999);
            QVERIFY(phase.longest.texts > 0 && phase.longest.tokens > 2);
        }
        QVERIFY(report->phases[1].evaluations > 0 && report->phases[1].evaluationSeconds > 0);
        MetricBuffer metrics;
        const auto outcome = runOf(wanted, data, metrics);
        VERIFY_OK(outcome);
        QCOMPARE(report->phases[1].steps, outcome->steps);
        QCOMPARE(report->estimate->trainable, outcome->trainableParameters);
        qInfo("%.2f s foretold, %.2f s taken", report->secondsToEnd, outcome->totalSeconds);
        // Both are seconds on a machine that may be busy with something else at either time.
        QVERIFY(report->secondsToEnd < 5 * outcome->totalSeconds && outcome->totalSeconds < 5 * report->secondsToEnd);
    }

    void aCheckChangesNothing_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("method");
        QTest::addColumn<bool>("preferences");
        QTest::newRow("fresh") << "fresh-encoder"
                               << "full" << false;
        QTest::newRow("fresh, adapter") << "fresh-encoder"
                                        << "lora" << false;
        QTest::newRow("preferences") << "decoder"
                                     << "lora" << true;
    }
    void aCheckChangesNothing() {
        QFETCH(QString, model);
        QFETCH(QString, method);
        QFETCH(bool, preferences);
        Json options = test::tinyOptions();
        options["epochs"] = 2;
        auto data = test::tinyIntents(30);
        std::string name = model.toStdString();
        if (preferences) {
            name = m_decoder.string();
            options = {{"task", "preference"}, {"epochs", 1}, {"max_tokens", 64}, {"precision", "float32"}};
            data = test::tinyAnswers();
            for (auto* part : {&data.train, &data.dev})
                for (auto& example : *part)
                    example.chosen = example.answer, example.rejected = "no idea", example.answer.clear();
        }
        const auto plain = request(name, options, method.toStdString());
        const auto checked = request(name, options, method.toStdString());
        MetricBuffer before, after;
        const auto first = runOf(plain, data, before);
        VERIFY_OK(first);
        torch::manual_seed(77);
        nn::setDropoutState({.seed = 5, .calls = 6});
        const auto expected = torch::rand({3});
        torch::manual_seed(77);
        JobContext context;
        const auto report = checkRun(checked, data, context);
        VERIFY_OK(report);
        QVERIFY(torch::equal(torch::rand({3}), expected));
        QCOMPARE(nn::dropoutState().seed, std::uint64_t{5});
        QCOMPARE(nn::dropoutState().calls, std::uint64_t{6});
        QVERIFY(!fs::exists(checked.runFolder.parent_path()));
        QVERIFY(report->phases.back().longestSeconds > 0);
        VERIFY_OK(runOf(checked, data, after));
        const auto one = lossesOf(before), two = lossesOf(after);
        QVERIFY(one.size() > 5);
        QCOMPARE(one.size(), two.size());
        for (std::size_t i = 0; i < one.size(); ++i)
            QVERIFY(one[i] == two[i] || (std::isnan(one[i]) && std::isnan(two[i])));
    }

    void memoryWithinAFactorOfTwo_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("precision");
        QTest::newRow("all weights") << "full"
                                     << "float32";
        QTest::newRow("LoRA") << "lora"
                              << "bf16";
    }
    void memoryWithinAFactorOfTwo() {
        QFETCH(QString, method);
        QFETCH(QString, precision);
        const auto wanted = request("fresh-decoder",
                                    {{"epochs", 1},
                                     {"batch_size", 32},
                                     {"max_tokens", 128},
                                     {"precision", precision.toStdString()},
                                     {"vocab_size", 300},
                                     {"layers", 6},
                                     {"hidden_size", 128},
                                     {"heads", 4},
                                     {"pretrain_epochs", 0}},
                                    method.toStdString());
        auto data = test::tinyAnswers(32);
        for (auto& example : data.train)
            for (int i = 0; i < 60; ++i)
                example.text += fmt::format(" word{} and more", i * 7 % 13);
        JobContext context;
        const auto report = checkRun(wanted, data, context);
        VERIFY_OK(report);
        QCOMPARE(report->phases[0].longest.tokens, std::int64_t{128});
        if (std::isnan(report->peakBytes))
            QSKIP("this system does not let a program measure its own peak");
        const double said = report->estimate->totalBytes();
        qInfo("%.0f MB said, %.0f MB measured", said / 1e6, report->peakBytes / 1e6);
        QVERIFY(report->peakBytes > 4.0 * static_cast<double>(report->estimate->trainable));
        QVERIFY2(said < 2 * report->peakBytes && said > 0.5 * report->peakBytes,
                 qPrintable(QString("%1 MB said, %2 measured").arg(said / 1e6).arg(report->peakBytes / 1e6)));
    }

    void aStopIsHeard_data() {
        QTest::addColumn<bool>("betweenSteps");
        QTest::newRow("at the beginning") << false;
        QTest::newRow("between steps") << true;
    }
    void aStopIsHeard() {
        QFETCH(bool, betweenSteps);
        const auto control = std::make_shared<JobControl>();
        JobContext context(control);
        std::atomic<bool> done = false;
        std::thread watcher([&] {
            while (betweenSteps && !done && control->progress().stage != "Measuring a step")
                std::this_thread::yield();
            control->requestStop();
        });
        Json options = test::tinyOptions();
        options["hidden_size"] = 512;  // steps that take a while
        options["layers"] = 4;
        if (!betweenSteps)
            watcher.join();
        const auto report = checkRun(request("fresh-encoder", options), test::tinyIntents(), context);
        done = true;
        if (watcher.joinable())
            watcher.join();
        QVERIFY(!report && report.error().code == ErrorCode::Canceled);
    }

    void methodsOfAFolder_data() {
        QTest::addColumn<QString>("method");
        for (const char* method : {"last_layers", "lora_int8", "prompt", "ia3"})
            QTest::newRow(method) << method;
    }
    void methodsOfAFolder() {
        QFETCH(QString, method);
        const auto choice = modelChoiceFor(m_encoder);
        VERIFY_OK(choice);
        if (std::ranges::find(choice->methods, method.toStdString()) == choice->methods.end())
            QSKIP("this model has no such method");
        const auto wanted = request(m_encoder.string(), {{"epochs", 30}, {"max_tokens", 24}}, method.toStdString());
        const auto data = test::tinyIntents(20);
        for (const bool measure : {true, false}) {
            JobContext context;
            const auto report = checkRun(wanted, data, context, {.measure = measure});
            VERIFY_OK(report);
            QVERIFY2(!report->hasProblem(), report->findings.empty() ? "" : report->findings[0].what.c_str());
            QCOMPARE(std::isfinite(report->secondsToEnd), measure);
            QVERIFY(report->estimate->trainable > 0);
            QVERIFY(report->disk.runBytes > 0 && report->disk.modelBytes > 0);
        }
    }

    void aStepThatIsNotFiniteIsAProblem() {
        const fs::path broken = root() / "broken";
        fs::copy(m_encoder, broken, fs::copy_options::recursive);
        auto network = nn::loadNetwork(broken).value();
        {
            const torch::NoGradGuard noGrad;
            for (auto& parameter : network->parameters())
                parameter.mul_(1e30);
        }
        VERIFY_OK(nn::saveNetwork(*network, broken));
        JobContext context;
        const auto report = checkRun(request(broken.string(), {{"max_tokens", 24}, {"precision", "float32"}}),
                                     test::tinyIntents(20), context);
        VERIFY_OK(report);
        QVERIFY(report->find("step_not_finite"));
        QVERIFY(report->hasProblem());
        QVERIFY(std::isnan(report->secondsToEnd));
    }

    void costOfASequenceOfSteps() {
        const StepCost cost({100, 1}, {300, 2});
        QCOMPARE(cost.seconds(100), 1.0);
        QCOMPARE(cost.seconds(300), 2.0);
        QCOMPARE(cost.seconds(200), 1.5);
        QCOMPARE(cost.seconds(0), 0.5);
        const StepCost alike({100, 1}, {100, 1});
        QCOMPARE(alike.seconds(50), 0.5);
        const StepCost steep({100, 1}, {200, 4});  // attention over long texts
        QVERIFY(steep.seconds(0) >= 0 && steep.seconds(50) <= 1);
        QCOMPARE(steep.seconds(100), 1.0);
        QCOMPARE(steep.seconds(200), 4.0);
    }

    void tensorsOfADeviceAreCounted() {
        const TensorPeak peak(torch::kCPU);
        {
            const auto large = torch::empty({1 << 20}, torch::kFloat32);
            const auto other = torch::empty({1 << 20}, torch::kFloat32);
        }
        const auto small = torch::empty({16});
        QVERIFY2(peak.bytes() >= 8 << 20 && peak.bytes() < 9 << 20, qPrintable(QString::number(peak.bytes())));
    }
};

QTEST_GUILESS_MAIN(TestPreflightSteps)
#include "tst_preflight_steps.moc"
