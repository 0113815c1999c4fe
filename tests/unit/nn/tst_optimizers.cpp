// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every optimizer of the registry against torch, Transformers or its own formula, and its state on the way to disk and
// back. AdamW has tst_adamw.
#include <torch/torch.h>

#include <QtTest>

#include "nn/network.h"
#include "nn/optimizers/optimizer.h"
#include "nn/optimizers/parameter_groups.h"

using namespace lathe;
using namespace lathe::nn;
using torch::Tensor;

namespace {

std::unique_ptr<Optimizer> make(const char* id, std::vector<OptimizerParameter> parameters, const Json& options = {}) {
    const OptimizerRegistry registry = makeOptimizerRegistry();
    return registry.find(id)->make(std::move(parameters), options.is_null() ? Json::object() : options);
}

Tensor waves(std::vector<std::int64_t> shape, double start, double pace, double growth, bool cosine) {
    const Tensor i = torch::arange(c10::multiply_integers(shape), torch::kFloat64);
    const Tensor angle = start + pace * i;
    return ((cosine ? angle.cos() : angle.sin()) * (1 + growth * i)).to(torch::kFloat32).view(shape);
}

/// Sizes of several pieces of work, of odd rows, of vectors.
std::vector<Tensor> bigStart() {
    torch::manual_seed(3);
    return {torch::randn({301, 257}), torch::randn({7}), torch::randn({2, 90, 401}), torch::randn({1, 70001})};
}

/// \p counted: where they are compared; empty = everywhere.
double furthest(const std::vector<Tensor>& a, const std::vector<Tensor>& b, const std::vector<Tensor>& counted) {
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const Tensor apart = (a[i] - b[i]).abs();
        most = std::max(most, (counted.empty() ? apart : apart * counted[i]).max().item<double>());
    }
    return most;
}

/// Steps \p optimizer and \p reference side by side, 20 times, over the same gradients.
double apartAfterTwentySteps(const std::function<std::unique_ptr<Optimizer>(std::vector<OptimizerParameter>)>& ours,
                             const std::function<void(std::vector<Tensor>&, const std::vector<Tensor>&, int)>& theirs,
                             double weightDecay, const std::vector<Tensor>& counted = {}) {
    std::vector<Tensor> mine, reference = bigStart();
    std::vector<OptimizerParameter> parameters;
    for (const Tensor& tensor : reference) {
        mine.push_back(tensor.clone().requires_grad_());
        parameters.push_back({"p" + std::to_string(mine.size()), mine.back(), weightDecay});
    }
    const auto optimizer = ours(parameters);
    for (int step = 1; step <= 20; ++step) {
        std::vector<Tensor> grads;
        for (std::size_t i = 0; i < mine.size(); ++i) {
            grads.push_back(torch::randn_like(reference[i]));
            mine[i].mutable_grad() = grads[i] * 4;
        }
        optimizer->step(1e-2, 0.25);
        const torch::NoGradGuard noGrad;
        theirs(reference, grads, step);
    }
    const torch::NoGradGuard noGrad;
    return furthest(mine, reference, counted);
}

}  // namespace

class TestOptimizers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyEntryIsDescribed() {
        const OptimizerRegistry registry = makeOptimizerRegistry();
        QVERIFY(registry.size() >= 4);
        for (const auto& entry : registry.entries()) {
            QVERIFY2(!entry.title.empty() && !entry.help.empty() && !entry.source.empty(), entry.id.c_str());
            for (const auto& spec : entry.options)
                QVERIFY2(validateOption(spec, spec.fallback), spec.key.c_str());
        }
    }

    /// The numbers are what transformers.optimization.Adafactor (5.12.1, torch 2.14.1) leaves of the same start after
    /// 20 steps, the first tensor with weight_decay 0.05.
    void adafactorFollowsTransformers_data() {
        QTest::addColumn<QString>("options");
        QTest::addColumn<double>("rate");
        QTest::addColumn<QVector<float>>("expected");
        QTest::newRow("given rate") << "{}" << 0.01
                                    << QVector<float>{0.8251329f,  0.963487f,   0.9641104f,   0.8547592f,
                                                      0.6125692f,  0.2914846f,  -0.06794555f, -0.4236559f,
                                                      -0.7227711f, -0.9269566f, -0.99668f,    -0.9347858f,
                                                      0.900729f,   0.7057993f,  0.396633f,    0.03832737f};
        QTest::newRow("by size") << R"({"adafactor_scale": true})" << 0.1
                                 << QVector<float>{0.773963f,   0.8911882f,  0.828177f,    0.7986956f,
                                                   0.5463624f,  0.2604946f,  -0.04137489f, -0.366693f,
                                                   -0.6487955f, -0.8669009f, -0.9168415f,  -0.8781542f,
                                                   0.8484716f,  0.7038344f,  0.3611804f,   0.01224275f};
        QTest::newRow("relative step") << R"({"adafactor_scale": true, "adafactor_relative_step": true})" << 7.0
                                       << QVector<float>{0.8292512f,  0.9674549f,  0.9689196f,   0.8552246f,
                                                         0.6124639f,  0.2900508f,  -0.07064102f, -0.4259365f,
                                                         -0.7241609f, -0.9266496f, -0.9968238f,  -0.9347609f,
                                                         0.9039876f,  0.7019812f,  0.3937417f,   0.03510747f};
        QTest::newRow("momentum and a tight limit")
            << R"({"adafactor_beta1": 0.9, "adafactor_clip": 0.5})" << 0.01
            << QVector<float>{0.8311326f,   0.9713449f,  0.9757656f,  0.8560997f,  0.6120269f,  0.2864677f,
                              -0.07709371f, -0.4318995f, -0.7272186f, -0.9244993f, -0.9922714f, -0.9272106f,
                              0.9103718f,   0.7051429f,  0.3950558f,  0.03329682f};
    }
    void adafactorFollowsTransformers() {
        QFETCH(QString, options);
        QFETCH(double, rate);
        QFETCH(QVector<float>, expected);
        Tensor matrices = waves({2, 3, 2}, 1, 0.37, 0, false).requires_grad_();
        Tensor vector = waves({4}, 2, 0.37, 0, false).requires_grad_();
        const auto optimizer = make("adafactor", {{"matrices", matrices, 0.05}, {"vector", vector, 0}},
                                    Json::parse(options.toStdString()));
        for (int step = 0; step < 20; ++step) {
            matrices.mutable_grad() = waves({2, 3, 2}, 1.3 * step, 0.61, 0.1, true);
            vector.mutable_grad() = waves({4}, 1 + 1.3 * step, 0.61, 0.1, true);
            optimizer->step(rate);
        }
        const Tensor all = torch::cat({matrices.detach().flatten(), vector.detach()});
        for (int i = 0; i < expected.size(); ++i)
            QVERIFY2(std::abs(all[i].item<float>() - expected[i]) < 2e-6f,
                     qPrintable(QString("%1: %2, not %3").arg(i).arg(all[i].item<float>()).arg(expected[i])));
    }

    /// The fused passes over big tensors, in pieces and with a clipped gradient, against the formula in whole tensors.
    void adafactorInPieces() {
        std::vector<Tensor> rows(4), columns(4);
        const auto formula = [&](std::vector<Tensor>& parameters, const std::vector<Tensor>& grads, int step) {
            const double keep = 1 - std::pow(step, -0.8);
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                const Tensor squares = grads[i].square() + 1e-30;
                const auto mix = [&](Tensor& memory, const Tensor& now) {
                    memory = memory.defined() ? memory * keep + now * (1 - keep) : now.clone();
                };
                Tensor change;
                if (parameters[i].dim() >= 2) {
                    mix(rows[i], squares.mean(-1));
                    mix(columns[i], squares.mean(-2));
                    change = grads[i] * (rows[i] / rows[i].mean(-1, true)).rsqrt().unsqueeze(-1) *
                             columns[i].rsqrt().unsqueeze(-2);
                } else {
                    mix(rows[i], squares);
                    change = grads[i] * rows[i].rsqrt();
                }
                change = change / std::max(1.0, change.square().mean().sqrt().item<double>());
                parameters[i].mul_(1 - 0.1 * 1e-2).sub_(change * 1e-2);
            }
        };
        const double apart =
            apartAfterTwentySteps([](auto parameters) { return make("adafactor", parameters); }, formula, 0.1);
        QVERIFY2(apart < 5e-6, qPrintable(QString::number(apart)));
    }

    void sgdFollowsTorch_data() {
        QTest::addColumn<double>("momentum");
        QTest::addColumn<bool>("nesterov");
        QTest::newRow("plain") << 0.0 << false;
        QTest::newRow("momentum") << 0.9 << false;
        QTest::newRow("nesterov") << 0.9 << true;
    }
    void sgdFollowsTorch() {
        QFETCH(double, momentum);
        QFETCH(bool, nesterov);
        std::unique_ptr<torch::optim::SGD> reference;
        const double apart = apartAfterTwentySteps(
            [&](auto parameters) {
                return make("sgd", parameters, {{"sgd_momentum", momentum}, {"sgd_nesterov", nesterov}});
            },
            [&](std::vector<Tensor>& parameters, const std::vector<Tensor>& grads, int) {
                if (!reference)
                    reference = std::make_unique<torch::optim::SGD>(
                        parameters,
                        torch::optim::SGDOptions(1e-2).momentum(momentum).nesterov(nesterov).weight_decay(0.1));
                for (std::size_t i = 0; i < parameters.size(); ++i)
                    parameters[i].mutable_grad() = grads[i];
                reference->step();
            },
            0.1);
        QVERIFY2(apart < 2e-6, qPrintable(QString::number(apart)));
    }

    void lionFollowsItsPaper() {
        std::vector<Tensor> m, sure;  // sure: the sign never hung on a rounding
        for (const Tensor& tensor : bigStart()) {
            m.push_back(torch::zeros_like(tensor));
            sure.push_back(torch::ones_like(tensor));
        }
        const auto paper = [&](std::vector<Tensor>& parameters, const std::vector<Tensor>& grads, int) {
            for (std::size_t i = 0; i < parameters.size(); ++i) {
                const Tensor direction = 0.9 * m[i] + 0.1 * grads[i];
                sure[i].mul_(direction.abs().gt(1e-6));
                parameters[i].mul_(1 - 0.1 * 1e-2).sub_(1e-2 * direction.sign());
                m[i] = 0.99 * m[i] + 0.01 * grads[i];
            }
        };
        const double apart =
            apartAfterTwentySteps([](auto parameters) { return make("lion", parameters); }, paper, 0.1, sure);
        QVERIFY2(apart < 5e-6,  // 20 roundings of numbers up to 5
                 qPrintable(QString::number(apart)));
        for (const Tensor& each : sure)
            QVERIFY(each.mean().item<double>() > 0.999);
    }

    void headMayLearnFaster_data() {
        QTest::addColumn<QString>("id");
        const auto registry = makeOptimizerRegistry();
        for (const auto& entry : registry.entries())
            QTest::newRow(entry.id.c_str()) << QString::fromStdString(entry.id);
    }
    void headMayLearnFaster() {
        QFETCH(QString, id);
        const Tensor grad = torch::tensor({{1.0f, -2.0f}, {0.5f, 3.0f}});
        Tensor body = torch::zeros({2, 2}).requires_grad_(), head = torch::zeros({2, 2}).requires_grad_();
        const auto optimizer = make(id.toUtf8().constData(), {{"body", body, 0, 1}, {"head", head, 0, 10}});
        for (int step = 0; step < 3; ++step) {
            body.mutable_grad() = grad.clone();
            head.mutable_grad() = grad.clone();
            optimizer->step(1e-3);
        }
        QVERIFY(body.abs().min().item<float>() > 0);
        QVERIFY(torch::allclose(head, body * 10, 1e-5));
    }

    void goesOnFromItsState_data() { headMayLearnFaster_data(); }
    void goesOnFromItsState() {
        QFETCH(QString, id);
        const auto run = [&](bool resume) {
            torch::manual_seed(5);
            const std::vector<OptimizerParameter> parameters = {{"w", torch::ones({20, 30}).requires_grad_(), 0.1, 1},
                                                                {"b", torch::ones({30}).requires_grad_(), 0, 2}};
            const Json options{{"adafactor_beta1", 0.9}, {"sgd_momentum", 0.9}};
            auto optimizer = make(id.toUtf8().constData(), parameters, options);
            for (int step = 0; step < 6; ++step) {
                if (resume && step == 3) {
                    Optimizer::NamedTensors saved;
                    for (const auto& [name, tensor] : optimizer->state())
                        saved.emplace_back(name, tensor.clone());
                    optimizer = make(id.toUtf8().constData(), parameters, options);
                    if (!optimizer->loadState(saved))
                        return Tensor();
                    saved.pop_back();
                    if (optimizer->loadState(saved))  // something is missing
                        return Tensor();
                }
                for (const auto& parameter : parameters)
                    parameter.tensor.mutable_grad() = torch::randn(parameter.tensor.sizes());
                optimizer->step(1e-2);
            }
            return torch::cat({parameters[0].tensor.detach().flatten(), parameters[1].tensor.detach()});
        };
        const Tensor whole = run(false), resumed = run(true);
        QVERIFY(resumed.defined());
        QVERIFY(whole.equal(resumed));
    }

    void sameForAnyNumberOfThreads_data() { headMayLearnFaster_data(); }
    void sameForAnyNumberOfThreads() {
        QFETCH(QString, id);
        const auto run = [&](int threads) {
            torch::set_num_threads(threads);
            torch::manual_seed(7);
            const Tensor start = torch::randn({900, 257}), grad = torch::randn({900, 257});
            Tensor w = start.clone().requires_grad_();
            const auto optimizer = make(id.toUtf8().constData(), {{"w", w, 0.01, 1}});
            for (int step = 0; step < 3; ++step) {
                w.mutable_grad() = grad.clone();
                optimizer->step(1e-2, Optimizer::clipScale(optimizer->gradNorm(), 1));
            }
            return w.detach();
        };
        const Tensor one = run(1), two = run(2);
        torch::set_num_threads(1);
        QVERIFY(one.equal(two));
    }

    /// What Trainer.get_decay_parameter_names (Transformers 5.12.1) leaves out of the same models.
    void biasesAndNormsDoNotDecay() {
        const auto exempt = [](const char* architecture, Head head) {
            FreshShape shape;
            shape.vocabSize = 50;
            shape.layers = 1;
            shape.hiddenSize = 16;
            shape.heads = 2;
            const ArchitectureRegistry registry = makeArchitectureRegistry();
            const ArchitectureEntry* entry = registry.find(architecture);
            const auto config = entry->parse(freshConfig(architecture, head, shape, {"a", "b"}));
            return config ? namesWithoutDecay(*entry->make(*config)) : std::set<std::string>();
        };
        const std::string layer = "bert.encoder.layer.0.";
        QCOMPARE(exempt("bert", Head::SequenceClassification),
                 (std::set<std::string>{"bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.bias",
                                        layer + "attention.self.query.bias", layer + "attention.self.key.bias",
                                        layer + "attention.self.value.bias", layer + "attention.output.dense.bias",
                                        layer + "attention.output.LayerNorm.weight",
                                        layer + "attention.output.LayerNorm.bias", layer + "intermediate.dense.bias",
                                        layer + "output.dense.bias", layer + "output.LayerNorm.weight",
                                        layer + "output.LayerNorm.bias", "bert.pooler.dense.bias", "classifier.bias"}));
        QCOMPARE(exempt("llama", Head::CausalLm),
                 (std::set<std::string>{"model.layers.0.input_layernorm.weight",
                                        "model.layers.0.post_attention_layernorm.weight", "model.norm.weight"}));
    }
};

QTEST_GUILESS_MAIN(TestOptimizers)
#include "tst_optimizers.moc"
