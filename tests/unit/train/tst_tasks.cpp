// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks' losses and metrics by hand and by the reference's numbers, and a tiny run of each from data to model.
#include <torch/torch.h>

#include "core/files.h"
#include "infer/text_model.h"
#include "nn/safetensors.h"
#include "train/detail/metric.h"
#include "train/detail/objectives.h"
#include "train/detail/pair_sources.h"
#include "train/detail/preference.h"
#include "unit/train/tiny_data.h"

#include <QtTest>

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;
using torch::Tensor;

#define VERIFY_OK(result)                                                     \
    do {                                                                      \
        const auto& verified = (result);                                      \
        QVERIFY2(verified, verified ? "" : verified.error().message.c_str()); \
    } while (false)

namespace {

bool near(double a, double b, double tolerance = 1e-6) {
    return std::abs(a - b) <= tolerance;
}

double valueOf(const char* id, const Tensor& predicted, const Tensor& targets,
               const std::vector<std::string>& labels = {}, const Tensor& groups = {}) {
    const auto registry = makeMetricRegistry();
    const auto metric = registry.find(id)->make(labels);
    metric->add({.predicted = predicted, .targets = targets, .groups = groups, .lossNats = 0});
    return metric->value();
}

std::shared_ptr<nn::Network> tinyDecoder() {
    torch::manual_seed(5);
    const auto registry = nn::makeArchitectureRegistry();
    const auto* entry = registry.find("llama");
    nn::FreshShape shape{.vocabSize = 60, .layers = 2, .hiddenSize = 32, .heads = 2, .maxPositions = 64, .dropout = 0};
    return entry->make(*entry->parse(nn::freshConfig("llama", nn::Head::CausalLm, shape, {})));
}

EncodedText answer(std::vector<text::TokenId> ids, std::int32_t from) {
    return {.ids = std::move(ids), .lossFrom = from};
}

}  // namespace

class TestTasks : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    int m_number = 0;

    TrainRequest request(const std::string& model, Json options) {
        const fs::path base = fs::path(m_temporary.path().toStdString()) / std::to_string(++m_number);
        fs::create_directories(base);
        return {
            .model = model, .options = std::move(options), .runFolder = base / "run", .modelFolder = base / "model"};
    }
    static Json tiny(const char* task, Json more = Json::object()) {
        Json options = test::tinyOptions();
        options["task"] = task;
        options.update(more);
        return options;
    }
    static Result<TrainOutcome> run(const TrainRequest& wanted, const Dataset& data) {
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            return fail(ErrorCode::Unsupported, problem);
        MetricBuffer metrics;
        JobContext context;
        return train::train(wanted, data, metrics, context);
    }

private Q_SLOTS:
    void initTestCase() { infer::setComputeThreads(1); }

    void metricsByHand() {
        const auto said = torch::tensor({1, 0, 1, 1, 1, 0}, torch::kInt64).view({2, 3});
        const auto gold = torch::tensor({1., 0., 0., 1., 1., 0.}).view({2, 3});
        QVERIFY(near(valueOf("micro_f1", said, gold), 6.0 / 7));  // 3 right of 4 said and 3 there
        QVERIFY(near(valueOf("subset_accuracy", said, gold), 0.5));
        QVERIFY(near(valueOf("macro_f1", said, gold, {"a", "b", "c"}), 2.0 / 3));  // 1, 1, 0
        // scipy.stats.pearsonr and spearmanr give the same
        const auto x = torch::tensor({1.F, 2.F, 3.F, 5.F}), y = torch::tensor({1.F, 3.F, 2.F, 6.F});
        QVERIFY2(near(valueOf("pearson", x, y), 0.9035079),
                 qPrintable(QString::number(valueOf("pearson", x, y), 'g', 9)));
        QVERIFY(near(valueOf("spearman", torch::tensor({1.F, 2.F, 2.F, 4.F}), torch::tensor({1.F, 3.F, 2.F, 4.F})),
                     0.9486833));
        QVERIFY(near(valueOf("mae", x, y), 0.75));
        QVERIFY(std::isnan(valueOf("pearson", torch::ones({3}), torch::tensor({1.F, 2.F, 3.F}))));
        QVERIFY(near(valueOf("preference_accuracy", torch::tensor({2.F, -1.F, 0.F, 1.F}), torch::zeros({4})), 0.5));
        QVERIFY(near(valueOf("preference_margin", torch::tensor({2.F, -1.F, 0.F, 1.F}), torch::zeros({4})), 0.5));
    }

    void entitiesDoNotReachIntoTheNextText() {
        const std::vector<std::string> tags{"O", "B-x", "I-x"};
        const auto gold = torch::tensor({1, 2, 2, 0}, torch::kInt64);
        const auto text = torch::tensor({0, 0, 1, 1}, torch::kInt64);
        QCOMPARE(valueOf("entity_f1", gold, gold, tags, text), 1.0);
        // The first text's entity is cut short; the second's (an inside that begins it) is right.
        const auto said = torch::tensor({1, 0, 2, 0}, torch::kInt64);
        QCOMPARE(valueOf("entity_precision", said, gold, tags, text), 0.5);
        QCOMPARE(valueOf("entity_recall", said, gold, tags, text), 0.5);
    }

    void retrievalByHand() {
        const auto first = torch::eye(3);
        const auto second = torch::tensor({{1.F, 0.F, 0.F}, {0.8F, 0.6F, 0.F}, {0.F, 0.8F, 0.6F}});
        const auto vectors = torch::stack({first, second}, 1);  // [3, 2, 3]
        // ranks: 1; 0.6 behind 0.8 = 2; 1
        QVERIFY(near(valueOf("recall_at_1", vectors, torch::arange(3)), 2.0 / 3));
        QVERIFY(near(valueOf("mrr", vectors, torch::arange(3)), (1 + 0.5 + 1) / 3));
    }

    void preferenceLosses_data() {
        QTest::addColumn<int>("loss");
        QTest::addColumn<double>("first");
        QTest::addColumn<double>("second");
        // By torch.nn.functional.logsigmoid and the papers' formulas in float64.
        QTest::newRow("dpo") << 0 << -std::log(1 / (1 + std::exp(-0.1 * 3)))
                             << -std::log(1 / (1 + std::exp(-0.1 * -4)));
        const auto odds = [](double mean) { return mean - std::log(1 - std::exp(mean)); };
        const auto orpo = [&](double w, double l) {
            return -w - 0.1 * std::log(1 / (1 + std::exp(-(odds(w) - odds(l)))));
        };
        QTest::newRow("orpo") << 1 << orpo(-2.0, -2.5) << orpo(-1.5, -0.5);
        QTest::newRow("simpo") << 2 << -std::log(1 / (1 + std::exp(-(2 * (-2.0 + 2.5) - 1))))
                               << -std::log(1 / (1 + std::exp(-(2 * (-1.5 + 0.5) - 1))));
    }
    void preferenceLosses() {
        QFETCH(int, loss);
        QFETCH(double, first);
        QFETCH(double, second);
        const auto sums = torch::tensor({-10., -6., -10., -4.}, torch::kFloat64).view({2, 2});
        const auto reference = torch::tensor({-12., -5., -9., -7.}, torch::kFloat64).view({2, 2});
        const auto lengths = torch::tensor({5., 4., 4., 8.}, torch::kFloat64).view({2, 2});
        PreferenceOptions options{
            .loss = static_cast<PreferenceLoss>(loss), .beta = loss == 2 ? 2.0 : 0.1, .margin = 1};
        const auto values = preferenceValues(sums, reference, lengths, options);
        QVERIFY2(near(values.losses[0].item<double>(), first, 1e-12),
                 qPrintable(QString::number(values.losses[0].item<double>())));
        QVERIFY(near(values.losses[1].item<double>(), second, 1e-12));
    }

    /// The gradient by two passes over pieces is that of the loss written down at once.
    void preferenceGradients_data() {
        QTest::addColumn<int>("loss");
        QTest::newRow("dpo") << 0;
        QTest::newRow("orpo") << 1;
        QTest::newRow("simpo") << 2;
    }
    void preferenceGradients() {
        QFETCH(int, loss);
        const auto network = tinyDecoder();
        EncodedSet better, worse;
        better.add(answer({1, 7, 8, 9, 10, 3}, 3));
        better.add(answer({1, 20, 21, 3}, 2));
        worse.add(answer({1, 7, 8, 30, 3}, 3));
        worse.add(answer({1, 20, 40, 41, 42, 43, 3}, 2));
        JobContext job;
        const auto start = referenceScores(*network, better, worse, torch::kCPU, nn::Precision::Float32, job);
        VERIFY_OK(start);
        const PreferenceOptions options{.loss = static_cast<PreferenceLoss>(loss), .beta = 0.5, .margin = 0.3};
        // Another network than the reference, so that the margins are not zero.
        {
            const torch::NoGradGuard noGrad;
            for (auto& parameter : network->parameters())
                parameter.add_(torch::randn_like(parameter) * 0.05);
        }
        const auto source = makePreferenceSource(better, worse, *start, 0, options);
        const auto batch = source->make(std::vector<std::int32_t>{0, 1}, 0);
        QCOMPARE(batch.input.ids.size(0), std::int64_t{4});
        QCOMPARE(batch.answers.numel(), std::int64_t{3 + 2 + 2 + 5});
        const auto pass = source->objective({})->learn(*network, batch, 1);
        std::map<std::string, Tensor> gradients;
        for (auto& item : network->named_parameters()) {
            gradients[item.key()] = item.value().grad().clone();
            item.value().mutable_grad().zero_();
        }
        const auto sumOf = [&](const EncodedSet& set, std::size_t item) {
            const auto ids = torch::tensor(std::vector<std::int64_t>(set.ids(item).begin(), set.ids(item).end()));
            nn::Batch one;
            one.ids = ids.unsqueeze(0);
            const auto said = torch::log_softmax(network->logits(one)[0].to(torch::kFloat64), -1);  // [T, V]
            Tensor sum = torch::zeros({}, torch::kFloat64);
            for (std::int64_t t = set.lossFrom(item); t < ids.numel(); ++t)
                sum = sum + said[t - 1][ids[t].item<std::int64_t>()];
            return sum;
        };
        const auto sums = torch::stack(
            {torch::stack({sumOf(better, 0), sumOf(better, 1)}), torch::stack({sumOf(worse, 0), sumOf(worse, 1)})});
        const auto reference =
            torch::tensor({start->chosen[0], start->chosen[1], start->rejected[0], start->rejected[1]}, torch::kFloat64)
                .view({2, 2});
        const auto lengths = torch::tensor({3., 2., 2., 5.}, torch::kFloat64).view({2, 2});
        const auto expected = preferenceValues(sums, reference, lengths, options).losses.mean();
        expected.backward();
        QVERIFY2(near(pass.loss, expected.item<double>(), 1e-5), qPrintable(QString::number(pass.loss)));
        for (auto& item : network->named_parameters()) {
            const double off = (item.value().grad() - gradients.at(item.key())).abs().max().item<double>();
            QVERIFY2(off < 1e-5, qPrintable(QString("%1: %2").arg(item.key().c_str()).arg(off)));
        }
        const auto judged = source->objective({})->judge(*network, batch);
        QVERIFY(near(judged.loss, pass.loss, 1e-6) && judged.targets == 2);
    }

    void referenceComesBackAsItWas() {
        const fs::path file = fs::path(m_temporary.path().toStdString()) / "reference.safetensors";
        const ReferenceScores scores{{-1.25, -0.1}, {-3, -1e-9}};
        VERIFY_OK(saveReference(scores, file));
        const auto back = loadReference(file, 2);
        VERIFY_OK(back);
        QVERIFY(back->chosen == scores.chosen && back->rejected == scores.rejected);
        QVERIFY(!loadReference(file, 3));
        QVERIFY(!loadReference(file.parent_path() / "nowhere", 2));
    }

    void manyLabels() {
        auto data = test::tinyIntents(40);
        for (auto* part : {&data.train, &data.dev})
            for (auto& example : *part)
                example.labels = {example.label};
        for (std::size_t i = 0; i + 1 < 20; i += 2) {  // two intents at once, and none
            auto both = data.train[i];
            both.text += " and " + data.train[i + 1].text;
            both.labels.push_back(data.train[i + 1].label);
            data.train.push_back(both);
        }
        const auto wanted = request("fresh-encoder", tiny("multi_label", {{"epochs", 25}}));
        const auto outcome = run(wanted, data);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevScores.at("micro_f1") > 0.9,
                 qPrintable(QString::number(outcome->bestDevScores.at("micro_f1"))));
        const auto info = infer::inspectModel(wanted.modelFolder);
        VERIFY_OK(info);
        QVERIFY(info->labelKind == infer::LabelKind::AnyOf && info->labels == data.labels);
    }

    void numbers() {
        auto data = test::tinyIntents(40);
        for (auto* part : {&data.train, &data.dev})
            for (auto& example : *part)
                example.score = example.label - 1;
        data.labels.clear();
        const auto wanted = request("fresh-encoder", tiny("regression", {{"epochs", 25}}));
        const auto outcome = run(wanted, data);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevScores.at("spearman") > 0.8,
                 qPrintable(QString::number(outcome->bestDevScores.at("spearman"))));
        auto model = infer::TextModel::load(wanted.modelFolder);
        VERIFY_OK(model);
        QVERIFY((*model)->info().labelKind == infer::LabelKind::Score);
    }

    void parts_data() {
        QTest::addColumn<QString>("pieces");
        QTest::newRow("first pieces") << "first";
        QTest::newRow("all pieces") << "all";
    }
    void parts() {
        QFETCH(QString, pieces);
        Dataset data;
        data.labels = {"name", "time"};
        data.snapshotHash = "x";
        const std::vector<std::string> names{"barbara", "tom", "elisabeth", "jo", "marianne"};
        const std::vector<std::string> times{"noon", "midnight", "eight", "seven"};
        for (int i = 0; i < 120; ++i) {
            const auto& name = names[static_cast<std::size_t>(i) % names.size()];
            const auto& time = times[static_cast<std::size_t>(i / 2) % times.size()];
            Example example;
            example.text = i % 3 ? "a table for " + name + " at " + time : "at " + time + " for " + name + " please";
            const auto add = [&](const std::string& word, int label) {
                const auto at = static_cast<std::int32_t>(example.text.find(word));
                example.spans.push_back({at, at + static_cast<std::int32_t>(word.size()), label});
            };
            add(name, 0);
            add(time, 1);
            (i % 6 == 5 ? data.dev : data.train).push_back(std::move(example));
        }
        const auto wanted =
            request("fresh-encoder", tiny("spans", {{"epochs", 30}, {"label_pieces", pieces.toStdString()}}));
        const auto outcome = run(wanted, data);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevScores.at("entity_f1") > 0.95,
                 qPrintable(QString::number(outcome->bestDevScores.at("entity_f1"))));
        auto model = infer::TextModel::load(wanted.modelFolder);
        VERIFY_OK(model);
        JobContext context;
        const std::vector<std::string> texts{"a table for barbara at midnight"};
        const auto said = (*model)->classify(texts, context);
        VERIFY_OK(said);
        const auto& spans = said->front().spans;
        QCOMPARE(spans.size(), std::size_t{2});
        QVERIFY2(spans[0].begin == 12 && spans[0].end == 19 && spans[0].label == "name",
                 qPrintable(QString("%1-%2").arg(spans[0].begin).arg(spans[0].end)));
        QVERIFY(spans[1].begin == 23 && spans[1].end == 31 && spans[1].label == "time");
    }

    void conversationsPackedOrNot() {
        Dataset data = test::tinyAnswers(42);
        for (auto* part : {&data.train, &data.dev})
            for (auto& example : *part)
                example.messages = {{"user", "hello", true},
                                    {"assistant", "yes", false},
                                    {"user", example.text, true},
                                    {"assistant", example.answer, true}};
        const Json more{{"kv_heads", 1}, {"epochs", 25}, {"batch_size", 4}, {"dropout", 0}, {"max_tokens", 96}};
        for (const bool pack : {false, true}) {
            Json options = tiny("chat", more);
            options["pack"] = pack;
            const auto outcome = run(request("fresh-decoder", options), data);
            VERIFY_OK(outcome);
            QVERIFY2(outcome->bestDevLoss < 0.5, qPrintable(QString::number(outcome->bestDevLoss)));
        }
    }

    void preferencesStopAndResume() {
        Dataset data;
        data.snapshotHash = "y";
        for (int i = 0; i < 40; ++i) {
            Example example;
            example.text = "is number " + std::to_string(i) + " good";
            example.chosen = "yes it is";
            example.rejected = "no never";
            (i % 5 == 4 ? data.dev : data.train).push_back(example);
        }
        const Json options = tiny("preference", {{"kv_heads", 1},
                                                 {"learning_rate", 1e-3},
                                                 {"beta", 0.5},
                                                 {"epochs", 3},
                                                 {"batch_size", 8},
                                                 {"pretrain_epochs", 0}});
        const auto whole = request("fresh-decoder", options);
        const auto outcome = run(whole, data);
        VERIFY_OK(outcome);
        QVERIFY(outcome->bestDevScores.at("preference_accuracy") == 1.0);
        QVERIFY(outcome->bestDevScores.at("preference_margin") > 0.1);
        auto halves = request("fresh-decoder", options);
        const auto control = std::make_shared<JobControl>();
        JobContext context(control);
        context.setBoundaryHook([&] {
            if (control->progress().stage == "Training" && control->progress().done >= 5)
                control->requestStop();
        });
        MetricBuffer metrics;
        const auto first = train::train(halves, data, metrics, context);
        VERIFY_OK(first);
        QVERIFY(first->stopped);
        halves.resume = true;
        VERIFY_OK(run(halves, data));
        QCOMPARE(readFile(halves.modelFolder / "model.safetensors", 1u << 30).value(),
                 readFile(whole.modelFolder / "model.safetensors", 1u << 30).value());
    }

    void languageOfTexts_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("task");
        QTest::newRow("hidden words") << "fresh-encoder"
                                      << "masked_lm";
        QTest::newRow("next words") << "fresh-decoder"
                                    << "next_token";
    }
    void languageOfTexts() {
        QFETCH(QString, model);
        QFETCH(QString, task);
        auto data = test::tinyIntents(40);
        Json options = tiny(task.toUtf8().constData(), {{"epochs", 12}, {"batch_size", 8}});
        if (task == "next_token") {
            options["kv_heads"] = 1;
            options["texts_apart"] = true;
        }
        const auto wanted = request(model.toStdString(), options);
        const auto outcome = run(wanted, data);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevScores.at("perplexity") < 30,
                 qPrintable(QString::number(outcome->bestDevScores.at("perplexity"))));
        // The folder can be learnt from further, and with labels.
        const auto choice = modelChoiceFor(wanted.modelFolder);
        VERIFY_OK(choice);
        QVERIFY(std::ranges::find(choice->tasks, task.toStdString()) != choice->tasks.end());
        QCOMPARE(choice->tasks.front(), std::string(task == "masked_lm" ? "classify" : "chat"));
    }

    void pairsAndVectors() {
        Dataset scores;
        scores.snapshotHash = "z";
        const std::vector<std::string> words{"card", "money", "login", "branch", "loan", "fee"};
        for (std::size_t i = 0; i < words.size(); ++i)
            for (std::size_t j = 0; j < words.size(); ++j)
                for (int k = 0; k < 3; ++k) {
                    Example example;
                    example.text = "about my " + words[i];
                    example.second = "the " + words[j] + " page " + std::to_string(k);
                    example.score = i == j ? 1 : 0;
                    (k == 2 ? scores.dev : scores.train).push_back(example);
                }
        const auto pair = request("fresh-encoder", tiny("pair_score", {{"epochs", 2}}));
        const auto scored = run(pair, scores);
        VERIFY_OK(scored);
        QVERIFY(fs::exists(pair.modelFolder / "text_pairs.json") && scored->bestDevLoss < 0.5);

        Dataset partners = scores;
        for (auto* part : {&partners.train, &partners.dev})
            std::erase_if(*part, [](const Example& example) { return example.score == 0; });
        const auto wanted = request("fresh-encoder", tiny("match", {{"epochs", 40}, {"batch_size", 6}}));
        const auto outcome = run(wanted, partners);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevScores.at("recall_at_1") > 0.9,
                 qPrintable(QString::number(outcome->bestDevScores.at("recall_at_1"))));
        QVERIFY(fs::exists(wanted.modelFolder / "modules.json") &&
                fs::exists(wanted.modelFolder / "1_Pooling/config.json"));
    }

    void dataThatDoesNotFitIsRefused_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("numbers") << "fresh-encoder"
                                 << "regression"
                                 << "no score";
        QTest::newRow("parts") << "fresh-encoder"
                               << "spans"
                               << "no text has a labelled part";
        QTest::newRow("labels") << "fresh-encoder"
                                << "multi_label"
                                << "no training text carries a label";
        QTest::newRow("pairs") << "fresh-encoder"
                               << "pair_score"
                               << "no score";
        QTest::newRow("partners") << "fresh-encoder"
                                  << "match"
                                  << "no partner";
        QTest::newRow("preferences") << "fresh-decoder"
                                     << "preference"
                                     << "better";
        QTest::newRow("another model's") << "fresh-decoder"
                                         << "classify"
                                         << "does not fit";
        QTest::newRow("unknown") << "fresh-encoder"
                                 << "guess"
                                 << "does not fit";
    }
    void dataThatDoesNotFitIsRefused() {
        QFETCH(QString, model);
        QFETCH(QString, task);
        QFETCH(QString, mentions);
        const auto result =
            checkRequest(request(model.toStdString(), {{"task", task.toStdString()}}), test::tinyIntents());
        QVERIFY(!result && result.error().code == ErrorCode::InvalidInput);
        QVERIFY2(QString::fromStdString(result.error().message).contains(mentions), result.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestTasks)
#include "tst_tasks.moc"
