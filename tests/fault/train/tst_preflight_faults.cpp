// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-flight over data that is not nice: many labels, a text of 50 MB, no dev set, bytes that are no text.
#include <QtTest>

#include <chrono>

#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "train/preflight.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

class TestPreflightFaults : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    fs::path m_encoder;

    TrainRequest request(const std::string& model, Json options) {
        static int number = 0;
        const fs::path base = fs::path(m_temporary.path().toStdString()) / std::to_string(++number);
        return {
            .model = model, .options = std::move(options), .runFolder = base / "run", .modelFolder = base / "model"};
    }

private Q_SLOTS:
    void initTestCase() {
        infer::setComputeThreads(2);
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        Json options = test::tinyOptions();
        options["epochs"] = 1;
        options["pretrain_epochs"] = 0;
        const auto wanted = request("fresh-encoder", options);
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(wanted, test::tinyIntents(20), metrics, context));
        m_encoder = wanted.modelFolder;
    }

    void tenThousandLabels() {
        Dataset data;
        for (int i = 0; i < 20000; ++i) {
            if (i < 10000)
                data.labels.push_back(fmt::format("label number {} \xE6\xA0\x87\xE7\xAD\xBE", i));
            Example example;
            example.text = fmt::format("text {} of many", i);
            example.label = i % 10000;
            (i % 10000 == 77 ? data.dev : data.train).push_back(example);
        }
        JobContext context;
        const auto report = checkRun(request(m_encoder.string(), {{"max_tokens", 16}, {"epochs", 1}}), data, context);
        VERIFY_OK(report);
        QCOMPARE(report->labels.size(), std::size_t{10000});
        QCOMPARE(report->find("unseen_label")->count, std::int64_t{2});
        QVERIFY(report->find("few_texts")->what.size() < 1000);
        QVERIFY(report->phases.back().longestSeconds > 0);
        QVERIFY(toJson(*report).dump().size() > 500'000);
    }

    void aTextOfFiftyMegabytes() {
        auto data = test::tinyIntents(20);
        std::string& text = data.train[0].text;
        while (text.size() < 50'000'000)
            text += " money and an account";
        JobContext context;
        const auto begin = std::chrono::steady_clock::now();
        const auto report = checkRun(request(m_encoder.string(), {{"max_tokens", 32}, {"epochs", 1}}), data, context);
        VERIFY_OK(report);
        qInfo("%.1f s", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        QVERIFY(report->find("cut_texts"));
        QVERIFY(report->lengths.longest > 5'000'000);
        QVERIFY(report->lengths.bins.size() < 20);
        QVERIFY(report->find("cut_texts")->examples[0].text.size() < 100);
        QVERIFY(report->secondsToEnd < 3600);  // the text is cut: nothing as long goes through the network
    }

    void noDevSetAndTextsThatAreNone() {
        auto data = test::tinyIntents(20);
        data.dev.clear();
        data.unlabelled.clear();
        data.train[0].text = std::string("\xff\xfe\x00broken", 9);
        data.train[1].text.assign(2000, '\n');
        data.train[2].text = "\xF0\x9F\x8F\xB4\xF0\x9F\x8F\xB4";
        JobContext context;
        for (const char* model : {"folder", "fresh-encoder", "ngram"}) {
            Json options = test::tinyOptions();
            const bool isNgram = std::string(model) == "ngram", isFolder = std::string(model) == "folder";
            if (isNgram || isFolder)
                options = {{"epochs", 1}};
            const auto report = checkRun(request(isFolder ? m_encoder.string() : model, options), data, context);
            VERIFY_OK(report);
            QVERIFY(report->find("no_dev"));
            QCOMPARE(report->find("empty_text")->count, std::int64_t{1});
            QVERIFY(!report->hasProblem());
        }
    }

    void noTextAtAll() {
        Dataset data;
        data.labels = {"a"};
        JobContext context;
        for (const std::string& model : {m_encoder.string(), std::string("ngram")}) {
            const auto report = checkRun(request(model, {}), data, context);
            VERIFY_OK(report);
            QVERIFY(report->hasProblem() && report->find("refused"));
            QVERIFY(report->lengths.bins.empty());
            QVERIFY(toJson(*report).contains("findings"));
        }
    }

    void weightsThatAreNotThere() {
        const fs::path torn = fs::path(m_temporary.path().toStdString()) / "torn";
        fs::copy(m_encoder, torn, fs::copy_options::recursive);
        fs::resize_file(torn / "model.safetensors", 1000);
        JobContext context;
        const auto report = checkRun(request(torn.string(), {{"max_tokens", 16}}), test::tinyIntents(10), context);
        QVERIFY(!report || report->find("refused"));
    }
};

QTEST_GUILESS_MAIN(TestPreflightFaults)
#include "tst_preflight_faults.moc"
