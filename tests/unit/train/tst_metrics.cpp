// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/torch.h>

#include "train/detail/evaluation.h"
#include "train/detail/metric.h"
#include "train/detail/metrics_file.h"

#include <QtTest>

#include <fstream>

using namespace lathe;
using namespace lathe::train;

namespace {

MetricBatch said(std::vector<std::int64_t> predicted, std::vector<std::int64_t> targets, double nats) {
    return {.predicted = torch::tensor(predicted), .targets = torch::tensor(targets), .lossNats = nats};
}

double valueOf(const char* id, const std::vector<MetricBatch>& batches, std::int64_t classes) {
    const auto registry = makeMetricRegistry();
    const auto metric = registry.find(id)->make(std::vector<std::string>(static_cast<std::size_t>(classes)));
    for (const auto& batch : batches)
        metric->add(batch);
    return metric->value();
}

}  // namespace

class TestMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesByHand() {
        const std::vector<MetricBatch> batches{said({0, 1, 1}, {0, 1, 0}, 1.5), said({2}, {2}, 0.5)};
        QCOMPARE(valueOf("accuracy", batches, 3), 0.75);
        QCOMPARE(valueOf("token_accuracy", batches, 0), 0.75);
        QCOMPARE(valueOf("loss", batches, 3), 0.5);
        // F1: label 0: P 1, R 1/2 -> 2/3; label 1: P 1/2, R 1 -> 2/3; label 2: 1.
        QVERIFY(std::abs(valueOf("macro_f1", batches, 3) - (2.0 / 3 + 2.0 / 3 + 1) / 3) < 1e-12);
    }

    void resetForgets() {
        const auto registry = makeMetricRegistry();
        for (const auto& entry : registry.entries()) {
            const auto metric = entry.make({"a", "b", "c"});
            QVERIFY(std::isnan(metric->value()));
            MetricBatch batch = said({0, 1}, {1, 0}, 3);
            if (entry.id.starts_with("entity_"))
                batch.groups = torch::tensor({0, 1}, torch::kInt64);
            if (entry.id == "micro_f1" || entry.id == "subset_accuracy")  // sets of labels
                batch.predicted = batch.targets = torch::eye(3, torch::kInt64);
            if (entry.id == "recall_at_1" || entry.id == "mrr")  // vectors of two texts each
                batch.predicted = torch::randn({2, 2, 4});
            metric->add(batch);
            QVERIFY2(std::isfinite(metric->value()), entry.id.c_str());
            metric->reset();
            QVERIFY2(std::isnan(metric->value()), entry.id.c_str());
            QVERIFY(!entry.help.empty() && !entry.unit.empty());
        }
    }

    void betterKnowsTheDirection() {
        const auto registry = makeMetricRegistry();
        QVERIFY(isBetter(*registry.find("accuracy"), 0.9, 0.8));
        QVERIFY(!isBetter(*registry.find("accuracy"), 0.8, 0.8));
        QVERIFY(isBetter(*registry.find("loss"), 0.7, 0.8));
        QVERIFY(isBetter(*registry.find("loss"), 0.7, kNoValue));
        QVERIFY(!isBetter(*registry.find("loss"), kNoValue, 0.8));
    }

    void fileRoundTripAndCutLine() {
        QTemporaryDir folder;
        const std::filesystem::path run = folder.path().toStdString();
        StepReport step{
            .phase = "pretrain", .step = 3, .totalSteps = 9, .epoch = 0.5, .trainLoss = 1.25, .learningRate = 1e-3};
        StepReport evaluation{.step = 4, .totalSteps = 9, .devLoss = 0.5, .devAccuracy = 0.75, .devMacroF1 = 0.7};
        {
            std::ofstream out(run / "metrics.jsonl");
            out << toLine(toJson(step)) << "\n"
                << toLine(toJson(evaluation)) << "\n"
                << "{\"phase\":\"train\",\"st";
        }
        const auto read = readMetrics(run);
        QVERIFY(read);
        QCOMPARE(read->size(), std::size_t{2});
        QCOMPARE((*read)[0].phase, std::string("pretrain"));
        QCOMPARE((*read)[0].trainLoss, 1.25);
        QVERIFY(std::isnan((*read)[0].devLoss));
        QCOMPARE((*read)[1].devMacroF1, 0.7);
        QVERIFY(rewindMetrics(run, [](const StepReport& report) { return report.step <= 3; }));
        QCOMPARE(readMetrics(run)->size(), std::size_t{1});
        QVERIFY(readMetrics(run / "nowhere").error().code == ErrorCode::NotFound);
    }

    void bufferIsBoundedAndKeepsEvaluations() {
        MetricBuffer buffer;
        for (int i = 1; i <= 100000; ++i) {
            buffer.append({.step = i, .trainLoss = 1});
            if (i % 1000 == 0)
                buffer.append({.step = i, .devLoss = 1});
        }
        const auto reports = buffer.takeAll();
        QVERIFY(reports.size() <= 20001);
        QCOMPARE(std::ranges::count_if(reports, [](const StepReport& r) { return !std::isnan(r.devLoss); }), 100);
        QVERIFY(std::ranges::is_sorted(reports, {}, &StepReport::step));
        QCOMPARE(reports.back().step, std::int64_t{100000});
        QVERIFY(buffer.takeAll().empty());
    }
};

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
