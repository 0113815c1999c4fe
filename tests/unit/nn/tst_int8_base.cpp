// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Linear layers over int8 rows: what is lost, products and their gradients.
#include <torch/torch.h>

#include <QtTest>

#include "nn/adapters/adapter.h"
#include "nn/blocks/linear.h"
#include "nn/int8_weights.h"
#include "nn/network.h"
#include "nn/ops/int8_linear.h"
#include "nn/precision.h"

using namespace lathe;
using namespace lathe::nn;
using torch::Tensor;

namespace {

double apart(const Tensor& a, const Tensor& b) {
    return (a.to(torch::kFloat32) - b.to(torch::kFloat32)).abs().max().item<double>();
}

}  // namespace

class TestInt8Base : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { torch::manual_seed(3); }

    void rowsLoseHalfAStepAtMost() {
        Tensor rows = torch::randn({37, 50});
        rows[5] *= 1000;
        rows[6].zero_();
        for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
            const Tensor given = rows.to(type);
            const Int8Rows made = quantiseRows(given);
            QVERIFY(made.table.scalar_type() == torch::kInt8 && made.table.sizes() == rows.sizes());
            const Tensor lost =
                (made.table.to(torch::kFloat32) * made.scale.unsqueeze(1) - given.to(torch::kFloat32)).abs();
            QVERIFY((lost <= made.scale.unsqueeze(1) * 0.501).all().item<bool>());
        }
    }

    void productAndGradient_data() {
        QTest::addColumn<bool>("turned");
        QTest::addColumn<bool>("half");
        QTest::newRow("float32") << false << false;
        QTest::newRow("GPT-2's layout") << true << false;
        QTest::newRow("bf16") << false << true;
    }
    void productAndGradient() {
        QFETCH(bool, turned);
        QFETCH(bool, half);
        Linear layer(1500, 1100, true, turned ? Linear::Layout::InOut : Linear::Layout::OutIn);  // several pieces
        {
            const torch::NoGradGuard noGrad;
            layer.weight.normal_(0, 0.05);
            layer.bias.normal_();
        }
        const Int8Rows made = quantiseRows(layer.matrix());
        const Tensor numbers = made.table.to(torch::kFloat32) * made.scale.unsqueeze(1);  // [out, in]
        layer.useInt8(made.table, made.scale);
        layer.bias.set_requires_grad(false);
        QVERIFY(layer.isInt8() && layer.in() == 1500 && layer.out() == 1100);
        QCOMPARE(apart(layer.matrix(), numbers), 0.0);
        const Tensor x = torch::randn({4, 3, 1500}).requires_grad_(true);
        const Tensor direction = torch::randn({4, 3, 1100});
        const Tensor expected = at::linear(x, numbers, layer.bias);
        const Tensor expectedGrad = torch::autograd::grad({expected}, {x}, {direction})[0];
        const PrecisionScope precision(half ? Precision::Bf16 : Precision::Float32);
        const Tensor y = layer.forward(x);
        const Tensor grad = torch::autograd::grad({y}, {x}, {direction.to(y.scalar_type())})[0];
        const double tolerance = half ? 2e-2 : 1e-5;
        QVERIFY2(apart(y, expected) <= tolerance * expected.abs().max().item<double>(),
                 qPrintable(QString::number(apart(y, expected))));
        QVERIFY2(apart(grad, expectedGrad) <= tolerance * expectedGrad.abs().max().item<double>(),
                 qPrintable(QString::number(apart(grad, expectedGrad))));
    }

    /// One row goes through the vector kernel, many through a product; both at sizes that vector loops stumble over.
    void fewRowsAndMany() {
        for (const std::int64_t in : {1, 15, 16, 70, 576})
            for (const std::int64_t out : {1, 4, 7, 65}) {
                const Int8Rows made = quantiseRows(torch::randn({out, in}));
                const Tensor numbers = made.table.to(torch::kFloat32) * made.scale.unsqueeze(1);
                for (const std::int64_t rows : {1, 3, 8, 9}) {
                    const Tensor x = torch::randn({rows, in}), expected = at::linear(x, numbers);
                    const double size =
                        at::linear(x.abs(), numbers.abs()).max().item<double>();  // of what is summed up
                    QVERIFY(apart(int8Linear(x, made.table, made.scale, torch::kFloat32), expected) <= 5e-5 * size);
                    const Tensor half = int8Linear(x.to(torch::kBFloat16), made.table, made.scale, torch::kBFloat16);
                    QVERIFY(half.scalar_type() == torch::kBFloat16 && apart(half, expected) <= 2e-2 * size);
                }
            }
    }

    void heldForGenerating_data() {
        QTest::addColumn<bool>("tied");
        QTest::newRow("tied head") << true;
        QTest::newRow("a head of its own") << false;
    }
    /// What one token at a time says, what the whole text says, and what the exact weights say.
    void heldForGenerating() {
        QFETCH(bool, tied);
        FreshShape shape;
        shape.vocabSize = 300;
        shape.layers = 3;
        shape.hiddenSize = 96;
        shape.heads = 4;
        shape.kvHeads = 2;
        shape.tieEmbeddings = tied;
        Json config = freshConfig("llama", Head::CausalLm, shape, {});
        config["initializer_range"] = 0.15;
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        const auto network = entry->make(*entry->parse(config));
        network->eval();
        const torch::NoGradGuard noGrad;
        Batch batch;
        batch.ids = torch::randint(0, 300, {1, 40}, torch::kInt64);
        const Tensor exact = network->logits(batch)[0];  // [T, V]
        holdInInt8(*network);
        std::int64_t bytes = 0;
        for (const Tensor& parameter : network->parameters())
            bytes += parameter.nbytes();
        const std::int64_t embeddings = 300 * 96, norms = 7 * 96;
        QCOMPARE(bytes, network->parameterCount() + 3 * norms + (tied ? 0 : 3 * embeddings));
        const Tensor rounded = network->logits(batch)[0];
        const double share = ((exact - rounded).norm() / exact.norm()).item<double>();
        QVERIFY2(share > 1e-4 && share < 0.05, qPrintable(QString::number(share)));
        // perplexity of the exact model's own next words
        const Tensor next = exact.argmax(-1);
        const double nats = at::cross_entropy_loss(exact, next).item<double>();
        const double now = at::cross_entropy_loss(rounded, next).item<double>();
        QVERIFY2(std::abs(now - nats) < 0.02, qPrintable(QStringLiteral("%1 nats, %2").arg(nats).arg(now)));
        QVERIFY(rounded.argmax(-1).eq(next).sum().item<std::int64_t>() >= 36);
        // one token at a time: apart by what the kernel rounds activations to, a hundredth of what int8 weights lose
        const auto cache = network->makeCache(1, 40);
        Tensor said = network->step(batch.ids.narrow(1, 0, 10), {}, *cache);
        for (std::int64_t t = 10; t <= 40; ++t) {
            QVERIFY2(apart(said[0], rounded[t - 1]) < 2e-3,
                     qPrintable(QString::number(apart(said[0], rounded[t - 1]))));
            if (t < 40)
                said = network->step(batch.ids.narrow(1, t, 1), {}, *cache);
        }
    }

    void loadedBetweenEmbeddingsAndHead() {
        FreshShape shape;
        shape.vocabSize = 200;
        shape.layers = 2;
        shape.hiddenSize = 64;
        shape.heads = 4;
        shape.tieEmbeddings = false;
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        const auto made = entry->make(*entry->parse(freshConfig("llama", Head::CausalLm, shape, {})));
        const QTemporaryDir temporary;
        const std::filesystem::path folder = temporary.path().toStdString();
        QVERIFY(saveNetwork(*made, folder));
        const auto exact = loadNetwork(folder);
        LoadNetworkOptions how;
        how.int8Linears = true;
        const auto narrow = loadNetwork(folder, how);
        QVERIFY2(narrow, narrow ? "" : narrow.error().message.c_str());
        int count = 0;
        for (const auto& item : (*narrow)->named_parameters()) {
            const bool inLayer = item.key().find("_proj.") != std::string::npos;
            QCOMPARE(item.value().scalar_type() == torch::kInt8, inLayer);
            count += inLayer ? 1 : 0;
        }
        QCOMPARE(count, 14);
        Batch batch;
        batch.ids = torch::randint(0, 200, {2, 9}, torch::kInt64);
        const torch::NoGradGuard noGrad;
        const Tensor a = (*exact)->logits(batch), b = (*narrow)->logits(batch);
        QVERIFY2(apart(a, b) > 0 && apart(a, b) < 0.05 * a.abs().max().item<double>(),
                 qPrintable(QString::number(apart(a, b))));
        // what is held in 8 bits takes no merge
        const auto adapter = makeAdapter(*narrow, {{"peft_type", "LORA"}}, 1);
        QVERIFY(adapter);
        const auto merged = (*adapter)->merge();
        QVERIFY(!merged && merged.error().code == ErrorCode::Unsupported);
    }
};

QTEST_GUILESS_MAIN(TestInt8Base)
#include "tst_int8_base.moc"
