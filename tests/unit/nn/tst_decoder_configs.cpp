// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What decoder configs mean: defaults of missing keys, old and new spellings, and refusals that name the option.
#include <torch/torch.h>

#include <QtTest>

#include "decoder_configs.h"
#include "nn/blocks/decoder_options.h"

using namespace lathe::nn;
using lathe::ErrorCode;
using lathe::Json;
using lathe::Result;
using lathe::test::decoderConfigs;

class TestDecoderConfigs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void missingKeysMeanTheReferencesDefaults_data() {
        QTest::addColumn<QByteArray>("family");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<double>("millions");  // parameters of the reference's default configuration
        QTest::addColumn<int>("positions");
        QTest::newRow("llama") << QByteArray("llama") << QByteArray("LlamaForCausalLM") << 6738.4 << 2048;
        QTest::newRow("mistral") << QByteArray("mistral") << QByteArray("MistralForCausalLM") << 7241.7 << 131072;
        QTest::newRow("qwen2") << QByteArray("qwen2") << QByteArray("Qwen2ForCausalLM") << 12049.8 << 32768;
        QTest::newRow("qwen3") << QByteArray("qwen3") << QByteArray("Qwen3ForCausalLM") << 12049.4 << 32768;
        QTest::newRow("gemma") << QByteArray("gemma") << QByteArray("GemmaForCausalLM") << 8537.7 << 8192;
        QTest::newRow("gemma2") << QByteArray("gemma2") << QByteArray("Gemma2ForCausalLM") << 2614.3 << 8192;
        QTest::newRow("phi3") << QByteArray("phi3") << QByteArray("Phi3ForCausalLM") << 3821.1 << 4096;
        QTest::newRow("gpt_neox") << QByteArray("gpt_neox") << QByteArray("GPTNeoXForCausalLM") << 20554.6 << 2048;
        QTest::newRow("gpt2") << QByteArray("gpt2") << QByteArray("GPT2LMHeadModel") << 124.4 << 1024;
    }
    void missingKeysMeanTheReferencesDefaults() {
        QFETCH(QByteArray, family);
        QFETCH(QByteArray, name);
        QFETCH(double, millions);
        QFETCH(int, positions);
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find(family.toStdString());
        const auto config =
            entry->parse({{"model_type", family.toStdString()}, {"architectures", {name.toStdString()}}});
        QVERIFY2(config, config ? "" : config.error().message.c_str());
        const double estimate = entry->estimateParameters(*config) / 1e6;
        QVERIFY2(estimate >= millions - 0.1 && estimate < millions * 1.001, qPrintable(QString::number(estimate)));
        QCOMPARE(config->maxPositions, std::int64_t{positions});
    }

    /// Adapters and loading go by these names: each must be the name of something.
    void entriesNameTheirParts() {
        const auto registry = makeArchitectureRegistry();
        for (const auto& [name, config] : decoderConfigs()) {
            const auto* entry = registry.find(config["model_type"].get<std::string>());
            const auto network = entry->make(*entry->parse(config));
            std::map<std::string, int> found;
            for (const auto& item : network->named_modules()) {
                found["attention"] += item.key().ends_with("." + entry->attentionOutput);
                found["feed-forward"] += item.key().ends_with("." + entry->feedForwardOutput);
            }
            for (const auto& item : network->named_parameters()) {
                const bool isHead = item.key().starts_with(entry->headPrefixes.front());
                QVERIFY2(isHead || item.key().starts_with(entry->basePrefix), item.key().c_str());
                for (const std::string& part : entry->ignored)
                    QVERIFY2(item.key().find(part) == std::string::npos, item.key().c_str());
            }
            const auto layers = static_cast<int>(network->config().layers);
            QVERIFY2(found["attention"] == layers && found["feed-forward"] == layers, name.c_str());
        }
    }

    void refusesByName_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("change");
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<bool>("impossible");  // InvalidInput, else Unsupported
        const auto row = [](const char* name, const char* change, const char* named, bool impossible) {
            QTest::addRow("%s %s", name, change)
                << QString(QLatin1String(name)) << QByteArray(change) << QByteArray(named) << impossible;
        };
        row("llama", R"({"architectures": ["LlamaForQuestionAnswering"]})", "LlamaForQuestionAnswering", false);
        row("gpt2", R"({"architectures": ["GPT2DoubleHeadsModel"]})", "GPT2DoubleHeadsModel", false);
        row("llama", R"({"architectures": ["MistralForCausalLM"]})", "MistralForCausalLM", false);
        row("llama", R"({"hidden_act": "swosh"})", "swosh", false);
        row("llama", R"({"hidden_size": 0})", "hidden_size", true);
        row("llama", R"({"hidden_size": 1e30})", "hidden_size", true);
        row("llama", R"({"hidden_size": 9007199254740993})", "hidden_size", true);
        row("llama", R"({"num_key_value_heads": 3})", "num_key_value_heads", true);
        row("llama", R"({"num_attention_heads": 5, "num_key_value_heads": 5})", "num_attention_heads", true);
        row("llama", R"({"head_dim": 7})", "pairs", true);
        row("llama", R"({"rms_norm_eps": "small"})", "rms_norm_eps", true);
        row("llama", R"({"rope_scaling": "linear"})", "rope_scaling", true);
        row("llama", R"({"rope_scaling": {"type": "mrope"}})", "mrope", false);
        row("llama", R"({"rope_parameters": {"rope_type": "proportional", "factor": 2}})", "proportional", false);
        row("llama", R"({"rope_scaling": {"type": "linear"}})", "factor", true);
        row("llama", R"({"rope_scaling": {"type": "linear", "factor": 0}})", "factor", true);
        row("llama", R"({"rope_scaling": {"type": "dynamic", "factor": 0.5}})", "factor", true);
        row("llama", R"({"rope_scaling": {"type": "yarn"}})", "factor", true);
        row("llama", R"({"rope_scaling": {"type": "llama3", "factor": 8}})", "low_freq_factor", true);
        row("llama", R"({"rope_scaling": {"type": "longrope", "short_factor": [1, 1], "long_factor": [1]}})",
            "short_factor", true);
        row("llama", R"({"rope_scaling": {"type": "yarn", "factor": 2, "partial_rotary_factor": 0.5}})",
            "partial_rotary_factor", false);
        row("qwen3", R"({"rope_parameters": {"full_attention": {"rope_type": "default"}}})", "full_attention", false);
        row("phi3", R"({"rope_scaling": {"type": "linear", "factor": 2}})", "linear", false);
        row("gpt_neox", R"({"rotary_pct": 1.5})", "rotary_pct", true);
        row("gpt_neox", R"({"rotary_pct": 0})", "pairs", true);
        row("gpt_neox", R"({"head_dim": 12})", "head_dim", false);
        row("mistral", R"({"sliding_window": 0})", "sliding_window", true);
        row("qwen2", R"({"layer_types": ["full_attention"]})", "layer_types", true);
        row("qwen2", R"({"layer_types": ["full_attention", "linear_attention"]})", "linear_attention", false);
        row("qwen2", R"({"use_sliding_window": false, "layer_types": ["full_attention", "sliding_attention"]})",
            "sliding_window", true);
        row("gemma2", R"({"sliding_window": null})", "sliding_window", true);
        row("gemma2", R"({"attn_logit_softcapping": 0})", "attn_logit_softcapping", true);
        row("gemma2", R"({"query_pre_attn_scalar": 0})", "query_pre_attn_scalar", true);
        row("gemma", R"({"use_bidirectional_attention": true})", "use_bidirectional_attention", false);
        row("gpt2", R"({"add_cross_attention": true})", "add_cross_attention", false);
        row("gpt2", R"({"n_embd": 30})", "n_head", true);
        row("gpt2", R"({"activation_function": "swosh"})", "swosh", false);
    }
    void refusesByName() {
        QFETCH(QString, name);
        QFETCH(QByteArray, change);
        QFETCH(QByteArray, named);
        QFETCH(bool, impossible);
        const auto options = parse(name, change);
        QVERIFY(!options);
        QVERIFY2(options.error().message.find(named.toStdString()) != std::string::npos,
                 options.error().message.c_str());
        QCOMPARE(options.error().code, impossible ? ErrorCode::InvalidInput : ErrorCode::Unsupported);
        QVERIFY2(options.error().message.find("config.json: config.json") == std::string::npos,
                 options.error().message.c_str());
    }

    void spellingsMeanTheSame_data() {
        QTest::addColumn<QByteArray>("older");
        QTest::addColumn<QByteArray>("newer");
        QTest::newRow("theta") << QByteArray(R"({"rope_theta": 777.0, "rope_scaling": null})")
                               << QByteArray(R"({"rope_parameters": {"rope_type": "default", "rope_theta": 777.0}})");
        QTest::newRow("linear")
            << QByteArray(R"({"rope_scaling": {"type": "linear", "factor": 3}, "rope_theta": 50})")
            << QByteArray(R"({"rope_parameters": {"rope_type": "linear", "factor": 3.0, "rope_theta": 50.0}})");
        QTest::newRow("both") << QByteArray(R"({"rope_scaling": {"type": "linear", "rope_type": "dynamic", "factor": 3},
                                               "rope_parameters": {"rope_type": "default", "rope_theta": 3}})")
                              << QByteArray(R"({"rope_parameters": {"rope_type": "dynamic", "factor": 3}})");
        QTest::newRow("yarn's own length")
            << QByteArray(R"({"rope_scaling": {"type": "yarn", "factor": 3, "original_max_position_embeddings": 9},
                             "original_max_position_embeddings": 16})")
            << QByteArray(R"({"rope_parameters": {"rope_type": "yarn", "factor": 3,
                             "original_max_position_embeddings": 16}})");
        QTest::newRow("yarn's nothings")
            << QByteArray(R"({"rope_scaling": {"type": "yarn", "factor": 3, "beta_fast": null, "mscale": 0.7}})")
            << QByteArray(R"({"rope_parameters": {"rope_type": "yarn", "factor": 3, "beta_fast": 32, "beta_slow": 1,
                             "original_max_position_embeddings": 48, "truncate": true}})");
    }
    void spellingsMeanTheSame() {
        QFETCH(QByteArray, older);
        QFETCH(QByteArray, newer);
        const auto frequencies = [&](const QByteArray& change) {
            const Json config = changed("llama", change);
            ConfigReader reader(config);
            RotaryOptions options = readRotary(reader, 8, 48);
            return std::pair(RotaryTable(options).frequencies(100), options.attentionFactor);
        };
        const auto a = frequencies(older), b = frequencies(newer);
        QVERIFY(a.first.equal(b.first));
        QCOMPARE(a.second, b.second);
        QVERIFY(parse("llama", older));
    }

    void longTextsAreAllowedWhereTheyAreStretched() {
        const auto positions = [](const char* name, const char* change) {
            const auto config = parse(QLatin1String(name), change);
            return config ? config->maxPositions : -1;
        };
        QCOMPARE(positions("llama", R"({"rope_scaling": {"type": "linear", "factor": 4}})"), 192);
        QCOMPARE(positions("llama", R"({"rope_scaling": {"type": "dynamic", "factor": 2}})"), 96);
        QCOMPARE(positions("llama", R"({"rope_scaling": {"type": "yarn", "factor": 4}})"), 192);
        QCOMPARE(positions("llama yarn", "{}"), 48);  // already counts the stretched ones
        QCOMPARE(positions("phi3", "{}"), 48);
        QCOMPARE(positions("gpt2", "{}"), 48);
        QVERIFY(positions("llama", R"({"rope_scaling": {"type": "linear", "factor": 1e9}})") > 48);
    }

    /// 0.4 of 8 coordinates are 3: two frequencies made of a third each, and four coordinates turn.
    void oddSharesOfAHead() {
        Json config = changed("gpt_neox", R"({"hidden_size": 32, "rotary_pct": 0.4})");
        ConfigReader reader(config);
        RotaryRules rules;
        rules.partialKey = "rotary_pct";
        rules.canBePartial = true;
        const RotaryOptions options = readRotary(reader, 8, 48, rules);
        QVERIFY(reader.problem());
        QCOMPARE(options.turned(), std::int64_t{4});
        const auto frequencies = RotaryTable(options).frequencies(1);
        QCOMPARE(frequencies.size(0), std::int64_t{2});
        QVERIFY(std::abs(frequencies[1].item<double>() - std::pow(10000.0, -2.0 / 3)) < 1e-8);
        config["rope_scaling"] = {{"type", "yarn"}, {"factor", 2}};
        QVERIFY(!makeArchitectureRegistry().find("gpt_neox")->parse(config));
    }

    /// The slowest wave of a "dynamic" model is stretched as far as the text is long, and short texts not at all.
    void dynamicFollowsTheLength() {
        RotaryOptions options;
        options.kind = RotaryOptions::Kind::Dynamic;
        options.dimension = 8;
        options.factor = 2;
        options.maxPositions = 16;
        RotaryTable table(options);
        RotaryOptions asItIs;
        asItIs.dimension = 8;
        RotaryTable plain(asItIs);
        QVERIFY(table.frequencies(16).equal(plain.frequencies(16)));
        const auto longer = table.frequencies(32);
        QCOMPARE(longer[0].item<float>(), 1.0f);
        // base * (2 * 32 / 16 - 1)^(8 / 6): the last wave grows by exactly 3
        QVERIFY(std::abs(longer[3].item<float>() * 3 / plain.frequencies(1)[3].item<float>() - 1) < 1e-5f);
        const auto at = torch::tensor({{3, 20}}, torch::kInt64);
        const auto angles = table.of(at, 32);
        const auto turned = angles.cosines.index_select(0, angles.rows.flatten());
        QVERIFY(torch::allclose(turned[1], torch::cos(longer * 20)));
        QVERIFY(torch::allclose(turned[0], torch::cos(longer * 3)));
        const auto shorter = table.of(torch::tensor({{3}}, torch::kInt64), 16);  // and back
        QVERIFY(torch::allclose(shorter.cosines[3], torch::cos(plain.frequencies(1) * 3)));
    }

private:
    static Json changed(const QString& name, const QByteArray& change) {
        Json config = decoderConfigs().at(name.toStdString());
        config.update(Json::parse(change.toStdString()));
        return config;
    }
    static Result<NetworkConfig> parse(const QString& name, const QByteArray& change) {
        const Json config = changed(name, change);
        return makeArchitectureRegistry().find(config["model_type"].get<std::string>())->parse(config);
    }
};

QTEST_GUILESS_MAIN(TestDecoderConfigs)
#include "tst_decoder_configs.moc"
