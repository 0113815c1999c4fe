// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny run of each task, from data to a model that is used.
#include <QtTest>

#include "core/files.h"
#include "infer/sentence_vectors.h"
#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

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
        auto reader = infer::TextModel::load(pair.modelFolder);
        VERIFY_OK(reader);
        JobContext job;
        const std::vector<std::string> twoTexts{"about my card\tthe card page 0"}, oneText{"about my card"};
        QVERIFY((*reader)->classify(twoTexts, job));
        QVERIFY(!(*reader)->classify(oneText, job));

        Dataset partners = scores;
        for (auto* part : {&partners.train, &partners.dev})
            std::erase_if(*part, [](const Example& example) { return example.score == 0; });
        const auto wanted = request("fresh-encoder", tiny("match", {{"epochs", 40}, {"batch_size", 6}}));
        const auto outcome = run(wanted, partners);
        VERIFY_OK(outcome);
        QVERIFY2(outcome->bestDevScores.at("recall_at_1") > 0.9,
                 qPrintable(QString::number(outcome->bestDevScores.at("recall_at_1"))));
        auto vectors = infer::SentenceVectors::load(wanted.modelFolder, "cpu");
        VERIFY_OK(vectors);
        JobContext context;
        const std::vector<std::string> texts{"about my card", "the card page 2", "the money page 2"};
        const auto said = (*vectors)->encode(texts, context);
        VERIFY_OK(said);
        QVERIFY(infer::cosine((*said)[0], (*said)[1]) > infer::cosine((*said)[0], (*said)[2]) + 0.2);
        QVERIFY(std::abs(infer::cosine((*said)[0], (*said)[0]) - 1) < 1e-5);
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
