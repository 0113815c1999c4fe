// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Likely label errors and learning curves: the counts of confident learning by hand, then made corpora.
#include <QTest>

#include <cmath>
#include <set>

#include "assist/label_errors.h"
#include "assist/labelling_simulation.h"
#include "assist/learning_curve.h"
#include "core/intervals.h"
#include "support/tiny_corpus.h"

using namespace lathe;
using namespace lathe::assist;

namespace {

const std::vector<std::string> kNames{"arrival", "refund", "lost"};

KnownTexts tinyTexts(int perLabel) {
    KnownTexts known;
    for (const auto& [text, label] : test::tinyCorpus(perLabel)) {
        known.texts.push_back(text);
        known.labels.push_back(static_cast<int>(std::ranges::find(kNames, label) - kNames.begin()));
    }
    return known;
}

}  // namespace

class TestLabelQuality : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void foldsAreStratifiedAndSeeded();
    void nothingIsPredictedByWhatHasSeenIt();
    void confidentJointByHand();
    void flippedLabelsAreFound();
    void goodLabelsStayUnsuspected();
    void curveOfAnEasyCorpusSaysNo();
    void curveOfFewLabelsSaysSo();
    void answersAreSentences();
    void wilsonIntervalAsPublished();
    void stopIsHeard();
};

void TestLabelQuality::foldsAreStratifiedAndSeeded() {
    std::vector<int> labels(100, 0);
    std::fill(labels.begin() + 80, labels.end(), 1);
    const auto folds = stratifiedFolds(labels, 5, 3);
    for (int fold = 0; fold < 5; ++fold) {
        int common = 0, rare = 0;
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (folds[i] == fold)
                ++(labels[i] == 0 ? common : rare);
        QCOMPARE(common, 16);
        QCOMPARE(rare, 4);
    }
    QCOMPARE(stratifiedFolds(labels, 5, 3), folds);
    QVERIFY(stratifiedFolds(labels, 5, 4) != folds);
}

void TestLabelQuality::nothingIsPredictedByWhatHasSeenIt() {
    // Each text has a word of its own and a label by chance: whoever has seen it knows it, nobody else can.
    KnownTexts known;
    for (int i = 0; i < 60; ++i) {
        known.texts.push_back("word" + std::to_string(i * 7919) + "x");
        known.labels.push_back(i * i % 7 % 2);
    }
    JobContext context;
    const std::vector<std::string> names{"a", "b"};
    const auto predicted =
        predictOutOfFold({known.texts, known.labels, names}, {.model = {.charMax = 0, .threads = 1}}, context);
    QVERIFY(predicted.has_value());
    QCOMPARE(predicted->trainedOn, 48.0);
    for (std::size_t i = 0; i < known.texts.size(); ++i) {
        const float p = predicted->probabilities[2 * i];
        QVERIFY2(p > 0.2f && p < 0.8f, qPrintable(QString::number(double(p))));
    }
}

void TestLabelQuality::confidentJointByHand() {
    // Label 0: mean self-confidence (0.9 + 0.8 + 0.1) / 3 = 0.6; label 1: (0.7 + 0.9 + 0.35) / 3 = 0.65.
    const std::vector<int> given{0, 0, 0, 1, 1, 1};
    const std::vector<float> p{0.9f, 0.1f, 0.8f, 0.2f, 0.1f, 0.9f, 0.3f, 0.7f, 0.1f, 0.9f, 0.65f, 0.35f};
    const auto errors = confidentLearning(given, p, 2);
    // Item 2 is confidently of 1 (0.9 >= 0.65), item 5 confidently of 0 (0.65 >= 0.6).
    QCOMPARE(errors.ranked.size(), std::size_t(2));
    QCOMPARE(errors.ranked[0].item, std::size_t(2));
    QCOMPARE(errors.ranked[0].suggested, 1);
    QVERIFY(std::abs(errors.ranked[0].givenProbability - 0.1) < 1e-6);
    QVERIFY(std::abs(errors.ranked[0].usualForSuggested - 0.65) < 1e-6);
    QCOMPARE(errors.ranked[1].item, std::size_t(5));
    // Joint [[2, 1], [1, 2]]: a third of each label's three texts.
    QVERIFY(std::abs(errors.estimatedShare - 1.0 / 3) < 1e-9);
    QVERIFY(errors.ranked[0].confident && errors.ranked[1].confident);
    // Below the threshold the other label is likelier still: listed, but not counted.
    auto milder = p;
    milder[10] = 0.59f;
    milder[11] = 0.41f;
    const auto fewer = confidentLearning(given, milder, 2);
    QCOMPARE(fewer.ranked.size(), std::size_t(2));
    QCOMPARE(fewer.ranked[1].item, std::size_t(5));
    QVERIFY(!fewer.ranked[1].confident);
    QVERIFY(std::abs(fewer.estimatedShare - 1.0 / 6) < 1e-9);  // a third of label 0's, none of label 1's
}

void TestLabelQuality::flippedLabelsAreFound() {
    const auto known = tinyTexts(60);
    const auto flips = flipLabels(known.labels, 3, 0.05, 11);
    QCOMPARE(flips.flipped, std::size_t(9));
    JobContext context;
    const auto errors = findLabelErrors({known.texts, flips.labels, kNames}, {.model = {.threads = 1}}, context);
    QVERIFY(errors.has_value());
    std::set<std::size_t> flipped, first;
    for (std::size_t i = 0; i < known.labels.size(); ++i)
        if (known.labels[i] != flips.labels[i])
            flipped.insert(i);
    QCOMPARE(flipped.size(), flips.flipped);
    QVERIFY(errors->ranked.size() >= flips.flipped);
    for (std::size_t i = 0; i < flips.flipped; ++i) {
        first.insert(errors->ranked[i].item);
        QCOMPARE(errors->ranked[i].suggested, known.labels[errors->ranked[i].item]);
    }
    QCOMPARE(first, flipped);
    QVERIFY(std::abs(errors->estimatedShare - 0.05) < 0.02);
}

void TestLabelQuality::goodLabelsStayUnsuspected() {
    const auto known = tinyTexts(40);
    JobContext context;
    const auto errors = findLabelErrors({known.texts, known.labels, kNames}, {.model = {.threads = 1}}, context);
    QVERIFY(errors.has_value());
    QCOMPARE(errors->ranked.size(), std::size_t(0));
    QCOMPARE(errors->estimatedShare, 0.0);
}

void TestLabelQuality::curveOfAnEasyCorpusSaysNo() {
    const auto known = tinyTexts(60);
    JobContext context;
    const auto curve = learningCurve({known.texts, known.labels, kNames}, {.model = {.threads = 1}}, context);
    QVERIFY(curve.has_value());
    QCOMPARE(curve->points.size(), std::size_t(4));
    QCOMPARE(curve->points.back().labels, std::int64_t(144));  // four fifths of 180
    QVERIFY(std::abs(double(curve->points.front().labels) - 36) <= 2);
    QCOMPARE(curve->points.back().accuracy, 1.0);
    QVERIFY(curve->points.back().low > 0.97 && curve->points.back().high == 1.0);
    QCOMPARE(curve->answer, MoreLabels::No);
}

void TestLabelQuality::curveOfFewLabelsSaysSo() {
    const auto known = tinyTexts(16);
    JobContext context;
    const auto few = learningCurve({known.texts, known.labels, kNames}, {}, context);
    QVERIFY(few.has_value());
    QCOMPARE(few->answer, MoreLabels::TooFew);
    QVERIFY(few->points.empty());
    const auto more = tinyTexts(60);
    const std::vector<int> one(more.texts.size(), 1);
    QCOMPARE(learningCurve({more.texts, one, kNames}, {}, context)->answer, MoreLabels::TooFew);
}

void TestLabelQuality::answersAreSentences() {
    LearningCurve curve{.points = {{300, 0.8, 0.75, 0.84}, {400, 0.83, 0.79, 0.86}},
                        .answer = MoreLabels::Yes,
                        .gain = 0.03,
                        .gainLow = 0.011,
                        .gainHigh = 0.049};
    QCOMPARE(describe(curve), std::string("Yes, more labels would help. Going from 300 to 400 labels changed the "
                                          "accuracy by +3.0 points (+1.1 to +4.9)."));
    curve.answer = MoreLabels::No;
    QVERIFY(describe(curve).starts_with("No, "));
    curve.answer = MoreLabels::Perhaps;
    QVERIFY(describe(curve).starts_with("Perhaps"));
    QVERIFY(describe({}).starts_with("Too few"));
}

void TestLabelQuality::wilsonIntervalAsPublished() {
    // Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    const auto close = [](Interval interval, double low, double high) {
        return std::abs(interval.low - low) < 5e-5 && std::abs(interval.high - high) < 5e-5;
    };
    QVERIFY(close(wilsonInterval(81, 263), 0.2553, 0.3662));
    QVERIFY(close(wilsonInterval(15, 148), 0.0624, 0.1605));
    QVERIFY(close(wilsonInterval(0, 20), 0.0, 0.1611));
    QVERIFY(close(wilsonInterval(1, 29), 0.0061, 0.1718));
}

void TestLabelQuality::stopIsHeard() {
    auto control = std::make_shared<JobControl>();
    control->requestStop();
    JobContext context(control);
    const auto known = tinyTexts(40);
    QCOMPARE(findLabelErrors({known.texts, known.labels, kNames}, {}, context).error().code, ErrorCode::Canceled);
    QCOMPARE(learningCurve({known.texts, known.labels, kNames}, {}, context).error().code, ErrorCode::Canceled);
}

QTEST_APPLESS_MAIN(TestLabelQuality)
#include "tst_label_quality.moc"
