// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pre-flight: each finding from data that has what it is about, and none from data that has not.
#include <QtTest>

#include <fstream>

#include "infer/text_model.h"
#include "support/verify_ok.h"
#include "text/tokenizer.h"
#include "train/preflight.h"
#include "unit/train/tiny_data.h"

using namespace lathe;
using namespace lathe::train;
namespace fs = std::filesystem;

class TestPreflight : public QObject {
    Q_OBJECT
    QTemporaryDir m_temporary;
    fs::path m_decoder;

    fs::path root() const { return m_temporary.path().toStdString(); }
    TrainRequest request(const std::string& model, Json options = Json::object(), const std::string& method = "full") {
        static int number = 0;
        const fs::path base = root() / fmt::format("run {}", ++number);
        return {.model = model,
                .method = method,
                .options = std::move(options),
                .runFolder = base / "run",
                .modelFolder = base / "model"};
    }
    /// Without a measured step.
    PreflightReport look(const TrainRequest& wanted, const Dataset& data) {
        JobContext context;
        const auto report = checkRun(wanted, data, context, {.measure = false});
        if (!report) {
            QTest::qFail(report.error().message.c_str(), __FILE__, __LINE__);
            return {};
        }
        return *report;
    }
    PreflightReport lookAtTexts(const Dataset& data) { return look(request("ngram"), data); }
    static Json encoderOptions(const char* task = "classify") {
        Json options = test::tinyOptions();
        options["task"] = task;
        options["pretrain_epochs"] = 0;
        return options;
    }

private Q_SLOTS:
    void initTestCase() {
        infer::setComputeThreads(1);
        if (const auto problem = text::sentencePieceProblem(); !problem.empty())
            QSKIP(problem.c_str());
        Json options = test::tinyOptions();
        options["kv_heads"] = 1;
        options["epochs"] = 1;
        options["pretrain_epochs"] = 0;
        const auto wanted = request("fresh-decoder", options);
        MetricBuffer metrics;
        JobContext context;
        VERIFY_OK(train::train(wanted, test::tinyAnswers(), metrics, context));
        m_decoder = wanted.modelFolder;
    }

    void goodDataHasNoComplaint() {
        auto data = test::tinyIntents();
        int number = 0;
        for (auto* part : {&data.train, &data.dev})
            for (auto& example : *part)
                example.text += fmt::format(" {}", ++number);  // the tiny corpus repeats itself
        Json options = encoderOptions();
        options["max_tokens"] = 64;
        const auto report = look(request("fresh-encoder", options), data);
        for (const auto& finding : report.findings)
            QVERIFY2(finding.severity == Severity::Note, (finding.code + ": " + finding.what).c_str());
        QVERIFY(!report.hasProblem());
        QCOMPARE(report.trainTexts, static_cast<std::int64_t>(data.train.size()));
        QCOMPARE(report.labels.size(), std::size_t{3});
        QCOMPARE(report.labels[0].train + report.labels[0].dev, std::int64_t{80});
        QVERIFY(report.estimate && report.estimate->trainable > 0);
        QCOMPARE(report.phases.size(), std::size_t{1});
        QCOMPARE(report.phases[0].steps, std::int64_t{4 * ((192 + 15) / 16)});
        QVERIFY(std::isnan(report.peakBytes) && std::isnan(report.secondsToEnd));
    }

    void lengthsAreThoseOfTheTokens() {
        const auto histogram = histogramOf({3, 5, 5, 7, 9, 100});
        QCOMPARE(histogram.texts, std::int64_t{6});
        QCOMPARE(histogram.total, std::int64_t{129});
        QCOMPARE(histogram.median, std::int64_t{5});
        QCOMPARE(histogram.longest, std::int64_t{100});
        std::int64_t counted = 0, next = histogram.bins.front().from;
        for (const auto& bin : histogram.bins) {
            QCOMPARE(bin.from, next);
            next = bin.to + 1;
            counted += bin.texts;
        }
        QCOMPARE(counted, std::int64_t{6});
        QVERIFY(histogramOf({}).bins.empty());
        // One far away: the others stay apart.
        std::vector<std::int64_t> lengths(1000);
        for (std::size_t i = 0; i < lengths.size(); ++i)
            lengths[i] = static_cast<std::int64_t>(10 + i % 50);
        lengths[7] = 1'000'000;
        const auto tail = histogramOf(lengths);
        QVERIFY(tail.bins.size() > 6 && tail.bins.size() < 15);
        QCOMPARE(tail.bins.back().to, std::int64_t{1'000'000});
        QCOMPARE(tail.bins.back().texts, std::int64_t{1});
    }

    void emptyTexts() {
        auto data = test::tinyIntents(10);
        QVERIFY(!lookAtTexts(data).find("empty_text"));
        data.train[3].text = " \t\n";
        data.train[3].row = 17;
        data.dev[0].text = "\u3000";
        const auto report = lookAtTexts(data);
        const auto* finding = report.find("empty_text");
        QVERIFY(finding);
        QCOMPARE(finding->count, std::int64_t{2});
        QCOMPARE(finding->examples.size(), std::size_t{2});
        QCOMPARE(finding->examples[0].item, std::int64_t{3});
        QCOMPARE(finding->examples[0].row, std::int64_t{17});
        QVERIFY(!finding->examples[0].isDev && finding->examples[1].isDev);
        QVERIFY(!finding->advice.empty());
    }

    void duplicates() {
        Dataset data;
        data.labels = {"a", "b"};
        for (int i = 0; i < 40; ++i) {
            Example example;
            example.text = fmt::format("text number {}", i);
            example.label = i % 2;
            (i < 30 ? data.train : data.dev).push_back(example);
        }
        auto report = lookAtTexts(data);
        for (const char* code : {"duplicate_across_splits", "duplicate_in_train", "conflicting_labels"})
            QVERIFY2(!report.find(code), code);
        data.dev[0].text = "TEXT  number 3 ";               // another case, other spaces
        data.dev[1].text = "\uFF34ext number\u3000\uFF14";  // full width
        data.train[20] = data.train[0];
        data.train[21].text = data.train[2].text;  // label 1 in place of 0
        report = lookAtTexts(data);
        QVERIFY(report.find("duplicate_across_splits"));
        QCOMPARE(report.find("duplicate_across_splits")->count, std::int64_t{2});
        QCOMPARE(report.find("duplicate_in_train")->count, std::int64_t{1});
        QCOMPARE(report.find("conflicting_labels")->count, std::int64_t{1});
        QCOMPARE(report.find("conflicting_labels")->examples[0].item, std::int64_t{21});
    }

    void labels() {
        auto data = test::tinyIntents(40);
        auto report = lookAtTexts(data);
        for (const char* code : {"unseen_label", "rare_label", "few_texts", "imbalance"})
            QVERIFY2(!report.find(code), code);
        data.labels.push_back("lonely");
        data.labels.push_back("new");
        data.train[0].label = 3;
        data.dev[2].label = 4;
        report = lookAtTexts(data);
        QCOMPARE(report.find("unseen_label")->count, std::int64_t{1});
        QCOMPARE(report.find("unseen_label")->examples[0].item, std::int64_t{2});
        QVERIFY(report.find("unseen_label")->what.find("new") != std::string::npos);
        QVERIFY(report.find("rare_label")->what.find("lonely") != std::string::npos);
        QVERIFY(report.find("imbalance"));
        QCOMPARE(report.find("imbalance")->severity, Severity::Warning);
        // It says which options help, and is content once they are set. The n-gram model has none.
        auto wanted = request("fresh-encoder", encoderOptions());
        QVERIFY(look(wanted, data).find("imbalance")->advice.find("class_weights") != std::string::npos);
        wanted.options["focal_gamma"] = 2.0;
        QCOMPARE(look(wanted, data).find("imbalance")->severity, Severity::Note);
    }

    void devTexts() {
        auto data = test::tinyIntents(100);
        QVERIFY(!lookAtTexts(data).find("small_dev") && !lookAtTexts(data).find("no_dev"));
        data.dev.resize(16);
        QVERIFY(lookAtTexts(data).find("small_dev")->what.find("25 points") != std::string::npos);
        data.dev.clear();
        const auto report = lookAtTexts(data);
        QVERIFY(report.find("no_dev") && !report.find("small_dev"));
    }

    void whatTheRunRefusesIsAFinding() {
        auto data = test::tinyIntents(10);
        for (auto& example : data.train)
            example.label = 0;
        const auto report = lookAtTexts(data);
        QVERIFY(report.hasProblem());
        QCOMPARE(report.findings.front().code, std::string("refused"));
        QVERIFY(report.findings.front().what.find("at least two") != std::string::npos);
        // Wrong options are wrong usage, no finding.
        JobContext context;
        const auto wrong = checkRun(request("ngram", {{"epochs", 0}}), data, context);
        QVERIFY(!wrong && wrong.error().code == ErrorCode::InvalidInput);
        QVERIFY(!checkRun(request("no/such/model"), data, context));
    }

    void cutTexts() {
        auto data = test::tinyIntents(20);
        Json options = encoderOptions();
        options["max_tokens"] = 64;
        QVERIFY(!look(request("fresh-encoder", options), data).find("cut_texts"));
        for (std::size_t i = 0; i < data.train.size(); i += 10)
            for (int word = 0; word < 40; ++word)
                data.train[i].text += " money account";
        const auto report = look(request("fresh-encoder", options), data);
        const auto* finding = report.find("cut_texts");
        QVERIFY(finding);
        QCOMPARE(finding->severity, Severity::Warning);
        QCOMPARE(finding->count, static_cast<std::int64_t>((data.train.size() + 9) / 10));
        QCOMPARE(report.lengths.cutTexts, finding->count);
        QVERIFY(report.lengths.lost > 0 && report.lengths.longest > 80);
        QCOMPARE(report.lengths.limit, std::int64_t{64});
        // The number that it names is enough.
        const auto at = finding->advice.find("max_tokens=");
        QVERIFY2(at != std::string::npos, finding->advice.c_str());
        options["max_tokens"] = std::stoi(finding->advice.substr(at + 11));
        QVERIFY(!look(request("fresh-encoder", options), data).find("cut_texts"));
    }

    void conversations() {
        auto data = test::tinyAnswers(60);
        const Json options{{"max_tokens", 48}, {"epochs", 20}};
        auto report = look(request(m_decoder.string(), options), data);
        for (const char* code : {"template_refuses", "nothing_to_learn", "answer_cut", "no_template", "empty_answer"})
            QVERIFY2(!report.find(code), code);
        data.train[0].answer = " ";
        for (int i = 0; i < 60; ++i)
            data.train[1].answer += " and so on";
        data.train[2].messages = {{"user", "hello"}, {"assistant", "good day", false}};  // not to be learnt
        data.train[2].text = data.train[2].answer = "";
        report = look(request(m_decoder.string(), options), data);
        QCOMPARE(report.find("empty_answer")->examples[0].item, std::int64_t{0});
        QCOMPARE(report.find("answer_cut")->examples[0].item, std::int64_t{1});
        QVERIFY(report.find("answer_cut")->advice.find("max_tokens") != std::string::npos);
        QCOMPARE(report.find("nothing_to_learn")->count, std::int64_t{1});
        QCOMPARE(report.find("nothing_to_learn")->examples[0].item, std::int64_t{2});
        QVERIFY(!report.hasProblem());
    }

    void aTemplateThatRefusesMostIsAProblem() {
        const fs::path strict = root() / "strict";
        fs::copy(m_decoder, strict, fs::copy_options::recursive);
        std::ofstream(strict / "chat_template.jinja")
            << "{% for m in messages %}{% if 'branch' in m.content %}{{ raise_exception('no branches') }}{% endif %}"
               "{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}"
               "{% if add_generation_prompt %}<|assistant|>{% endif %}";
        auto data = test::tinyAnswers(60);
        for (auto& example : data.train)
            example.messages = {{"user", example.text}, {"assistant", example.answer}};
        auto report = look(request(strict.string(), {{"max_tokens", 64}}), data);
        QVERIFY(report.find("template_refuses"));
        QCOMPARE(report.find("template_refuses")->severity, Severity::Warning);
        for (auto& example : data.train)
            example.messages[0].text = "which branch";
        data.train[0].messages[0].text = "which card";
        report = look(request(strict.string(), {{"max_tokens", 64}}), data);
        QCOMPARE(report.find("template_refuses")->severity, Severity::Problem);
        for (auto& example : data.train)
            example.messages[0].text = "which branch";
        QVERIFY(look(request(strict.string(), {{"max_tokens", 64}}), data).find("refused"));
    }

    void labelledParts() {
        auto data = test::tinyIntents(20);
        for (auto* part : {&data.train, &data.dev})
            for (auto& example : *part) {
                example.label = -1;
                const auto end = static_cast<std::int32_t>(example.text.find(' '));
                example.spans = {{0, end, 0}};
            }
        const auto wanted = request("fresh-encoder", encoderOptions("spans"));
        auto report = look(wanted, data);
        for (const char* code : {"part_widened", "part_overlaps", "part_cut", "part_empty"})
            QVERIFY2(!report.find(code), code);
        QCOMPARE(report.labels[0].train, static_cast<std::int64_t>(data.train.size()));
        data.train[0].spans = {{0, 3, 0}};
        data.train[1].spans.push_back({0, 2, 1});
        data.train[2].spans = {{900, 910, 0}};
        for (int i = 0; i < 40; ++i)
            data.train[3].text += " money";
        const auto end = static_cast<std::int32_t>(data.train[3].text.size());
        data.train[3].spans = {{end - 5, end, 1}};
        report = look(wanted, data);
        QVERIFY(report.find("part_widened"));
        QCOMPARE(report.find("part_overlaps")->examples[0].item, std::int64_t{1});
        QCOMPARE(report.find("part_empty")->examples[0].item, std::int64_t{2});
        QCOMPARE(report.find("part_cut")->examples[0].item, std::int64_t{3});
    }

    void scores() {
        auto data = test::tinyIntents(20);
        for (auto* part : {&data.train, &data.dev})
            for (auto& example : *part)
                example.score = 0.1 * example.label;
        const auto wanted = request("fresh-encoder", encoderOptions("regression"));
        auto report = look(wanted, data);
        for (const char* code : {"score_missing", "score_constant", "score_range"})
            QVERIFY2(!report.find(code), code);
        data.train[5].score = 5000;
        QVERIFY(look(wanted, data).find("score_range"));
        data.train[5].score = kNoValue;
        report = look(wanted, data);
        QCOMPARE(report.find("score_missing")->examples[0].item, std::int64_t{5});
        QVERIFY(report.hasProblem());
        for (auto& example : data.train)
            example.score = 3;
        QCOMPARE(look(wanted, data).find("score_constant")->severity, Severity::Problem);
    }

    void preferences() {
        Dataset data;
        for (int i = 0; i < 40; ++i) {
            Example example;
            example.text = fmt::format("where is the card {}", i);
            example.chosen = "the card is here";
            example.rejected = "no idea where it is";
            (i < 32 ? data.train : data.dev).push_back(example);
        }
        const auto wanted = request(m_decoder.string(), {{"task", "preference"}, {"max_tokens", 64}});
        auto report = look(wanted, data);
        QVERIFY(!report.find("equal_answers") && !report.find("longer_answers"));
        QVERIFY(report.estimate->longest.texts >= 2);
        data.train[4].chosen = data.train[4].rejected;
        report = look(wanted, data);
        QCOMPARE(report.find("equal_answers")->examples[0].item, std::int64_t{4});
        for (auto& example : data.train)
            example.chosen += " and it has been here since you asked me the last time";
        QVERIFY(look(wanted, data).find("longer_answers"));
    }

    void scheduleAndRate() {
        const auto data = test::tinyIntents();
        auto wanted = request("fresh-encoder", encoderOptions());
        for (const char* code : {"few_steps", "warmup_too_long", "one_evaluation", "learning_rate"})
            QVERIFY2(!look(wanted, data).find(code), code);
        wanted.options["epochs"] = 1;
        wanted.options["warmup_steps"] = 500;
        wanted.options["eval_every"] = 400;
        wanted.options["learning_rate"] = 0.5;
        const auto report = look(wanted, data);
        QVERIFY(report.find("few_steps") && report.find("one_evaluation"));
        QCOMPARE(report.find("warmup_too_long")->severity, Severity::Problem);
        QVERIFY(report.find("learning_rate")->what.find("above") != std::string::npos);
    }

    void tooLargeForThisMachine() {
        Json options = encoderOptions();
        options["layers"] = 24;
        options["hidden_size"] = 2048;
        options["heads"] = 16;
        options["vocab_size"] = 300;
        options["batch_size"] = 4096;
        auto data = test::tinyIntents();
        for (auto& example : data.train)
            for (int word = 0; word < 40; ++word)
                example.text += " money account";
        options["max_tokens"] = 512;
        const auto report = look(request("fresh-encoder", options), data);
        if (report.availableBytes > 1e12)
            QSKIP("this machine has room for it");
        QVERIFY(report.find("memory"));
        QVERIFY(report.find("memory")->advice.find("accumulation") != std::string::npos);
        QVERIFY(report.disk.runBytes > 3 * 4.0 * static_cast<double>(report.estimate->parameters));
        QVERIFY(report.disk.runFree > 0);
    }

    void lookingLeavesNothingBehind() {
        const auto wanted = request("fresh-encoder", encoderOptions());
        look(wanted, test::tinyIntents(10));
        QVERIFY(!fs::exists(wanted.runFolder) && !fs::exists(wanted.modelFolder));
    }
};

QTEST_GUILESS_MAIN(TestPreflight)
#include "tst_preflight.moc"
