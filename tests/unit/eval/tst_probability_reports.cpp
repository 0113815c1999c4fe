// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ROC and precision-recall against scikit-learn's values; calibration, temperature, slices and fairness by hand.
#include <QtTest>

#include "core/random.h"
#include "eval/calibration.h"
#include "eval/ranking.h"
#include "eval/slices.h"
#include "support/near.h"

using namespace lathe;
using namespace lathe::eval;
using lathe::test::near;

class TestProbabilityReports : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rankingAsScikitLearn();
    void rankingWithoutOneSide();
    void bestThreshold();
    void reliabilityByHand();
    void temperatureIsFound();
    void temperatureKeepsTheAnswer();
    void calibrationOfNothing();
    void slicesByHand();
    void fairnessByHand();
};

void TestProbabilityReports::rankingAsScikitLearn() {
    const std::vector<float> scores{0.1f, 0.9f, 0.8f, 0.8f, 0.35f, 0.35f, 0.2f, 0.6f, 0.05f, 0.7f};
    const std::vector<std::uint8_t> gold{0, 1, 1, 0, 1, 0, 0, 1, 1, 0};
    const RankingCurve curve = rankingCurve(scores, gold);
    QVERIFY(near(*curve.rocAuc, 0.6, 1e-12));                           // roc_auc_score
    QVERIFY(near(*curve.averagePrecision, 0.6676190476190477, 1e-12));  // average_precision_score
    QCOMPARE(curve.points.size(), std::size_t(8));                      // roc_curve, but for its first point
    QCOMPARE(curve.truePositiveRate(curve.points[1]), 0.4);
    QCOMPARE(curve.falsePositiveRate(curve.points[1]), 0.2);
    QCOMPARE(curve.points.back().truePositives, 5);
    QCOMPARE(curve.points.back().falsePositives, 5);
}

void TestProbabilityReports::rankingWithoutOneSide() {
    const std::vector<float> scores{0.2f, std::numeric_limits<float>::quiet_NaN()};
    const std::vector<std::uint8_t> all{1, 1};
    const std::vector<std::uint8_t> none{0, 0};
    QVERIFY(!rankingCurve(scores, all).rocAuc);
    QCOMPARE(*rankingCurve(scores, all).averagePrecision, 1.0);
    QVERIFY(!rankingCurve(scores, none).averagePrecision);
    QVERIFY(!rankingCurve({}, {}).rocAuc);
    QVERIFY(!rankingCurve({}, {}).bestF1());
    const std::vector<std::uint8_t> first{1, 0};
    QCOMPARE(*rankingCurve(scores, first).rocAuc, 1.0);  // what is not a number ranks last
}

void TestProbabilityReports::bestThreshold() {
    const std::vector<float> scores{0.9f, 0.8f, 0.7f, 0.1f};
    const std::vector<std::uint8_t> gold{1, 0, 1, 0};
    // F1 at 0.9: 2/3, 0.8: 1/2, 0.7: 4/5, 0.1: 2/3.
    const RankingCurve curve = rankingCurve(scores, gold);
    QVERIFY(near(curve.bestF1()->threshold, 0.7, 1e-6));
    QVERIFY(near(curve.f1(*curve.bestF1()), 0.8, 1e-12));
}

void TestProbabilityReports::reliabilityByHand() {
    // Confidences 0.9 right, 0.9 wrong, 0.6 right, 0.6 right; bins of a tenth.
    const std::vector<float> probabilities{0.9f, 0.1f, 0.1f, 0.9f, 0.6f, 0.4f, 0.4f, 0.6f};
    const std::vector<int> gold{0, 0, 0, 1};
    const CalibrationReport report = calibration(probabilities, gold, 2, 10);
    QCOMPARE(report.items, 4);
    QVERIFY(near(report.expectedError, 0.5 * 0.4 + 0.5 * 0.4, 1e-6));
    QVERIFY(near(report.maximumError, 0.4, 1e-6));
    QVERIFY(near(report.brier, (0.02 + 1.62 + 0.32 + 0.32) / 4, 1e-6));
    QVERIFY(near(report.loss, -(std::log(0.9) + std::log(0.1) + 2 * std::log(0.6)) / 4, 1e-6));
    std::int64_t items = 0;
    for (const ReliabilityBin& bin : report.bins)
        items += bin.items;
    QCOMPARE(items, 4);
}

void TestProbabilityReports::temperatureIsFound() {
    // Answers drawn from softmax(z); the model says softmax(3 z): three times too sure.
    Random random(5);
    std::vector<float> probabilities;
    std::vector<int> gold;
    for (int i = 0; i < 4000; ++i) {
        std::array<double, 3> truth{}, said{};
        double whole = 0, saidWhole = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const double z = 3 * random.unit();
            truth[k] = std::exp(z);
            said[k] = std::exp(3 * z);
            whole += truth[k];
            saidWhole += said[k];
        }
        double at = random.unit() * whole;
        int answer = 0;
        while (answer < 2 && at > truth[static_cast<std::size_t>(answer)])
            at -= truth[static_cast<std::size_t>(answer++)];
        gold.push_back(answer);
        for (const double s : said)
            probabilities.push_back(static_cast<float>(s / saidWhole));
    }
    const double temperature = fitTemperature(probabilities, gold, 3);
    QVERIFY2(near(temperature, 3, 0.25), "the temperature that the data was made with");
    const CalibrationReport before = calibration(probabilities, gold, 3);
    applyTemperature(probabilities, 3, temperature);
    const CalibrationReport after = calibration(probabilities, gold, 3);
    QVERIFY(after.expectedError < 0.04);
    QVERIFY(before.expectedError > 0.15);
    QVERIFY(after.loss < before.loss);
}

void TestProbabilityReports::temperatureKeepsTheAnswer() {
    std::vector<float> row{0.7f, 0.2f, 0.1f, 1.0f, 0.0f, 0.0f};
    applyTemperature(row, 3, 2);
    QVERIFY(row[0] > row[1] && row[1] > row[2] && row[0] < 0.7f);
    QVERIFY(near(static_cast<double>(row[0] + row[1] + row[2]), 1, 1e-6));
    QVERIFY(near(static_cast<double>(row[3]), 1, 1e-4));
    QVERIFY_EXCEPTION_THROWN(applyTemperature(row, 3, 0), std::logic_error);
}

void TestProbabilityReports::calibrationOfNothing() {
    QCOMPARE(calibration({}, {}, 2).expectedError, 0.0);
    QCOMPARE(fitTemperature({}, {}, 2), 1.0);
    const std::vector<float> row{0.5f, 0.5f};
    const std::vector<int> other{-1};
    QCOMPARE(fitTemperature(row, other, 2), 1.0);
    QVERIFY(near(calibration(row, other, 2).brier, 1.5, 1e-6));
}

void TestProbabilityReports::slicesByHand() {
    const std::vector<std::string> names{"short", "long", "never"};
    const std::vector<int> groups{1, 0, 0, 1};
    const std::vector<int> gold{0, 1, 1, 0};
    const std::vector<int> predicted{0, 1, 0, 0};
    const auto slices = sliceScores(names, groups, gold, predicted);
    QCOMPARE(slices.size(), std::size_t(2));
    QCOMPARE(QString::fromStdString(slices[0].group), QStringLiteral("short"));
    QCOMPARE(slices[1].accuracy, 1.0);
    QCOMPARE(slices[0].accuracy, 0.5);
    QVERIFY(slices[0].accuracyInterval.low < 0.5 && slices[0].accuracyInterval.high > 0.5);
    QVERIFY(slices[0].few);
    const std::vector<int> nameless{3};
    const std::vector<int> one{0};
    QVERIFY_EXCEPTION_THROWN(sliceScores(names, nameless, one, one), std::logic_error);
}

void TestProbabilityReports::fairnessByHand() {
    std::vector<int> groups, gold, predicted;
    const auto add = [&](int group, int wanted, int given, int count) {
        groups.insert(groups.end(), static_cast<std::size_t>(count), group);
        gold.insert(gold.end(), static_cast<std::size_t>(count), wanted);
        predicted.insert(predicted.end(), static_cast<std::size_t>(count), given);
    };
    // Group 0: 40 positives, 32 found; 60 negatives, 12 taken for positives. Group 1: 50, 25 found; 50, 5.
    add(0, 1, 1, 32), add(0, 1, 0, 8), add(0, 0, 1, 12), add(0, 0, 0, 48);
    add(1, 1, 1, 25), add(1, 1, 0, 25), add(1, 0, 1, 5), add(1, 0, 0, 45);
    const std::vector<std::string> names{"a", "b", "c"};
    FairnessReport report = fairness(names, groups, gold, predicted, 1);
    QVERIFY(near(report.demographicParity, 0.44 - 0.30, 1e-12));
    QVERIFY(near(report.equalOpportunity, 0.8 - 0.5, 1e-12));
    QVERIFY(near(report.equalisedOdds, 0.3, 1e-12));
    QVERIFY(!report.few);
    add(2, 0, 0, 3);  // a group without positives: its rate over them is nobody's
    report = fairness(names, groups, gold, predicted, 1);
    QVERIFY(near(report.equalOpportunity, 0.3, 1e-12));
    QVERIFY(near(report.demographicParity, 0.44, 1e-12));
    QVERIFY(report.few);
    QVERIFY(report.groups[2].few);
    QCOMPARE(fairness(names, {}, {}, {}, 1).demographicParity, 0.0);
}

QTEST_APPLESS_MAIN(TestProbabilityReports)
#include "tst_probability_reports.moc"
