// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The n-gram classifier on a corpus small enough to reason about: features, learning, files, refusals.
#include <QTest>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "core/files.h"
#include "core/json.h"
#include "linear/kernels.h"
#include "linear/ngram_classifier.h"
#include "linear/ngram_features.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::linear;

namespace {

struct Corpus {
    std::vector<std::string> texts;
    std::vector<int> labels;
    std::vector<std::string> names{"card", "refund", "转账"};
};

Corpus corpus() {
    Corpus c;
    const std::vector<std::vector<std::string>> byLabel{
        {"my card has not arrived", "the card is lost", "where is my new card", "card delivery takes long",
         "I need a new card"},
        {"I want a refund", "refund my purchase", "the refund is missing", "give my money back as refund",
         "refund status please"},
        {"转账失败了", "我的转账还没到账", "请问转账要多久", "转账手续费是多少", "转账被退回"}};
    for (int label = 0; label < 3; ++label)
        for (const std::string& text : byLabel[std::size_t(label)]) {
            c.texts.push_back(text);
            c.labels.push_back(label);
        }
    return c;
}

Result<NgramClassifier> trainOn(const Corpus& c, NgramOptions options = {}) {
    JobContext context;
    return NgramClassifier::train(c.texts, c.labels, c.names, {}, {}, options, context);
}

int best(const std::vector<float>& p) {
    return int(std::max_element(p.begin(), p.end()) - p.begin());
}

std::vector<std::uint32_t> keysOf(std::string_view text, FeatureOptions options = {}) {
    FeatureExtractor extractor(options);
    std::vector<std::uint32_t> keys;
    for (const HashedCount& entry : extractor.extract(text))
        keys.push_back(entry.key);
    return keys;
}

std::size_t countOf(std::string_view text, FeatureOptions options) {
    FeatureExtractor extractor(options);
    std::size_t count = 0;
    for (const HashedCount& entry : extractor.extract(text))
        count += entry.count;
    return count;
}

}  // namespace

class TestNgramClassifier : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void featureCounts();
    void featuresIgnoreCaseWidthAndSpace();
    void hugeTextIsMergedInSlices();
    void kernelsAgree();
    void softmaxIsExact();
    void learnsAndGeneralises();
    void reportsEveryEpoch();
    void sameSeedSameModelWhateverTheThreads();
    void roundTripIsExact();
    void emptyAndUnknownTexts();
    void refusesWhatCannotBeLearned();
    void stopKeepsNothing();
    void hostileFiles_data();
    void hostileFiles();
};

void TestNgramClassifier::featureCounts() {
    // "ab cd": words ab, cd, "ab cd"; " ab " has 3 + 2 + 1 n-grams of 2 to 4, and so has " cd ".
    QCOMPARE(countOf("ab cd", {2, 2, 5, 20}), std::size_t(3 + 6 + 6));
    QCOMPARE(countOf("ab cd", {1, 0, 0, 20}), std::size_t(2));
    // Four Han characters: 4 + 3 words; " 转账失败 " has 5 + 4 + 3 + 2 n-grams of 2 to 5.
    QCOMPARE(countOf("转账失败", {2, 2, 5, 20}), std::size_t(7 + 14));
    // Punctuation goes on inside running Chinese, and is a word.
    QCOMPARE(countOf("转，账", {1, 2, 2, 20}), std::size_t(3 + 4));
    QCOMPARE(countOf("", {2, 2, 5, 20}), std::size_t(0));
    QCOMPARE(countOf(" \n\t ", {2, 2, 5, 20}), std::size_t(0));
    FeatureExtractor extractor({1, 0, 0, 20});
    const auto counts = extractor.extract("a b a a");
    QCOMPARE(counts.size(), std::size_t(2));
    QCOMPARE(counts[0].count + counts[1].count, 4u);
    QVERIFY(counts[0].key < counts[1].key);
}

void TestNgramClassifier::featuresIgnoreCaseWidthAndSpace() {
    QVERIFY(keysOf("My  CARD\n") == keysOf("my card"));
    QVERIFY(keysOf("ＡＢＣ１２３，ok") == keysOf("abc123,ok"));
    QVERIFY(keysOf("ÄÖÜ Ж Σ") == keysOf("äöü ж σ"));
    QVERIFY(keysOf("can’t") == keysOf("can't"));
    QVERIFY(keysOf("ab") != keysOf("ba"));
    QVERIFY(!keysOf("\xFF\xFE bad bytes").empty());
}

void TestNgramClassifier::hugeTextIsMergedInSlices() {
    std::string text;
    for (int i = 0; i < 400000; ++i)
        text += "word" + std::to_string(i % 100) + ' ';
    FeatureExtractor extractor({1, 2, 3, 20});
    const auto counts = extractor.extract(text);
    std::size_t words = 0;
    std::size_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        words += counts[i].block() == Block::Words ? counts[i].count : 0;
        total += counts[i].count;
        QVERIFY(i == 0 || counts[i - 1].key < counts[i].key);
    }
    QCOMPARE(words, std::size_t(400000));
    QVERIFY(total > std::size_t(1) << 21);  // more than two slices
}

void TestNgramClassifier::kernelsAgree() {
    const Kernels& k = kernels();
    for (const std::size_t labels : {2u, 5u, 8u, 13u, 77u}) {
        const std::size_t stride = rowStride(labels);
        std::vector<float> weights(10 * stride);
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] = std::sin(float(i));
        std::vector<Feature> features;
        for (std::uint32_t row = 0; row < 10; ++row)
            features.push_back({(row * 7) % 10, 0.1f * float(row + 1)});
        std::vector<float> got(stride, 0.5f);
        k.score(features.data(), features.size(), weights.data(), stride, got.data());
        for (std::size_t i = 0; i < stride; ++i) {
            double want = 0.5;
            for (const Feature& f : features)
                want += double(f.value) * double(weights[f.row * stride + i]);
            QVERIFY(std::abs(want - double(got[i])) < 1e-5);
        }
        std::vector<float> changed = weights;
        k.update(features.data(), features.size(), changed.data(), stride, got.data());
        for (const Feature& f : features)
            for (std::size_t i = 0; i < stride; ++i)
                QVERIFY(std::abs(changed[f.row * stride + i] - (weights[f.row * stride + i] + f.value * got[i])) <
                        1e-5f);
    }
}

void TestNgramClassifier::softmaxIsExact() {
    std::vector<float> scores{3.5f, -2.0f, 0.0f, 80.0f, -500.0f, 79.0f, 1.0f, 2.0f};
    const std::vector<float> raw = scores;
    const float logSum = kernels().softmax(scores.data(), 7, 8);
    double sum = 0;
    for (std::size_t i = 0; i < 7; ++i)
        sum += std::exp(double(raw[i]) - 80);
    QVERIFY(std::abs(double(logSum) - (80 + std::log(sum))) < 1e-5);
    for (std::size_t i = 0; i < 7; ++i) {
        const double want = std::exp(double(raw[i]) - 80) / sum;
        QVERIFY(std::abs(double(scores[i]) - want) <= 1e-6 * want + 1e-30);
    }
    QCOMPARE(scores[7], 0.0f);
}

void TestNgramClassifier::learnsAndGeneralises() {
    const Corpus c = corpus();
    const auto classifier = trainOn(c);
    QVERIFY2(classifier, classifier ? "" : classifier.error().message.c_str());
    for (std::size_t i = 0; i < c.texts.size(); ++i)
        QCOMPARE(best(classifier->predict(c.texts[i])), c.labels[i]);
    QCOMPARE(best(classifier->predict("CARDS did not come")), 0);
    QCOMPARE(best(classifier->predict("two refunds")), 1);
    QCOMPARE(best(classifier->predict("为什么转账这么慢")), 2);
    const std::vector<float> p = classifier->predict("my card");
    QCOMPARE(p.size(), std::size_t(3));
    QVERIFY(std::abs(p[0] + p[1] + p[2] - 1) < 1e-5f);
    QVERIFY(classifier->parameterCount() > 300);
}

void TestNgramClassifier::reportsEveryEpoch() {
    const Corpus c = corpus();
    NgramOptions options;
    options.epochs = 7;
    JobContext context;
    std::vector<EpochReport> reports;
    const auto classifier = NgramClassifier::train(c.texts, c.labels, c.names, c.texts, c.labels, options, context,
                                                   [&](const EpochReport& report) { reports.push_back(report); });
    QVERIFY(classifier);
    QCOMPARE(reports.size(), std::size_t(7));
    QVERIFY(reports.back().trainLoss < reports.front().trainLoss);
    QVERIFY(reports.front().trainLoss <= std::log(3.0) + 0.2);
    QCOMPARE(reports.back().devAccuracy, 1.0);
    // The last report's dev loss is that of the model that comes back.
    double loss = 0;
    for (std::size_t i = 0; i < c.texts.size(); ++i)
        loss -= std::log(double(classifier->predict(c.texts[i])[std::size_t(c.labels[i])]));
    QVERIFY(std::abs(loss / double(c.texts.size()) - reports.back().devLoss) < 1e-5);
}

void TestNgramClassifier::sameSeedSameModelWhateverTheThreads() {
    const Corpus c = corpus();
    NgramOptions options;
    options.threads = 1;
    const auto one = trainOn(c, options);
    options.threads = 3;
    const auto three = trainOn(c, options);
    options.seed = 7;
    const auto other = trainOn(c, options);
    QVERIFY(one && three && other);
    const std::string text = "where is my refund 转账";
    QVERIFY(one->predict(text) == three->predict(text));
    QVERIFY(one->predict(text) != other->predict(text));
}

void TestNgramClassifier::roundTripIsExact() {
    const Corpus c = corpus();
    const auto classifier = trainOn(c);
    QVERIFY(classifier);
    const test::TempFolder folder;
    QVERIFY(classifier->save(folder.path() / "model"));
    const auto loaded = NgramClassifier::load(folder.path() / "model");
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QVERIFY(loaded->labelNames() == c.names);
    QCOMPARE(loaded->parameterCount(), classifier->parameterCount());
    for (const std::string& text : {std::string("my card"), std::string("转账 refund"), std::string(), c.texts[3]})
        QVERIFY(classifier->predict(text) == loaded->predict(text));
    const auto config = readJsonFile(folder.path() / "model" / "config.json");
    QVERIFY(config);
    QCOMPARE((*config)["model_type"].get<std::string>(), std::string("lathe-ngram"));
}

void TestNgramClassifier::emptyAndUnknownTexts() {
    const auto classifier = trainOn(corpus());
    QVERIFY(classifier);
    for (const char* text : {"", "   ", "qqq", "\xFF", "😁"}) {
        const std::vector<float> p = classifier->predict(text);
        float sum = 0;
        for (const float one : p) {
            QVERIFY(std::isfinite(one) && one >= 0);
            sum += one;
        }
        QVERIFY(std::abs(sum - 1) < 1e-5f);
    }
}

void TestNgramClassifier::refusesWhatCannotBeLearned() {
    const auto codeOf = [](Corpus c, NgramOptions options = {}) {
        const auto result = trainOn(c, options);
        return result ? -1 : int(result.error().code);
    };
    const int invalid = int(ErrorCode::InvalidInput);
    Corpus c = corpus();
    std::ranges::fill(c.labels, 1);
    QCOMPARE(codeOf(c), invalid);
    c = corpus();
    c.labels.pop_back();
    QCOMPARE(codeOf(c), invalid);
    c = corpus();
    c.labels[0] = 3;
    QCOMPARE(codeOf(c), invalid);
    c = corpus();
    c.labels[0] = -1;
    QCOMPARE(codeOf(c), invalid);
    c = corpus();
    std::ranges::fill(c.texts, std::string(" \n"));
    QCOMPARE(codeOf(c), invalid);
    QCOMPARE(codeOf(Corpus{}), invalid);
    NgramOptions options;
    options.hashBits = 60;
    QCOMPARE(codeOf(corpus(), options), invalid);
    options = {};
    options.learningRate = std::numeric_limits<double>::quiet_NaN();
    QCOMPARE(codeOf(corpus(), options), invalid);
    options = {};
    options.wordNgrams = 0;
    options.charMax = 1;
    QCOMPARE(codeOf(corpus(), options), invalid);
}

void TestNgramClassifier::stopKeepsNothing() {
    const Corpus c = corpus();
    auto control = std::make_shared<JobControl>();
    JobContext context(control);
    NgramOptions options;
    options.epochs = 1000;
    int epochs = 0;
    const auto result =
        NgramClassifier::train(c.texts, c.labels, c.names, {}, {}, options, context, [&](const EpochReport&) {
            if (++epochs == 3)
                control->requestStop();
        });
    QVERIFY(!result);
    QCOMPARE(int(result.error().code), int(ErrorCode::Canceled));
    QCOMPARE(epochs, 3);
}

void TestNgramClassifier::hostileFiles_data() {
    QTest::addColumn<QString>("what");
    for (const char* what : {"no folder",
                             "no weights",
                             "empty config",
                             "array config",
                             "cut config",
                             "other type",
                             "impossible bits",
                             "rows beyond table",
                             "rows huge",
                             "no labels",
                             "label not text",
                             "newer format",
                             "empty weights",
                             "cut header",
                             "header claims 2^60",
                             "cut data",
                             "shape overflows",
                             "offsets outside",
                             "wrong type",
                             "negative shape",
                             "repeated bucket",
                             "not finite",
                             "garbage"})
        QTest::newRow(what) << QString::fromUtf8(what);
}

void TestNgramClassifier::hostileFiles() {
    QFETCH(QString, what);
    const test::TempFolder temp;
    const std::filesystem::path folder = temp.path() / "model";
    QVERIFY(trainOn(corpus())->save(folder));
    QVERIFY(NgramClassifier::load(folder));
    const std::filesystem::path configPath = folder / "config.json";
    const std::filesystem::path weightsPath = folder / "model.safetensors";
    const auto editConfig = [&](const auto& edit) {
        Json config = *readJsonFile(configPath);
        edit(config);
        QVERIFY(writeJsonFile(configPath, config));
    };
    std::string weights = *readFile(weightsPath, 64 << 20);
    const auto put = [&](const std::string& bytes) { QVERIFY(writeFileAtomically(weightsPath, bytes)); };
    std::uint64_t length = 0;
    std::memcpy(&length, weights.data(), 8);
    const auto editHeader = [&](const auto& edit) {
        Json header = Json::parse(weights.substr(8, length));
        edit(header);
        std::string text = header.dump();
        text.append((8 - text.size() % 8) % 8, ' ');
        const std::uint64_t size = text.size();
        put(std::string(reinterpret_cast<const char*>(&size), 8) + text + weights.substr(8 + length));
    };

    if (what == "no folder")
        std::filesystem::remove_all(folder);
    else if (what == "no weights")
        std::filesystem::remove(weightsPath);
    else if (what == "empty config")
        QVERIFY(writeFileAtomically(configPath, ""));
    else if (what == "array config")
        QVERIFY(writeFileAtomically(configPath, "[1, 2]"));
    else if (what == "cut config")
        QVERIFY(writeFileAtomically(configPath, readFile(configPath, 1 << 20)->substr(0, 40)));
    else if (what == "other type")
        editConfig([](Json& c) { c["model_type"] = "bert"; });
    else if (what == "impossible bits")
        editConfig([](Json& c) { c["hash_bits"] = 62; });
    else if (what == "rows beyond table")
        editConfig([](Json& c) { c["rows"] = c["rows"].get<int>() + 1; });
    else if (what == "rows huge")
        editConfig([](Json& c) { c["rows"] = std::int64_t(1) << 60; });
    else if (what == "no labels")
        editConfig([](Json& c) { c.erase("labels"); });
    else if (what == "label not text")
        editConfig([](Json& c) { c["labels"][0] = 5; });
    else if (what == "newer format")
        editConfig([](Json& c) { c["format_version"] = 99; });
    else if (what == "empty weights")
        put("");
    else if (what == "cut header")
        put(weights.substr(0, 20));
    else if (what == "header claims 2^60")
        put(std::string("\0\0\0\0\0\0\0\x10", 8) + weights.substr(8));
    else if (what == "cut data")
        put(weights.substr(0, weights.size() - 1));
    else if (what == "shape overflows")
        editHeader([](Json& h) { h["weight"]["shape"] = {std::int64_t(1) << 62, std::int64_t(1) << 62}; });
    else if (what == "offsets outside")
        editHeader([](Json& h) { h["idf"]["data_offsets"] = {0, std::int64_t(1) << 60}; });
    else if (what == "wrong type")
        editHeader([](Json& h) { h["buckets"]["dtype"] = "F32"; });
    else if (what == "negative shape")
        editHeader([](Json& h) { h["bias"]["shape"] = {-3}; });
    else if (what == "repeated bucket")
        editHeader([&](Json& h) {
            const std::size_t at = 8 + length + h["buckets"]["data_offsets"][0].get<std::size_t>();
            std::memcpy(weights.data() + at, weights.data() + at + 4, 4);
        });
    else if (what == "not finite")
        editHeader([&](Json& h) {
            const std::size_t at = 8 + length + h["weight"]["data_offsets"][0].get<std::size_t>();
            const float nan = std::numeric_limits<float>::quiet_NaN();
            std::memcpy(weights.data() + at, &nan, 4);
        });
    else if (what == "garbage")
        put(std::string(4096, '\x5A'));
    const auto loaded = NgramClassifier::load(folder);
    QVERIFY(!loaded);
    QVERIFY(!loaded.error().message.empty());
    QVERIFY(loaded.error().message.find('\n') == std::string::npos);
}

QTEST_GUILESS_MAIN(TestNgramClassifier)
#include "tst_ngram_classifier.moc"
