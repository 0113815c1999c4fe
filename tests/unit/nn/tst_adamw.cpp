// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW against torch's own, and its state on the way to disk and back.
#include <torch/torch.h>

#include <QtTest>

#include "nn/adamw.h"

using lathe::nn::AdamW;
using lathe::nn::AdamWOptions;
using torch::Tensor;

class TestAdamW : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsTorch() {
        torch::manual_seed(3);
        // big enough for several pieces of work, odd enough for the vector tails
        const std::vector<Tensor> start = {torch::randn({301, 257}), torch::randn({7}),
                                           torch::randn({70001}).view({1, -1})};
        AdamW::NamedTensors ours;
        std::vector<Tensor> theirs;
        for (std::size_t i = 0; i < start.size(); ++i) {
            ours.emplace_back("p" + std::to_string(i), start[i].clone().requires_grad_());
            theirs.push_back(start[i].clone().requires_grad_());
        }
        AdamWOptions options;
        options.weightDecay = 0.1;
        AdamW optimizer(ours, options);
        // vectors do not decay here, so torch needs two groups
        std::vector<torch::optim::OptimizerParamGroup> groups;
        groups.emplace_back(
            std::vector<Tensor>{theirs[0], theirs[2]},
            std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(1e-2).weight_decay(0.1)));
        groups.emplace_back(std::vector<Tensor>{theirs[1]}, std::make_unique<torch::optim::AdamWOptions>(
                                                                torch::optim::AdamWOptions(1e-2).weight_decay(0)));
        torch::optim::AdamW reference(groups);
        for (int step = 0; step < 5; ++step) {
            for (std::size_t i = 0; i < start.size(); ++i) {
                const Tensor grad = torch::randn_like(start[i]);
                ours[i].second.mutable_grad() = grad.clone();
                theirs[i].mutable_grad() = grad * 0.25;
            }
            optimizer.step(1e-2, 0.25);
            reference.step();
            for (std::size_t i = 0; i < start.size(); ++i)
                QVERIFY((ours[i].second - theirs[i]).abs().max().item<float>() < 2e-6f);
        }
        QCOMPARE(optimizer.steps(), std::int64_t{5});
    }

    void measuresTheGradient() {
        AdamW::NamedTensors parameters = {{"a", torch::zeros({1000}).requires_grad_()},
                                          {"b", torch::zeros({3, 3}).requires_grad_()}};
        AdamW optimizer(parameters, {});
        QCOMPARE(optimizer.gradNorm(), 0.0);
        parameters[0].second.mutable_grad() = torch::full({1000}, 2.0f);
        parameters[1].second.mutable_grad() = torch::full({3, 3}, 3.0f);
        QVERIFY(std::abs(optimizer.gradNorm() - std::sqrt(4.0 * 1000 + 9.0 * 9)) < 1e-9);
        QVERIFY(std::abs(AdamW::clipScale(10, 1) - 0.1) < 1e-6);
        QCOMPARE(AdamW::clipScale(0.5, 1), 1.0);
        QCOMPARE(AdamW::clipScale(10, 0), 1.0);
        optimizer.zeroGrad();
        QVERIFY(!parameters[0].second.grad().defined());
    }

    void leavesAloneWhatHasNoGradient() {
        AdamW::NamedTensors parameters = {{"a", torch::ones({4}).requires_grad_()}, {"frozen", torch::ones({2, 2})}};
        AdamW optimizer(parameters, {});
        optimizer.step(0.1);
        QVERIFY(parameters[0].second.equal(torch::ones({4})));
        QCOMPARE(optimizer.state().size(), std::size_t{3});  // step, m.a, v.a
    }

    void goesOnFromItsState() {
        const auto run = [](bool resume) {
            torch::manual_seed(5);
            AdamW::NamedTensors parameters = {{"w", torch::ones({20, 30}).requires_grad_()}};
            auto optimizer = std::make_unique<AdamW>(parameters, AdamWOptions{});
            for (int step = 0; step < 6; ++step) {
                if (resume && step == 3) {
                    AdamW::NamedTensors saved;
                    for (const auto& [name, tensor] : optimizer->state())
                        saved.emplace_back(name, tensor.clone());
                    optimizer = std::make_unique<AdamW>(parameters, AdamWOptions{});
                    if (!optimizer->loadState(saved))
                        return Tensor();
                }
                parameters[0].second.mutable_grad() = torch::randn({20, 30});
                optimizer->step(1e-2);
            }
            return parameters[0].second.detach();
        };
        const Tensor whole = run(false), resumed = run(true);
        QVERIFY(resumed.defined());
        QVERIFY(whole.equal(resumed));
    }

    void refusesAnotherModelsState() {
        AdamW::NamedTensors parameters = {{"w", torch::ones({2, 2}).requires_grad_()}};
        AdamW optimizer(parameters, {});
        QVERIFY(!optimizer.loadState({}));
        QVERIFY(!optimizer.loadState({{"step", torch::tensor({4}, torch::kInt64)}}));
        QVERIFY(!optimizer.loadState(
            {{"step", torch::tensor({4}, torch::kInt64)}, {"m.w", torch::ones({3})}, {"v.w", torch::ones({2, 2})}}));
        QCOMPARE(optimizer.steps(), std::int64_t{0});
    }

    /// The cached bfloat16 weights must notice a step.
    void tellsAutograd() {
        AdamW::NamedTensors parameters = {{"w", torch::ones({2, 2}).requires_grad_()}};
        AdamW optimizer(parameters, {});
        const auto before = parameters[0].second._version();
        parameters[0].second.mutable_grad() = torch::ones({2, 2});
        optimizer.step(0.1);
        QVERIFY(parameters[0].second._version() > before);
    }
};

QTEST_GUILESS_MAIN(TestAdamW)
#include "tst_adamw.moc"
