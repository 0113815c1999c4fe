// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writing with networks of random weights: batches, caches, threads, stop texts, log-probabilities.
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <QtTest>

#include "infer/detail/search.h"
#include "infer/detail/text_writer.h"
#include "letter_tokenizer.h"
#include "nn/network.h"

using namespace lathe::infer;
using lathe::JobContext;
using lathe::Json;
namespace nn = lathe::nn;
using Ids = std::vector<std::int32_t>;

namespace {

constexpr std::int64_t kVocabulary = 258;  // LetterTokenizer's

Json configOf(const std::string& architecture) {
    Json config = {{"model_type", architecture}, {"vocab_size", kVocabulary}, {"d_model", 32}};
    if (architecture == "llama") {
        nn::FreshShape shape;
        shape.vocabSize = kVocabulary;
        shape.layers = 2;
        shape.hiddenSize = 32;
        shape.heads = 4;
        shape.kvHeads = 2;
        shape.maxPositions = 64;
        config = nn::freshConfig("llama", nn::Head::CausalLm, shape, {});
        config["initializer_range"] = 0.4;
    } else if (architecture.ends_with("t5")) {
        config.update(
            {{"architectures", {architecture == "t5" ? "T5ForConditionalGeneration" : "MT5ForConditionalGeneration"}},
             {"d_kv", 6},
             {"d_ff", 40},
             {"num_layers", 2},
             {"num_decoder_layers", 3},
             {"num_heads", 4},
             {"relative_attention_num_buckets", 8},
             {"relative_attention_max_distance", 12},
             {"initializer_factor", 2.5}});
    } else {
        config.update({{"architectures",
                        {architecture == "bart" ? "BartForConditionalGeneration" : "MBartForConditionalGeneration"}},
                       {"encoder_layers", 2},
                       {"decoder_layers", 1},
                       {"encoder_attention_heads", 2},
                       {"decoder_attention_heads", 4},
                       {"encoder_ffn_dim", 40},
                       {"decoder_ffn_dim", 48},
                       {"max_position_embeddings", 40},
                       {"scale_embedding", architecture == "mbart"},
                       {"init_std", 0.4},
                       {"decoder_start_token_id", 2}});
    }
    return config;
}

std::shared_ptr<nn::Network> make(const std::string& architecture, std::uint64_t seed = 5, Json changes = {}) {
    torch::manual_seed(seed);
    const auto registry = nn::makeArchitectureRegistry();
    const auto* entry = registry.find(architecture);
    Json config = configOf(architecture);
    if (changes.is_object())
        config.update(changes);
    const auto network = entry->make(entry->parse(config).value());
    network->eval();
    return network;
}

SearchSettings settingsFor(std::int64_t newTokens) {
    SearchSettings settings;
    settings.maxNewTokens = newTokens;
    settings.decoderStart = 2;
    return settings;
}

const std::vector<Ids> kPrompts = {
    {7, 30, 200, 9, 120, 64}, {99, 5}, {12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22}, {8}};

SearchResult search(nn::Network& network, std::span<const Ids> prompts, const SearchSettings& settings) {
    JobContext context;
    return searchTokens(network, torch::kCPU, prompts, settings, {}, context);
}

}  // namespace

class TestSearch : public QObject {
    Q_OBJECT

    static void architectures() {
        QTest::addColumn<QByteArray>("architecture");
        for (const char* name : {"llama", "t5", "mt5", "bart", "mbart"})
            QTest::newRow(name) << QByteArray(name);
    }

private Q_SLOTS:
    void rowsOfABatchAreAsAlone_data() { architectures(); }
    void rowsOfABatchAreAsAlone() {
        QFETCH(QByteArray, architecture);
        const auto network = make(architecture.toStdString());
        std::vector<SearchSettings> ways(3, settingsFor(9));
        ways[1].sample = true;
        ways[1].temperature = 0.8;
        ways[1].returned = 2;
        ways[1].repetitionPenalty = 1.2;
        ways[2].beams = 3;
        ways[2].returned = 2;
        for (SearchSettings& settings : ways) {
            // an end that some rows meet, so that rows leave the batch
            settings.ends = {search(*network, kPrompts, settings).texts[1][0].ids[3]};
            const SearchResult together = search(*network, kPrompts, settings);
            for (std::size_t i = 0; i < kPrompts.size(); ++i) {
                const SearchResult alone = search(*network, {&kPrompts[i], 1}, settings);
                QCOMPARE(together.texts[i].size(), static_cast<std::size_t>(settings.returned));
                for (std::size_t text = 0; text < together.texts[i].size(); ++text)
                    QCOMPARE(together.texts[i][text].ids, alone.texts[0][text].ids);
            }
        }
    }

    void beamsOfOneAreGreedy_data() { architectures(); }
    void beamsOfOneAreGreedy() {
        QFETCH(QByteArray, architecture);
        const auto network = make(architecture.toStdString());
        const SearchSettings settings = settingsFor(12);
        const SearchResult found = search(*network, kPrompts, settings);
        // whole passes without a cache
        const torch::NoGradGuard noGrad;
        for (std::size_t i = 0; i < kPrompts.size(); ++i) {
            nn::Batch batch;
            batch.ids = torch::tensor(std::vector<std::int64_t>(kPrompts[i].begin(), kPrompts[i].end())).unsqueeze(0);
            batch.decoderIds = torch::full({1, 1}, 2, torch::kInt64);
            for (const std::int32_t id : found.texts[i][0].ids) {
                const auto logits = network->logits(batch)[0][-1];
                QCOMPARE(static_cast<std::int64_t>(id), logits.argmax().item<std::int64_t>());
                torch::Tensor& written = architecture == "llama" ? batch.ids : batch.decoderIds;
                written = torch::cat({written, torch::full({1, 1}, id, torch::kInt64)}, 1);
            }
        }
    }

    void threadsChangeNothing_data() { architectures(); }
    void threadsChangeNothing() {
        QFETCH(QByteArray, architecture);
        const auto network = make(architecture.toStdString());
        SearchSettings settings = settingsFor(12);
        settings.sample = true;
        settings.seed = 3;
        const int before = at::get_num_threads();
        at::set_num_threads(1);
        const SearchResult one = search(*network, kPrompts, settings);
        at::set_num_threads(2);
        const SearchResult two = search(*network, kPrompts, settings);
        at::set_num_threads(before);
        for (std::size_t i = 0; i < kPrompts.size(); ++i)
            QCOMPARE(one.texts[i][0].ids, two.texts[i][0].ids);
    }

    void bfloat16IsNear_data() { architectures(); }
    void bfloat16IsNear() {
        QFETCH(QByteArray, architecture);
        // T5's scores are not scaled: weights that are wide would make them a matter of the last bit
        const auto network = make(architecture.toStdString(), 5, {{"initializer_factor", 1.0}});
        nn::Batch batch;
        batch.ids = torch::randint(3, kVocabulary, {2, 7}, torch::kInt64);
        batch.mask = torch::ones({2, 7}, torch::kInt64);
        batch.mask[1].slice(0, 4).zero_();
        batch.decoderIds = torch::randint(3, kVocabulary, {2, 5}, torch::kInt64);
        const torch::NoGradGuard noGrad;
        const auto exact = network->logits(batch);
        network->to(torch::kBFloat16);
        const auto rounded = network->logits(batch).to(torch::kFloat32);
        QVERIFY((exact - rounded).norm().item<float>() < 0.06f * exact.norm().item<float>());
        SearchSettings settings = settingsFor(5);
        settings.beams = 2;
        QCOMPARE(search(*network, kPrompts, settings).texts[0][0].ids.size(), std::size_t{5});
    }

    void endsWhereTheModelEnds() {
        const auto network = make("bart");  // 40 positions
        SearchSettings settings = settingsFor(100);
        const Ids prompt(40, 9);
        auto found = search(*network, {&prompt, 1}, settings).texts[0][0];
        QCOMPARE(found.ids.size(), std::size_t{39});
        QVERIFY(found.finish == Finish::Context);
        settings.beams = 2;
        found = search(*network, {&prompt, 1}, settings).texts[0][0];
        QCOMPARE(found.ids.size(), std::size_t{39});
        QVERIFY(found.finish == Finish::Context);
        const auto unlimited = make("t5");
        settings.beams = 1;
        QCOMPARE(search(*unlimited, {&prompt, 1}, settings).texts[0][0].ids.size(), std::size_t{100});
    }

    void chancesAreTheModels() {
        const auto network = make("llama");
        SearchSettings settings = settingsFor(4);
        settings.logProbabilities = 3;
        settings.repetitionPenalty = 5;  // changes the choice, not what the model thinks
        const Continuation found = search(*network, {&kPrompts[0], 1}, settings).texts[0][0];
        QCOMPARE(found.chances.size(), found.ids.size());
        const torch::NoGradGuard noGrad;
        std::vector<std::int64_t> ids(kPrompts[0].begin(), kPrompts[0].end());
        for (std::size_t i = 0; i < found.ids.size(); ++i) {
            nn::Batch batch;
            batch.ids = torch::tensor(ids).unsqueeze(0);
            const auto row = torch::log_softmax(network->logits(batch)[0][-1], 0);
            const TokenChance& chance = found.chances[i];
            QCOMPARE(chance.id, found.ids[i]);
            QVERIFY(std::abs(chance.logProbability - row[chance.id].item<double>()) < 1e-4);
            const auto [values, places] = row.topk(3);
            for (std::int64_t k = 0; k < 3; ++k) {
                QCOMPARE(static_cast<std::int64_t>(chance.top[static_cast<std::size_t>(k)].first),
                         places[k].item<std::int64_t>());
                QVERIFY(std::abs(chance.top[static_cast<std::size_t>(k)].second - values[k].item<double>()) < 1e-4);
            }
            ids.push_back(found.ids[i]);
        }
    }

    void stopTextsEndAnswers_data() {
        QTest::addColumn<int>("beams");
        QTest::newRow("token by token") << 1;
        QTest::newRow("beams") << 3;
    }
    void stopTextsEndAnswers() {
        QFETCH(int, beams);
        const auto network = make("bart", 9);
        const LetterTokenizer tokenizer;
        const TextWriter writer(*network, torch::kCPU, tokenizer);
        TextWriter::Request request;
        request.settings = settingsFor(24);
        request.settings.beams = beams;
        // letters alone
        for (std::int32_t id = 0; id < kVocabulary; ++id)
            if (id < 'a' || id > 'z')
                request.settings.suppressed.push_back(id);
        request.settings.noRepeatNgram = 2;
        JobContext context;
        const auto whole = writer.write(kPrompts[0], request, context, {});
        QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
        QCOMPARE(whole->text.size(), std::size_t{24});
        QCOMPARE(whole->finish, std::string("length"));
        request.stops = {whole->text.substr(6, 3), "never that"};
        std::string streamed;
        const auto cut =
            writer.write(kPrompts[0], request, context, [&](std::string_view piece) { streamed += piece; });
        QVERIFY(cut);
        QCOMPARE(cut->finish, std::string("end"));
        QCOMPARE(streamed, cut->text);
        QVERIFY(cut->text.find(request.stops[0]) == std::string::npos);
        if (beams == 1) {
            QCOMPARE(cut->text, whole->text.substr(0, whole->text.find(request.stops[0])));
            QVERIFY(cut->newTokens < whole->newTokens);
        }
    }

    void manyPromptsKeepTheirOrder() {
        const auto network = make("t5");
        const LetterTokenizer tokenizer;
        const TextWriter writer(*network, torch::kCPU, tokenizer);
        TextWriter::Request request;
        request.settings = settingsFor(3);
        std::vector<Ids> prompts;
        for (std::int32_t i = 0; i < 70; ++i)
            prompts.emplace_back(static_cast<std::size_t>(1 + (i * 37) % 11), 3 + i);
        JobContext context;
        const auto all = writer.writeAll(prompts, request, context);
        QVERIFY2(all, all ? "" : all.error().message.c_str());
        QCOMPARE(all->size(), prompts.size());
        for (const std::size_t i : {std::size_t{0}, std::size_t{33}, std::size_t{69}}) {
            QCOMPARE((*all)[i].promptTokens, static_cast<std::int64_t>(prompts[i].size()));
            QCOMPARE((*all)[i].ids, writer.write(prompts[i], request, context, {})->ids);
        }
        prompts[4] = {};
        QVERIFY(writer.writeAll(prompts, request, context).error().message.starts_with("prompt 5"));
        prompts[4] = {static_cast<std::int32_t>(kVocabulary)};
        QVERIFY(!writer.writeAll(prompts, request, context));
    }

    void stopsWhenAsked() {
        const auto network = make("llama");
        auto control = std::make_shared<lathe::JobControl>();
        JobContext context(control);
        SearchHooks hooks;
        hooks.onToken = [&](std::size_t, std::size_t, std::int32_t) {
            control->requestStop();
            return false;
        };
        SearchSettings settings = settingsFor(30);
        const auto found = searchTokens(*network, torch::kCPU, kPrompts, settings, hooks, context);
        QVERIFY(found.texts[0][0].finish == Finish::Stopped);
        QCOMPARE(found.texts[0][0].ids.size(), std::size_t{1});
        settings.beams = 3;
        const auto beams = searchTokens(*network, torch::kCPU, kPrompts, settings, {}, context);
        QVERIFY(beams.texts[0][0].finish == Finish::Stopped);
        QCOMPARE(beams.texts[0][0].ids.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestSearch)
#include "tst_search.moc"
