// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Networks: saving and loading, heads, caches, and that every way through gives the same numbers.
#include <torch/torch.h>

#include <QtTest>

#include <filesystem>
#include <fstream>

#include "nn/network.h"
#include "nn/precision.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using namespace lathe::nn;
using lathe::Json;
using torch::Tensor;

class TestNetwork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        torch::manual_seed(1);
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void savesAndLoads_data() {
        QTest::addColumn<QByteArray>("architecture");
        QTest::addColumn<int>("head");
        QTest::newRow("bert classifier") << QByteArray("bert") << static_cast<int>(Head::SequenceClassification);
        QTest::newRow("bert masked") << QByteArray("bert") << static_cast<int>(Head::MaskedLm);
        QTest::newRow("llama") << QByteArray("llama") << static_cast<int>(Head::CausalLm);
    }
    void savesAndLoads() {
        QFETCH(QByteArray, architecture);
        QFETCH(int, head);
        const auto network = make(architecture.toStdString(), static_cast<Head>(head));
        network->eval();
        QVERIFY(saveNetwork(*network, folder()));
        const auto loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const torch::NoGradGuard noGrad;
        const Batch batch = someBatch();
        QVERIFY((*loaded)->logits(batch).equal(network->logits(batch)));
        QCOMPARE((*loaded)->parameterCount(), network->parameterCount());
        QCOMPARE((*loaded)->config().labels, network->config().labels);
        // as bfloat16: close, and saved as such
        LoadNetworkOptions asHalf;
        asHalf.dtype = torch::kBFloat16;
        const auto half = loadNetwork(folder(), asHalf);
        QVERIFY(half);
        const Tensor exact = network->logits(batch), rounded = (*half)->logits(batch).to(torch::kFloat32);
        QVERIFY((exact - rounded).norm().item<float>() < 0.05f * exact.norm().item<float>());
    }

    void freshEncoderGetsAnotherHead() {
        const auto masked = make("bert", Head::MaskedLm);
        QVERIFY(saveNetwork(*masked, folder()));
        LoadNetworkOptions options;
        options.head = Head::SequenceClassification;
        options.labels = {"x", "y", "z"};
        const auto loaded = loadNetwork(folder(), options);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QCOMPARE((*loaded)->config().labels.size(), std::size_t{3});
        const auto from = masked->named_parameters(), to = (*loaded)->named_parameters();
        QVERIFY(from["bert.encoder.layer.1.output.dense.weight"].equal(to["bert.encoder.layer.1.output.dense.weight"]));
        QCOMPARE(to["classifier.weight"].sizes().vec(), (std::vector<std::int64_t>{3, 16}));
        QVERIFY(to["classifier.weight"].abs().max().item<float>() > 0);
        QCOMPARE(to["classifier.bias"].abs().max().item<float>(), 0.0f);
        // and back on disk it is a classifier for everyone
        QVERIFY(saveNetwork(**loaded, folder()));
        const auto config = lathe::readJsonFile(folder() / "config.json");
        QCOMPARE((*config)["architectures"][0].get<std::string>(), std::string("BertForSequenceClassification"));
        QCOMPARE((*config)["id2label"]["2"].get<std::string>(), std::string("z"));
    }

    void bareAndOldNamesAreRead() {
        const auto network = make("bert", Head::SequenceClassification);
        QVERIFY(saveNetwork(*network, folder()));
        std::vector<std::pair<std::string, Tensor>> renamed;
        for (const auto& item : network->named_parameters()) {
            std::string name = item.key();
            if (name.starts_with("classifier"))
                continue;
            name = name.substr(5);
            if (name.ends_with("LayerNorm.weight"))
                name = name.substr(0, name.size() - 6) + "gamma";
            else if (name.ends_with("LayerNorm.bias"))
                name = name.substr(0, name.size() - 4) + "beta";
            renamed.emplace_back(name, item.value().detach());
        }
        renamed.emplace_back("embeddings.position_ids", torch::arange(32));
        QVERIFY(writeSafetensors(folder() / "model.safetensors", renamed));
        LoadNetworkOptions options;
        options.head = Head::SequenceClassification;
        const auto loaded = loadNetwork(folder(), options);
        QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
    }

    void oldSpellingOfLlama() {
        Json config = small("llama", Head::CausalLm);
        for (const char* key : {"dtype", "head_dim"})
            config.erase(key);
        config["torch_dtype"] = "float32";
        config["rope_theta"] = 5000.0;
        config["rope_scaling"] = nullptr;
        const auto registry = makeArchitectureRegistry();
        const auto oldOne = registry.find("llama")->parse(config);
        QVERIFY2(oldOne, oldOne ? "" : oldOne.error().message.c_str());
        Json newer = config;
        newer.erase("rope_theta");
        newer["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 5000.0}};
        const auto newOne = registry.find("llama")->parse(newer);
        QVERIFY(newOne);
        const auto a = registry.find("llama")->make(*oldOne), b = registry.find("llama")->make(*newOne);
        const torch::NoGradGuard noGrad;
        auto from = a->named_parameters();
        for (auto& item : b->named_parameters())
            item.value().copy_(from[item.key()]);
        QVERIFY(a->logits(someBatch()).equal(b->logits(someBatch())));
    }

    /// Token by token through the cache (the fast path), in pieces, and all at once.
    void cacheAgrees_data() {
        QTest::addColumn<bool>("bf16");
        QTest::addColumn<bool>("bias");
        QTest::newRow("float32") << false << false;
        QTest::newRow("float32 with biases") << false << true;
        QTest::newRow("bfloat16") << true << false;
    }
    void cacheAgrees() {
        QFETCH(bool, bf16);
        QFETCH(bool, bias);
        Json config = small("llama", Head::CausalLm);
        config["num_key_value_heads"] = 2;
        config["attention_bias"] = config["mlp_bias"] = bias;
        config["initializer_range"] = 0.3;
        const auto registry = makeArchitectureRegistry();
        const auto network = registry.find("llama")->make(*registry.find("llama")->parse(config));
        const torch::NoGradGuard noGrad;
        for (auto& item : network->named_parameters())
            if (item.key().ends_with("bias"))
                item.value().normal_(0, 0.5);
        if (bf16)
            network->to(torch::kBFloat16);
        network->eval();
        const Tensor ids = torch::randint(1, 50, {1, 21}, torch::kInt64);
        Batch batch;
        batch.ids = ids;
        const Tensor whole = network->logits(batch)[0].to(torch::kFloat32);  // [T, V]
        const double allowed =
            bf16 ? 0.05 * whole.abs().max().item<double>() : 2e-5 * std::max(1.0, whole.abs().max().item<double>());
        const auto cache = network->makeCache(1, 4);  // grows
        for (std::int64_t t = 0; t < 21;) {
            const std::int64_t count = t == 0 ? 5 : 1;
            const Tensor logits = network->step(ids.narrow(1, t, count), {}, *cache);
            t += count;
            QCOMPARE(cache->length(), t);
            const double off = (logits[0] - whole[t - 1]).abs().max().item<double>();
            QVERIFY2(off <= allowed, qPrintable(QStringLiteral("%1 at %2").arg(off).arg(t)));
        }
    }

    void paddingChangesNothing_data() {
        QTest::addColumn<QByteArray>("architecture");
        QTest::newRow("bert") << QByteArray("bert");
        QTest::newRow("llama") << QByteArray("llama");
    }
    void paddingChangesNothing() {
        QFETCH(QByteArray, architecture);
        const bool bert = architecture == "bert";
        const auto network = make(architecture.toStdString(), bert ? Head::SequenceClassification : Head::CausalLm);
        network->eval();
        const torch::NoGradGuard noGrad;
        Batch alone;
        alone.ids = torch::randint(1, 50, {1, 7}, torch::kInt64);
        Batch padded;
        padded.ids = torch::cat({alone.ids, torch::zeros({1, 5}, torch::kInt64)}, 1);
        padded.mask = torch::cat({torch::ones({1, 7}, torch::kInt64), torch::zeros({1, 5}, torch::kInt64)}, 1);
        const Tensor a = network->hidden(alone), b = network->hidden(padded).narrow(1, 0, 7);
        QVERIFY((a - b).abs().max().item<float>() < 1e-5f);
    }

    void trainingLowersTheLoss_data() {
        QTest::addColumn<bool>("bf16");
        QTest::newRow("float32") << false;
        QTest::newRow("bf16") << true;
    }
    void trainingLowersTheLoss() {
        QFETCH(bool, bf16);
        const PrecisionScope scope(bf16 ? Precision::Bf16 : Precision::Float32);
        const auto network = make("bert", Head::SequenceClassification);
        network->train();
        torch::optim::SGD optimizer(network->parameters(), 0.1);
        Batch batch = someBatch();
        const Tensor labels = torch::tensor({0, 1}, torch::kInt64);
        double first = 0, last = 0;
        for (int step = 0; step < 30; ++step) {
            optimizer.zero_grad();
            const Tensor loss = torch::nn::functional::cross_entropy(network->logits(batch), labels);
            loss.backward();
            optimizer.step();
            (step == 0 ? first : last) = loss.item<double>();
        }
        QVERIFY2(last < first * 0.7, qPrintable(QStringLiteral("%1 -> %2").arg(first).arg(last)));
    }

    void estimatesAreUpperBounds_data() { savesAndLoads_data(); }
    void estimatesAreUpperBounds() {
        QFETCH(QByteArray, architecture);
        QFETCH(int, head);
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find(architecture.toStdString());
        for (const std::int64_t layers : {1, 3}) {
            Json config = small(architecture.toStdString(), static_cast<Head>(head));
            config["num_hidden_layers"] = layers;
            const auto parsed = entry->parse(config);
            QVERIFY(parsed);
            const double estimate = entry->estimateParameters(*parsed);
            const auto count = static_cast<double>(entry->make(*parsed)->parameterCount());
            QVERIFY2(estimate >= count && estimate < 1.5 * count,
                     qPrintable(QStringLiteral("%1 %2").arg(estimate).arg(count)));
        }
    }

private:
    static Json small(const std::string& architecture, Head head) {
        FreshShape shape;
        shape.vocabSize = 50;
        shape.layers = 2;
        shape.hiddenSize = 16;
        shape.heads = 4;
        shape.maxPositions = 32;
        shape.dropout = 0;
        return freshConfig(architecture, head, shape, {"a", "b"});
    }
    static std::shared_ptr<Network> make(const std::string& architecture, Head head) {
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find(architecture);
        return entry->make(*entry->parse(small(architecture, head)));
    }
    static Batch someBatch() {
        Batch batch;
        batch.ids = torch::arange(1, 15, torch::kInt64).view({2, 7});
        batch.mask = torch::ones({2, 7}, torch::kInt64);
        batch.mask[1].slice(0, 4).zero_();
        return batch;
    }
    fs::path folder() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
