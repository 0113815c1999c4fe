// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Adapters that cannot be: wrong base, wrong tensors, options that nobody does. Each is refused by name, and the base
// stays as it was.
#include <torch/torch.h>

#include <QtTest>

#include <filesystem>
#include <fstream>
#include <set>

#include "nn/adapters/adapter_set.h"
#include "nn/network.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using namespace lathe::nn;
using lathe::ErrorCode;
using lathe::Json;
using torch::Tensor;

namespace {

std::shared_ptr<Network> makeLlama(std::int64_t hidden = 16) {
    FreshShape shape;
    shape.vocabSize = 40;
    shape.layers = 2;
    shape.hiddenSize = hidden;
    shape.heads = 4;
    shape.maxPositions = 32;
    const ArchitectureRegistry registry = makeArchitectureRegistry();
    const ArchitectureEntry* entry = registry.find("llama");
    auto network = entry->make(entry->parse(freshConfig("llama", Head::CausalLm, shape, {})).value());
    network->eval();
    return network;
}

}  // namespace

class TestAdapterFaults : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    fs::path folder() const { return m_folder->path().toStdString(); }
    Json config() const { return *lathe::readJsonFile(folder() / "adapter_config.json"); }
    void write(const Json& json) const { std::ofstream(folder() / "adapter_config.json") << json.dump(); }
    NamedTensors tensors() const {
        const auto reader = WeightsReader::open(folder() / "adapter_model.safetensors");
        NamedTensors all;
        for (const auto& [name, info] : reader->tensors())
            all.emplace_back(name, reader->tensor(name)->clone());
        return all;
    }
    void write(const NamedTensors& all) const {
        QVERIFY(writeSafetensors(folder() / "adapter_model.safetensors", all));
    }
    void refuses(ErrorCode code, const char* part) const {
        const auto network = makeLlama();
        const auto loaded = loadAdapter(network, folder());
        QVERIFY2(!loaded, part);
        const std::string text = loaded.error().message + "\n" + loaded.error().detail;
        QVERIFY2(text.find(part) != std::string::npos, text.c_str());
        QVERIFY2(loaded.error().code == code, text.c_str());
        for (const Tensor& parameter : network->parameters())
            QVERIFY(parameter.requires_grad());
    }

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const auto adapter =
            makeAdapter(makeLlama(), {{"peft_type", "LORA"}, {"r", 2}, {"target_modules", {"q_proj"}}}, 1);
        QVERIFY(adapter && (*adapter)->save(folder()));
        QVERIFY(loadAdapter(makeLlama(), folder()));
    }

    void another_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* key, const char* value, ErrorCode code, const char* part) {
            QTest::addRow("%s %s", key, value)
                << QByteArray(key) << QByteArray(value) << static_cast<int>(code) << QByteArray(part);
        };
        row("peft_type", R"("VERA")", ErrorCode::Unsupported, "VERA");
        row("peft_type", "7", ErrorCode::InvalidInput, "peft_type");
        row("target_parameters", R"(["mlp.experts"])", ErrorCode::Unsupported, "target_parameters");
        row("layer_replication", "[[0, 2]]", ErrorCode::Unsupported, "layer_replication");
        row("megatron_config", R"({"a": 1})", ErrorCode::Unsupported, "megatron_config");
        row("trainable_token_indices", "[1]", ErrorCode::Unsupported, "trainable_token_indices");
        row("use_qalora", "true", ErrorCode::Unsupported, "use_qalora");
        row("alora_invocation_tokens", "[1, 2]", ErrorCode::Unsupported, "alora_invocation_tokens");
        row("use_something_new", "true", ErrorCode::Unsupported, "use_something_new");
        row("r", "0", ErrorCode::InvalidInput, "r is 0");
        row("r", "4611686018427387904", ErrorCode::InvalidInput, "r is");
        row("r", "3", ErrorCode::InvalidInput, "lora_A.weight");
        row("r", R"("8")", ErrorCode::InvalidInput, "r is");
        row("lora_alpha", "[]", ErrorCode::InvalidInput, "lora_alpha");
        row("lora_dropout", "1.5", ErrorCode::InvalidInput, "lora_dropout");
        row("use_dora", "true", ErrorCode::InvalidInput, "lora_magnitude_vector");
        row("use_dora", R"("yes")", ErrorCode::InvalidInput, "use_dora");
        row("target_modules", R"(["no_such"])", ErrorCode::InvalidInput, "target_modules");
        row("target_modules", R"(["q_proj", "k_proj"])", ErrorCode::InvalidInput, "k_proj.lora_A.weight");
        row("target_modules", "\"(unclosed\"", ErrorCode::InvalidInput, "target_modules");
        row("target_modules", "\"(.*)*\\\\.x\\\\.(.*)*(.*)*(.*)*y\"", ErrorCode::InvalidInput, "target_modules");
        row("target_modules", "17", ErrorCode::InvalidInput, "target_modules");
        row("target_modules", "[1, 2]", ErrorCode::InvalidInput, "target_modules");
        row("target_modules", R"("model.norm")", ErrorCode::Unsupported, "model.norm");
        row("layers_to_transform", R"(["a"])", ErrorCode::InvalidInput, "layers_to_transform");
        row("layers_to_transform", "[0]", ErrorCode::InvalidInput, "layers.1.self_attn.q_proj");
        row("rank_pattern", R"({"q_proj": 1.5})", ErrorCode::InvalidInput, "rank");
        row("rank_pattern", R"({"q_proj": -1})", ErrorCode::InvalidInput, "rank");
        row("rank_pattern", "{\"(\": 2}", ErrorCode::InvalidInput, "rank_pattern");
        row("alpha_pattern", R"({"q_proj": "x"})", ErrorCode::InvalidInput, "alpha_pattern");
        row("alpha_pattern", "[4]", ErrorCode::InvalidInput, "alpha_pattern");
        row("modules_to_save", R"(["lm_head"])", ErrorCode::InvalidInput, "lm_head");
        row("modules_to_save", R"("lm_head")", ErrorCode::InvalidInput, "modules_to_save");
        row("bias", R"("some")", ErrorCode::Unsupported, "bias");
    }
    void another() {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        QFETCH(int, code);
        QFETCH(QByteArray, part);
        Json json = config();
        json[key.toStdString()] = Json::parse(value.toStdString());
        write(json);
        refuses(static_cast<ErrorCode>(code), part.constData());
    }

    void anotherBase() {
        const auto network = makeLlama(32);
        const auto loaded = loadAdapter(network, folder());
        QVERIFY(!loaded && loaded.error().code == ErrorCode::InvalidInput);
        QVERIFY2(loaded.error().message.find("[2, 16], expected [2, 32]") != std::string::npos,
                 loaded.error().message.c_str());
    }

    void tensorsMissingAndTooMany() {
        NamedTensors all = tensors();
        const std::string gone = all.back().first;
        all.back().first = "base_model.model.something.lora_A.weight";
        write(all);
        refuses(ErrorCode::InvalidInput, gone.c_str());
        refuses(ErrorCode::InvalidInput, "base_model.model.something.lora_A.weight");
    }

    void wholeNumbersAreNoAdapter() {
        NamedTensors all = tensors();
        all.back().second = all.back().second.to(torch::kInt32);
        write(all);
        refuses(ErrorCode::Unsupported, all.back().first.c_str());
    }

    void filesThatAreNotThere() {
        fs::remove(folder() / "adapter_model.safetensors");
        refuses(ErrorCode::NotFound, "adapter_model.safetensors");
        fs::remove(folder() / "adapter_config.json");
        refuses(ErrorCode::NotFound, "adapter_config.json");
        std::ofstream(folder() / "adapter_config.json") << "[]";
        refuses(ErrorCode::Parse, "peft_type");
        std::ofstream(folder() / "adapter_config.json") << "{";
        refuses(ErrorCode::Parse, "adapter_config.json");
    }

    void aCutFile() {
        fs::resize_file(folder() / "adapter_model.safetensors", 100);
        refuses(ErrorCode::Parse, "adapter_model.safetensors");
    }

    void prompts_data() {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("part");
        const auto row = [](const char* config, const char* part) {
            QTest::newRow(config) << QByteArray(config) << QByteArray(part);
        };
        row(R"({"peft_type": "PROMPT_TUNING"})", "num_virtual_tokens");
        row(R"({"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 32})", "num_virtual_tokens");
        row(R"({"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 4, "prompt_tuning_init": "TEXT"})", "TEXT");
        row(R"({"peft_type": "P_TUNING", "num_virtual_tokens": 4, "encoder_reparameterization_type": "GRU"})", "GRU");
        row(R"({"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 4, "num_layers": 3})", "3 layers");
        row(R"({"peft_type": "LORA", "init_lora_weights": "pissa"})", "pissa");
        row(R"({"peft_type": "LORA", "target_modules": [".*"], "r": -1})", "r is");
        row(R"({"peft_type": "BOTTLENECK", "placement": "everywhere"})", "everywhere");
        row(R"({"peft_type": "ADALORA", "target_modules": ["embed_tokens"]})", "embed_tokens");
        row(R"({"peft_type": "IA3", "target_modules": []})", "target_modules");
    }
    void prompts() {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, part);
        const auto made = makeAdapter(makeLlama(), Json::parse(config.toStdString()), 1);
        QVERIFY(!made);
        QVERIFY2(made.error().message.find(part.toStdString()) != std::string::npos, made.error().message.c_str());
    }

    /// Without targets PEFT takes those that it knows for the architecture.
    void usualTargets() {
        const auto made = makeAdapter(makeLlama(), {{"peft_type", "IA3"}}, 1);
        QVERIFY2(made, made ? "" : made.error().message.c_str());
        std::set<std::string> modules;
        for (const auto& [name, tensor] : (*made)->parameters())
            for (const char* module : {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"})
                if (name.find(module) != std::string::npos)
                    modules.insert(module);
        QCOMPARE(modules, (std::set<std::string>{"down_proj", "k_proj", "v_proj"}));
    }
};

QTEST_GUILESS_MAIN(TestAdapterFaults)
#include "tst_adapter_faults.moc"
