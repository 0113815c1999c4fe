// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every decoder family: each way through it gives the same numbers, with padding, caches, beams and virtual tokens.
#include <torch/torch.h>

#include <QtTest>

#include "decoder_configs.h"
#include "nn/blocks/decoder.h"
#include "nn/precision.h"

using namespace lathe::nn;
using lathe::Json;
using lathe::test::decoderConfigs;
using torch::Tensor;

namespace {

/// Doubles what a layer gives.
class Doubling : public LayerAdapter {
public:
    Tensor output(const Tensor&, const Tensor& y) override { return y * 2; }
};

double apart(const Tensor& a, const Tensor& b) {
    return (a.to(torch::kFloat32) - b.to(torch::kFloat32)).abs().max().item<double>();
}

}  // namespace

class TestDecoders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { torch::manual_seed(3); }

    void stepsAgreeWithTheWhole_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("kind");  // 0 float32, 1 weights in bfloat16, 2 computing in bfloat16
        for (const auto& [name, config] : decoderConfigs())
            for (int kind = 0; kind < 3; ++kind)
                QTest::addRow("%s %d", name.c_str(), kind) << QString::fromStdString(name) << kind;
    }
    /// The whole text at once, and through the cache: five tokens, then three, then one at a time.
    void stepsAgreeWithTheWhole() {
        QFETCH(QString, name);
        QFETCH(int, kind);
        const torch::NoGradGuard noGrad;
        const auto network = make(name);
        const Tensor ids = torch::randint(1, 50, {1, 21}, torch::kInt64);
        Batch batch;
        batch.ids = ids;
        const Tensor exact = network->logits(batch)[0];  // [T, V]
        if (kind == 1)
            network->to(torch::kBFloat16);
        const PrecisionScope scope(kind == 2 ? Precision::Bf16 : Precision::Float32);
        const Tensor whole = network->logits(batch)[0];
        const double size = exact.norm().item<double>();
        QVERIFY2((exact - whole.to(torch::kFloat32)).norm().item<double>() <= (kind == 0 ? 1e-6 : 0.08) * size,
                 "whole");
        const auto cache = network->makeCache(1, 4);  // grows
        std::vector<Tensor> rows;
        std::vector<std::int64_t> places;
        for (std::int64_t t = 0; t < 21;) {
            const std::int64_t count = t == 0 ? 5 : t == 5 ? 3 : 1;
            rows.push_back(network->step(ids.narrow(1, t, count), {}, *cache)[0]);
            t += count;
            places.push_back(t - 1);
            QCOMPARE(cache->length(), t);
        }
        const Tensor expected = exact.index_select(0, torch::tensor(places));
        const double off = (torch::stack(rows).to(torch::kFloat32) - expected).norm().item<double>();
        QVERIFY2(off <= (kind == 0 ? 2e-5 : 0.08) * expected.norm().item<double>(), qPrintable(QString::number(off)));
    }

    void packedTextsAreAsAlone_data() { families(); }
    /// Texts of 7, 1 and 12 tokens in one row, 9 and 11 in the other: logits and gradients of each text alone.
    void packedTextsAreAsAlone() {
        QFETCH(QString, name);
        const auto network = make(name);
        const std::vector<std::vector<std::int64_t>> rows{{7, 1, 12}, {9, 11}};
        Batch packed;
        packed.ids = torch::randint(1, 50, {2, 20}, torch::kInt64);
        std::vector<Tensor> segments;
        for (const auto& row : rows)
            segments.push_back(torch::repeat_interleave(torch::tensor(row)));  // 0 0 0 ... 1 2 2 2 ...
        packed.segments = torch::stack(segments);
        const Tensor weights = torch::randn({2, 20, 1});
        const Tensor logits = network->logits(packed);
        (logits * weights).sum().backward();
        std::map<std::string, Tensor> gradients;
        for (auto& item : network->named_parameters())
            if (item.value().grad().defined())
                gradients[item.key()] = item.value().grad().clone();
        network->zero_grad();
        for (std::int64_t r = 0; r < 2; ++r) {
            std::int64_t begin = 0;
            for (const std::int64_t length : rows[static_cast<std::size_t>(r)]) {
                Batch alone;
                alone.ids = packed.ids.narrow(0, r, 1).narrow(1, begin, length);
                const Tensor expected = network->logits(alone)[0];
                const Tensor got = logits[r].narrow(0, begin, length);
                QVERIFY2(apart(got, expected) < 2e-5, qPrintable(QString::number(apart(got, expected))));
                (expected * weights[r].narrow(0, begin, length)).sum().backward();
                begin += length;
            }
        }
        for (auto& item : network->named_parameters()) {
            const Tensor gradient = item.value().grad();
            if (!gradient.defined())
                continue;
            const double off = apart(gradients.at(item.key()), gradient);
            QVERIFY2(off < 2e-4 * std::max(1.0, gradient.abs().max().item<double>()), item.key().c_str());
        }
    }

    void packedTextsGoWithoutMask() {
        const auto network = make("llama");
        Batch packed;
        packed.ids = torch::randint(1, 50, {1, 6}, torch::kInt64);
        packed.segments = torch::tensor({0, 0, 0, 1, 1, 1}, torch::kInt64).view({1, 6});
        packed.mask = torch::ones({1, 6}, torch::kInt64);
        QVERIFY_EXCEPTION_THROWN(network->hidden(packed), c10::Error);
        packed.mask = Tensor();
        packed.segments = torch::tensor({0, 1, 0, 1, 1, 1}, torch::kInt64).view({1, 6});
        QVERIFY_EXCEPTION_THROWN(network->hidden(packed), c10::Error);
    }

    void paddingChangesNothing_data() { families(); }
    void paddingChangesNothing() {
        QFETCH(QString, name);
        const torch::NoGradGuard noGrad;
        const auto network = make(name);
        Batch alone, padded;
        alone.ids = torch::randint(1, 50, {1, 11}, torch::kInt64);
        const Tensor other = torch::randint(1, 50, {1, 17}, torch::kInt64);
        const Tensor filler = torch::zeros({1, 6}, torch::kInt64), real = torch::ones({1, 11}, torch::kInt64);
        // on the right, as in training
        padded.ids = torch::cat({torch::cat({alone.ids, filler}, 1), other});
        padded.mask = torch::cat({torch::cat({real, filler}, 1), torch::ones_like(other)});
        QVERIFY(apart(network->hidden(alone)[0], network->hidden(padded)[0].narrow(0, 0, 11)) < 2e-5);
        // on the left, as in generation; every state stays a number although padding sees nothing
        padded.ids = torch::cat({torch::cat({filler, alone.ids}, 1), other});
        padded.mask = torch::cat({torch::cat({filler, real}, 1), torch::ones_like(other)});
        QVERIFY(torch::isfinite(network->hidden(padded)).all().item<bool>());
        QVERIFY(apart(network->hidden(alone)[0], network->hidden(padded)[0].narrow(0, 6, 11)) < 2e-5);
        const auto both = network->makeCache(2, 20), one = network->makeCache(1, 20);
        Tensor mask = padded.mask, pair = padded.ids, single = alone.ids;
        for (int i = 0; i < 6; ++i) {
            const Tensor together = network->step(pair, mask, *both), apartFrom = network->step(single, {}, *one);
            QVERIFY2(apart(together[0], apartFrom[0]) < 5e-5, qPrintable(QString::number(i)));
            single = torch::randint(1, 50, {1, 1}, torch::kInt64);
            pair = torch::cat({single, torch::randint(1, 50, {1, 1}, torch::kInt64)});
            mask = Tensor();
        }
    }

    void beamsKeepTheirTexts_data() { families(); }
    void beamsKeepTheirTexts() {
        QFETCH(QString, name);
        const torch::NoGradGuard noGrad;
        const auto network = make(name);
        const Tensor prompt = torch::randint(1, 50, {1, 6}, torch::kInt64);
        const auto cache = network->makeCache(1, 8);
        (void)network->step(prompt, {}, *cache);
        cache->reorder(torch::tensor({0, 0, 0}, torch::kInt64));
        const Tensor first = torch::tensor({{7}, {8}, {9}}, torch::kInt64);
        (void)network->step(first, {}, *cache);
        cache->reorder(torch::tensor({2, 0}, torch::kInt64));
        const Tensor second = torch::tensor({{10}, {11}}, torch::kInt64);
        const Tensor logits = network->step(second, {}, *cache);
        for (std::int64_t row = 0; row < 2; ++row) {
            Batch text;
            text.ids = torch::cat({prompt, first.narrow(0, row == 0 ? 2 : 0, 1), second.narrow(0, row, 1)}, 1);
            QVERIFY(apart(logits[row], network->logits(text)[0][-1]) < 5e-5);
        }
    }

    void virtualPromptStandsForEmbeddings_data() { families(); }
    /// A prompt that is the embeddings of three words is those three words.
    void virtualPromptStandsForEmbeddings() {
        QFETCH(QString, name);
        const auto network = make(name);
        Batch text;
        text.ids = torch::randint(1, 50, {2, 12}, torch::kInt64);
        text.ids[1].narrow(0, 0, 3).copy_(text.ids[0].narrow(0, 0, 3));
        text.mask = torch::ones_like(text.ids);
        text.mask[1].narrow(0, 9, 3).zero_();
        const Tensor whole = network->logits(text);
        Batch rest;
        rest.ids = text.ids.narrow(1, 3, 9);
        rest.mask = text.mask.narrow(1, 3, 9);
        Tensor prompt = promptOf(*network, text.ids[0].narrow(0, 0, 3)).requires_grad_(true);
        network->setVirtualTokens([&] { return VirtualTokens{prompt, {}}; });
        QCOMPARE(network->embed(rest).size(1), std::int64_t{12});
        const Tensor logits = network->logits(rest);
        QVERIFY(apart(logits[0], whole[0]) < 2e-5);
        QVERIFY(apart(logits[1].narrow(0, 0, 9), whole[1].narrow(0, 0, 9)) < 2e-5);
        logits.sum().backward();
        QVERIFY(prompt.grad().defined() && prompt.grad().abs().max().item<double>() > 0);
        const torch::NoGradGuard noGrad;
        const auto cache = network->makeCache(1, 4);
        const Tensor first = network->step(rest.ids.narrow(0, 0, 1).narrow(1, 0, 7), {}, *cache);
        QCOMPARE(cache->length(), std::int64_t{10});
        QVERIFY(apart(first[0], whole[0][9]) < 5e-5);
        for (std::int64_t t = 7; t < 9; ++t)
            QVERIFY(apart(network->step(rest.ids.narrow(0, 0, 1).narrow(1, t, 1), {}, *cache)[0], whole[0][t + 3]) <
                    5e-5);
    }

    void virtualPastStandsForACache_data() { families(); }
    /// Keys and values of three words in front of a text are those three words.
    void virtualPastStandsForACache() {
        QFETCH(QString, name);
        const auto network = make(name);
        Batch text;
        text.ids = torch::randint(1, 50, {1, 12}, torch::kInt64);
        Tensor whole;
        VirtualTokens extra;
        {
            const torch::NoGradGuard noGrad;
            whole = network->logits(text)[0];
            const auto cache = network->makeCache(1, 16);
            (void)network->step(text.ids.narrow(1, 0, 3), {}, *cache);
            auto& grouped = dynamic_cast<GroupedCache&>(*cache);
            for (std::int64_t i = 0; i < network->config().layers; ++i) {
                const auto layer = static_cast<std::size_t>(i);
                extra.past.emplace_back(grouped.keys(layer)[0].narrow(1, 0, 3).clone(),
                                        grouped.values(layer)[0].narrow(1, 0, 3).clone());
            }
        }
        for (auto& [keys, values] : extra.past) {
            keys.requires_grad_(true);
            values.requires_grad_(true);
        }
        network->setVirtualTokens([&] { return extra; });
        Batch rest;  // two rows, one of them padded
        rest.ids = text.ids.narrow(1, 3, 9).repeat({2, 1});
        rest.mask = torch::ones_like(rest.ids);
        rest.mask[1].narrow(0, 6, 3).zero_();
        const Tensor logits = network->logits(rest);
        QVERIFY(apart(logits[0], whole.narrow(0, 3, 9)) < 2e-5);
        QVERIFY(apart(logits[1].narrow(0, 0, 6), whole.narrow(0, 3, 6)) < 2e-5);
        logits.square().sum().backward();
        for (const auto& [keys, values] : extra.past)
            QVERIFY(keys.grad().abs().max().item<double>() > 0 && values.grad().abs().max().item<double>() > 0);
        const torch::NoGradGuard noGrad;
        const auto cache = network->makeCache(1, 4);
        QVERIFY(apart(network->step(text.ids.narrow(1, 3, 6), {}, *cache)[0], whole[8]) < 5e-5);
        QCOMPARE(cache->length(), std::int64_t{9});
        for (std::int64_t t = 9; t < 12; ++t)
            QVERIFY(apart(network->step(text.ids.narrow(1, t, 1), {}, *cache)[0], whole[t]) < 5e-5);
    }

    void adaptersAreSeenByEveryWay_data() { families(); }
    void adaptersAreSeenByEveryWay() {
        QFETCH(QString, name);
        const torch::NoGradGuard noGrad;
        const auto network = make(name);
        Batch text;
        text.ids = torch::randint(1, 50, {1, 7}, torch::kInt64);
        const Tensor before = network->logits(text)[0][6];
        std::int64_t adapted = 0;
        for (const auto& module : network->modules(false))
            if (auto* linear = dynamic_cast<Linear*>(module.get()); linear && ++adapted % 3 == 0)
                linear->adapters.push_back(std::make_shared<Doubling>());
        QVERIFY(adapted > 6);
        const Tensor after = network->logits(text)[0][6];
        QVERIFY(apart(before, after) > 1e-3);
        const auto cache = network->makeCache(1, 8);
        (void)network->step(text.ids.narrow(1, 0, 6), {}, *cache);
        QVERIFY(apart(network->step(text.ids.narrow(1, 6, 1), {}, *cache)[0], after) < 5e-5);
    }

    /// A text that outgrows the short factors goes on as if it had been read with the long ones from its start.
    void phi3ReadsAgainWhenItGetsLong() {
        const torch::NoGradGuard noGrad;
        Json config = decoderConfigs().at("phi3");
        config["original_max_position_embeddings"] = 12;
        const auto network = make(config);
        const Tensor ids = torch::randint(1, 50, {1, 18}, torch::kInt64);
        const auto cache = network->makeCache(1, 4);
        for (std::int64_t t = 8; t <= 18; ++t) {
            const Tensor logits = network->step(t == 8 ? ids.narrow(1, 0, 8) : ids.narrow(1, t - 1, 1), {}, *cache);
            Batch text;
            text.ids = ids.narrow(1, 0, t);
            QVERIFY2(apart(logits[0], network->logits(text)[0][-1]) < 5e-5, qPrintable(QString::number(t)));
            QCOMPARE(cache->length(), t);
        }
    }

    void threadsChangeNothing_data() { families(); }
    void threadsChangeNothing() {
        QFETCH(QString, name);
        const torch::NoGradGuard noGrad;
        const auto network = make(name);
        Batch text;
        text.ids = torch::randint(1, 50, {2, 19}, torch::kInt64);
        const int before = at::get_num_threads();
        at::set_num_threads(1);
        const Tensor one = network->logits(text);
        at::set_num_threads(2);
        const Tensor two = network->logits(text);
        at::set_num_threads(before);
        QVERIFY(apart(one, two) < 1e-5);
    }

    void estimatesAreUpperBounds_data() { families(); }
    void estimatesAreUpperBounds() {
        QFETCH(QString, name);
        const auto registry = makeArchitectureRegistry();
        for (const bool tied : {false, true})
            for (const bool classifies : {false, true}) {
                Json config = decoderConfigs().at(name.toStdString());
                config["tie_word_embeddings"] = tied;
                const auto* entry = registry.find(config["model_type"].get<std::string>());
                if (classifies)
                    config["architectures"] = {*classOf(*entry, Head::SequenceClassification)};
                const auto parsed = entry->parse(config);
                QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
                const double estimate = entry->estimateParameters(*parsed);
                const auto count = static_cast<double>(entry->make(*parsed)->parameterCount());
                QVERIFY2(estimate >= count && estimate < 1.1 * count,
                         qPrintable(QStringLiteral("%1 %2").arg(estimate).arg(count)));
            }
    }

    /// A head that shares the embedding's weight is there by its name, without a parameter of its own.
    void tiedHeadsHaveAName_data() { families(); }
    void tiedHeadsHaveAName() {
        QFETCH(QString, name);
        Json config = decoderConfigs().at(name.toStdString());
        config["tie_word_embeddings"] = true;
        const auto network = make(config);
        const std::string head = config["model_type"] == "gpt_neox" ? "embed_out" : "lm_head";
        QVERIFY(network->named_modules().contains(head));
        QVERIFY(!network->named_parameters().contains(head + ".weight"));
        config["tie_word_embeddings"] = false;
        QVERIFY(make(config)->named_parameters().contains(head + ".weight"));
    }

    void freshWeightsAreTheReferences() {
        const auto gemma = fresh(decoderConfigs().at("gemma2"));
        for (const auto& item : gemma->named_parameters())
            if (item.key().find("norm") != std::string::npos)
                QVERIFY2(item.value().abs().max().item<float>() == 0, item.key().c_str());
        Json config = decoderConfigs().at("gpt2");
        config["n_embd"] = 128;
        const auto gpt2 = fresh(config);
        const double spread = gpt2->named_parameters()["transformer.h.1.mlp.c_proj.weight"].std().item<double>();
        QVERIFY2(std::abs(spread - 0.3 / 2) < 0.01, qPrintable(QString::number(spread)));  // 0.3 / sqrt(2 * 2 layers)
    }

    void classifiesAtTheLastRealToken() {
        const torch::NoGradGuard noGrad;
        Json config = decoderConfigs().at("qwen2");
        config["architectures"] = {"Qwen2ForSequenceClassification"};
        config["pad_token_id"] = 0;
        config["id2label"] = {{"0", "a"}, {"1", "b"}, {"2", "c"}};
        const auto network = make(config);
        Batch alone, padded;
        alone.ids = torch::randint(1, 50, {1, 5}, torch::kInt64);
        padded.ids = torch::cat({alone.ids, torch::zeros({1, 4}, torch::kInt64)}, 1);
        padded.mask = padded.ids.ne(0).to(torch::kInt64);
        const Tensor logits = network->logits(padded);
        QCOMPARE(logits.sizes().vec(), (std::vector<std::int64_t>{1, 3}));
        QVERIFY(apart(logits, network->logits(alone)) < 1e-5);
        QVERIFY_EXCEPTION_THROWN((void)network->tokenLogits(torch::zeros({1, 24})), c10::Error);
    }

private:
    static void families() {
        QTest::addColumn<QString>("name");
        for (const auto& [name, config] : decoderConfigs())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    static std::shared_ptr<Network> fresh(const Json& config) {
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find(config["model_type"].get<std::string>());
        const auto parsed = entry->parse(config);
        if (!parsed)
            qFatal("%s", parsed.error().message.c_str());
        return entry->make(*parsed);
    }
    static std::shared_ptr<Network> make(const Json& config) {
        const auto network = fresh(config);
        const torch::NoGradGuard noGrad;
        for (auto& item : network->named_parameters())  // zeros and ones would hide mistakes
            if (item.value().dim() == 1)
                item.value().add_(torch::randn_like(item.value()) * 0.3);
        network->eval();
        return network;
    }
    static std::shared_ptr<Network> make(const QString& name) { return make(decoderConfigs().at(name.toStdString())); }
    static std::shared_ptr<Network> make(const char* name) { return make(decoderConfigs().at(name)); }

    /// Word embeddings as the first layer gets them, without positions. \returns [P, C]
    static Tensor promptOf(Network& network, const Tensor& ids) {
        const torch::NoGradGuard noGrad;
        Batch batch;
        batch.ids = ids.unsqueeze(0);
        Tensor states = network.embed(batch)[0].clone();
        if (network.named_parameters().contains("transformer.wpe.weight"))
            states -= network.named_parameters()["transformer.wpe.weight"].narrow(0, 0, ids.size(0));
        return states;
    }
};

QTEST_GUILESS_MAIN(TestDecoders)
#include "tst_decoders.moc"
