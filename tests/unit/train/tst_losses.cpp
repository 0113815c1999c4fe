// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a step makes smaller: losses against numbers worked out apart, and what disturbs a step on purpose.
// Torch first: Qt's macros and its headers do not go together the other way round.
#include "unit/train/tiny_network.h"

#include "nn/word_embeddings.h"
#include "train/detail/losses.h"
#include "train/detail/step_runner.h"
#include "train/detail/word_embeddings.h"

#include <QtTest>

#include <numeric>

using namespace lathe;
using namespace lathe::train;
using test::apart;
using test::tinyNetwork;
using test::tinyPlan;
using test::tinyTexts;
using test::weightsOf;
using torch::Tensor;

namespace {

Tensor logits() {
    return torch::tensor({1.0f, 2.0f, 0.5f, 0.2f, -1.0f, 0.3f, 3.0f, 0.0f, 1.0f, 0.0f, 0.0f, 0.0f}).view({4, 3});
}
Tensor targets() {
    return torch::tensor(std::vector<std::int64_t>{1, 0, 2, -100});
}
const std::vector<double> kWeights{1, 2, 0.5};

ItemList allItems() {
    ItemList items(24);
    std::iota(items.begin(), items.end(), 0);
    return items;
}

/// Texts with targets of a kind: labels that follow the first word, marks on every second token, a number.
EncodedSet markedTexts(std::int32_t count, LabelTargets kind) {
    const EncodedSet plain = tinyTexts(count);
    EncodedSet marked;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        EncodedText text = plain.text(i);
        const auto first = text.ids[1];
        if (kind == LabelTargets::Many)
            text.values = {first % 2 ? 1.0F : 0.0F, first % 3 ? 1.0F : 0.0F, first % 5 ? 0.0F : 1.0F};
        else if (kind == LabelTargets::Score)
            text.values = {static_cast<float>(first % 7) / 7};
        else
            for (std::size_t t = 0; t < text.ids.size(); ++t)
                text.marks.push_back(t % 2 ? text.ids[t] % 3 : kNoTarget);
        marked.add(text);
    }
    return marked;
}

/// Weights after two steps of a recipe, and the last step's loss.
struct Ran {
    std::vector<Tensor> weights;
    double loss = 0;
};

struct Setting {
    const char* architecture = "bert";
    nn::Head head = nn::Head::SequenceClassification;
    double dropout = 0;
};

Ran ran(const RecipeSettings& recipe, const Setting& setting = {}) {
    const auto network = tinyNetwork(setting.architecture, setting.head, setting.dropout);
    const auto source = setting.head == nn::Head::CausalLm ? makeNextTokenSource(tinyTexts(24), 0)
                                                           : makeClassificationSource(tinyTexts(24), 0);
    PhasePlan plan = tinyPlan(*source);
    plan.recipe = recipe;
    plan.partTexts = 8;
    StepRunner runner(*network, plan);
    Ran result;
    for (int step = 1; step <= 2; ++step) {
        const auto done = runner.run(allItems(), step, 0);
        result.loss = done.trouble.empty() ? done.loss : std::nan("");
    }
    result.weights = weightsOf(*network);
    return result;
}

}  // namespace

#define COMPARE_LOSS(loss, expected)                                                                  \
    do {                                                                                              \
        const double value_ = (loss).item<double>();                                                  \
        QVERIFY2(std::abs(value_ - (expected)) < 2e-6, qPrintable(QString::number(value_, 'g', 10))); \
    } while (false)

class TestLosses : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { torch::set_num_threads(1); }

    /// The numbers are torch 2.14.1's in float64 (cross_entropy with weight and label_smoothing), the focal ones its
    /// formula written out.
    void oneLabel() {
        COMPARE_LOSS(labelLoss(logits(), targets(), {}), 1.170777389);
        COMPARE_LOSS(labelLoss(logits(), targets(), {.classWeights = kWeights}), 0.8262222692);
        COMPARE_LOSS(labelLoss(logits(), targets(), {.labelSmoothing = 0.1, .classWeights = kWeights}), 0.8997254002);
        COMPARE_LOSS(labelLoss(logits(), targets(), {.focalGamma = 2}), 0.6888605421);
        COMPARE_LOSS(labelLoss(logits(), targets(), {.classWeights = kWeights, .focalGamma = 2}), 0.3655355048);
        COMPARE_LOSS(targetWeights(targets(), {.classWeights = kWeights}).sum(), 3.5);
        // Weights that are all the same, and a focal factor of power nothing, change nothing.
        COMPARE_LOSS(labelLoss(logits(), targets(), {.classWeights = {3, 3, 3}}), 1.170777389);
        COMPARE_LOSS(labelLoss(logits(), targets(), {.focalGamma = 1e-12}), 1.170777389);
    }

    void focalGradientStaysFinite() {
        // A text that the model is quite sure of, at a power below 1: the slope of (1 - p)^gamma has no bound.
        Tensor sure = torch::tensor({40.0f, -40.0f}).view({1, 2}).requires_grad_();
        labelLoss(sure, torch::tensor(std::vector<std::int64_t>{0}), {.focalGamma = 0.5}).backward();
        QVERIFY(torch::isfinite(sure.grad()).all().item<bool>());
    }

    void manyLabels() {
        const Tensor x = torch::tensor({0.5f, -1.0f, 2.0f, 0.3f}).view({2, 2});
        const Tensor y = torch::tensor({1.0f, 0.0f, 0.0f, 1.0f}).view({2, 2});
        COMPARE_LOSS(multiLabelLoss(x, y, {}), 0.8671554818);
        COMPARE_LOSS(multiLabelLoss(x, y, {.classWeights = {1, 3}}), 1.300963948);
        COMPARE_LOSS(multiLabelLoss(x, y, {.labelSmoothing = 0.1}), 0.8646554818);
        COMPARE_LOSS(multiLabelLoss(x, y, {.focalGamma = 2}), 0.4601757507);
        const Tensor other = torch::tensor({0.1f, -0.6f, 1.5f, 0.0f}).view({2, 2});
        COMPARE_LOSS(symmetricBinaryDivergence(x, other), 0.01588712780);
    }

    void divergences() {
        const Tensor a = logits().narrow(0, 0, 2);
        const Tensor b = torch::tensor({0.9f, 1.5f, 0.7f, 0.0f, -0.5f, 0.1f}).view({2, 3});
        COMPARE_LOSS(symmetricDivergence(a, b, torch::ones({2})), 0.03639237726);
        COMPARE_LOSS(symmetricDivergence(a, b, torch::tensor({1.0f, 3.0f})), 0.03543473494);
        COMPARE_LOSS(symmetricDivergence(a, a, torch::ones({2})), 0.0);
        COMPARE_LOSS(softTargetLoss(a, b, 2), 0.04409708217);
        COMPARE_LOSS(softTargetLoss(a, torch::log_softmax(b, -1), 2), 0.04409708217);  // log-probabilities do as well
        COMPARE_LOSS(softTargetLoss(a, a, 3), 0.0);
    }

    void weightedPartsAddUp() {
        // With class weights a part counts by its texts' weights, not by their number.
        RecipeSettings recipe;
        recipe.optimizer = "sgd";
        recipe.loss.classWeights = {5, 1, 0.2};
        const auto parts = ran(recipe);
        const auto network = tinyNetwork("bert", nn::Head::SequenceClassification);
        const auto source = makeClassificationSource(tinyTexts(24), 0);
        PhasePlan plan = tinyPlan(*source);
        plan.recipe = recipe;
        StepRunner runner(*network, plan);
        for (int step = 1; step <= 2; ++step)
            runner.run(allItems(), step, 0);
        QVERIFY(apart(parts.weights, weightsOf(*network)) < 1e-6);
    }

    void rDropHoldsTwoPassesTogether_data() {
        QTest::addColumn<QString>("architecture");
        QTest::newRow("labels") << "bert";
        QTest::newRow("tokens") << "llama";
    }
    void rDropHoldsTwoPassesTogether() {
        QFETCH(QString, architecture);
        const QByteArray name = architecture.toUtf8();
        const bool tokens = architecture == QStringLiteral("llama");
        Setting setting{name.constData(), tokens ? nn::Head::CausalLm : nn::Head::SequenceClassification, 0};
        RecipeSettings off, on;
        off.optimizer = on.optimizer = "sgd";
        on.loss.rDrop = 4;
        // Without dropout both passes say the same: the loss is the plain one.
        const auto plain = ran(off, setting), twice = ran(on, setting);
        QVERIFY(std::abs(plain.loss - twice.loss) < 1e-6);
        QVERIFY(apart(plain.weights, twice.weights) < 1e-6);
        if (tokens)
            return;  // this decoder has no dropout
        setting.dropout = 0.3;
        const auto noisyOff = ran(off, setting), noisyOn = ran(on, setting), again = ran(on, setting);
        QVERIFY(apart(noisyOff.weights, noisyOn.weights) > 1e-6);
        QCOMPARE(apart(noisyOn.weights, again.weights), 0.0);  // the same masks for the same seed
    }

    void headsTakeTheRecipe_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("several labels") << static_cast<int>(LabelTargets::Many);
        QTest::newRow("labels of tokens") << static_cast<int>(LabelTargets::Tokens);
        QTest::newRow("numbers") << static_cast<int>(LabelTargets::Score);
    }
    void headsTakeTheRecipe() {
        QFETCH(int, kind);
        const auto targetsAre = static_cast<LabelTargets>(kind);
        const bool isScore = targetsAre == LabelTargets::Score;
        const auto source = makeLabelSource(markedTexts(24, targetsAre), 0, targetsAre);
        /// Gradients of all weights, the loss learnt from and the loss of an evaluation.
        struct Learnt {
            std::vector<Tensor> gradients;
            double loss = 0, judged = 0;
        };
        const auto learn = [&](const LossOptions& options, double dropout = 0) {
            const auto head =
                targetsAre == LabelTargets::Tokens ? nn::Head::TokenClassification : nn::Head::SequenceClassification;
            const auto network = tinyNetwork("bert", head, dropout, isScore ? 1 : 3);
            const auto objective = source->objective(options);
            const TrainBatch batch = source->make(allItems(), 0);
            seedGenerators(7);
            Learnt learnt{.gradients = {}, .loss = objective->learn(*network, batch, 1).loss};
            for (const auto& parameter : network->parameters())
                learnt.gradients.push_back(parameter.grad().defined() ? parameter.grad() : torch::zeros({1}));
            network->eval();
            learnt.judged = objective->judge(*network, batch).loss;
            return learnt;
        };
        const Learnt plain = learn({});
        QVERIFY(std::abs(plain.loss - plain.judged) < 1e-5);
        if (!isScore) {
            for (const LossOptions& options : {LossOptions{.classWeights = {1, 5, 0.2}}, LossOptions{.focalGamma = 2},
                                               LossOptions{.labelSmoothing = 0.2}}) {
                const Learnt changed = learn(options);
                QVERIFY(apart(plain.gradients, changed.gradients) > 1e-4);
                QVERIFY(std::abs(changed.judged - plain.judged) < 1e-9);  // what is compared stays comparable
            }
            const Learnt same = learn({.classWeights = {1, 1, 1}});
            QVERIFY(apart(plain.gradients, same.gradients) < 1e-6);
            // The loss of a label that counts nothing teaches its row of the head nothing where labels stand alone.
            if (targetsAre == LabelTargets::Many)
                QCOMPARE(learn({.classWeights = {1, 0, 1}}).gradients.back()[1].item<float>(), 0.0F);
        }
        // Without dropout both passes say the same; with it they are pulled together.
        QVERIFY(apart(plain.gradients, learn({.rDrop = 3}).gradients) < 1e-6);
        const Learnt noisy = learn({}, 0.3), held = learn({.rDrop = 3}, 0.3);
        QVERIFY(apart(noisy.gradients, held.gradients) > 1e-5);
        QCOMPARE(apart(held.gradients, learn({.rDrop = 3}, 0.3).gradients), 0.0);
    }

    void noiseOnWordsWhileTrainingOnly() {
        const auto network = tinyNetwork("bert", nn::Head::SequenceClassification);
        nn::Batch batch;
        batch.ids = torch::tensor(std::vector<std::int64_t>{1, 20, 30, 2, 1, 25, 35, 2}).view({2, 4});
        const Tensor clean = nn::wordEmbeddings(*network).front()->forward(batch.ids).detach();
        {
            const EmbeddingNoise noise(*network, 5);
            const Tensor noisy = nn::wordEmbeddings(*network).front()->forward(batch.ids).detach();
            const double most = (noisy - clean).abs().max().item<double>();
            const double bound = 5 / std::sqrt(4.0 * 32);  // alpha / sqrt(T C)
            QVERIFY2(most <= bound && most > 0.9 * bound, qPrintable(QString::number(most)));
            const double mean = (noisy - clean).abs().mean().item<double>();
            QVERIFY2(std::abs(mean - bound / 2) < 0.1 * bound, qPrintable(QString::number(mean)));
            QVERIFY(network->hidden(batch).defined());
        }
        QVERIFY(nn::wordEmbeddings(*network).front()->forward(batch.ids).equal(clean));
        RecipeSettings off, on;
        on.neftuneAlpha = 5;
        QVERIFY(apart(ran(off).weights, ran(on).weights) > 1e-6);
        QCOMPARE(apart(ran(on).weights, ran(on).weights), 0.0);
    }

    void everyArchitectureHasWords() {
        const auto registry = nn::makeArchitectureRegistry();
        for (const auto& [architecture, head] :
             {std::pair{"bert", nn::Head::MaskedLm}, {"llama", nn::Head::CausalLm}}) {
            const auto network = tinyNetwork(architecture, head);
            QCOMPARE(nn::wordEmbeddings(*network).size(), std::size_t{1});
            QCOMPARE(nn::wordEmbeddings(*network).front()->weight.size(0), std::int64_t{60});
        }
    }

    void attackMovesAgainstTheGradientAndBack() {
        const auto network = tinyNetwork("bert", nn::Head::SequenceClassification);
        for (auto& parameter : network->parameters())
            parameter.set_requires_grad(false);
        Tensor words = nn::wordEmbeddings(*network).front()->weight;
        const Tensor before = words.detach().clone();
        {
            EmbeddingAttack attack(*network);
            QVERIFY(!attack.perturb(1));  // there is no gradient yet
            const Tensor gradient = torch::zeros_like(before);
            gradient[5][0] = 3;
            gradient[7][1] = -4;
            words.mutable_grad() = gradient;
            QVERIFY(attack.perturb(0.5));
            Tensor expected = before.clone();
            expected[5][0] += 0.3f;  // 0.5 * 3 / 5
            expected[7][1] -= 0.4f;
            QVERIFY(torch::allclose(words.detach(), expected, 0, 1e-6));
            attack.restore();
        }
        QVERIFY(words.detach().equal(before));
        QVERIFY(!words.requires_grad() && !words.grad().defined());
    }

    void attackChangesWhatIsLearnt() {
        RecipeSettings off, on;
        off.optimizer = on.optimizer = "sgd";
        on.fgmEpsilon = 0.5;
        const auto plain = ran(off), attacked = ran(on);
        QVERIFY(apart(plain.weights, attacked.weights) > 1e-6);
        QVERIFY(std::isfinite(attacked.loss));
        QCOMPARE(apart(ran(on).weights, attacked.weights), 0.0);
    }

    void scaledLossIsTheSame() {
        // Powers of two round nothing, so that scaling must not be seen, until a gradient overflows.
        const auto run = [](bool scales, double scale) {
            const auto network = tinyNetwork("bert", nn::Head::SequenceClassification);
            const auto source = makeClassificationSource(tinyTexts(24), 0);
            PhasePlan plan = tinyPlan(*source);
            plan.scalesLoss = scales;
            StepRunner runner(*network, plan);
            if (scales) {
                StepMemory memory = runner.memory();
                memory.back().second = torch::tensor({scale, 0.0}, torch::kFloat64);
                if (!runner.remember(memory))
                    return std::tuple(std::vector<Tensor>(), 0, 0.0);
            }
            int skipped = 0;
            for (int step = 1; step <= 4; ++step) {
                const auto result = runner.run(allItems(), step, 0);
                skipped += result.skipped;
                if (!result.trouble.empty())
                    return std::tuple(std::vector<Tensor>(), 0, 0.0);
            }
            const auto memory = runner.memory();
            return std::tuple(weightsOf(*network), skipped, scales ? memory.back().second[0].item<double>() : 1.0);
        };
        const auto [plain, none, one] = run(false, 1);
        const auto [scaled, noneToo, same] = run(true, 65536);
        QVERIFY(!plain.empty() && !scaled.empty());
        QCOMPARE(apart(plain, scaled), 0.0);
        QCOMPARE(noneToo, 0);
        QCOMPARE(same, 65536.0);
        // A made-up scale that overflows float32: steps are left out until it has come down.
        const auto [late, skipped, lower] = run(true, std::ldexp(1.0, 127));
        QVERIFY(!late.empty());
        QVERIFY(skipped > 0);
        QCOMPARE(lower, std::ldexp(1.0, 127 - skipped));
        for (const auto& weight : late)
            QVERIFY(torch::isfinite(weight).all().item<bool>());
    }

    void scalerGrowsAndGivesUp() {
        LossScaler scaler;
        for (std::int64_t i = 0; i < LossScaler::kGrowthSteps; ++i)
            scaler.note(true);
        QCOMPARE(scaler.scale(), 131072.0);
        scaler.note(false);
        QCOMPARE(scaler.scale(), 65536.0);
        LossScaler copy;
        copy.restore(scaler.state());
        QCOMPARE(copy.state(), scaler.state());
        for (int i = 0; i < 16; ++i)
            scaler.note(false);
        QVERIFY(!scaler.isExhausted());
        scaler.note(false);
        QVERIFY(scaler.isExhausted());
    }

    void teacherOfTokensIsFollowed() {
        // With the whole weight on the teacher, a student that is the teacher has nothing to learn.
        RecipeSettings recipe;
        recipe.optimizer = "sgd";
        recipe.loss.teacher = tinyNetwork("llama", nn::Head::CausalLm);
        recipe.loss.teacher->eval();
        recipe.loss.teacherWeight = 1;
        const Setting decoder{"llama", nn::Head::CausalLm, 0};
        const auto start = weightsOf(*tinyNetwork("llama", nn::Head::CausalLm));
        auto taught = ran(recipe, decoder);
        QVERIFY(std::abs(taught.loss) < 1e-6);
        recipe.loss.teacherWeight = 0.5;
        const auto half = ran(recipe, decoder);
        RecipeSettings plain;
        plain.optimizer = "sgd";
        const auto alone = ran(plain, decoder);
        QVERIFY(apart(half.weights, start) < apart(alone.weights, start));
    }
};

QTEST_GUILESS_MAIN(TestLosses)
#include "tst_losses.moc"
