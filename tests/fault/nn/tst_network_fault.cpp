// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Configs and weights that cannot be: each is refused with the field's name, before memory is asked for.
#include <QtTest>

#include <sys/resource.h>

#include <csignal>

#include <filesystem>
#include <fstream>

#include "nn/network.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using lathe::ErrorCode;
using lathe::Json;
using lathe::nn::Head;

class TestNetworkFault : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void impossibleConfigs_data() {
        QTest::addColumn<QByteArray>("architecture");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        for (const char* architecture : {"bert", "llama"}) {
            const auto row = [&](const char* key, const char* value) {
                QTest::addRow("%s %s %s", architecture, key, value)
                    << QByteArray(architecture) << QByteArray(key) << QByteArray(value);
            };
            row("hidden_size", "1099511627776");
            row("hidden_size", "0");
            row("hidden_size", "-8");
            row("hidden_size", "\"64\"");
            row("hidden_size", "64.5");
            row("hidden_size", "18446744073709551615");
            row("num_hidden_layers", "-2");
            row("num_hidden_layers", "1000000000000");
            row("num_attention_heads", "0");
            row("num_attention_heads", "3");
            row("vocab_size", "9223372036854775807");
            row("intermediate_size", "1e30");
            row("max_position_embeddings", "-1");
            row("initializer_range", "\"x\"");
            row("hidden_act", "\"made_up\"");
            row("hidden_act", "7");
        }
        QTest::newRow("labels with a gap")
            << QByteArray("bert") << QByteArray("id2label") << QByteArray(R"({"0":"a","7":"b"})");
        QTest::newRow("labels twice") << QByteArray("bert") << QByteArray("id2label")
                                      << QByteArray(R"({"0":"a","00":"b"})");
        QTest::newRow("labels as list") << QByteArray("bert") << QByteArray("id2label") << QByteArray(R"(["a"])");
        QTest::newRow("odd head") << QByteArray("llama") << QByteArray("head_dim") << QByteArray("7");
        QTest::newRow("groups") << QByteArray("llama") << QByteArray("num_key_value_heads") << QByteArray("3");
        QTest::newRow("rope") << QByteArray("llama") << QByteArray("rope_scaling") << QByteArray("3");
        QTest::newRow("theta") << QByteArray("llama") << QByteArray("rope_theta") << QByteArray("-1");
        QTest::newRow("dropout") << QByteArray("bert") << QByteArray("hidden_dropout_prob") << QByteArray("1.5");
    }
    void impossibleConfigs() {
        QFETCH(QByteArray, architecture);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        Json config = small(architecture.toStdString());
        if (key == "num_attention_heads")
            config.erase("head_dim");
        config[key.toStdString()] = Json::parse(value.toStdString());
        save(config);
        const auto read = lathe::nn::readNetworkConfig(folder());
        QVERIFY(!read);
        QVERIFY(read.error().code == ErrorCode::InvalidInput || read.error().code == ErrorCode::Unsupported);
        QVERIFY2(read.error().message.find("config.json") != std::string::npos, read.error().message.c_str());
        QVERIFY(!lathe::nn::loadNetwork(folder()));
    }

    void unknownRopeIsNamed() {
        Json config = small("llama");
        config.erase("rope_parameters");
        config["rope_scaling"] = {{"type", "spiral"}, {"factor", 4.0}};
        save(config);
        const auto read = lathe::nn::readNetworkConfig(folder());
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Unsupported);
        QVERIFY(read.error().message.find("spiral") != std::string::npos);
    }

    void notAModel_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("a list") << QByteArray("[1]");
        QTest::newRow("half") << QByteArray("{\"model_type\": \"bert\"");
        QTest::newRow("no type") << QByteArray("{}");
        QTest::newRow("type is a number") << QByteArray("{\"model_type\": 5}");
        QTest::newRow("another type") << QByteArray("{\"model_type\": \"mamba\"}");
        QTest::newRow("no class") << QByteArray("{\"model_type\": \"bert\"}");
        QTest::newRow("zeros") << QByteArray(4096, '\0');
        QTest::newRow("deep") << QByteArray(100000, '[');
    }
    void notAModel() {
        QFETCH(QByteArray, text);
        std::ofstream(folder() / "config.json", std::ios::binary) << text.toStdString();
        QVERIFY(!lathe::nn::readNetworkConfig(folder()));
        QVERIFY(!lathe::nn::loadNetwork(folder()));
    }

    /// Every size within its bounds, all of them together far beyond any machine.
    void aConfigThatIsTooBigAllocatesNothing() {
        makeModel("bert");
        Json config = small("bert");
        config["hidden_size"] = 131072;
        config["num_attention_heads"] = 1024;
        config["num_hidden_layers"] = 4096;
        config["intermediate_size"] = 1048576;
        save(config);
        const long before = peakKilobytes();
        const auto network = lathe::nn::loadNetwork(folder());
        QVERIFY(!network);
        QVERIFY2(network.error().message.find("parameters") != std::string::npos, network.error().message.c_str());
        QVERIFY(peakKilobytes() - before < 64 * 1024);
    }

    void missingTensorsAreListed() {
        makeModel("bert", [](auto& tensors) { tensors.erase(tensors.begin() + 3); });
        const auto network = lathe::nn::loadNetwork(folder());
        QVERIFY(!network);
        QCOMPARE(network.error().code, ErrorCode::InvalidInput);
        QVERIFY2(network.error().message.find("1 missing") != std::string::npos, network.error().message.c_str());
    }

    void unexpectedTensorsAreListed() {
        makeModel("llama", [](auto& tensors) { tensors.emplace_back("model.layers.9.extra", torch::ones({2})); });
        const auto network = lathe::nn::loadNetwork(folder());
        QVERIFY(!network);
        QVERIFY2(network.error().detail.find("model.layers.9.extra") != std::string::npos,
                 network.error().detail.c_str());
    }

    void wrongShapesAndTypesAreNamed_data() {
        QTest::addColumn<bool>("type");
        QTest::newRow("shape") << false;
        QTest::newRow("type") << true;
    }
    void wrongShapesAndTypesAreNamed() {
        QFETCH(bool, type);
        std::string name;
        makeModel("llama", [&](auto& tensors) {
            name = tensors[5].first;
            tensors[5].second = type ? torch::ones(tensors[5].second.sizes(), torch::kInt32) : torch::ones({3, 3});
        });
        const auto network = lathe::nn::loadNetwork(folder());
        QVERIFY(!network);
        QVERIFY2(network.error().message.find(name) != std::string::npos, network.error().message.c_str());
    }

    void aTruncatedFileIsRefused() {
        makeModel("bert");
        const fs::path file = folder() / "model.safetensors";
        fs::resize_file(file, fs::file_size(file) / 2);
        const auto network = lathe::nn::loadNetwork(folder());
        QVERIFY(!network);
        QCOMPARE(network.error().code, ErrorCode::Parse);
    }

    /// Files of holes: as large as the config says, and larger than any memory.
    void aModelLargerThanMemoryIsRefusedWithNumbers_data() {
        QTest::addColumn<bool>("half");
        QTest::newRow("float32") << false;
        QTest::newRow("bfloat16") << true;
    }
    void aModelLargerThanMemoryIsRefusedWithNumbers() {
        QFETCH(bool, half);
        Json config = small("llama");
        config["hidden_size"] = 16384;
        config["num_attention_heads"] = config["num_key_value_heads"] = 128;
        config["head_dim"] = 128;
        config["intermediate_size"] = 65536;
        config["num_hidden_layers"] = 400;
        config["vocab_size"] = 1000;
        save(config);
        const auto registry = lathe::nn::makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        const auto parsed = entry->parse(config);
        QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
        const auto numbers = static_cast<std::int64_t>(entry->estimateParameters(*parsed));
        const auto bytes = static_cast<std::uint64_t>(numbers) * (half ? 2 : 4);
        const std::string header = QStringLiteral(R"({"x":{"dtype":"%1","shape":[%2],"data_offsets":[0,%3]}})")
                                       .arg(QLatin1String(half ? "BF16" : "F32"))
                                       .arg(numbers)
                                       .arg(bytes)
                                       .toStdString();
        const std::uint64_t length = header.size();
        const fs::path file = folder() / "model.safetensors";
        std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(&length), 8) << header;
        std::error_code code;
        fs::resize_file(file, 8 + length + bytes, code);
        if (code)
            QSKIP("this file system has no sparse files of that size");
        const long before = peakKilobytes();
        lathe::nn::LoadNetworkOptions options;
        options.dtype = half ? torch::kBFloat16 : torch::kFloat32;
        const auto network = lathe::nn::loadNetwork(folder(), options);
        QVERIFY(!network);
        QVERIFY2(network.error().code == ErrorCode::OutOfMemory, network.error().message.c_str());
        QVERIFY2(network.error().message.find("GB are free") != std::string::npos, network.error().message.c_str());
        QVERIFY(peakKilobytes() - before < 64 * 1024);
    }

    void brokenIndexesAreRefused_data() {
        QTest::addColumn<QByteArray>("index");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* name, const char* index, const char* named) {
            QTest::newRow(name) << QByteArray(index) << QByteArray(named);
        };
        row("a file that is not there", R"({"weight_map":{"a":"one.safetensors","b":"gone.safetensors"}})", "gone");
        row("a tensor that is not there", R"({"weight_map":{"a":"one.safetensors","b":"one.safetensors"}})", "\"b\"");
        row("the parent folder", R"({"weight_map":{"a":"../one.safetensors"}})", "beside");
        row("an absolute path", R"({"weight_map":{"a":"/etc/passwd"}})", "beside");
        row("no file", R"({"weight_map":{"a":""}})", "beside");
        row("a name twice", R"({"weight_map":{"a":"one.safetensors","a":"one.safetensors"}})", "twice");
        row("two maps", R"({"weight_map":{"a":"one.safetensors"},"weight_map":{}})", "twice");
        row("a number", R"({"weight_map":{"a":7}})", "texts");
        row("a list", R"({"weight_map":["one.safetensors"]})", "texts");
        row("deeper", R"({"weight_map":{"a":{"b":"one.safetensors"}}})", "texts");
        row("nothing", R"({"metadata":{"weight_map":{"a":"one.safetensors"}}})", "no weight_map");
        row("half", R"({"weight_map":{"a":)", "JSON");
    }
    void brokenIndexesAreRefused() {
        QFETCH(QByteArray, index);
        QFETCH(QByteArray, named);
        QVERIFY(lathe::nn::writeSafetensors(folder() / "one.safetensors", {{"a", torch::ones({2})}}));
        for (const char* name : {"model.safetensors.index.json", "pytorch_model.bin.index.json"}) {
            std::ofstream(folder() / name) << index.toStdString();
            const auto reader = lathe::nn::WeightsReader::openFolder(folder());
            QVERIFY(!reader);
            QVERIFY2(reader.error().message.find(named.toStdString()) != std::string::npos,
                     reader.error().message.c_str());
            fs::remove(folder() / name);
        }
    }

    /// A limit on the size of files is to a write what a full disk is.
    void aFullDiskLeavesTheOldModel() {
        makeModel("bert");
        const auto registry = lathe::nn::makeArchitectureRegistry();
        const auto* entry = registry.find("bert");
        const auto other = entry->make(*entry->parse(small("bert")));
        const auto before = bytesOf(folder() / "model.safetensors");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit tight{.rlim_cur = before.size() / 2, .rlim_max = limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &tight);
        const auto saved = lathe::nn::saveNetwork(*other, folder());
        ::setrlimit(RLIMIT_FSIZE, &limit);
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Io);
        QVERIFY2(saved.error().message.find("model.safetensors") != std::string::npos, saved.error().message.c_str());
        QVERIFY(bytesOf(folder() / "model.safetensors") == before);
        QVERIFY(lathe::nn::loadNetwork(folder()));
        QCOMPARE(std::distance(fs::directory_iterator(folder()), fs::directory_iterator()), 2);
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

private:
    static Json small(const std::string& architecture) {
        lathe::nn::FreshShape shape;
        shape.vocabSize = 50;
        shape.layers = 2;
        shape.hiddenSize = 16;
        shape.heads = 4;
        shape.maxPositions = 32;
        const bool bert = architecture == "bert";
        return lathe::nn::freshConfig(architecture, bert ? Head::SequenceClassification : Head::CausalLm, shape,
                                      {"a", "b"});
    }
    fs::path folder() const { return m_folder->path().toStdString(); }
    void save(const Json& config) const { QVERIFY(lathe::writeJsonFile(folder() / "config.json", config)); }

    using Named = std::vector<std::pair<std::string, torch::Tensor>>;
    void makeModel(const std::string& architecture, const std::function<void(Named&)>& change = {}) const {
        const auto registry = lathe::nn::makeArchitectureRegistry();
        const auto* entry = registry.find(architecture);
        const auto config = entry->parse(small(architecture));
        QVERIFY(config);
        const auto network = entry->make(*config);
        QVERIFY(lathe::nn::saveNetwork(*network, folder()));
        QVERIFY(lathe::nn::loadNetwork(folder()));
        if (!change)
            return;
        Named tensors;
        for (const auto& item : network->named_parameters())
            tensors.emplace_back(item.key(), item.value().detach());
        change(tensors);
        QVERIFY(lathe::nn::writeSafetensors(folder() / "model.safetensors", tensors));
    }
    static std::string bytesOf(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static long peakKilobytes() {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestNetworkFault)
#include "tst_network_fault.moc"
