// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Adapters on models behind TextModel: merged or beside, by themselves with their base, and what is said when there is
// none.
#include <torch/torch.h>

#include <QtTest>

#include <filesystem>

#include "infer/adapter_info.h"
#include "infer/model_folder.h"
#include "infer/text_model.h"
#include "nn/adapters/adapter_set.h"
#include "nn/network.h"

namespace fs = std::filesystem;
using namespace lathe::infer;
namespace nn = lathe::nn;
using lathe::ErrorCode;
using lathe::Json;

class TestAdaptedModels : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;

    fs::path folder(const char* name) const { return fs::path(m_temporary->path().toStdString()) / name; }

    void makeModel() const {
        torch::manual_seed(5);
        nn::FreshShape shape;
        shape.vocabSize = 60;
        shape.layers = 2;
        shape.hiddenSize = 32;
        shape.heads = 4;
        shape.maxPositions = 64;
        shape.tieEmbeddings = false;
        shape.eosId = 1000;  // nothing ends a text
        const auto registry = nn::makeArchitectureRegistry();
        const auto* entry = registry.find("llama");
        const auto network = entry->make(entry->parse(nn::freshConfig("llama", nn::Head::CausalLm, shape, {})).value());
        const torch::NoGradGuard noGrad;
        for (torch::Tensor& parameter : network->parameters())
            parameter.add_(0.2 * torch::randn_like(parameter));
        QVERIFY(nn::saveNetwork(*network, folder("base")));
    }

    void makeAdapter(const char* name, const Json& config) const {
        const auto network = nn::loadNetwork(folder("base")).value();
        const auto adapter = nn::makeAdapter(network, config, 3);
        QVERIFY2(adapter, adapter ? "" : adapter.error().message.c_str());
        const torch::NoGradGuard noGrad;
        for (auto& [key, tensor] : (*adapter)->parameters())
            tensor.copy_(0.4 * torch::randn_like(tensor));
        QVERIFY((*adapter)->save(folder(name)));
    }

    static std::vector<std::int32_t> written(const fs::path& model, const LoadOptions& options) {
        const auto loaded = TextModel::load(model, options);
        if (!loaded) {
            qWarning("%s", loaded.error().message.c_str());
            return {};
        }
        const std::vector<std::int32_t> prompt = {5, 9, 13, 21};
        GenerateOptions how;
        how.maxNewTokens = 24;
        lathe::JobContext context;
        const auto generation = (*loaded)->generateIds(prompt, how, context);
        return generation ? generation->ids : std::vector<std::int32_t>();
    }

private Q_SLOTS:
    void init() {
        m_temporary = std::make_unique<QTemporaryDir>();
        makeModel();
        makeAdapter("lora", {{"peft_type", "LORA"}, {"r", 4}, {"target_modules", "all-linear"}});
        makeAdapter("prompt", {{"peft_type", "PROMPT_TUNING"}, {"num_virtual_tokens", 3}});
        makeAdapter("prefix", {{"peft_type", "PREFIX_TUNING"}, {"num_virtual_tokens", 3}});
    }

    void mergedAndBesideWriteTheSame() {
        const auto bare = written(folder("base"), {});
        QCOMPARE(bare.size(), std::size_t{24});
        LoadOptions merged, beside;
        merged.adapters = beside.adapters = {{"", folder("lora")}};
        beside.mergeAdapters = false;
        const auto one = written(folder("base"), merged);
        QVERIFY(one != bare);
        QVERIFY(one == written(folder("base"), beside));
        merged.weights = WeightType::Bf16;
        QCOMPARE(written(folder("base"), merged).size(), std::size_t{24});
    }

    void heldInInt8() {
        const auto inCommon = [](const auto& a, const auto& b) {
            std::size_t n = 0;
            while (n < a.size() && n < b.size() && a[n] == b[n])
                ++n;
            return n;
        };
        LoadOptions exact, int8;
        int8.weights = WeightType::Int8;
        QVERIFY(inCommon(written(folder("base"), exact), written(folder("base"), int8)) >= 12);
        exact.adapters = int8.adapters = {{"", folder("lora")}};
        const auto expected = written(folder("base"), exact);
        QVERIFY(inCommon(expected, written(folder("base"), int8)) >= 12);
        int8.mergeAdapters = false;  // float32 additions beside int8 weights
        QVERIFY(inCommon(expected, written(folder("base"), int8)) >= 12);
        int8.adapters = {{"", folder("prefix")}};
        QCOMPARE(written(folder("base"), int8).size(), std::size_t{24});
        QVERIFY(!weightTypeFrom("int4"));
    }

    void promptsStandBeside() {
        const auto bare = written(folder("base"), {});
        for (const char* name : {"prompt", "prefix"}) {
            LoadOptions options;
            options.adapters = {{"", folder(name)}};
            const auto with = written(folder("base"), options);
            QVERIFY2(with.size() == 24 && with != bare, name);
        }
        LoadOptions both;
        both.adapters = {{"", folder("prompt")}, {"", folder("prefix")}};
        const auto loaded = TextModel::load(folder("base"), both);
        QVERIFY(!loaded && loaded.error().code == ErrorCode::InvalidInput);
    }

    void twoTogether() {
        LoadOptions none, twice;
        none.adapters = {{"", folder("lora"), 0.0}};
        QVERIFY(written(folder("base"), none) == written(folder("base"), {}));
        twice.adapters = {{"", folder("lora"), 0.5}, {"", folder("lora"), 0.5}};
        LoadOptions once;
        once.adapters = {{"", folder("lora")}};
        QVERIFY(written(folder("base"), twice) == written(folder("base"), once));
    }

    void anAdapterFindsItsBase() {
        const auto missing = TextModel::load(folder("lora"));
        QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
        QVERIFY2(missing.error().message.find("--adapter") != std::string::npos, missing.error().message.c_str());
        Json config = *lathe::readJsonFile(folder("lora") / "adapter_config.json");
        config["base_model_name_or_path"] = "../base";
        QVERIFY(lathe::writeJsonFile(folder("lora") / "adapter_config.json", config));
        LoadOptions options;
        options.adapters = {{"", folder("lora")}};
        QVERIFY(written(folder("lora"), {}) == written(folder("base"), options));
    }

    void savedWithTheAdapterInIt() {
        LoadOptions with;
        with.adapters = {{"", folder("lora")}};
        SaveModelOptions options;
        options.adapters = with.adapters;
        lathe::JobContext context;
        const auto saved = saveModel(folder("base"), folder("merged"), options, context);
        QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
        QVERIFY(written(folder("merged"), {}) == written(folder("base"), with));
        options.adapters = {{"", folder("prompt")}};
        const auto refused = saveModel(folder("base"), folder("other"), options, context);
        QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
        QVERIFY(!fs::exists(folder("other")));
    }

    void tellsWhatItIs() {
        const auto info = inspectAdapter(folder("lora"));
        QVERIFY2(info, info ? "" : info.error().message.c_str());
        QCOMPARE(info->kind, std::string("LORA"));
        QCOMPARE(info->title, std::string("LoRA"));
        QCOMPARE(info->task, std::string("CAUSAL_LM"));
        QCOMPARE(info->tensors, std::int64_t{28});
        QVERIFY(isAdapterFolder(folder("lora")) && !isAdapterFolder(folder("base")));
        QVERIFY(checkAdapters(folder("base"), {{"", folder("lora")}, {"", folder("prompt")}}));
        QVERIFY(!inspectAdapter(folder("base")));
    }
};

QTEST_GUILESS_MAIN(TestAdaptedModels)
#include "tst_adapted_models.moc"
