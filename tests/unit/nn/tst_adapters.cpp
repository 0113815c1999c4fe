// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Adapters on small networks: the formulas written out, merging, switching, batches, precisions, what is left of the
// base afterwards.
#include <torch/torch.h>

#include <QtTest>

#include <cmath>
#include <map>

#include "nn/adapters/module_index.h"
#include "nn/dropout.h"
#include "nn/network.h"
#include "nn/ops/network_loss.h"
#include "nn/precision.h"
#include "support/small_adapters.h"

using namespace lathe::nn;
using namespace lathe::test;
using lathe::ErrorCode;

namespace {

struct Kind {
    const char* name;
    Json config;
    bool merges;
};

std::vector<Kind> kindsForLlama() {
    return {{"lora", lora(), true},
            {"rslora", lora({{"use_rslora", true}}), true},
            {"dora", lora({{"use_dora", true}}), true},
            {"bias of B", lora({{"lora_bias", true}, {"target_modules", {"q_proj", "v_proj"}}}), true},
            {"all linear", lora({{"target_modules", "all-linear"}}), true},
            {"embedding", lora({{"target_modules", {"embed_tokens", "o_proj"}}}), true},
            {"dora on an embedding", lora({{"target_modules", {"embed_tokens"}}, {"use_dora", true}}), true},
            {"biases", lora({{"bias", "all"}}), true},
            {"biases of targets", lora({{"bias", "lora_only"}}), true},
            {"modules", lora({{"modules_to_save", {"lm_head", "norm"}}}), true},
            {"adalora", {{"peft_type", "ADALORA"}, {"init_r", 4}, {"target_modules", {"q_proj", "up_proj"}}}, true},
            {"ia3",
             {{"peft_type", "IA3"},
              {"target_modules", {"k_proj", "v_proj", "down_proj"}},
              {"feedforward_modules", {"down_proj"}}},
             true}};
}

}  // namespace

class TestAdapters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { torch::manual_seed(3); }

    void kinds_data() {
        QTest::addColumn<int>("kind");
        const auto kinds = kindsForLlama();
        for (std::size_t i = 0; i < kinds.size(); ++i)
            QTest::newRow(kinds[i].name) << static_cast<int>(i);
    }

    /// On, merged, unmerged, off: the same results, and the base's bytes again.
    void kinds() {
        QFETCH(int, kind);
        const auto network = llama();
        const Kind chosen = kindsForLlama()[static_cast<std::size_t>(kind)];
        std::map<std::string, Tensor> bytes;
        std::map<std::string, const void*> places;
        for (const auto& item : network->named_parameters()) {
            bytes[item.key()] = item.value().detach().clone();
            places[item.key()] = item.value().data_ptr();
        }
        const Tensor bare = logitsOf(*network);
        const auto adapter = randomAdapter(network, chosen.config);
        QVERIFY(adapter);
        QVERIFY(logitsOf(*network).equal(bare));
        QVERIFY(adapter->attach());
        const Tensor on = logitsOf(*network);
        QVERIFY(apart(on, bare) > 1e-3);
        for (const auto& item : network->named_parameters())  // nothing of the base was copied
            QVERIFY2(item.value().data_ptr() == places[item.key()], item.key().c_str());
        const auto merged = adapter->merge();
        QVERIFY2(merged, merged ? "" : merged.error().message.c_str());
        QVERIFY(adapter->isMerged() && !adapter->isAttached());
        QVERIFY2(apart(logitsOf(*network), on) < 2e-5, QByteArray::number(apart(logitsOf(*network), on)));
        adapter->unmerge();
        for (const auto& item : network->named_parameters()) {
            QVERIFY2(item.value().equal(bytes[item.key()]), item.key().c_str());
            QVERIFY(item.value().requires_grad());
        }
        QVERIFY(logitsOf(*network).equal(bare));
        QVERIFY(adapter->attach());
        QVERIFY(logitsOf(*network).equal(on));
        adapter->detach();
        QVERIFY(logitsOf(*network).equal(bare));
    }

    void freshOnesChangeNothing() {
        for (const Kind& kind : kindsForLlama()) {
            const auto network = llama();
            const Tensor bare = logitsOf(*network);
            const auto adapter = makeAdapter(network, kind.config, 1);
            QVERIFY2(adapter, kind.name);
            QVERIFY((*adapter)->attach());
            QVERIFY2(apart(logitsOf(*network), bare) < 1e-5, kind.name);
            // and the same seed makes the same one
            const auto again = byName(makeAdapter(network, kind.config, 1).value()->parameters());
            const auto other = byName(makeAdapter(network, kind.config, 2).value()->parameters());
            bool differs = false;
            for (const auto& [name, tensor] : (*adapter)->parameters()) {
                QVERIFY2(again.at(name).equal(tensor), name.c_str());
                differs |= !other.at(name).equal(tensor);
            }
            QVERIFY2(differs || kind.config["peft_type"] == "IA3", kind.name);
        }
    }

    void onlyTheAdapterTrains() {
        const auto network = llama();
        const auto adapter = randomAdapter(network, lora({{"modules_to_save", {"lm_head"}}, {"bias", "all"}}));
        QVERIFY(adapter && adapter->attach());
        const Batch batch = someBatch();
        networkLoss(network->config(), network->logits(batch), batch.ids).backward();
        for (const auto& [name, tensor] : adapter->parameters()) {
            QVERIFY2(tensor.requires_grad(), name.c_str());
            // the second layer's biases reach the loss like all others
            QVERIFY2(tensor.grad().defined(), name.c_str());
        }
        for (const auto& item : network->named_parameters())
            QVERIFY2(!item.value().grad().defined(), item.key().c_str());
        QVERIFY(byName(adapter->parameters()).contains("base_model.model.lm_head.modules_to_save.default.weight"));
    }

    void loraIsItsFormula() {
        const auto network = llama();
        const auto adapter = randomAdapter(network, lora({{"rank_pattern", {{"layers.1.mlp.down_proj", 5}}},
                                                          {"alpha_pattern", {{"^model.layers.0.*q_proj", 12}}}}));
        QVERIFY(adapter);
        const auto tensors = byName(adapter->parameters());
        const ModuleIndex index(*network);
        const auto check = [&](const std::string& path, std::int64_t rank, double alpha) {
            const Tensor a = tensors.at("base_model.model." + path + ".lora_A.default.weight"),
                         b = tensors.at("base_model.model." + path + ".lora_B.default.weight");
            QCOMPARE(a.size(0), rank);
            Linear& layer = *index.layer(path)->linear;
            const Tensor x = torch::randn({2, 3, layer.in()});
            const Tensor expected = layer.base(x) + x.matmul(a.t()).matmul(b.t()) * (alpha / static_cast<double>(rank));
            QVERIFY2(apart(layer.forward(x), expected) < 1e-5, path.c_str());
        };
        QVERIFY(adapter->attach());
        check("model.layers.0.self_attn.q_proj", 3, 12);
        check("model.layers.1.self_attn.q_proj", 3, 6);
        check("model.layers.0.mlp.down_proj", 3, 6);
        check("model.layers.1.mlp.down_proj", 5, 6);
        QCOMPARE(adapter->parameters().size(), std::size_t{8});
    }

    /// The lengths count as constants: the gradient of B by the formula with detached lengths.
    void doraIsItsFormula() {
        const auto network = llama();
        const auto adapter = randomAdapter(network, lora({{"use_dora", true}, {"target_modules", {"q_proj"}}}));
        QVERIFY(adapter && adapter->attach());
        const auto tensors = byName(adapter->parameters());
        const std::string stem = "base_model.model.model.layers.0.self_attn.q_proj.";
        const Tensor a = tensors.at(stem + "lora_A.default.weight"), b = tensors.at(stem + "lora_B.default.weight"),
                     m = tensors.at(stem + "lora_magnitude_vector.default.weight");
        const ModuleIndex index(*network);
        Linear& layer = *index.layer("model.layers.0.self_attn.q_proj")->linear;
        const Tensor x = torch::randn({4, layer.in()}), pull = torch::randn({4, layer.out()});
        (layer.forward(x) * pull).sum().backward();
        const Tensor gradB = b.grad().clone(), gradM = m.grad().clone();
        b.mutable_grad() = Tensor();
        m.mutable_grad() = Tensor();
        const Tensor sum = layer.weight.detach() + 2.0 * b.matmul(a);
        const Tensor length = sum.detach().norm(2, {1});
        const Tensor y = x.matmul(((m / length).unsqueeze(1) * sum).t()) + layer.bias.detach();
        QVERIFY(apart(layer.forward(x).detach(), y.detach()) < 1e-5);
        (y * pull).sum().backward();
        QVERIFY(apart(gradB, b.grad()) < 1e-4);
        QVERIFY(apart(gradM, m.grad()) < 1e-4);
    }

    /// In bf16 precision another way is taken: the same numbers, as far as bfloat16 has them, masks included.
    void doraInBf16IsTheSame_data() {
        QTest::addColumn<double>("dropout");
        QTest::newRow("plain") << 0.0;
        QTest::newRow("dropout") << 0.3;
    }
    void doraInBf16IsTheSame() {
        QFETCH(double, dropout);
        const auto network = llama();
        network->train();
        const auto adapter = randomAdapter(
            network, lora({{"use_dora", true}, {"target_modules", {"q_proj"}}, {"lora_dropout", dropout}}));
        QVERIFY(adapter && adapter->attach());
        const auto tensors = byName(adapter->parameters());
        Linear& layer = *ModuleIndex(*network).layer("model.layers.0.self_attn.q_proj")->linear;
        const Tensor start = torch::randn({64, layer.in()}), pull = torch::randn({64, layer.out()});
        /// The output and the gradients of x, A, B and the lengths.
        const auto pass = [&](Precision precision) {
            const PrecisionScope scope(precision);
            setDropoutState({.seed = 9, .calls = 0});
            const Tensor x = start.clone().requires_grad_(true);
            const Tensor y = layer.forward(x);
            (y.to(torch::kFloat32) * pull).sum().backward();
            std::vector<Tensor> all{y.detach().to(torch::kFloat32), x.grad()};
            for (const char* name : {"lora_A", "lora_B", "lora_magnitude_vector"}) {
                Tensor tensor = tensors.at(std::string("base_model.model.model.layers.0.self_attn.q_proj.") + name +
                                           ".default.weight");
                all.push_back(tensor.grad().clone());
                tensor.mutable_grad() = Tensor();
            }
            return all;
        };
        const auto exact = pass(Precision::Float32), half = pass(Precision::Bf16);
        for (std::size_t i = 0; i < exact.size(); ++i) {
            const double error = ((half[i] - exact[i]).norm() / exact[i].norm()).item<double>();
            QVERIFY2(error < 0.02, qPrintable(QStringLiteral("%1: off by %2").arg(i).arg(error)));
        }
    }

    void loraDropsOnlyWhileTraining() {
        const auto network = llama();
        const auto adapter = randomAdapter(network, lora({{"lora_dropout", 0.5}}));
        QVERIFY(adapter && adapter->attach());
        const Tensor calm = logitsOf(*network);
        QVERIFY(logitsOf(*network).equal(calm));
        network->train();
        QVERIFY(apart(logitsOf(*network), calm) > 1e-4);
    }

    void adaLoraAddsItsLoss() {
        const auto network = llama();
        const auto adapter = randomAdapter(
            network,
            {{"peft_type", "ADALORA"}, {"init_r", 4}, {"orth_reg_weight", 0.25}, {"target_modules", {"q_proj"}}});
        QVERIFY(adapter);
        double sum = 0;
        int count = 0;
        for (const auto& [name, tensor] : adapter->parameters()) {
            const bool isA = name.find("lora_A") != std::string::npos;
            if (!isA && name.find("lora_B") == std::string::npos)
                continue;
            const Tensor product = isA ? tensor.matmul(tensor.t()) : tensor.t().matmul(tensor);
            sum += (product - torch::eye(4)).norm().item<double>();
            ++count;
        }
        QCOMPARE(count, 4);
        QVERIFY(std::abs(adapter->extraLoss().item<double>() - 0.25 * sum / count) < 1e-5);
    }

    /// The budget falls from 2 x 6 triplets to 2 x 2 by the cubic schedule; what is off is 0 and is not saved.
    void adaLoraCutsItsBudget() {
        const auto network = llama();
        const Json config = {{"peft_type", "ADALORA"},
                             {"init_r", 6},
                             {"target_r", 2},
                             {"tinit", 2},
                             {"tfinal", 3},
                             {"deltaT", 2},
                             {"total_step", 12},
                             {"target_modules", {"q_proj"}}};
        const auto adapter = randomAdapter(network, config);
        QVERIFY(adapter && adapter->attach());
        const Batch batch = someBatch();
        const auto alive = [&] {
            std::int64_t count = 0;
            for (const auto& [name, tensor] : adapter->parameters())
                if (name.find("lora_E") != std::string::npos)
                    count += tensor.ne(0).sum().item<std::int64_t>();
            return count;
        };
        for (std::int64_t step = 1; step <= 12; ++step) {
            for (auto& [name, tensor] : adapter->parameters())
                tensor.mutable_grad() = Tensor();
            networkLoss(network->config(), network->logits(batch), batch.ids).backward();
            adapter->afterStep(step);
            if (step == 3)
                QCOMPARE(alive(), std::int64_t{12});
            if (step == 4)  // 12 - 4 = 8 over, (1 - 2 / 7)^3 of them: 2.9 -> 4 + 2
                QCOMPARE(alive(), std::int64_t{6});
            if (step >= 9)
                QCOMPARE(alive(), std::int64_t{4});
        }
        const Tensor on = logitsOf(*network);
        QTemporaryDir folder;
        QVERIFY(adapter->save(folder.path().toStdString()));
        adapter->detach();
        const auto loaded = loadAdapter(network, folder.path().toStdString());
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QVERIFY((*loaded)->parameterCount() < adapter->parameterCount());
        QVERIFY((*loaded)->attach());
        QVERIFY(apart(logitsOf(*network), on) < 1e-5);
        QCOMPARE((*loaded)->config()["rank_pattern"].size(), std::size_t{2});
    }

    void bottlenecksStandBehindTheProjections() {
        const auto network = bert();
        const auto houlsby = makeAdapter(network, {{"peft_type", "BOTTLENECK"}, {"bottleneck_size", 4}}, 1);
        if (!houlsby && houlsby.error().code == ErrorCode::Unsupported)
            QSKIP("this architecture names no places for bottlenecks yet");
        QVERIFY2(houlsby, houlsby ? "" : houlsby.error().message.c_str());
        QVERIFY(
            byName((*houlsby)->parameters())
                .contains("base_model.model.bert.encoder.layer.0.attention.output.dense.adapter_down.default.weight"));
        const auto adapter =
            randomAdapter(network, {{"peft_type", "BOTTLENECK"}, {"placement", "pfeiffer"}, {"bottleneck_size", 4}});
        QVERIFY(adapter);
        const auto tensors = byName(adapter->parameters());
        const std::string path = "bert.encoder.layer.1.output.dense", stem = "base_model.model." + path;
        QVERIFY(
            !tensors.contains("base_model.model.bert.encoder.layer.0.attention.output.dense.adapter_up.default.bias"));
        QVERIFY(adapter->attach());
        const ModuleIndex index(*network);
        Linear& layer = *index.layer(path)->linear;
        const Tensor x = torch::randn({3, layer.in()}), y = layer.base(x);
        const auto at = [&](const char* leaf) { return tensors.at(stem + leaf); };
        const Tensor narrow = torch::relu(
            torch::nn::functional::linear(y, at(".adapter_down.default.weight"), at(".adapter_down.default.bias")));
        const Tensor expected =
            y + torch::nn::functional::linear(narrow, at(".adapter_up.default.weight"), at(".adapter_up.default.bias"));
        QVERIFY(apart(layer.forward(x), expected) < 1e-5);
        const auto merged = adapter->merge();
        QVERIFY(!merged && merged.error().code == ErrorCode::Unsupported);
    }

    void rowsAreTheSameAlone() {
        for (const Kind& kind : kindsForLlama()) {
            const auto network = llama();
            const auto adapter = randomAdapter(network, kind.config);
            QVERIFY(adapter && adapter->attach());
            const Tensor both = logitsOf(*network);
            Batch alone;
            alone.ids = someBatch().ids.narrow(0, 1, 1).narrow(1, 0, 3);
            QVERIFY2(apart(logitsOf(*network, alone)[0], both[1].narrow(0, 0, 3)) < 1e-5, kind.name);
        }
    }

    void halfPrecision() {
        for (const Kind& kind : kindsForLlama()) {
            const auto network = llama();
            const auto adapter = randomAdapter(network, kind.config);
            QVERIFY(adapter && adapter->attach());
            const Tensor exact = logitsOf(*network);
            Tensor rounded;
            {
                const PrecisionScope scope(Precision::Bf16);
                rounded = logitsOf(*network);
            }
            const double off = (rounded - exact).norm().item<double>() / exact.norm().item<double>();
            QVERIFY2(off > 0 && off < 0.03, (std::string(kind.name) + " " + std::to_string(off)).c_str());
        }
    }

    void twoThreads() {
        const auto network = llama();
        const auto adapter = randomAdapter(network, lora({{"target_modules", "all-linear"}, {"use_dora", true}}));
        QVERIFY(adapter && adapter->attach());
        const int before = torch::get_num_threads();
        torch::set_num_threads(1);
        const Tensor one = logitsOf(*network);
        torch::set_num_threads(2);
        QVERIFY(apart(logitsOf(*network), one) < 1e-5);
        torch::set_num_threads(before);
    }

    void targets_data() {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<int>("layers");
        const auto row = [](const char* config, int layers) { QTest::newRow(config) << QByteArray(config) << layers; };
        row(R"({"target_modules": "all-linear"})", 14);
        row(R"({"target_modules": "ALL-LINEAR", "exclude_modules": ["o_proj"]})", 12);
        row(R"({"target_modules": ["q_proj", "k_proj"], "layers_to_transform": 1})", 2);
        row(R"({"target_modules": ["q_proj"], "layers_to_transform": [0, 1], "layers_pattern": "layers"})", 2);
        row(R"({"target_modules": ["q_proj"], "layers_to_transform": [0], "layers_pattern": ["blocks", "layers"]})", 1);
        row(R"({"target_modules": ["model.layers.0.self_attn.q_proj"], "layers_to_transform": [1]})", 1);
        row(R"({"target_modules": ".*(q|v)_proj"})", 4);
        row(R"({"target_modules": ".*_proj", "exclude_modules": ".*mlp.*"})", 8);
        row(R"({"target_modules": ".*", "modules_to_save": ["lm_head", "self_attn"], "exclude_modules": ["embed_tokens"]})",
            6);
        row(R"({"target_modules": ["proj"]})", 0);
        row(R"({"target_modules": "q_proj"})", 0);
        row(R"({"target_modules": ["lm_head"]})", 1);
    }
    void targets() {
        QFETCH(QByteArray, config);
        QFETCH(int, layers);
        Json json = Json::parse(config.toStdString());
        json["peft_type"] = "LORA";
        json["r"] = 2;
        const auto adapter = makeAdapter(llama(), json, 1);
        QCOMPARE(adapter.has_value(), layers > 0);
        if (!adapter) {
            QVERIFY(adapter.error().message.find("target_modules") != std::string::npos);
            return;
        }
        const auto count = std::ranges::count_if((*adapter)->parameters(), [](const auto& item) {
            return item.first.find(".lora_A.") != std::string::npos;
        });
        const auto embeddings = std::ranges::count_if((*adapter)->parameters(), [](const auto& item) {
            return item.first.find("lora_embedding_A") != std::string::npos;
        });
        QCOMPARE(static_cast<int>(count + embeddings), layers);
    }
};

QTEST_GUILESS_MAIN(TestAdapters)
#include "tst_adapters.moc"
