// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Our fused operations against torch's plain ones: values and gradients, with the shapes that vector loops stumble
// over.
#include <torch/torch.h>

#include <QtTest>

#include "nn/blocks/linear.h"
#include "nn/dropout.h"
#include "nn/ops/activation.h"
#include "nn/ops/attention.h"
#include "nn/ops/cross_entropy.h"
#include "nn/ops/low_rank.h"
#include "nn/ops/norm.h"
#include "nn/precision.h"

using namespace lathe::nn;
using torch::Tensor;

namespace {

double difference(const Tensor& a, const Tensor& b) {
    return (a.to(torch::kFloat64) - b.to(torch::kFloat64)).abs().max().item<double>();
}

/// Gradients of sum(f(inputs) * weight) by every input.
std::vector<Tensor> gradients(const std::vector<Tensor>& inputs,
                              const std::function<Tensor(const std::vector<Tensor>&)>& f) {
    std::vector<Tensor> leaves;
    for (const Tensor& input : inputs)
        leaves.push_back(input.detach().clone().requires_grad_());
    const Tensor out = f(leaves).to(torch::kFloat32);
    torch::manual_seed(11);
    (out * torch::randn_like(out)).sum().backward();
    std::vector<Tensor> grads = {out.detach()};
    for (const Tensor& leaf : leaves)
        grads.push_back(leaf.grad());
    return grads;
}

void compare(const std::vector<Tensor>& inputs, const std::function<Tensor(const std::vector<Tensor>&)>& ours,
             const std::function<Tensor(const std::vector<Tensor>&)>& theirs, double allowed) {
    const auto a = gradients(inputs, ours), b = gradients(inputs, theirs);
    for (std::size_t i = 0; i < a.size(); ++i)
        QVERIFY2(difference(a[i], b[i]) <= allowed * std::max(1.0, b[i].abs().max().item<double>()),
                 qPrintable(QStringLiteral("%1: %2").arg(i).arg(difference(a[i], b[i]))));
}

}  // namespace

class TestOps : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { torch::manual_seed(7); }

    void gelu() {
        const Tensor x =
            torch::cat({torch::randn({1003}) * 3, torch::tensor({0.0f, -20.0f, 20.0f, 1e-30f, -1e4f, 1e4f})});
        compare(
            {x}, [](const auto& in) { return activate(in[0], Activation::Gelu); },
            [](const auto& in) { return at::gelu(in[0]); }, 2e-6);
    }

    void swigluOfHalves() {
        const Tensor both = torch::randn({5, 7, 2 * 37});
        const auto halves = [](auto&& f) {
            return [f](const std::vector<Tensor>& in) {
                const auto parts = in[0].split(37, -1);
                return f(parts[0], parts[1]);
            };
        };
        compare({both}, halves([](const Tensor& g, const Tensor& u) { return swiglu(g, u); }),
                halves([](const Tensor& g, const Tensor& u) { return at::silu(g) * u; }), 2e-6);
    }

    void layerNormWithResidual() {
        compare(
            {torch::randn({3, 5, 67}), torch::randn({3, 5, 67}), torch::randn({67}), torch::randn({67})},
            [](const auto& in) { return addNormalise(in[0], in[1], in[2], in[3], {}).out; },
            [](const auto& in) { return torch::layer_norm(in[0] + in[1], {67}, in[2], in[3], 1e-5); }, 1e-5);
    }

    void rmsNormWithBothOutputs() {
        NormOptions options;
        options.rms = true;
        compare(
            {torch::randn({2, 9, 35}), torch::randn({2, 9, 35}), torch::randn({35})},
            [&](const auto& in) {
                const Normalised both = addNormalise(in[0], in[1], in[2], {}, options);
                return torch::cat({both.sum, both.out}, -1);
            },
            [](const auto& in) {
                const Tensor sum = in[0] + in[1];
                const Tensor out = sum * torch::rsqrt(sum.square().mean(-1, true) + 1e-5) * in[2];
                return torch::cat({sum, out}, -1);
            },
            1e-5);
    }

    void normWithoutResidual() {
        compare(
            {torch::randn({4, 33}), torch::randn({33}), torch::randn({33})},
            [](const auto& in) { return addNormalise(in[0], {}, in[1], in[2], {}).out; },
            [](const auto& in) { return torch::layer_norm(in[0], {33}, in[1], in[2], 1e-5); }, 1e-5);
    }

    void attention_data() {
        QTest::addColumn<bool>("causal");
        QTest::addColumn<bool>("masked");
        QTest::addColumn<int>("groups");
        QTest::newRow("all") << false << false << 4;
        QTest::newRow("padding") << false << true << 4;
        QTest::newRow("causal") << true << false << 4;
        QTest::newRow("grouped, causal, padding") << true << true << 2;
    }
    void attention() {
        QFETCH(bool, causal);
        QFETCH(bool, masked);
        QFETCH(int, groups);
        const std::int64_t b = 3, h = 4, t = 19, d = 6;
        Tensor keys;
        if (masked) {
            keys = torch::ones({b, t}, torch::kUInt8);
            keys[1].slice(0, 12).zero_();
            keys[2].slice(0, 1).zero_();
        }
        const AttentionMask mask{keys, causal, 0};
        compare(
            {torch::randn({b, h, t, d}), torch::randn({b, groups, t, d}), torch::randn({b, groups, t, d})},
            [&](const auto& in) { return attend(in[0], in[1], in[2], mask, 0); },
            [&](const auto& in) {
                const Tensor k = in[1].repeat_interleave(h / groups, 1), v = in[2].repeat_interleave(h / groups, 1);
                Tensor scores = in[0].matmul(k.transpose(2, 3)) / std::sqrt(static_cast<double>(d));
                if (masked)
                    scores = scores.masked_fill(keys.eq(0).view({b, 1, 1, t}), -1e30);
                if (causal)
                    scores = scores.masked_fill(torch::ones({t, t}, torch::kBool).triu(1), -1e30);
                return torch::softmax(scores, -1).matmul(v).transpose(1, 2).reshape({b, t, h * d});
            },
            1e-5);
    }

    void attentionScores_data() {
        QTest::addColumn<int>("window");
        QTest::addColumn<double>("softcap");
        QTest::addColumn<double>("scale");
        QTest::addColumn<bool>("biased");
        QTest::newRow("window") << 4 << 0.0 << 0.0 << false;
        QTest::newRow("cap") << 0 << 1.5 << 0.0 << false;
        QTest::newRow("cap, window, scale") << 3 << 0.7 << 0.9 << false;
        QTest::newRow("cap and bias") << 0 << 1.5 << 0.0 << true;
    }
    /// Windows, caps and scales, with five positions read before, against plain operations; gradients too.
    void attentionScores() {
        QFETCH(int, window);
        QFETCH(double, softcap);
        QFETCH(double, scale);
        QFETCH(bool, biased);
        const std::int64_t b = 2, h = 4, t = 13, s = 18, d = 6;
        AttentionMask mask;
        mask.causal = true;
        mask.past = s - t;
        mask.window = window;
        const Tensor bias = biased ? torch::randn({1, h, t, s}) : Tensor();
        compare(
            {torch::randn({b, h, t, d}), torch::randn({b, 2, s, d}), torch::randn({b, 2, s, d})},
            [&](const auto& in) {
                return attend(in[0], in[1], in[2], mask, 0, {scale, softcap, bias});
            },
            [&](const auto& in) {
                const Tensor k = in[1].repeat_interleave(2, 1), v = in[2].repeat_interleave(2, 1);
                Tensor scores = in[0].matmul(k.transpose(2, 3)) * (scale > 0 ? scale : 1 / std::sqrt(6.0));
                if (softcap > 0)
                    scores = torch::tanh(scores / softcap) * softcap;
                if (biased)
                    scores = scores + bias;
                const Tensor keys = torch::arange(s).unsqueeze(0), queries = torch::arange(s - t, s).unsqueeze(1);
                const Tensor hidden = (keys > queries).logical_or(keys <= queries - (window > 0 ? window : s));
                return torch::softmax(scores.masked_fill(hidden, -1e30), -1)
                    .matmul(v)
                    .transpose(1, 2)
                    .reshape({b, t, h * d});
            },
            1e-5);
    }

    void attentionThatSeesNothingIsZero() {
        const torch::NoGradGuard noGrad;
        const AttentionMask mask{torch::zeros({1, 3}, torch::kUInt8), false, 0};
        const Tensor x = torch::randn({1, 2, 3, 4});
        QCOMPARE(attend(x, x, x, mask, 0).abs().max().item<float>(), 0.0f);
    }

    void attentionDropoutIsAnAverageOfItself() {
        const torch::NoGradGuard noGrad;
        const Tensor q = torch::randn({1, 1, 4, 8}), k = torch::randn({1, 1, 50, 8}), v = torch::randn({1, 1, 50, 8});
        const Tensor whole = attend(q, k, v, {}, 0);
        Tensor sum = torch::zeros_like(whole);
        for (int i = 0; i < 4000; ++i)
            sum += attend(q, k, v, {}, 0.3);
        QVERIFY(difference(sum / 4000, whole) < 0.03);
    }

    void rotaryTurnsBack() {
        const std::int64_t b = 2, t = 5, h = 3, d = 8;
        const Tensor angles = torch::rand({10, d / 2});
        const Tensor positions = torch::randint(0, 10, {b, t}, torch::kInt64);
        compare(
            {torch::randn({b, t, h * d})},
            [&](const auto& in) { return rotateHeads(in[0], h, positions, angles.cos(), angles.sin()); },
            [&](const auto& in) {
                const Tensor x = in[0].view({b, t, h, d}).transpose(1, 2);
                const Tensor a = angles.index({positions}).unsqueeze(1);
                const Tensor first = x.slice(3, 0, d / 2), second = x.slice(3, d / 2);
                return torch::cat({first * a.cos() - second * a.sin(), second * a.cos() + first * a.sin()}, 3);
            },
            2e-6);
    }

    void rotaryLeavesTheRestOfAHead() {
        const std::int64_t b = 2, t = 5, h = 3, d = 8, turned = 6;
        const Tensor angles = torch::rand({10, turned / 2});
        const Tensor positions = torch::randint(0, 10, {b, t}, torch::kInt64);
        compare(
            {torch::randn({b, t, h * d})},
            [&](const auto& in) { return rotateHeads(in[0], h, positions, angles.cos(), angles.sin()); },
            [&](const auto& in) {
                const Tensor x = in[0].view({b, t, h, d}).transpose(1, 2);
                const Tensor a = angles.index({positions}).unsqueeze(1);
                const Tensor first = x.slice(3, 0, 3), second = x.slice(3, 3, 6);
                return torch::cat(
                    {first * a.cos() - second * a.sin(), second * a.cos() + first * a.sin(), x.slice(3, 6)}, 3);
            },
            2e-6);
        QVERIFY_EXCEPTION_THROWN(
            (void)rotateHeads(torch::zeros({1, 1, 4}), 1, torch::zeros({1, 1}, torch::kInt64), angles, angles),
            c10::Error);
    }

    void crossEntropyIgnores() {
        const Tensor targets = torch::tensor({3, -100, 0, 16, -100}, torch::kInt64);
        compare(
            {torch::randn({5, 17}) * 4}, [&](const auto& in) { return crossEntropy(in[0], targets); },
            [&](const auto& in) {
                return torch::nn::functional::cross_entropy(
                    in[0], targets, torch::nn::functional::CrossEntropyFuncOptions().ignore_index(-100));
            },
            1e-6);
        const Tensor none = crossEntropy(torch::randn({2, 4}), torch::full({2}, -100, torch::kInt64));
        QCOMPARE(none.item<float>(), 0.0f);
        QVERIFY_EXCEPTION_THROWN(crossEntropy(torch::randn({1, 4}), torch::tensor({4}, torch::kInt64)), c10::Error);
    }

    void crossEntropyOfManyClasses() {
        for (const std::int64_t classes : {1, 15, 16, 33, 256, 700}) {
            const Tensor logits = torch::randn({3, classes}) * 4;
            const Tensor targets = torch::randint(0, classes, {3}, torch::kInt64);
            compare(
                {logits}, [&](const auto& in) { return crossEntropy(in[0], targets); },
                [&](const auto& in) { return torch::nn::functional::cross_entropy(in[0], targets); }, 1e-6);
        }
    }

    void likeliestIsTheFirstOfTheLargest() {
        for (const std::int64_t classes : {1, 16, 31, 256, 257, 1000}) {
            const Tensor logits = torch::randint(-50, classes / 20, {40, classes}).to(torch::kFloat32);  // many ties
            for (const auto type : {torch::kFloat32, torch::kBFloat16})
                QVERIFY(likeliest(logits.to(type)).equal(logits.argmax(-1)));
        }
        QVERIFY(likeliest(torch::full({1, 20}, -HUGE_VALF)).equal(torch::zeros({1}, torch::kInt64)));
    }

    void lowRankAddition_data() {
        QTest::addColumn<double>("probability");
        QTest::addColumn<bool>("half");
        QTest::newRow("float32 input") << 0.0 << false;
        QTest::newRow("bf16 input") << 0.0 << true;
        QTest::newRow("dropout") << 0.3 << true;
    }
    void lowRankAddition() {
        QFETCH(double, probability);
        QFETCH(bool, half);
        const auto inType = half ? torch::kBFloat16 : torch::kFloat32;
        const Tensor x = torch::randn({2, 9, 70}).to(torch::kBFloat16).to(torch::kFloat32),
                     y = torch::randn({2, 9, 50});
        const Tensor a = torch::randn({5, 70}) * 0.2, b = torch::randn({50, 5}) * 0.2;
        setDropoutState({3, 0});
        const Tensor mask = dropout(torch::ones({18, 70}), probability).view({2, 9, 70});
        compare(
            {x, y, a, b},
            [&](const auto& in) {
                setDropoutState({3, 0});
                return addLowRank(in[0].to(inType), in[1].to(torch::kBFloat16), {in[2], in[3], 1.5, probability});
            },
            [&](const auto& in) { return in[1] + 1.5 * at::linear(at::linear(in[0] * mask, in[2]), in[3]); }, 2e-2);
        QVERIFY(!canAddLowRank(y) && canAddLowRank(y.to(torch::kBFloat16)));
    }

    void dropoutDropsItsShare() {
        setDropoutState({42, 0});
        const Tensor ones = torch::ones({1000, 1000});
        for (const double p : {0.1, 0.5, 0.9}) {
            const Tensor out = dropout(ones, p);
            QVERIFY(std::abs(out.eq(0).to(torch::kFloat64).mean().item<double>() - p) < 0.003);
            QVERIFY(std::abs(out.mean().item<double>() - 1) < 0.02);
            // neighbours along rows and columns are independent
            const Tensor kept = out.ne(0).to(torch::kFloat64) - (1 - p);
            QVERIFY(std::abs((kept.slice(1, 1) * kept.slice(1, 0, 999)).mean().item<double>()) < 0.002);
            QVERIFY(std::abs((kept.slice(0, 1) * kept.slice(0, 0, 999)).mean().item<double>()) < 0.002);
        }
    }

    void dropoutRepeatsFromItsState() {
        setDropoutState({42, 7});
        const Tensor x = torch::randn({3, 100});
        const Tensor first = dropout(x, 0.5), second = dropout(x, 0.5);
        QVERIFY(!first.equal(second));
        QCOMPARE(dropoutState().calls, std::uint64_t{9});
        setDropoutState({42, 7});
        QVERIFY(dropout(x, 0.5).equal(first));
        setDropoutState({43, 7});
        QVERIFY(!dropout(x, 0.5).equal(first));
    }

    void dropoutsGradientHasTheSameMask() {
        Tensor x = torch::randn({64, 65}).requires_grad_();
        const Tensor out = dropout(x, 0.25);
        out.sum().backward();
        QVERIFY(difference(x.grad() * x.detach(), out.detach()) < 1e-6);
    }

    void normDropoutsGradientHasTheSameMask() {
        NormOptions options;
        options.dropout = 0.5;
        Tensor x = torch::ones({8, 64}).requires_grad_(), residual = torch::zeros({8, 64}).requires_grad_();
        const Normalised both = addNormalise(x, residual, torch::ones({64}), torch::zeros({64}), options);
        both.sum.sum().backward();
        QVERIFY(x.grad().equal(both.sum.detach()));  // 0 or 2 in both
        QVERIFY(residual.grad().equal(torch::ones({8, 64})));
    }

    void bf16LinearIsClose() {
        Linear a(96, 40, true), b(96, 24, true);
        {
            const torch::NoGradGuard noGrad;
            for (Tensor t : {a.weight, a.bias, b.weight, b.bias})
                t.normal_(0, 0.1);
        }
        LinearGroup group({&a, &b});
        const Tensor x = torch::randn({4, 9, 96}), weight = torch::randn({4, 9, 64});
        const auto run = [&](Precision precision) {
            const PrecisionScope scope(precision);
            Tensor input = x.clone().requires_grad_();
            for (Tensor t : {a.weight, a.bias, b.weight, b.bias})
                t.mutable_grad() = Tensor();
            const Tensor out = torch::cat(group.forward(input), -1).to(torch::kFloat32);
            (out * weight).sum().backward();
            return std::vector<Tensor>{out.detach(),  input.grad(),    a.weight.grad(),
                                       a.bias.grad(), b.weight.grad(), b.bias.grad()};
        };
        const auto exact = run(Precision::Float32), rounded = run(Precision::Bf16);
        for (std::size_t i = 0; i < exact.size(); ++i) {
            QCOMPARE(rounded[i].scalar_type(), torch::kFloat32);
            const double off = (exact[i] - rounded[i]).norm().item<double>() / exact[i].norm().item<double>();
            QVERIFY2(off > 0 && off < 0.01, qPrintable(QString::number(off)));
        }
    }

    void bf16LinearSeesChangedWeights() {
        const PrecisionScope scope(Precision::Bf16);
        const torch::NoGradGuard noGrad;
        Linear layer(8, 8, false);
        layer.weight.fill_(1);
        const Tensor x = torch::ones({1, 8});
        QCOMPARE(layer.forward(x).to(torch::kFloat32)[0][0].item<float>(), 8.0f);
        layer.weight.fill_(2);
        QCOMPARE(layer.forward(x).to(torch::kFloat32)[0][0].item<float>(), 16.0f);
    }

    void frozenLayersGetNoGradient() {
        const PrecisionScope scope(Precision::Bf16);
        Linear layer(8, 4, true);
        layer.weight.set_requires_grad(false);
        {
            const torch::NoGradGuard noGrad;
            layer.weight.fill_(0.5);
            layer.bias.zero_();
        }
        Tensor x = torch::ones({2, 8}).requires_grad_();
        layer.forward(x).to(torch::kFloat32).sum().backward();
        QVERIFY(!layer.weight.grad().defined());
        QCOMPARE(x.grad()[0][0].item<float>(), 2.0f);
        QCOMPARE(layer.bias.grad()[0].item<float>(), 2.0f);
    }
};

QTEST_GUILESS_MAIN(TestOps)
#include "tst_ops.moc"
