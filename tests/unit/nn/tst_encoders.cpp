// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every encoder family under every head: padding, precision, threads, dropout, virtual tokens, files and refusals.
// That the numbers are the reference's is the business of tests/golden.
#include <torch/torch.h>

#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <map>

#include "nn/network.h"
#include "nn/ops/network_loss.h"
#include "nn/precision.h"
#include "nn/safetensors.h"

namespace fs = std::filesystem;
using namespace lathe::nn;
using lathe::ErrorCode;
using lathe::Json;
using torch::Tensor;

namespace {

constexpr std::int64_t kWords = 50, kPad = 1;
const char* const kFamilies[] = {"bert", "roberta", "xlm-roberta", "electra", "albert", "distilbert", "deberta-v2"};
constexpr Head kHeads[] = {Head::SequenceClassification, Head::TokenClassification, Head::MaskedLm};

std::string classPrefix(const std::string& family) {
    const std::map<std::string, std::string> prefixes = {
        {"bert", "Bert"},     {"roberta", "Roberta"},       {"xlm-roberta", "XLMRoberta"}, {"electra", "Electra"},
        {"albert", "Albert"}, {"distilbert", "DistilBert"}, {"deberta-v2", "DebertaV2"}};
    return prefixes.at(family);
}

Json configOf(const std::string& family, Head head, double dropout = 0) {
    const std::string className =
        classPrefix(family) + (head == Head::SequenceClassification ? "ForSequenceClassification"
                               : head == Head::TokenClassification  ? "ForTokenClassification"
                                                                    : "ForMaskedLM");
    Json json = {{"architectures", {className}},
                 {"model_type", family},
                 {"vocab_size", kWords},
                 {"pad_token_id", kPad},
                 {"max_position_embeddings", 40},
                 {"initializer_range", 0.3},
                 {"id2label", {{"0", "a"}, {"1", "b"}, {"2", "c"}}}};
    if (family == "distilbert") {
        json.update(Json{{"dim", 24},
                         {"n_layers", 2},
                         {"n_heads", 3},
                         {"hidden_dim", 40},
                         {"dropout", dropout},
                         {"attention_dropout", dropout},
                         {"seq_classif_dropout", dropout}});
        return json;
    }
    json.update(Json{{"hidden_size", 24},
                     {"num_hidden_layers", 2},
                     {"num_attention_heads", 3},
                     {"intermediate_size", 40},
                     {"hidden_dropout_prob", dropout},
                     {"attention_probs_dropout_prob", dropout},
                     {"classifier_dropout", dropout},
                     {"classifier_dropout_prob", dropout},
                     {"type_vocab_size", 2}});
    if (family == "electra" || family == "albert")
        json["embedding_size"] = 16;
    if (family == "deberta-v2")
        json.update(Json{{"relative_attention", true},
                         {"pos_att_type", "c2p|p2c"},
                         {"position_buckets", 4},
                         {"norm_rel_ebd", "layer_norm"},
                         {"conv_kernel_size", 3}});
    return json;
}

std::shared_ptr<Network> make(const Json& config) {
    const auto registry = makeArchitectureRegistry();
    const auto* entry = registry.find(config["model_type"].get<std::string>());
    const auto parsed = entry->parse(config);
    if (!parsed) {
        qWarning("%s", parsed.error().message.c_str());
        return nullptr;
    }
    auto network = entry->make(*parsed);
    network->eval();
    return network;
}

/// Three texts of 9, 6 and 4 tokens.
Batch someBatch() {
    Batch batch;
    batch.ids = torch::randint(5, kWords, {3, 9}, torch::kInt64);
    batch.mask = torch::ones({3, 9}, torch::kInt64);
    for (const auto& [row, length] : {std::pair{1, 6}, std::pair{2, 4}}) {
        batch.mask[row].slice(0, length).zero_();
        batch.ids[row].slice(0, length).fill_(kPad);
    }
    return batch;
}

double relative(const Tensor& a, const Tensor& b) {
    return (a - b).norm().item<double>() / b.norm().item<double>();
}

}  // namespace

class TestEncoders : public QObject {
    Q_OBJECT

    static void everyFamilyAndHead() {
        QTest::addColumn<QByteArray>("family");
        QTest::addColumn<int>("head");
        for (const char* family : kFamilies)
            for (const Head head : kHeads)
                QTest::addRow("%s %d", family, static_cast<int>(head)) << QByteArray(family) << static_cast<int>(head);
    }
    static void everyFamily() {
        QTest::addColumn<QByteArray>("family");
        for (const char* family : kFamilies)
            QTest::newRow(family) << QByteArray(family);
    }
    static Json fetched(double dropout = 0) {
        QFETCH(QByteArray, family);
        QFETCH(int, head);
        return configOf(family.toStdString(), static_cast<Head>(head), dropout);
    }

private Q_SLOTS:
    void init() { torch::manual_seed(3); }

    void paddingChangesNothing_data() { everyFamilyAndHead(); }
    void paddingChangesNothing() {
        const auto network = make(fetched());
        QVERIFY(network);
        const torch::NoGradGuard noGrad;
        const Batch batch = someBatch();
        const Tensor together = network->logits(batch);
        for (std::int64_t row = 0; row < 3; ++row) {
            const auto length = batch.mask[row].sum().item<std::int64_t>();
            Batch alone;
            alone.ids = batch.ids.narrow(0, row, 1).narrow(1, 0, length);
            const Tensor expected = network->logits(alone)[0];
            const Tensor actual = together.dim() == 2 ? together[row] : together[row].narrow(0, 0, length);
            const double off = (actual - expected).abs().max().item<double>();
            QVERIFY2(off < 2e-5, qPrintable(QString::number(off)));
        }
    }

    void bf16IsClose_data() { everyFamilyAndHead(); }
    void bf16IsClose() {
        Json config = fetched();
        config["initializer_range"] = 0.1;  // as far from saturation as trained weights are
        const auto network = make(config);
        QVERIFY(network);
        const torch::NoGradGuard noGrad;
        const Batch batch = someBatch();
        const Tensor exact = network->logits(batch);
        {
            const PrecisionScope scope(Precision::Bf16);
            const double off = relative(network->logits(batch).to(torch::kFloat32), exact);
            QVERIFY2(off > 0 && off < 2e-2, qPrintable(QString::number(off)));
        }
        network->to(torch::kBFloat16);
        const double off = relative(network->logits(batch).to(torch::kFloat32), exact);
        QVERIFY2(off > 0 && off < 2e-2, qPrintable(QString::number(off)));
    }

    void gradientsInBf16PointTheSameWay_data() { everyFamily(); }
    void gradientsInBf16PointTheSameWay() {
        QFETCH(QByteArray, family);
        Json config = configOf(family.toStdString(), Head::MaskedLm);
        config["initializer_range"] = 0.1;
        const auto network = make(config);
        const Batch batch = someBatch();
        const Tensor labels = batch.ids.masked_fill(batch.mask.eq(0), -100);
        const auto gradientsOf = [&](Precision precision) {
            const PrecisionScope scope(precision);
            network->zero_grad();
            networkLoss(network->config(), network->logits(batch), labels).backward();
            std::vector<Tensor> all;
            for (const Tensor& parameter : network->parameters())
                if (parameter.grad().defined())
                    all.push_back(parameter.grad().flatten().clone());
            return torch::cat(all);
        };
        const Tensor exact = gradientsOf(Precision::Float32), rounded = gradientsOf(Precision::Bf16);
        QVERIFY2(relative(rounded, exact) < 3e-2, qPrintable(QString::number(relative(rounded, exact))));
    }

    void threadsAgree_data() { everyFamily(); }
    void threadsAgree() {
        QFETCH(QByteArray, family);
        const auto network = make(configOf(family.toStdString(), Head::MaskedLm));
        const torch::NoGradGuard noGrad;
        const Batch batch = someBatch();
        const int before = at::get_num_threads();
        at::set_num_threads(1);
        const Tensor one = network->logits(batch);
        at::set_num_threads(2);
        const Tensor two = network->logits(batch);
        at::set_num_threads(before);
        QVERIFY((one - two).abs().max().item<double>() < 1e-5);
    }

    void dropoutOnlyWhileTraining_data() { everyFamilyAndHead(); }
    void dropoutOnlyWhileTraining() {
        const auto network = make(fetched(0.3));
        QVERIFY(network);
        const torch::NoGradGuard noGrad;
        const Batch batch = someBatch();
        const Tensor calm = network->logits(batch);
        QVERIFY(network->logits(batch).equal(calm));
        network->train();
        const Tensor first = network->logits(batch);
        QVERIFY(relative(first, calm) > 1e-3);
        QVERIFY(relative(network->logits(batch), first) > 1e-3);
        network->setDropout(0);
        QVERIFY(relative(network->logits(batch), calm) < 1e-6);
    }

    void savesAndLoads_data() { everyFamilyAndHead(); }
    void savesAndLoads() {
        const QTemporaryDir place;
        const fs::path folder = place.path().toStdString();
        for (const bool tied : {true, false}) {
            Json config = fetched();
            config["tie_word_embeddings"] = tied;
            const auto network = make(config);
            QVERIFY(network);
            QVERIFY(saveNetwork(*network, folder));
            const auto loaded = loadNetwork(folder);
            QVERIFY2(loaded, loaded ? "" : (loaded.error().message + loaded.error().detail).c_str());
            const torch::NoGradGuard noGrad;
            const Batch batch = someBatch();
            QVERIFY((*loaded)->logits(batch).equal(network->logits(batch)));
            QCOMPARE((*loaded)->parameterCount(), network->parameterCount());
        }
    }

    void headsAreExchanged_data() { everyFamily(); }
    void headsAreExchanged() {
        QFETCH(QByteArray, family);
        const QTemporaryDir place;
        const fs::path folder = place.path().toStdString();
        for (const Head from : kHeads)
            for (const Head to : kHeads) {
                const auto network = make(configOf(family.toStdString(), from));
                QVERIFY(saveNetwork(*network, folder));
                LoadNetworkOptions options;
                options.head = to;
                if (to == Head::SequenceClassification)
                    options.labels = {"x", "y", "z", "w"};
                const auto loaded = loadNetwork(folder, options);
                QVERIFY2(loaded, loaded ? "" : (loaded.error().message + loaded.error().detail).c_str());
                const torch::NoGradGuard noGrad;
                const Batch batch = someBatch();
                QVERIFY((*loaded)->hidden(batch).equal(network->hidden(batch)));
                const std::int64_t last = to == Head::MaskedLm ? kWords : to == Head::TokenClassification ? 3 : 4;
                QCOMPARE((*loaded)->logits(batch).size(-1), last);
            }
    }

    void estimatesBoundTheSize_data() { everyFamilyAndHead(); }
    void estimatesBoundTheSize() {
        const auto registry = makeArchitectureRegistry();
        for (const bool tied : {true, false}) {
            Json config = fetched();
            config["tie_word_embeddings"] = tied;
            const auto* entry = registry.find(config["model_type"].get<std::string>());
            const auto parsed = entry->parse(config);
            const double estimate = entry->estimateParameters(*parsed);
            const auto count = static_cast<double>(entry->make(*parsed)->parameterCount());
            QVERIFY2(estimate >= count && estimate < 1.5 * count,
                     qPrintable(QStringLiteral("%1 for %2").arg(estimate).arg(count)));
        }
    }

    /// The ends of names that adapters go by belong to one matrix of each stored layer.
    void outputProjectionsAreNamed_data() { everyFamily(); }
    void outputProjectionsAreNamed() {
        QFETCH(QByteArray, family);
        const auto registry = makeArchitectureRegistry();
        const auto* entry = registry.find(family.toStdString());
        const auto network = make(configOf(family.toStdString(), Head::MaskedLm));
        int attention = 0, feedForward = 0;
        for (const auto& item : network->named_modules()) {
            const bool first = item.key().ends_with("." + entry->attentionOutput);
            attention += first ? 1 : 0;
            feedForward += !first && item.key().ends_with("." + entry->feedForwardOutput) ? 1 : 0;
        }
        const int stored = family == "albert" ? 1 : 2;
        QCOMPARE(attention, stored);
        QCOMPARE(feedForward, stored);
    }

    /// A prompt of word embeddings is the words.
    void promptsStandInFront_data() { everyFamilyAndHead(); }
    void promptsStandInFront() {
        const auto network = make(fetched());
        QVERIFY(network);
        const torch::NoGradGuard noGrad;
        Batch whole = someBatch();
        whole.ids.clamp_min_(5);  // where positions count real tokens, a prompt makes every token count
        whole.typeIds = whole.mask.clone();
        whole.typeIds.slice(1, 0, 5).zero_();
        const auto parameters = network->named_parameters();
        const auto words = std::ranges::find_if(
            parameters, [](const auto& item) { return item.key().ends_with("word_embeddings.weight"); });
        whole.ids.slice(1, 0, 4) = torch::tensor({7, 8, 9, 6}, torch::kInt64);
        Batch rest;
        rest.ids = whole.ids.slice(1, 4).contiguous();
        rest.mask = whole.mask.slice(1, 4).contiguous();
        rest.typeIds = whole.typeIds.slice(1, 4).contiguous();
        const Tensor prompt = words->value().index_select(0, torch::tensor({7, 8, 9, 6}, torch::kInt64));
        network->setVirtualTokens([&] { return VirtualTokens{prompt, {}}; });
        const Tensor actual = network->logits(rest);
        network->setVirtualTokens({});
        const Tensor expected = network->logits(whole);
        const Tensor real = whole.mask.ne(0);
        const double off =
            (expected.dim() == 2 ? actual - expected : (actual - expected).index({real})).abs().max().item<double>();
        QVERIFY2(off < 2e-5, qPrintable(QString::number(off)));
    }

    /// Keys and values from before are read by every row; families whose reference has no place for them say so.
    void prefixesAreSeenOrRefused_data() { everyFamily(); }
    void prefixesAreSeenOrRefused() {
        QFETCH(QByteArray, family);
        const auto network = make(configOf(family.toStdString(), Head::SequenceClassification));
        const torch::NoGradGuard noGrad;
        VirtualTokens tokens;
        for (int layer = 0; layer < 2; ++layer)
            tokens.past.emplace_back(torch::randn({3, 4, 8}), torch::randn({3, 4, 8}));
        network->setVirtualTokens([&] { return tokens; });
        const Batch batch = someBatch();
        const bool refuses = family == "albert" || family == "distilbert" || family == "deberta-v2";
        if (refuses) {
            QVERIFY_EXCEPTION_THROWN(network->logits(batch), c10::Error);
            return;
        }
        const Tensor with = network->logits(batch);
        QCOMPARE(with.size(0), std::int64_t{3});
        // padded rows see the prefix too, and nothing else that they should not
        Batch alone;
        alone.ids = batch.ids.narrow(0, 2, 1).narrow(1, 0, 4);
        QVERIFY((network->logits(alone)[0] - with[2]).abs().max().item<double>() < 2e-5);
        for (auto& [key, value] : tokens.past)
            value = value * 2;
        QVERIFY(relative(network->logits(batch), with) > 1e-3);
        tokens.past.pop_back();
        QVERIFY_EXCEPTION_THROWN(network->logits(batch), c10::Error);
    }

    void prefixesAgreeWithTheReference_data() {
        QTest::addColumn<QByteArray>("family");
        QTest::newRow("bert") << QByteArray("bert");
        QTest::newRow("roberta") << QByteArray("roberta");
    }
    void prefixesAgreeWithTheReference() {
        QFETCH(QByteArray, family);
        const fs::path folder = fs::path(LATHE_TEST_DATA) / "prefix" / family.toStdString();
        const auto network = loadNetwork(folder);
        QVERIFY2(network, network ? "" : network.error().message.c_str());
        const auto file = WeightsReader::open(folder / "prefix.safetensors");
        QVERIFY(file);
        VirtualTokens tokens;
        for (const char* layer : {"0", "1"})
            tokens.past.emplace_back(file->tensor(std::string("key.") + layer)->clone(),
                                     file->tensor(std::string("value.") + layer)->clone());
        (*network)->setVirtualTokens([&] { return tokens; });
        Batch batch;
        batch.ids = file->tensor("input_ids")->clone();
        batch.mask = file->tensor("attention_mask")->clone();
        const torch::NoGradGuard noGrad;
        const Tensor off = ((*network)->hidden(batch) - *file->tensor("hidden")).abs().index({batch.mask.ne(0)});
        QVERIFY2(off.max().item<double>() < 1e-5, qPrintable(QString::number(off.max().item<double>())));
    }

    void tooLongTextsAreSaid_data() { everyFamily(); }
    void tooLongTextsAreSaid() {
        QFETCH(QByteArray, family);
        const auto network = make(configOf(family.toStdString(), Head::SequenceClassification));
        const torch::NoGradGuard noGrad;
        const std::int64_t most = network->config().maxPositions;
        Batch batch;
        batch.ids = torch::full({1, most}, 9, torch::kInt64);
        QCOMPARE(network->logits(batch).size(1), std::int64_t{3});
        batch.ids = torch::full({1, most + 1}, 9, torch::kInt64);
        QVERIFY_EXCEPTION_THROWN(network->logits(batch), c10::Error);
        if (!family.contains("roberta"))
            return;
        // padding takes no position
        batch.ids[0][3] = kPad;
        batch.mask = batch.ids.ne(kPad).to(torch::kInt64);
        QCOMPARE(network->logits(batch).size(1), std::int64_t{3});
    }

    void paddingRowLearnsNothing() {
        const auto network = make(configOf("roberta", Head::SequenceClassification));
        Batch batch = someBatch();
        batch.mask = Tensor();  // padding that is read like any other token
        network->logits(batch).sum().backward();
        const auto parameters = network->named_parameters();
        for (const char* name :
             {"roberta.embeddings.word_embeddings.weight", "roberta.embeddings.position_embeddings.weight"}) {
            QCOMPARE(parameters[name].grad()[kPad].abs().max().item<double>(), 0.0);
            QVERIFY(parameters[name].grad().abs().max().item<double>() > 0);
        }
    }

    void refusals_data() {
        QTest::addColumn<QByteArray>("family");
        QTest::addColumn<QByteArray>("changes");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* family, const char* changes, const char* says) {
            QTest::addRow("%s %s", family, changes) << QByteArray(family) << QByteArray(changes) << QByteArray(says);
        };
        row("bert", R"({"is_decoder": true})", "decoder");
        row("bert", R"({"hidden_act": "prelu"})", "prelu");
        row("bert", R"({"type_vocab_size": 0})", "type_vocab_size");
        row("bert", R"({"num_attention_heads": 5})", "num_attention_heads");
        row("bert", R"({"architectures": ["BertForQuestionAnswering"]})", "BertForQuestionAnswering");
        row("bert", R"({"architectures": ["RobertaForMaskedLM"]})", "RobertaForMaskedLM");
        row("electra", R"({"architectures": ["ElectraForPreTraining"]})", "ElectraForPreTraining");
        row("roberta", R"({"max_position_embeddings": 2})", "max_position_embeddings");
        row("roberta", R"({"pad_token_id": null})", "pad_token_id");
        row("distilbert", R"({"position_embedding_type": "relative_key"})", "relative_key");
        row("albert", R"({"num_hidden_groups": 0})", "num_hidden_groups");
        row("albert", R"({"inner_group_num": -1})", "inner_group_num");
        row("distilbert", R"({"activation": "maxout"})", "maxout");
        row("deberta-v2", R"({"conv_kernel_size": 4})", "conv_kernel_size");
        row("deberta-v2", R"({"conv_groups": 5})", "conv_groups");
        row("deberta-v2", R"({"conv_act": "xielu"})", "xielu");
        row("deberta-v2", R"({"pos_att_type": ["c2p", "p2p"]})", "p2p");
        row("deberta-v2", R"({"pos_att_type": [7]})", "pos_att_type");
        row("deberta-v2", R"({"norm_rel_ebd": "batch_norm"})", "batch_norm");
        row("deberta-v2", R"({"position_buckets": 1})", "position_buckets");
        row("deberta-v2", R"({"position_buckets": 99999999999})", "position_buckets");
        row("deberta-v2", R"({"pooler_hidden_size": 7})", "pooler_hidden_size");
        row("deberta-v2", R"({"attention_head_size": 7})", "attention_head_size");
    }
    void refusals() {
        QFETCH(QByteArray, family);
        QFETCH(QByteArray, changes);
        QFETCH(QByteArray, says);
        Json config = configOf(family.toStdString(), Head::SequenceClassification);
        config.update(Json::parse(changes.toStdString()));
        const auto registry = makeArchitectureRegistry();
        const auto parsed = registry.find(family.toStdString())->parse(config);
        QVERIFY(!parsed);
        QVERIFY(parsed.error().code == ErrorCode::Unsupported || parsed.error().code == ErrorCode::InvalidInput);
        QVERIFY2(parsed.error().message.find(says.toStdString()) != std::string::npos, parsed.error().message.c_str());
    }

    /// A checkpoint of the days when biases and norms went by other names, and output layers were saved twice.
    void oldSpellings() {
        const QTemporaryDir place;
        const fs::path folder = place.path().toStdString();
        const auto network = make(configOf("roberta", Head::MaskedLm));
        QVERIFY(saveNetwork(*network, folder));
        std::vector<std::pair<std::string, Tensor>> tensors;
        for (const auto& item : network->named_parameters()) {
            std::string name = item.key();
            if (name.ends_with("LayerNorm.weight"))
                name = name.substr(0, name.size() - 6) + "gamma";
            else if (name.ends_with("LayerNorm.bias"))
                name = name.substr(0, name.size() - 4) + "beta";
            tensors.emplace_back(name, item.value().detach());
        }
        const auto parameters = network->named_parameters();
        tensors.emplace_back("lm_head.decoder.weight",
                             parameters["roberta.embeddings.word_embeddings.weight"].detach().clone());
        tensors.emplace_back("lm_head.decoder.bias", parameters["lm_head.bias"].detach().clone());
        tensors.emplace_back("roberta.embeddings.position_ids", torch::arange(40));
        tensors.emplace_back("roberta.pooler.dense.weight", torch::zeros({24, 24}));
        QVERIFY(writeSafetensors(folder / "model.safetensors", tensors));
        const auto loaded = loadNetwork(folder);
        QVERIFY2(loaded, loaded ? "" : (loaded.error().message + loaded.error().detail).c_str());
        const torch::NoGradGuard noGrad;
        const Batch batch = someBatch();
        QVERIFY((*loaded)->logits(batch).equal(network->logits(batch)));
    }
};

QTEST_GUILESS_MAIN(TestEncoders)
#include "tst_encoders.moc"
