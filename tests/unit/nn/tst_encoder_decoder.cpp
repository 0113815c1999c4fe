// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Encoder-decoders: relative positions, shared tensors in files, what configs mean and what is refused.
#include <torch/torch.h>

#include <QtTest>

#include <filesystem>
#include <map>

#include "nn/blocks/relative_bias.h"
#include "nn/dropout.h"
#include "nn/network.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using namespace lathe::nn;
using lathe::ErrorCode;
using lathe::Json;
using torch::Tensor;

namespace {

Json t5Config() {
    return {{"model_type", "t5"},  {"architectures", {"T5ForConditionalGeneration"}},
            {"vocab_size", 50},    {"d_model", 16},
            {"d_kv", 4},           {"d_ff", 24},
            {"num_layers", 2},     {"num_heads", 4},
            {"dropout_rate", 0.0}, {"decoder_start_token_id", 0}};
}

Json bartConfig(const char* type = "bart") {
    return {{"model_type", type},
            {"architectures",
             {std::string(type) == "bart" ? "BartForConditionalGeneration" : "MBartForConditionalGeneration"}},
            {"vocab_size", 50},
            {"d_model", 16},
            {"encoder_layers", 2},
            {"decoder_layers", 1},
            {"encoder_attention_heads", 4},
            {"decoder_attention_heads", 2},
            {"encoder_ffn_dim", 24},
            {"decoder_ffn_dim", 20},
            {"max_position_embeddings", 30},
            {"dropout", 0.0},
            {"init_std", 0.3}};
}

lathe::Result<NetworkConfig> parse(const Json& config) {
    const auto registry = makeArchitectureRegistry();
    return registry.find(config["model_type"].get<std::string>())->parse(config);
}

std::shared_ptr<Network> make(const Json& config) {
    torch::manual_seed(3);
    const auto registry = makeArchitectureRegistry();
    const auto* entry = registry.find(config["model_type"].get<std::string>());
    auto network = entry->make(entry->parse(config).value());
    network->eval();
    return network;
}

Batch someBatch() {
    torch::manual_seed(8);
    Batch batch;
    batch.ids = torch::randint(3, 50, {3, 9}, torch::kInt64);
    batch.decoderIds = torch::randint(3, 50, {3, 6}, torch::kInt64);
    return batch;
}

std::map<std::string, Tensor> tensorsOf(const fs::path& folder) {
    std::map<std::string, Tensor> tensors;
    const auto reader = WeightsReader::openFolder(folder);
    for (const auto& [name, info] : reader->tensors())
        tensors[name] = reader->tensor(name)->clone();
    return tensors;
}

void rewrite(const fs::path& folder, const std::map<std::string, Tensor>& tensors) {
    QVERIFY(writeSafetensors(folder / "model.safetensors", {tensors.begin(), tensors.end()}));
}

}  // namespace

class TestEncoderDecoder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    /// Distances 0 to near - 1 have a bucket each; beyond, the bucket grows with the logarithm up to the last.
    void bucketsOfDistances() {
        RelativeBuckets buckets;
        buckets.count = 8;
        buckets.maxDistance = 16;
        const Tensor both = relativeBuckets(buckets, 1, 41, 20, torch::kCPU)[0];  // distances -20 ... 20
        const auto at = [&](std::int64_t distance) { return both[20 + distance].item<std::int64_t>(); };
        QCOMPARE(at(0), std::int64_t{0});
        QCOMPARE(at(-1), std::int64_t{1});
        QCOMPARE(at(1), std::int64_t{5});
        QCOMPARE(at(-2), std::int64_t{2});
        QCOMPARE(at(-5), std::int64_t{2});  // 2 + log(2.5) / log(8) * 2
        QCOMPARE(at(-6), std::int64_t{3});
        QCOMPARE(at(-20), std::int64_t{3});
        QCOMPARE(at(20), std::int64_t{7});
        buckets.bothWays = false;
        const Tensor back = relativeBuckets(buckets, 3, 5, 2, torch::kCPU);
        QVERIFY(back[0].equal(torch::tensor({2, 1, 0, 0, 0}, torch::kInt64)));  // what lies ahead counts as here
        QVERIFY(back[2].equal(torch::tensor({4, 3, 2, 1, 0}, torch::kInt64)));
    }

    void savesAndLoads_data() {
        QTest::addColumn<QByteArray>("config");
        const auto row = [](const char* name, const Json& config) {
            QTest::newRow(name) << QByteArray::fromStdString(config.dump());
        };
        row("t5", t5Config());
        Json gated = t5Config();
        gated.update({{"feed_forward_proj", "gated-gelu"}, {"num_decoder_layers", 3}, {"tie_word_embeddings", false}});
        row("t5 1.1", gated);
        row("bart", bartConfig());
        Json untied = bartConfig();
        untied["tie_word_embeddings"] = false;
        row("bart untied", untied);
        row("mbart", bartConfig("mbart"));
    }
    void savesAndLoads() {
        QFETCH(QByteArray, config);
        const auto network = make(Json::parse(config.toStdString()));
        const torch::NoGradGuard noGrad;
        for (auto& buffer : network->buffers())
            buffer.normal_();  // final_logits_bias
        QVERIFY(saveNetwork(*network, folder()));
        const auto loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
        const Batch batch = someBatch();
        QVERIFY((*loaded)->logits(batch).equal(network->logits(batch)));
        QCOMPARE((*loaded)->parameterCount(), network->parameterCount());
    }

    void paddingChangesNothing_data() {
        QTest::addColumn<QByteArray>("config");
        QTest::newRow("t5") << QByteArray::fromStdString(t5Config().dump());
        QTest::newRow("bart") << QByteArray::fromStdString(bartConfig().dump());
        QTest::newRow("mbart") << QByteArray::fromStdString(bartConfig("mbart").dump());
    }
    void paddingChangesNothing() {
        QFETCH(QByteArray, config);
        const auto network = make(Json::parse(config.toStdString()));
        const torch::NoGradGuard noGrad;
        Batch batch = someBatch();
        batch.mask = torch::ones_like(batch.ids);
        batch.mask[1].slice(0, 4).zero_();
        const Tensor together = network->logits(batch)[1];
        Batch alone;
        alone.ids = batch.ids.slice(0, 1, 2).slice(1, 0, 4);
        alone.decoderIds = batch.decoderIds.slice(0, 1, 2);
        QVERIFY(torch::allclose(together, network->logits(alone)[0], 1e-4, 1e-5));
    }

    void copiesOfSharedTensors() {
        const auto network = make(t5Config());
        QVERIFY(saveNetwork(*network, folder()));
        auto tensors = tensorsOf(folder());
        QVERIFY(!tensors.contains("lm_head.weight"));
        const Batch batch = someBatch();
        const torch::NoGradGuard noGrad;
        const Tensor expected = network->logits(batch);
        // equal copies are copies
        for (const char* copy : {"lm_head.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"})
            tensors[copy] = tensors["shared.weight"].clone();
        rewrite(folder(), tensors);
        auto loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
        QVERIFY((*loaded)->logits(batch).equal(expected));
        QCOMPARE((*loaded)->parameterCount(), network->parameterCount());
        // a copy alone is the original
        tensors.erase("shared.weight");
        tensors.erase("lm_head.weight");
        rewrite(folder(), tensors);
        loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
        QVERIFY((*loaded)->logits(batch).equal(expected));
        // a copy with other values is no copy: T5 1.1 has a head of its own
        tensors["shared.weight"] = tensors["encoder.embed_tokens.weight"].clone();
        tensors["lm_head.weight"] = torch::randn({50, 16});
        rewrite(folder(), tensors);
        loaded = loadNetwork(folder());
        QVERIFY2(loaded, loaded ? "" : loaded.error().detail.c_str());
        QCOMPARE((*loaded)->parameterCount(), network->parameterCount() + 50 * 16);
        const Tensor states = (*loaded)->hidden(batch) * 0.25;  // 1 / sqrt 16
        QVERIFY(torch::allclose((*loaded)->logits(batch), states.matmul(tensors["lm_head.weight"].t()), 1e-4, 1e-4));
        // and stays so when it is saved
        QVERIFY(saveNetwork(**loaded, folder() / "again"));
        QVERIFY(tensorsOf(folder() / "again")["lm_head.weight"].equal(tensors["lm_head.weight"]));
    }

    void scalingOfTheHead_data() {
        QTest::addColumn<QByteArray>("family");
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<bool>("scaled");
        QTest::newRow("nothing said") << QByteArray("t5") << QByteArray("{}") << true;
        QTest::newRow("1.1") << QByteArray("t5") << QByteArray(R"({"tie_word_embeddings": false})") << false;
        QTest::newRow("said") << QByteArray("t5")
                              << QByteArray(R"({"tie_word_embeddings": true, "scale_decoder_outputs": false})")
                              << false;
        QTest::newRow("mt5") << QByteArray("mt5") << QByteArray("{}") << false;
    }
    void scalingOfTheHead() {
        QFETCH(QByteArray, family);
        QFETCH(QByteArray, keys);
        QFETCH(bool, scaled);
        Json config = t5Config();
        config.update(Json::parse(keys.toStdString()));
        config["model_type"] = family.toStdString();
        if (family == "mt5")
            config["architectures"] = {"MT5ForConditionalGeneration"};
        const auto network = make(config);
        const torch::NoGradGuard noGrad;
        const Tensor rows = torch::randn({2, 16});
        const Tensor expected = (scaled ? rows * 0.25 : rows).matmul(network->named_parameters()["shared.weight"].t());
        QVERIFY(torch::allclose(network->tokenLogits(rows), expected, 1e-4, 1e-5));
    }

    void labelsAreShifted() {
        const Tensor labels = torch::tensor({{5, 6, 7, -100}, {8, -100, -100, -100}}, torch::kInt64);
        QVERIFY(
            make(t5Config())->decoderInput(labels).equal(torch::tensor({{0, 5, 6, 7}, {0, 8, 0, 0}}, torch::kInt64)));
        QVERIFY(
            make(bartConfig())->decoderInput(labels).equal(torch::tensor({{2, 5, 6, 7}, {2, 8, 1, 1}}, torch::kInt64)));
        // the language at the end of the labels begins mBART's decoder
        QVERIFY(make(bartConfig("mbart"))
                    ->decoderInput(labels)
                    .equal(torch::tensor({{7, 5, 6, 7}, {8, 8, 1, 1}}, torch::kInt64)));
    }

    void layersAreDroppedWhileTraining() {
        Json config = bartConfig();
        config["encoder_layerdrop"] = 0.5;
        const auto network = make(config);
        const torch::NoGradGuard noGrad;
        const Batch batch = someBatch();
        const Tensor quiet = network->encode(batch);
        QVERIFY(network->encode(batch).equal(quiet));
        network->train();
        setDropoutState({1, 0});
        int changed = 0;
        for (int i = 0; i < 40; ++i)
            changed += network->encode(batch).equal(quiet) ? 0 : 1;
        QVERIFY(changed > 15 && changed < 40);  // three quarters of all passes lose a layer
    }

    void refusesByName_data() {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* name, Json config, const Json& keys) {
            config.update(keys);
            QTest::newRow(name) << QByteArray::fromStdString(config.dump()) << QByteArray(name);
        };
        row("T5EncoderModel", t5Config(), {{"architectures", {"T5EncoderModel"}}});
        row("gated-mystery", t5Config(), {{"feed_forward_proj", "gated-mystery"}});
        row("relative_attention_num_buckets", t5Config(), {{"relative_attention_num_buckets", 3}});
        row("relative_attention_max_distance", t5Config(), {{"relative_attention_max_distance", 16}});
        row("d_kv", t5Config(), {{"d_kv", -4}});
        row("BartForQuestionAnswering", bartConfig(), {{"architectures", {"BartForQuestionAnswering"}}});
        row("activation_function", bartConfig(), {{"activation_function", "mystery"}});
        row("decoder_attention_heads", bartConfig(), {{"decoder_attention_heads", 3}});
        row("pad_token_id", bartConfig(), {{"pad_token_id", 50}});
        row("encoder_layers", bartConfig("mbart"), {{"encoder_layers", 1e9}});
    }
    void refusesByName() {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, named);
        const auto parsed = parse(Json::parse(config.toStdString()));
        QVERIFY(!parsed);
        QVERIFY2(parsed.error().message.find(named.toStdString()) != std::string::npos, parsed.error().message.c_str());
    }

private:
    fs::path folder() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestEncoderDecoder)
#include "tst_encoder_decoder.moc"
