// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One optimizer step: parts that add up to a batch, what a resumed step needs.
// Torch first: Qt's macros and its headers do not go together the other way round.
#include "unit/train/tiny_network.h"

#include "train/detail/step_runner.h"

#include <QtTest>

#include <numeric>

using namespace lathe;
using namespace lathe::train;
using test::apart;
using test::tinyNetwork;
using test::tinyPlan;
using test::tinyTexts;
using test::weightsOf;

namespace {

ItemList firstItems(std::int32_t count) {
    ItemList items(static_cast<std::size_t>(count));
    std::iota(items.begin(), items.end(), 0);
    return items;
}

struct Subject {
    std::shared_ptr<nn::Network> network;
    std::unique_ptr<BatchSource> source;
};

Subject taskNamed(const QString& name, double dropout = 0) {
    if (name == QStringLiteral("labels"))
        return {tinyNetwork("bert", nn::Head::SequenceClassification, dropout),
                makeClassificationSource(tinyTexts(32), 0)};
    if (name == QStringLiteral("masked tokens"))
        return {tinyNetwork("bert", nn::Head::MaskedLm, dropout),
                makeMaskedTokenSource(tinyTexts(32), 0,
                                      {.share = 0.3, .maskId = 3, .vocabSize = 60, .never = {0, 1, 2, 3}})};
    return {tinyNetwork("llama", nn::Head::CausalLm, dropout), makeNextTokenSource(tinyTexts(32), 0)};
}

}  // namespace

class TestStepRunner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    void partsAddUpToTheBatch_data() {
        QTest::addColumn<QString>("task");
        QTest::addColumn<int>("texts");
        QTest::addColumn<int>("tokens");
        for (const char* task : {"labels", "masked tokens", "next tokens"}) {
            QTest::addRow("%s, 4 x 8", task) << QString(task) << 8 << 0;
            QTest::addRow("%s, parts of 5", task) << QString(task) << 5 << 0;
            QTest::addRow("%s, parts of 64 tokens", task) << QString(task) << 32 << 64;
        }
    }
    void partsAddUpToTheBatch() {
        QFETCH(QString, task);
        QFETCH(int, texts);
        QFETCH(int, tokens);
        const auto run = [&](std::int64_t partTexts, std::int64_t partTokens) {
            const Subject made = taskNamed(task);
            PhasePlan plan = tinyPlan(*made.source);
            plan.partTexts = partTexts;
            plan.partTokens = partTokens;
            // Momentum and no per-weight scale: AdamW's first steps would turn roundings of tiny gradients into steps.
            plan.recipe.optimizer = "sgd";
            plan.schedule.peak = 0.1;
            StepRunner runner(*made.network, plan);
            std::vector<StepResult> results;
            for (int step = 1; step <= 3; ++step)
                results.push_back(runner.run(firstItems(32), step, 0));
            return std::pair(results, weightsOf(*made.network));
        };
        const auto [whole, wholeWeights] = run(0, 0);
        const auto [parts, partWeights] = run(texts, tokens);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QVERIFY2(whole[i].trouble.empty(), whole[i].trouble.c_str());
            QVERIFY(std::abs(parts[i].loss - whole[i].loss) < 2e-6);
            QVERIFY(std::abs(parts[i].gradNorm - whole[i].gradNorm) < 1e-5 * whole[i].gradNorm);
            QCOMPARE(parts[i].accuracy, whole[i].accuracy);
            QCOMPARE(parts[i].tokens, whole[i].tokens);
        }
        QVERIFY(apart(wholeWeights, weightsOf(*taskNamed(task).network)) > 1e-3);  // something was learnt
        QVERIFY2(apart(wholeWeights, partWeights) < 2e-6,
                 qPrintable(QString::number(apart(wholeWeights, partWeights))));
    }

    void everyOptimizerGoesOnFromItsMemory_data() {
        QTest::addColumn<QString>("id");
        const auto registry = nn::makeOptimizerRegistry();
        for (const auto& entry : registry.entries())
            QTest::newRow(entry.id.c_str()) << QString::fromStdString(entry.id);
    }
    void everyOptimizerGoesOnFromItsMemory() {
        QFETCH(QString, id);
        const auto run = [&](bool resume) {
            const Subject made = taskNamed("labels", 0.2);
            PhasePlan plan = tinyPlan(*made.source);
            plan.recipe.optimizer = id.toStdString();
            plan.partTexts = 8;
            auto runner = std::make_unique<StepRunner>(*made.network, plan);
            for (int step = 1; step <= 6; ++step) {
                if (resume && step == 4) {
                    StepMemory saved;
                    for (const auto& [name, tensor] : runner->memory())
                        saved.emplace_back(name, tensor.clone());
                    runner = std::make_unique<StepRunner>(*made.network, plan);
                    if (!runner->remember(saved))
                        return std::vector<torch::Tensor>();
                }
                runner->run(firstItems(32), step, 0);
            }
            return weightsOf(*made.network);
        };
        const auto whole = run(false), resumed = run(true);
        QCOMPARE(resumed.size(), whole.size());
        QCOMPARE(apart(whole, resumed), 0.0);
    }

    void headLearnsFasterWhereAskedTo() {
        const auto moved = [](double factor) {
            const Subject made = taskNamed("labels");
            PhasePlan plan = tinyPlan(*made.source);
            plan.recipe.headRateFactor = factor;
            const auto before = made.network->named_parameters();
            const auto head = before["classifier.weight"].detach().clone();
            const auto body = before["bert.encoder.layer.0.output.dense.weight"].detach().clone();
            StepRunner(*made.network, plan).run(firstItems(32), 1, 0);
            const auto after = made.network->named_parameters();
            return std::pair((after["classifier.weight"] - head).abs().max().item<double>(),
                             (after["bert.encoder.layer.0.output.dense.weight"] - body).abs().max().item<double>());
        };
        const auto [head, body] = moved(1);
        const auto [fasterHead, sameBody] = moved(10);
        QVERIFY(std::abs(fasterHead - 10 * head) < 1e-5);
        QCOMPARE(sameBody, body);
    }
};

QTEST_GUILESS_MAIN(TestStepRunner)
#include "tst_step_runner.moc"
