// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks' losses and metrics by hand and by the reference's numbers.
#include <torch/torch.h>

#include "core/files.h"
#include "infer/text_model.h"
#include "nn/safetensors.h"
#include "support/verify_ok.h"
#include "train/detail/metric.h"
#include "train/detail/objectives.h"
#include "train/detail/packing.h"
#include "train/detail/pair_sources.h"
#include "train/detail/preference.h"
#include "train/trainer.h"

#include <QtTest>

#include <numeric>

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;
using torch::Tensor;

namespace {

bool near(double a, double b, double tolerance = 1e-6) {
    return std::abs(a - b) <= tolerance;
}

double valueOf(const char* id, const Tensor& predicted, const Tensor& targets,
               const std::vector<std::string>& labels = {}, const Tensor& groups = {}) {
    const auto registry = makeMetricRegistry();
    const auto metric = registry.find(id)->make(labels);
    metric->add({.predicted = predicted, .targets = targets, .groups = groups, .lossNats = 0});
    return metric->value();
}

std::shared_ptr<nn::Network> tinyDecoder() {
    torch::manual_seed(5);
    const auto registry = nn::makeArchitectureRegistry();
    const auto* entry = registry.find("llama");
    nn::FreshShape shape{.vocabSize = 60, .layers = 2, .hiddenSize = 32, .heads = 2, .maxPositions = 64, .dropout = 0};
    return entry->make(*entry->parse(nn::freshConfig("llama", nn::Head::CausalLm, shape, {})));
}

EncodedText answer(std::vector<text::TokenId> ids, std::int32_t from) {
    return {.ids = std::move(ids), .lossFrom = from};
}

}  // namespace

class TestTaskLosses : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }

    void metricsByHand() {
        const auto said = torch::tensor({1, 0, 1, 1, 1, 0}, torch::kInt64).view({2, 3});
        const auto gold = torch::tensor({1., 0., 0., 1., 1., 0.}).view({2, 3});
        QVERIFY(near(valueOf("micro_f1", said, gold), 6.0 / 7));  // 3 right of 4 said and 3 there
        QVERIFY(near(valueOf("subset_accuracy", said, gold), 0.5));
        QVERIFY(near(valueOf("macro_f1", said, gold, {"a", "b", "c"}), 2.0 / 3));  // 1, 1, 0
        // scipy.stats.pearsonr and spearmanr give the same
        const auto x = torch::tensor({1.F, 2.F, 3.F, 5.F}), y = torch::tensor({1.F, 3.F, 2.F, 6.F});
        QVERIFY2(near(valueOf("pearson", x, y), 0.9035079),
                 qPrintable(QString::number(valueOf("pearson", x, y), 'g', 9)));
        QVERIFY(near(valueOf("spearman", torch::tensor({1.F, 2.F, 2.F, 4.F}), torch::tensor({1.F, 3.F, 2.F, 4.F})),
                     0.9486833));
        QVERIFY(near(valueOf("mae", x, y), 0.75));
        QVERIFY(std::isnan(valueOf("pearson", torch::ones({3}), torch::tensor({1.F, 2.F, 3.F}))));
        QVERIFY(near(valueOf("preference_accuracy", torch::tensor({2.F, -1.F, 0.F, 1.F}), torch::zeros({4})), 0.5));
        QVERIFY(near(valueOf("preference_margin", torch::tensor({2.F, -1.F, 0.F, 1.F}), torch::zeros({4})), 0.5));
    }

    void entitiesDoNotReachIntoTheNextText() {
        const std::vector<std::string> tags{"O", "B-x", "I-x"};
        const auto gold = torch::tensor({1, 2, 2, 0}, torch::kInt64);
        const auto text = torch::tensor({0, 0, 1, 1}, torch::kInt64);
        QCOMPARE(valueOf("entity_f1", gold, gold, tags, text), 1.0);
        // The first text's entity is cut short; the second's (an inside that begins it) is right.
        const auto said = torch::tensor({1, 0, 2, 0}, torch::kInt64);
        QCOMPARE(valueOf("entity_precision", said, gold, tags, text), 0.5);
        QCOMPARE(valueOf("entity_recall", said, gold, tags, text), 0.5);
    }

    void retrievalByHand() {
        const auto first = torch::eye(3);
        const auto second = torch::tensor({{1.F, 0.F, 0.F}, {0.8F, 0.6F, 0.F}, {0.F, 0.8F, 0.6F}});
        const auto vectors = torch::stack({first, second}, 1);  // [3, 2, 3]
        // ranks: 1; 0.6 behind 0.8 = 2; 1
        QVERIFY(near(valueOf("recall_at_1", vectors, torch::arange(3)), 2.0 / 3));
        QVERIFY(near(valueOf("mrr", vectors, torch::arange(3)), (1 + 0.5 + 1) / 3));
    }

    void preferenceLosses_data() {
        QTest::addColumn<int>("loss");
        QTest::addColumn<double>("first");
        QTest::addColumn<double>("second");
        // By torch.nn.functional.logsigmoid and the papers' formulas in float64, of the numbers below.
        QTest::newRow("dpo") << 0 << 0.5543552444685271 << 0.9130152523999526;
        QTest::newRow("orpo") << 1 << 2.045193160399816 << 1.6851128887788214;
        QTest::newRow("simpo") << 2 << 0.6931471805599453 << 3.048587351573742;
    }
    void preferenceLosses() {
        QFETCH(int, loss);
        QFETCH(double, first);
        QFETCH(double, second);
        const auto sums = torch::tensor({-10., -6., -10., -4.}, torch::kFloat64).view({2, 2});
        const auto reference = torch::tensor({-12., -5., -9., -7.}, torch::kFloat64).view({2, 2});
        const auto lengths = torch::tensor({5., 4., 4., 8.}, torch::kFloat64).view({2, 2});
        PreferenceOptions options{
            .loss = static_cast<PreferenceLoss>(loss), .beta = loss == 2 ? 2.0 : 0.1, .margin = 1};
        const auto values = preferenceValues(sums, reference, lengths, options);
        QVERIFY2(near(values.losses[0].item<double>(), first, 1e-12),
                 qPrintable(QString::number(values.losses[0].item<double>())));
        QVERIFY(near(values.losses[1].item<double>(), second, 1e-12));
    }

    /// The gradient by two passes over pieces is that of the loss written down at once.
    void preferenceGradients_data() {
        QTest::addColumn<int>("loss");
        QTest::newRow("dpo") << 0;
        QTest::newRow("orpo") << 1;
        QTest::newRow("simpo") << 2;
    }
    void preferenceGradients() {
        QFETCH(int, loss);
        const auto network = tinyDecoder();
        EncodedSet better, worse;
        better.add(answer({1, 7, 8, 9, 10, 3}, 3));
        better.add(answer({1, 20, 21, 3}, 2));
        worse.add(answer({1, 7, 8, 30, 3}, 3));
        worse.add(answer({1, 20, 40, 41, 42, 43, 3}, 2));
        JobContext job;
        const auto start = referenceScores(*network, better, worse, torch::kCPU, nn::Precision::Float32, job);
        VERIFY_OK(start);
        const PreferenceOptions options{.loss = static_cast<PreferenceLoss>(loss), .beta = 0.5, .margin = 0.3};
        // Another network than the reference, so that the margins are not zero.
        {
            const torch::NoGradGuard noGrad;
            for (auto& parameter : network->parameters())
                parameter.add_(torch::randn_like(parameter) * 0.05);
        }
        const auto source = makePreferenceSource(better, worse, *start, 0, options);
        const auto batch = source->make(std::vector<std::int32_t>{0, 1}, 0);
        QCOMPARE(batch.input.ids.size(0), std::int64_t{4});
        QCOMPARE(batch.answers.numel(), std::int64_t{3 + 2 + 2 + 5});
        const auto pass = source->objective({})->learn(*network, batch, 1);
        std::map<std::string, Tensor> gradients;
        for (auto& item : network->named_parameters()) {
            gradients[item.key()] = item.value().grad().clone();
            item.value().mutable_grad().zero_();
        }
        const auto sumOf = [&](const EncodedSet& set, std::size_t item) {
            const auto ids = torch::tensor(std::vector<std::int64_t>(set.ids(item).begin(), set.ids(item).end()));
            nn::Batch one;
            one.ids = ids.unsqueeze(0);
            const auto said = torch::log_softmax(network->logits(one)[0].to(torch::kFloat64), -1);  // [T, V]
            Tensor sum = torch::zeros({}, torch::kFloat64);
            for (std::int64_t t = set.lossFrom(item); t < ids.numel(); ++t)
                sum = sum + said[t - 1][ids[t].item<std::int64_t>()];
            return sum;
        };
        const auto sums = torch::stack(
            {torch::stack({sumOf(better, 0), sumOf(better, 1)}), torch::stack({sumOf(worse, 0), sumOf(worse, 1)})});
        const auto reference =
            torch::tensor({start->chosen[0], start->chosen[1], start->rejected[0], start->rejected[1]}, torch::kFloat64)
                .view({2, 2});
        const auto lengths = torch::tensor({3., 2., 2., 5.}, torch::kFloat64).view({2, 2});
        const auto expected = preferenceValues(sums, reference, lengths, options).losses.mean();
        expected.backward();
        QVERIFY2(near(pass.loss, expected.item<double>(), 1e-5), qPrintable(QString::number(pass.loss)));
        for (auto& item : network->named_parameters()) {
            const double off = (item.value().grad() - gradients.at(item.key())).abs().max().item<double>();
            QVERIFY2(off < 1e-5, qPrintable(QString("%1: %2").arg(item.key().c_str()).arg(off)));
        }
        const auto judged = source->objective({})->judge(*network, batch);
        QVERIFY(near(judged.loss, pass.loss, 1e-6) && judged.targets == 2);
    }

    void packedRowsHaveTheSameLoss() {
        const auto network = tinyDecoder();
        EncodedSet set;
        for (int i = 0; i < 9; ++i) {
            std::vector<text::TokenId> ids{1};
            for (int t = 0; t < 2 + i; ++t)
                ids.push_back(5 + (7 * i + 3 * t) % 50);
            set.add(answer(ids, 1 + i % 2));
        }
        const auto lossOf = [&](const EncodedSet& rows) {
            const auto source = makeNextTokenSource(rows, 0);
            std::vector<std::int32_t> all(rows.size());
            std::iota(all.begin(), all.end(), 0);
            const auto batch = source->make(all, 0);
            const auto pass = source->objective({})->judge(*network, batch);
            return std::pair(pass.loss, pass.targets);
        };
        const EncodedSet packed = packWhole(set, 24);
        QVERIFY(packed.size() < 5);
        const auto [apart, count] = lossOf(set);
        const auto [together, sameCount] = lossOf(packed);
        QCOMPARE(sameCount, count);
        QVERIFY2(near(apart, together, 2e-6), qPrintable(QString::number(apart - together)));
    }

    void matchLossIsThatOfItsCosines() {
        torch::manual_seed(5);
        const auto registry = nn::makeArchitectureRegistry();
        const auto* entry = registry.find("bert");
        const nn::FreshShape shape{
            .vocabSize = 60, .layers = 1, .hiddenSize = 32, .heads = 2, .maxPositions = 16, .dropout = 0};
        const auto network = entry->make(*entry->parse(nn::freshConfig("bert", nn::Head::MaskedLm, shape, {})));
        EncodedSet first, second;
        first.add({.ids = {1, 7, 8, 2}});
        first.add({.ids = {1, 9, 2}});
        second.add({.ids = {1, 10, 2}});
        second.add({.ids = {1, 11, 12, 13, 2}});
        const auto source = makeMatchSource(first, second, 0, 0.5);
        const auto batch = source->make(std::vector<std::int32_t>{1, 0}, 0);
        const auto vector = [&](const EncodedSet& set, std::size_t item) {
            nn::Batch one;  // alone, without padding
            one.ids = torch::tensor(std::vector<std::int64_t>(set.ids(item).begin(), set.ids(item).end())).unsqueeze(0);
            const auto mean = network->hidden(one)[0].mean(0);
            return mean / mean.norm();
        };
        const auto a = torch::stack({vector(first, 1), vector(first, 0)});
        const auto b = torch::stack({vector(second, 1), vector(second, 0)});
        const auto cosines = a.matmul(b.t()) / 0.5;
        const auto expected = -(torch::log_softmax(cosines, 1).diagonal()).mean();
        const auto pass = source->objective({})->learn(*network, batch, 1);
        QVERIFY2(near(pass.loss, expected.item<double>(), 1e-5), qPrintable(QString::number(pass.loss)));
        const auto judged = source->objective({})->judge(*network, batch);
        QVERIFY(torch::allclose(judged.predicted.select(1, 0), a, 1e-4, 1e-5));
        QVERIFY(torch::allclose(judged.predicted.select(1, 1), b, 1e-4, 1e-5));
    }

    void sequencesAreAskedForEveryToken() {
        const fs::path folder = fs::path(LATHE_TEST_DATA) / "generation/t5";
        const auto loaded = nn::loadNetwork(folder);
        VERIFY_OK(loaded);
        const auto& network = *loaded;
        EncodedSet texts, targets;
        texts.add({.ids = {5, 6, 1}});
        texts.add({.ids = {7, 1}});
        targets.add({.ids = {8, 1}});
        targets.add({.ids = {9, 10, 11, 1}});
        const auto source = makeSequenceSource(texts, targets, network);
        const auto batch = source->make(std::vector<std::int32_t>{0, 1}, 0);
        QVERIFY(torch::equal(batch.targets, torch::tensor({8, 1, 9, 10, 11, 1}, torch::kInt64)));
        QVERIFY(torch::equal(batch.rows, torch::tensor({0, 1, 4, 5, 6, 7}, torch::kInt64)));
        const std::int64_t start = network->config().decoderStartId;
        QCOMPARE(batch.input.decoderIds[1][0].item<std::int64_t>(), start);
        QCOMPARE(batch.input.decoderIds[1][1].item<std::int64_t>(), std::int64_t{9});
        // The loss is the mean over both pairs' tokens, each pair alone.
        const auto together = source->objective({})->judge(*network, batch);
        double nats = 0;
        for (const std::int32_t item : {0, 1}) {
            const auto one = source->make(std::vector<std::int32_t>{item}, 0);
            const auto pass = source->objective({})->judge(*network, one);
            nats += pass.loss * static_cast<double>(pass.targets);
        }
        QCOMPARE(together.targets, std::int64_t{6});
        QVERIFY2(near(together.loss, nats / 6, 1e-5), qPrintable(QString::number(together.loss - nats / 6)));
    }

    void referenceComesBackAsItWas() {
        const fs::path file = fs::path(m_temporary.path().toStdString()) / "reference.safetensors";
        const ReferenceScores scores{{-1.25, -0.1}, {-3, -1e-9}};
        VERIFY_OK(saveReference(scores, file));
        const auto back = loadReference(file, 2);
        VERIFY_OK(back);
        QVERIFY(back->chosen == scores.chosen && back->rejected == scores.rejected);
        QVERIFY(!loadReference(file, 3));
        QVERIFY(!loadReference(file.parent_path() / "nowhere", 2));
    }
};

QTEST_GUILESS_MAIN(TestTaskLosses)
#include "tst_task_losses.moc"
