// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What encoders need besides attention: the activations by their names, and scores looked up by distance.
#include <torch/torch.h>

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "nn/ops/activation.h"
#include "nn/ops/relative_bias.h"

using namespace lathe::nn;
using torch::Tensor;

class TestEncoderOps : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { torch::manual_seed(7); }

    void activations_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<double>("atOne");
        QTest::addColumn<double>("atMinusTwo");
        const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
        const auto normal = [](double x) { return 0.5 * (1 + std::erf(x / std::sqrt(2.0))); };
        const auto curved = [](double x) {
            return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
        };
        const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
        const auto row = [](const char* name, auto&& f) {
            QTest::newRow(name) << QByteArray(name) << f(1.0) << f(-2.0);
        };
        for (const char* name : {"gelu", "gelu_python", "gelu_10"})
            row(name, [&](double x) { return x * normal(x); });
        for (const char* name : {"gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh", "gelu_python_tanh"})
            row(name, curved);
        row("quick_gelu", [&](double x) { return x * sigmoid(1.702 * x); });
        row("relu", [](double x) { return std::max(0.0, x); });
        row("relu2", [](double x) { return std::max(0.0, x) * std::max(0.0, x); });
        row("relu6", [](double x) { return std::clamp(x, 0.0, 6.0); });
        row("leaky_relu", [](double x) { return x > 0 ? x : 0.01 * x; });
        for (const char* name : {"silu", "swish"})
            row(name, [&](double x) { return x * sigmoid(x); });
        row("hardswish", [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; });
        row("mish", [&](double x) { return x * std::tanh(softplus(x)); });
        row("tanh", [](double x) { return std::tanh(x); });
        row("sigmoid", sigmoid);
        row("laplace", [](double x) { return 0.5 * (1 + std::erf((x - 0.707107) / (0.282095 * std::sqrt(2.0)))); });
        row("sqrtsoftplus", [&](double x) { return std::sqrt(softplus(x)); });
        row("linear", [](double x) { return x; });
    }
    void activations() {
        QFETCH(QByteArray, name);
        QFETCH(double, atOne);
        QFETCH(double, atMinusTwo);
        const auto activation = activationNamed(name.toStdString());
        QVERIFY(activation);
        const Tensor points = torch::tensor({1.0f, -2.0f}),
                     expected = torch::tensor({atOne, atMinusTwo}, torch::kFloat32);
        QVERIFY((activate(points, *activation) - expected).abs().max().item<double>() < 2e-6);
        // bfloat16 goes forwards and back, to its own precision
        const Tensor x = torch::linspace(-6, 12, 200), weight = torch::randn({200});
        const auto run = [&](const Tensor& in) {
            const Tensor leaf = in.detach().requires_grad_();
            const Tensor out = activate(leaf, *activation).to(torch::kFloat32);
            (out * weight).sum().backward();
            return std::pair(out.detach(), leaf.grad().to(torch::kFloat32));
        };
        const auto [exact, exactGrad] = run(x.to(torch::kBFloat16).to(torch::kFloat32));
        const auto [rounded, roundedGrad] = run(x.to(torch::kBFloat16));
        QVERIFY((exact - rounded).norm().item<double>() < 1e-2 * exact.norm().item<double>());
        QVERIFY((exactGrad - roundedGrad).norm().item<double>() < 2e-2 * exactGrad.norm().item<double>());
    }

    void gelu10IsCut() {
        const Tensor x = torch::tensor({30.0f, 9.0f, -30.0f});
        QVERIFY((activate(x, Activation::GeluClipped) - torch::tensor({10.0f, 9.0f, 0.0f})).abs().max().item<double>() <
                1e-5);
    }

    void namesWithParametersAreNotKnown() {
        for (const char* name : {"prelu", "xielu", "maxout", "", "GELU"})
            QVERIFY(!activationNamed(name));
    }

    void relativeBiasLooksUpDistances_data() {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("sides");
        QTest::addColumn<bool>("bf16");
        for (const int tokens : {1, 2, 7, 33})
            for (const int sides : {1, 2, 3})
                for (const bool bf16 : {false, true})
                    QTest::addRow("%d tokens, sides %d%s", tokens, sides, bf16 ? ", bf16" : "")
                        << tokens << sides << bf16;
    }
    void relativeBiasLooksUpDistances() {
        QFETCH(int, tokens);
        QFETCH(int, sides);
        QFETCH(bool, bf16);
        constexpr std::int64_t kHeads = 3, kBatch = 2, kDistances = 9;
        constexpr double kScale = 0.37;
        const auto type = bf16 ? torch::kBFloat16 : torch::kFloat32;
        const auto scores = [&](bool wanted) {
            return wanted ? torch::randn({kHeads, kBatch, tokens, kDistances}).to(type).requires_grad_() : Tensor();
        };
        const Tensor query = scores((sides & 1) != 0), key = scores((sides & 2) != 0);
        const Tensor rows = torch::randint(0, kDistances, {2 * tokens - 1}, torch::kInt64);
        const Tensor out = relativeBias(query, key, rows, kScale);
        QCOMPARE(out.sizes().vec(), (std::vector<std::int64_t>{kBatch, kHeads, tokens, tokens}));
        const Tensor weight = torch::randn_like(out);
        (out * weight).sum().backward();
        // one pair after another
        Tensor expected = torch::zeros_like(out);
        Tensor gradQuery = torch::zeros({kHeads, kBatch, tokens, kDistances}), gradKey = torch::zeros_like(gradQuery);
        const auto slow = [&](const Tensor& from, Tensor& grad, bool byQuery) {
            if (!from.defined())
                return;
            const Tensor values = from.detach().to(torch::kFloat32).transpose(0, 1);  // [B, H, T, R]
            for (std::int64_t t = 0; t < tokens; ++t)
                for (std::int64_t s = 0; s < tokens; ++s) {
                    const auto r = rows[t - s + tokens - 1].item<std::int64_t>();
                    const std::int64_t place = byQuery ? t : s;
                    expected.select(2, t).select(2, s) += kScale * values.select(2, place).select(2, r);
                    grad.transpose(0, 1).select(2, place).select(2, r) += kScale * weight.select(2, t).select(2, s);
                }
        };
        slow(query, gradQuery, true);
        slow(key, gradKey, false);
        QVERIFY((out.detach() - expected).abs().max().item<double>() < 1e-5);
        const double allowed = bf16 ? 2e-2 : 1e-5;
        if (query.defined())
            QVERIFY((query.grad().to(torch::kFloat32) - gradQuery).norm().item<double>() <=
                    allowed * gradQuery.norm().item<double>());
        if (key.defined())
            QVERIFY((key.grad().to(torch::kFloat32) - gradKey).norm().item<double>() <=
                    allowed * gradKey.norm().item<double>());
    }
};

QTEST_GUILESS_MAIN(TestEncoderOps)
#include "tst_encoder_ops.moc"
