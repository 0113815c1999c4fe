// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <set>

#include "train/catalog.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;

class TestCatalog : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    TrainRequest request(const std::string& model, Json options = Json::object()) {
        const std::filesystem::path base = m_folder.path().toStdString();
        return {
            .model = model, .options = std::move(options), .runFolder = base / "run", .modelFolder = base / "model"};
    }

private Q_SLOTS:
    void everyOptionIsDescribedAndItsDefaultIsAllowed() {
        for (const auto& model : builtInModels())
            for (const auto& method : model.methods) {
                std::set<std::string> keys;
                for (const auto& spec : optionsFor(model, method)) {
                    QVERIFY2(validateOption(spec, spec.fallback), spec.key.c_str());
                    QVERIFY2(!spec.label.empty() && !spec.help.empty() && !spec.unit.empty(), spec.key.c_str());
                    QVERIFY2(keys.insert(spec.key).second, spec.key.c_str());
                }
            }
        for (const auto& method : methods())
            for (const auto& spec : method.options)
                QVERIFY2(validateOption(spec, spec.fallback) && !spec.help.empty(), spec.key.c_str());
    }

    void defaultsAndMethodsExist() {
        std::set<std::string> known, methodIds;
        for (const auto& spec : trainOptions())
            known.insert(spec.key);
        for (const auto& method : methods())
            methodIds.insert(method.id);
        for (const auto& model : builtInModels()) {
            for (const auto& [key, value] : model.defaults.items())
                QVERIFY2(known.contains(key), key.c_str());
            for (const auto& key : model.reads)
                QVERIFY2(known.contains(key), key.c_str());
            for (const auto& method : model.methods)
                QVERIFY2(methodIds.contains(method), method.c_str());
        }
    }

    void defaultsFoldIntoTheForm() {
        const auto models = builtInModels();
        const auto specs = optionsFor(models[0], "full");
        const auto find = [&](const char* key) { return std::ranges::find(specs, key, &OptionSpec::key); };
        QCOMPARE(find("epochs")->fallback, models[0].defaults["epochs"]);
        QVERIFY(find("batch_size") == specs.end());  // the n-gram classifier has no batches
        QVERIFY(find("word_ngrams") != specs.end());
    }

    void completeOptionsHaveEveryKey() {
        const auto complete = checkRequest(request("fresh-encoder", {{"epochs", 3}}), test::tinyIntents());
        QVERIFY2(complete, complete ? "" : complete.error().message.c_str());
        QCOMPARE((*complete)["epochs"], Json(3));
        for (const char* key : {"learning_rate", "seed", "vocab_size", "pretrain_epochs", "patience"})
            QVERIFY2(complete->contains(key), key);
    }

    void refusals_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("unknown option") << "fresh-encoder"
                                        << R"({"epoch": 3})"
                                        << "epoch";
        QTest::newRow("range") << "fresh-encoder"
                               << R"({"epochs": 0})"
                               << "epochs";
        QTest::newRow("type") << "fresh-encoder"
                              << R"({"learning_rate": "fast"})"
                              << "learning_rate";
        QTest::newRow("heads") << "fresh-encoder"
                               << R"({"hidden_size": 100, "heads": 7})"
                               << "hidden_size";
        QTest::newRow("metric") << "fresh-encoder"
                                << R"({"best_by": "token_accuracy"})"
                                << "best_by";
        QTest::newRow("kv heads") << "fresh-decoder"
                                  << R"({"heads": 4, "kv_heads": 3})"
                                  << "key/value";
    }
    void refusals() {
        QFETCH(QString, model);
        QFETCH(QString, options);
        QFETCH(QString, mentions);
        const bool answers = model == QStringLiteral("fresh-decoder");
        const auto result = checkRequest(request(model.toStdString(), Json::parse(options.toStdString())),
                                         answers ? test::tinyAnswers() : test::tinyIntents());
        QVERIFY(!result);
        QVERIFY(result.error().code == ErrorCode::InvalidInput);
        QVERIFY2(QString::fromStdString(result.error().message).contains(mentions), result.error().message.c_str());
    }

    void refusesDataThatCannotTeach() {
        Dataset data;
        QVERIFY(checkRequest(request("ngram"), data).error().message.find("no labelled text") != std::string::npos);
        data = test::tinyIntents();
        for (auto& example : data.train)
            example.label = 1;
        QVERIFY(checkRequest(request("ngram"), data).error().message.find("1 label;") != std::string::npos);
        data.train[0].label = 9;
        QVERIFY(checkRequest(request("ngram"), data).error().message.find("label number 9") != std::string::npos);
        data = test::tinyAnswers();
        data.train[3].answer.clear();
        QVERIFY(checkRequest(request("fresh-decoder"), data).error().message.find("no answer") != std::string::npos);
    }

    void refusesUnknownModelMethodAndFullFolder() {
        const auto data = test::tinyIntents();
        QVERIFY(!checkRequest(request("no/such/folder"), data));
        auto wrong = request("ngram");
        wrong.method = "head";
        QVERIFY(checkRequest(wrong, data).error().message.find("head") != std::string::npos);
        auto full = request("ngram");
        full.modelFolder = LATHE_TEST_DATA;
        QVERIFY(checkRequest(full, data).error().message.find("not empty") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
