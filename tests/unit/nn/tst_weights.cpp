// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights as they are found: torch.save's files, names of wrappers and older versions, copies of tied tensors, int8
// tables.
#include <torch/torch.h>

#include <QtTest>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "nn/network.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using namespace lathe::nn;
using lathe::ErrorCode;
using lathe::Json;
using torch::Tensor;

class TestWeights : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        torch::manual_seed(1);
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void torchFilesHoldTheSameBytes_data() {
        QTest::addColumn<QByteArray>("file");
        for (const char* name : {"zip-all.bin", "old-all.bin", "zip-nested.bin", "old-proto5.bin"})
            QTest::newRow(name) << QByteArray(name);
    }
    void torchFilesHoldTheSameBytes() {
        QFETCH(QByteArray, file);
        const fs::path data = fs::path(LATHE_TEST_DATA) / "torch-files";
        const auto read = WeightsReader::open(data / file.toStdString());
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        const auto expected = WeightsReader::open(data / "all.safetensors");
        QVERIFY(expected);
        QCOMPARE(read->tensors().size(), std::size_t{19});
        QCOMPARE(expected->tensors().size(), std::size_t{19});
        for (const auto& [name, info] : expected->tensors()) {
            QVERIFY2(read->tensors().contains(name), name.c_str());
            const Tensor a = *expected->tensor(name), b = read->tensor(name)->contiguous();
            QVERIFY2(a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes(), name.c_str());
            QVERIFY2(std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()) == 0, name.c_str());
        }
    }

    void aSafetensorsFileGoesBeforeABin() {
        makeModel();
        std::ofstream(folder() / "pytorch_model.bin") << "nonsense";
        QVERIFY(loadNetwork(folder()));
    }

    void namesOfTheWild_data() {
        QTest::addColumn<QByteArray>("prefix");
        QTest::newRow("data parallel") << QByteArray("module.");
        QTest::newRow("compiled") << QByteArray("_orig_mod.");
        QTest::newRow("both") << QByteArray("module._orig_mod.");
        QTest::newRow("Lightning") << QByteArray("model.");
        QTest::newRow("sharded") << QByteArray("_fsdp_wrapped_module.");
    }
    void namesOfTheWild() {
        QFETCH(QByteArray, prefix);
        const auto network = makeModel();
        NamedTensors tensors = weightsOf(*network);
        for (auto& [name, tensor] : tensors)
            name = prefix.toStdString() + name;
        QVERIFY(writeSafetensors(folder() / "model.safetensors", tensors));
        const auto loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
        compare(**loaded, *network);
    }

    void insertionsInTheMiddle() {
        const auto network = makeModel();
        NamedTensors tensors = weightsOf(*network);
        for (auto& [name, tensor] : tensors)
            if (const auto at = name.find("layers."); at != std::string::npos)
                name.insert(at, "_orig_mod.");
        QVERIFY(writeSafetensors(folder() / "model.safetensors", tensors));
        const auto loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
        compare(**loaded, *network);
    }

    void equalCopiesAreOne_data() {
        QTest::addColumn<bool>("equal");
        QTest::newRow("equal") << true;
        QTest::newRow("another") << false;
    }
    /// The same tensor under two spellings: one weight when they agree, an error when they do not.
    void equalCopiesAreOne() {
        QFETCH(bool, equal);
        const auto network = makeModel();
        NamedTensors tensors = weightsOf(*network);
        const Tensor norm = network->named_parameters()["model.norm.weight"].detach();
        tensors.emplace_back("module.model.norm.weight", equal ? norm.clone() : norm + 1);
        QVERIFY(writeSafetensors(folder() / "model.safetensors", tensors));
        const auto loaded = loadNetwork(folder());
        QCOMPARE(bool(loaded), equal);
        if (!equal)
            QVERIFY2(loaded.error().message.find("differ") != std::string::npos, loaded.error().message.c_str());
    }

    /// Files of torch.save hold the tied output layer as well; when it differs, the checkpoint was never tied.
    void tiedOutputLayers_data() { equalCopiesAreOne_data(); }
    void tiedOutputLayers() {
        QFETCH(bool, equal);
        const auto network = makeModel();
        NamedTensors tensors = weightsOf(*network);
        const Tensor words = network->named_parameters()["model.embed_tokens.weight"].detach();
        tensors.emplace_back("lm_head.weight", equal ? words.clone() : words + 1);
        QVERIFY(writeSafetensors(folder() / "model.safetensors", tensors));
        const auto loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        if (!network->named_modules().contains("lm_head"))
            QSKIP("the tied output layer has no name of its own in this build");
        QCOMPARE((*loaded)->named_parameters().contains("lm_head.weight"), !equal);
        if (!equal) {
            QVERIFY(saveNetwork(**loaded, folder()));
            QCOMPARE((*lathe::readJsonFile(folder() / "config.json"))["tie_word_embeddings"].get<bool>(), false);
        }
    }

    void int8Tables_data() {
        QTest::addColumn<QByteArray>("kind");
        for (const char* kind : {"bitsandbytes", "per row", "per tensor", "groups", "zero points"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void int8Tables() {
        QFETCH(QByteArray, kind);
        const auto network = makeModel();
        NamedTensors tensors;
        std::map<std::string, Tensor> expected;
        for (const auto& [name, tensor] : weightsOf(*network)) {
            if (name.find("_proj.weight") == std::string::npos) {
                tensors.emplace_back(name, tensor);
                continue;
            }
            const std::string layer = name.substr(0, name.size() - 6);
            const std::int64_t rows = tensor.size(0), columns = tensor.size(1);
            const Tensor table = torch::randint(-127, 128, {rows, columns}, torch::kInt8);
            const Tensor wide = table.to(torch::kFloat32);
            tensors.emplace_back(name, table);
            if (kind == "bitsandbytes") {
                const Tensor scale = torch::rand({rows}) + 0.1;
                tensors.emplace_back(layer + "SCB", scale);
                tensors.emplace_back(layer + "weight_format", torch::zeros({}, torch::kUInt8));
                expected[name] = wide * scale.view({-1, 1}) / 127;
            } else if (kind == "per tensor") {
                tensors.emplace_back(layer + "weight_scale", torch::full({1}, 0.02f));
                expected[name] = wide * 0.02f;
            } else if (kind == "groups") {
                const Tensor scale = torch::rand({rows, columns / 8}) + 0.1;
                tensors.emplace_back(layer + "weight_scale", scale);
                expected[name] = wide * scale.repeat_interleave(8, 1);
            } else {
                const Tensor scale = torch::rand({rows, 1}) + 0.1;
                tensors.emplace_back(layer + "weight_scale", scale);
                expected[name] = wide * scale;
                if (kind == "zero points") {
                    const Tensor zero = torch::randint(-5, 6, {rows, 1}, torch::kInt8);
                    tensors.emplace_back(layer + "weight_zero_point", zero);
                    expected[name] = (wide - zero) * scale;
                }
            }
        }
        QVERIFY(!expected.empty());
        QVERIFY(writeSafetensors(folder() / "model.safetensors", tensors));
        Json config = *lathe::readJsonFile(folder() / "config.json");
        config["quantization_config"] =
            kind == "bitsandbytes"
                ? Json{{"quant_method", "bitsandbytes"}, {"load_in_8bit", true}, {"load_in_4bit", false}}
                : Json{{"quant_method", "compressed-tensors"}, {"format", "int-quantized"}};
        QVERIFY(lathe::writeJsonFile(folder() / "config.json", config));
        const auto loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : (loaded.error().message + loaded.error().detail).c_str());
        const auto parameters = (*loaded)->named_parameters();
        for (const auto& [name, tensor] : expected)
            QVERIFY2(torch::allclose(parameters[name], tensor, 1e-6, 1e-7), name.c_str());
        // Saved as numbers, it no longer claims to be quantised.
        QVERIFY(saveNetwork(**loaded, folder()));
        QVERIFY(!lathe::readJsonFile(folder() / "config.json")->contains("quantization_config"));
        QVERIFY(loadNetwork(folder()));
    }

    void otherQuantisationIsRefusedByName_data() {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("gptq") << QByteArray(R"({"quant_method":"gptq","bits":4})") << QByteArray("gptq");
        QTest::newRow("awq") << QByteArray(R"({"quant_method":"awq"})") << QByteArray("awq");
        QTest::newRow("fp8") << QByteArray(R"({"quant_method":"fp8"})") << QByteArray("fp8");
        QTest::newRow("4 bit") << QByteArray(R"({"quant_method":"bitsandbytes","load_in_4bit":true})")
                               << QByteArray("4-bit");
        QTest::newRow("packed") << QByteArray(R"({"quant_method":"compressed-tensors","format":"pack-quantized"})")
                                << QByteArray("pack-quantized");
        QTest::newRow("float8")
            << QByteArray(R"({"quant_method":"compressed-tensors","format":"naive-quantized","config_groups":)"
                          R"({"group_0":{"weights":{"num_bits":8,"type":"float"}}}})")
            << QByteArray("float8");
        QTest::newRow("unsaid") << QByteArray(R"({"bits":4})") << QByteArray("does not say");
    }
    void otherQuantisationIsRefusedByName() {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, named);
        makeModel();
        Json json = *lathe::readJsonFile(folder() / "config.json");
        json["quantization_config"] = Json::parse(config.toStdString());
        QVERIFY(lathe::writeJsonFile(folder() / "config.json", json));
        const auto read = readNetworkConfig(folder());
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Unsupported);
        QVERIFY2(read.error().message.find(named.toStdString()) != std::string::npos, read.error().message.c_str());
        const auto loaded = loadNetwork(folder());
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::Unsupported);
    }

    void int8WithoutScalesIsNamed() {
        const auto network = makeModel();
        NamedTensors tensors = weightsOf(*network);
        std::string name;
        for (auto& [key, tensor] : tensors)
            if (name.empty() && key.ends_with("down_proj.weight")) {
                name = key;
                tensor = tensor.to(torch::kInt8);
            }
        QVERIFY(writeSafetensors(folder() / "model.safetensors", tensors));
        const auto loaded = loadNetwork(folder());
        QVERIFY(!loaded);
        QVERIFY2(loaded.error().message.find(name) != std::string::npos, loaded.error().message.c_str());
    }

    void bothSpellingsOfTheType_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("old") << QByteArray("torch_dtype");
        QTest::newRow("new") << QByteArray("dtype");
    }
    void bothSpellingsOfTheType() {
        QFETCH(QByteArray, key);
        makeModel();
        Json config = *lathe::readJsonFile(folder() / "config.json");
        config.erase("dtype");
        config.erase("torch_dtype");
        config[key.toStdString()] = "float32";
        config["a_key_of_tomorrow"] = {{"kept", true}};
        QVERIFY(lathe::writeJsonFile(folder() / "config.json", config));
        const auto loaded = loadNetwork(folder());
        QVERIFY(loaded);
        SaveNetworkOptions half;
        half.dtype = torch::kBFloat16;
        QVERIFY(saveNetwork(**loaded, folder(), half));
        config[key.toStdString()] = "bfloat16";
        QCOMPARE(lathe::readJsonFile(folder() / "config.json")->dump(), config.dump());
        QVERIFY(WeightsReader::openFolder(folder())->tensors().begin()->second.dtype == torch::kBFloat16);
    }

private:
    fs::path folder() const { return m_folder->path().toStdString(); }
    static NamedTensors weightsOf(const Network& network) {
        NamedTensors tensors;
        for (const auto& item : network.named_parameters())
            tensors.emplace_back(item.key(), item.value().detach());
        return tensors;
    }
    /// A small tied Llama on disk and in memory.
    std::shared_ptr<Network> makeModel() const {
        FreshShape shape;
        shape.vocabSize = 50;
        shape.layers = 2;
        shape.hiddenSize = 16;
        shape.heads = 4;
        shape.maxPositions = 32;
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        auto network = entry->make(*entry->parse(freshConfig("llama", Head::CausalLm, shape, {})));
        const auto saved = saveNetwork(*network, folder());
        return saved ? network : nullptr;
    }
    static void compare(const Network& a, const Network& b) {
        const auto x = a.named_parameters(), y = b.named_parameters();
        QCOMPARE(x.size(), y.size());
        for (const auto& item : x)
            QVERIFY2(item.value().equal(y[item.key()]), item.key().c_str());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestWeights)
#include "tst_weights.moc"
