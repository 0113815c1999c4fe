// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/torch.h>

#include "nn/adamw.h"
#include "nn/network.h"
#include "train/detail/method.h"
#include "train/detail/objective.h"

#include <QtTest>

#include <algorithm>
#include <map>
#include <set>

using namespace lathe;
using namespace lathe::train;

namespace {

std::shared_ptr<nn::Network> tiny(const std::string& architecture, nn::Head head, bool tied = true) {
    nn::FreshShape shape;
    shape.vocabSize = 50;
    shape.layers = 4;
    shape.hiddenSize = 16;
    shape.heads = 2;
    shape.tieEmbeddings = tied;
    const auto registry = nn::makeArchitectureRegistry();
    const auto* entry = registry.find(architecture);
    const auto config = entry->parse(nn::freshConfig(architecture, head, shape, {"a", "b"}));
    return config ? entry->make(*config) : nullptr;
}

std::set<std::string> trained(const nn::Network& network) {
    std::set<std::string> names;
    for (const auto& item : network.named_parameters())
        if (item.value().requires_grad())
            names.insert(item.key());
    return names;
}

Result<> prepare(const char* method, const Json& options, const std::shared_ptr<nn::Network>& network) {
    const auto registry = makeMethodRegistry();
    return registry.find(method)->make(options)->prepare({.network = network});
}

}  // namespace

class TestMethods : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layerNumbers() {
        QCOMPARE(layerOfParameter("bert.encoder.layer.11.output.dense.weight"), std::int64_t{11});
        QCOMPARE(layerOfParameter("model.layers.3.self_attn.q_proj.weight"), std::int64_t{3});
        QCOMPARE(layerOfParameter("bert.embeddings.word_embeddings.weight"), std::int64_t{-1});
        QCOMPARE(layerOfParameter("x.layer.y"), std::int64_t{-1});
    }

    void fullTrainsAll() {
        const auto network = tiny("bert", nn::Head::SequenceClassification);
        QVERIFY(prepare("full", {}, network));
        QCOMPARE(trained(*network).size(), network->named_parameters().size());
    }

    void headTrainsClassifierAndPooler() {
        const auto network = tiny("bert", nn::Head::SequenceClassification);
        QVERIFY(prepare("head", {}, network));
        QCOMPARE(trained(*network), (std::set<std::string>{"classifier.weight", "classifier.bias",
                                                           "bert.pooler.dense.weight", "bert.pooler.dense.bias"}));
        // Full afterwards gives everything back.
        QVERIFY(prepare("full", {}, network));
        QCOMPARE(trained(*network).size(), network->named_parameters().size());
    }

    void headOfATiedModelIsRefused() {
        const auto tied = tiny("llama", nn::Head::CausalLm, true);
        const auto result = prepare("head", {}, tied);
        QVERIFY(!result && result.error().code == ErrorCode::InvalidInput);
        const auto untied = tiny("llama", nn::Head::CausalLm, false);
        QVERIFY(prepare("head", {}, untied));
        QCOMPARE(trained(*untied), std::set<std::string>{"lm_head.weight"});
    }

    void lastLayersLeavesEmbeddingsAndEarlyLayers() {
        for (const auto& [architecture, head] :
             {std::pair{"bert", nn::Head::SequenceClassification}, {"llama", nn::Head::CausalLm}}) {
            const auto network = tiny(architecture, head);
            QVERIFY(prepare("last_layers", {{"trained_layers", 1}}, network));
            for (const auto& item : network->named_parameters()) {
                const auto layer = layerOfParameter(item.key());
                const bool embedding = item.key().find("embed") != std::string::npos;
                QVERIFY2(item.value().requires_grad() == (layer == 3 || (layer < 0 && !embedding)), item.key().c_str());
            }
        }
    }

    void layerNumbersOfOtherFamilies() {
        QCOMPARE(layerOfParameter("transformer.h.7.attn.c_attn.weight"), std::int64_t{7});
        QCOMPARE(layerOfParameter("encoder.block.2.layer.1.DenseReluDense.wo.weight"), std::int64_t{2});
    }

    void bitFitTrainsBiasesAndTheFreshHead() {
        const auto network = tiny("bert", nn::Head::SequenceClassification);
        QVERIFY(prepare("bitfit", {}, network));
        for (const auto& item : network->named_parameters())
            QVERIFY2(item.value().requires_grad() == (item.key().ends_with(".bias") || isHeadParameter(item.key())),
                     item.key().c_str());
        const auto without = tiny("llama", nn::Head::CausalLm);
        const auto refused = prepare("bitfit", {}, without);
        QVERIFY(!refused && refused.error().code == ErrorCode::InvalidInput);
        const auto fits = methodsFor(without->config());
        QVERIFY(std::ranges::find(fits, "bitfit") == fits.end() && std::ranges::find(fits, "lora") != fits.end());
    }

    void adaptersTrainTheFreshHeadAndFreezeTheRest() {
        const auto network = tiny("bert", nn::Head::SequenceClassification);
        const auto registry = makeMethodRegistry();
        const auto method = registry.find("lora")->make({{"lora_rank", 2}});
        QVERIFY(method->prepare({.network = network}));
        QVERIFY(trained(*network).empty());
        std::set<std::string> heads;
        std::int64_t additions = 0;
        for (const auto& [name, parameter] : method->parameters()) {
            QVERIFY(parameter.requires_grad() && parameter.is_leaf());
            if (name.find(".lora_") == std::string::npos)
                heads.insert(name);
            else
                ++additions;
        }
        QCOMPARE(additions, std::int64_t{4 * 6 * 2});  // A and B of six layers in each of four
        QCOMPARE(heads.size(), std::size_t{4});        // classifier and pooler, weight and bias
    }

    void ratesGoByTheMethod() {
        const auto models = builtInModels();
        const auto encoder = std::ranges::find(models, "fresh-encoder", &ModelChoice::id);
        const auto rate = [&](const char* method) {
            const auto specs = optionsFor(*encoder, method);
            return std::ranges::find(specs, "learning_rate", &OptionSpec::key)->fallback.get<double>();
        };
        QCOMPARE(rate("full"), 5e-4);
        QCOMPARE(rate("lora"), 5e-3);
        QCOMPARE(rate("prompt"), 1e-2);
    }

    void frozenWeightsKeepTheirBytes() {
        const auto network = tiny("bert", nn::Head::SequenceClassification);
        QVERIFY(prepare("last_layers", {{"trained_layers", 2}}, network));
        std::map<std::string, torch::Tensor> before;
        nn::AdamW::NamedTensors parameters;
        for (const auto& item : network->named_parameters()) {
            before[item.key()] = item.value().detach().clone();
            parameters.emplace_back(item.key(), item.value());
        }
        nn::AdamW optimizer(parameters, {});
        TrainBatch batch;
        batch.input.ids = torch::tensor(std::vector<std::int64_t>{1, 5, 6, 2, 1, 7, 8, 2}).view({2, 4});
        batch.targets = torch::tensor(std::vector<std::int64_t>{0, 1});
        for (int i = 0; i < 10; ++i) {
            optimizer.zeroGrad();
            makeLabelObjective()->learn(*network, batch, 1);
            optimizer.step(1e-2, 1);
        }
        for (const auto& item : network->named_parameters())
            QVERIFY2(torch::equal(before[item.key()], item.value()) != item.value().requires_grad(),
                     item.key().c_str());
    }
};

QTEST_GUILESS_MAIN(TestMethods)
#include "tst_methods.moc"
