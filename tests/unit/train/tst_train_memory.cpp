// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What runs cost in memory, measured, and what was said about it before: LoRA over frozen weights in 16 and 8 bits.
#include <torch/torch.h>

#include <QtTest>

#include "core/peak_memory.h"
#include "infer/model_folder.h"
#include "infer/text_model.h"
#include "nn/network.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "train/estimate.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

class TestTrainMemory : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    fs::path m_small, m_large;

    fs::path root() const { return m_temporary.path().toStdString(); }
    TrainRequest request(const fs::path& model, const std::string& method, Json options) {
        static int number = 0;
        const fs::path base = root() / std::to_string(++number);
        fs::create_directories(base);
        return {.model = model.string(),
                .method = method,
                .options = std::move(options),
                .runFolder = base / "run",
                .modelFolder = base / "model"};
    }

private Q_SLOTS:
    /// A small generating model, and a large one that reads with its tokenizer.
    void initTestCase() {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        Json options = test::tinyOptions();
        options["kv_heads"] = 1;
        options["epochs"] = 1;
        const auto wanted = request("fresh-decoder", "full", options);
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(wanted, test::tinyAnswers(), metrics, context));
        m_small = wanted.modelFolder;
        m_large = root() / "large";
        nn::FreshShape shape;
        shape.vocabSize = nn::readNetworkConfig(m_small)->vocabSize;
        shape.layers = 8;
        shape.hiddenSize = 1024;
        shape.heads = 8;
        shape.kvHeads = 4;
        const auto registry = nn::makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        const auto config = entry->parse(nn::freshConfig("llama", nn::Head::CausalLm, shape, {}));
        VERIFY_OK(config);
        VERIFY_OK(nn::saveNetwork(*entry->make(*config), m_large, {.dtype = torch::kBFloat16}));
        VERIFY_OK(infer::copyModelFiles(m_small, m_large));
    }

    void bytesPerParameter_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<double>("most");
        QTest::newRow("LoRA in bf16") << "lora" << 2.5;
        QTest::newRow("LoRA over 8 bits") << "lora_int8" << 1.5;
    }
    void bytesPerParameter() {
        QFETCH(QString, method);
        QFETCH(double, most);
        const auto wanted = request(m_large, method.toStdString(),
                                    {{"epochs", 1}, {"batch_size", 1}, {"max_tokens", 24}, {"precision", "bf16"}});
        auto data = test::tinyAnswers();
        data.train.resize(4);
        data.dev.resize(2);
        const auto estimate = estimateTraining(wanted, data);
        VERIFY_OK(estimate);
        const PeakMemory peak;
        if (!peak.works())
            QSKIP("this system does not let a program measure its own peak");
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, data, metrics, context);
        VERIFY_OK(outcome);
        const double measured = peak.bytes();
        const auto base = static_cast<double>(outcome->parameters - outcome->trainableParameters);
        // weights, gradients and moments of what trains, in float32
        const double adapters = 16.0 * static_cast<double>(outcome->trainableParameters);
        const double each = (measured - adapters) / base;
        qInfo(
            "%s: %.2f bytes a parameter of %.0f million, beside %.0f MB of adapters; said before: %.0f MB, measured "
            "%.0f MB",
            qPrintable(method), each, base / 1e6, adapters / 1e6, estimate->totalBytes() / 1e6, measured / 1e6);
        QVERIFY2(each <= most, qPrintable(QString::number(each)));
        QCOMPARE(estimate->parameters, outcome->parameters);
        QCOMPARE(estimate->trainable, outcome->trainableParameters);
        QVERIFY2(
            estimate->totalBytes() < 2 * measured && estimate->totalBytes() > 0.5 * measured,
            qPrintable(QString("%1 MB said, %2 MB measured").arg(estimate->totalBytes() / 1e6).arg(measured / 1e6)));
    }

    void activationsWithinAFactorOfTwo_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("precision");
        QTest::addColumn<bool>("twice");
        QTest::newRow("all weights") << "full"
                                     << "float32" << false;
        QTest::newRow("LoRA") << "lora"
                              << "bf16" << false;
        QTest::newRow("LoRA, layers computed twice") << "lora"
                                                     << "bf16" << true;
    }
    void activationsWithinAFactorOfTwo() {
        QFETCH(QString, method);
        QFETCH(QString, precision);
        QFETCH(bool, twice);
        const auto wanted = request("fresh-decoder", method.toStdString(),
                                    {{"epochs", 1},
                                     {"batch_size", 32},
                                     {"max_tokens", 128},
                                     {"precision", precision.toStdString()},
                                     {"vocab_size", 300},
                                     {"layers", 6},
                                     {"hidden_size", 128},
                                     {"heads", 4},
                                     {"pretrain_epochs", 0},
                                     {"gradient_checkpointing", twice}});
        auto data = test::tinyAnswers(32);
        data.dev.clear();
        for (auto& example : data.train)
            for (int i = 0; i < 60; ++i)
                example.text += fmt::format(" word{} and more", i * 7 % 13);  // longer than max_tokens
        const auto estimate = estimateTraining(wanted, data);
        VERIFY_OK(estimate);
        QVERIFY(estimate->longest.tokens == 128 && estimate->longest.texts == 32);
        const PeakMemory peak;
        if (!peak.works())
            QSKIP("this system does not let a program measure its own peak");
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(wanted, data, metrics, context));
        const double measured = peak.bytes(), said = estimate->totalBytes();
        qInfo("%.0f MB said (%.0f MB of them activations), %.0f MB measured", said / 1e6,
              estimate->activationBytes / 1e6, measured / 1e6);
        QVERIFY2(said < 2 * measured && said > 0.5 * measured,
                 qPrintable(QString("%1 MB said, %2 MB measured").arg(said / 1e6).arg(measured / 1e6)));
    }

    void countsAreThoseOfTheRun_data() {
        QTest::addColumn<QString>("method");
        const auto choice = modelChoiceFor(m_small);
        VERIFY_OK(choice);
        for (const std::string& method : choice->methods)
            if (method != "head")  // its output layer is tied
                QTest::newRow(method.c_str()) << QString::fromStdString(method);
    }
    void countsAreThoseOfTheRun() {
        QFETCH(QString, method);
        const auto wanted =
            request(m_small, method.toStdString(), {{"epochs", 1}, {"max_tokens", 32}, {"precision", "float32"}});
        const auto estimate = estimateTraining(wanted, test::tinyAnswers());
        VERIFY_OK(estimate);
        MetricBuffer metrics;
        JobContext context;
        const auto outcome = train::train(wanted, test::tinyAnswers(), metrics, context);
        VERIFY_OK(outcome);
        QCOMPARE(estimate->parameters, outcome->parameters);
        QCOMPARE(estimate->trainable, outcome->trainableParameters);
        QVERIFY(estimate->weightBytes > 0 && estimate->gradientBytes == 4.0 * static_cast<double>(estimate->trainable));
    }

    void aMethodThatDoesNotFitSaysSo() {
        const auto wanted = request(m_small, "head", {});
        const auto estimate = estimateTraining(wanted, test::tinyAnswers());
        QVERIFY(!estimate && estimate.error().message.find("shares its weights") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTrainMemory)
#include "tst_train_memory.moc"
