// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// McNemar's test against the binomial distribution, the paired bootstrap against what is known of its subject.
#include <QtTest>

#include "core/intervals.h"
#include "eval/paired_comparison.h"
#include "support/near.h"

using namespace lathe::eval;
using lathe::test::near;

namespace {

/// Answers of two models: so many items both right, only B, only A, neither.
struct Answers {
    std::vector<int> gold, a, b;
    Answers(int both, int fixed, int broken, int wrong) {
        const auto add = [this](int count, int answerA, int answerB) {
            for (int i = 0; i < count; ++i) {
                gold.push_back(1);
                a.push_back(answerA);
                b.push_back(answerB);
            }
        };
        add(both, 1, 1);
        add(fixed, 0, 1);
        add(broken, 1, 0);
        add(wrong, 0, 0);
    }
};

}  // namespace

class TestPairedComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mcNemarIsBinomial();
    void classifiersByHand();
    void bootstrapFindsADifference();
    void bootstrapOfEqualModels();
    void bootstrapIntervalIsTheNormalOne();
    void sameSeedSameNumbers();
    void nothingToCompare();
};

void TestPairedComparison::mcNemarIsBinomial() {
    // scipy.stats.binomtest(3, 12) and (40, 100) at 0.5.
    Answers few(10, 9, 3, 5);
    QVERIFY(near(compareClassifiers(2, few.gold, few.a, few.b, 10).mcNemar.p, 0.14599609375, 1e-12));
    Answers many(0, 60, 40, 0);
    QVERIFY(near(compareClassifiers(2, many.gold, many.a, many.b, 10).mcNemar.p, 0.05688793364098089, 1e-10));
    Answers even(1, 7, 7, 0);
    QCOMPARE(compareClassifiers(2, even.gold, even.a, even.b, 10).mcNemar.p, 1.0);
    Answers huge(0, 60000, 58000, 0);  // normal approximation: z = 2000 / sqrt(118000) = 5.82
    QVERIFY(compareClassifiers(2, huge.gold, huge.a, huge.b, 1).mcNemar.p < 1e-8);
}

void TestPairedComparison::classifiersByHand() {
    const std::vector<int> gold{0, 0, 1, 1, 2};
    const std::vector<int> a{0, 1, 1, 1, 2};
    const std::vector<int> b{0, 0, 1, 0, 2};
    const ClassifierComparison result = compareClassifiers(4, gold, a, b);
    QCOMPARE(result.items, 5);
    QCOMPARE(result.accuracyA, 0.8);
    QCOMPARE(result.accuracyB, 0.8);
    // A: F1 2/3, 4/5, 1; B: 4/5, 2/3, 1; the fourth label nobody has and nobody says.
    QVERIFY(near(result.macroF1A, (2.0 / 3 + 0.8 + 1) / 3, 1e-12));
    QVERIFY(near(result.macroF1B, (2.0 / 3 + 0.8 + 1) / 3, 1e-12));
    QCOMPARE(result.fixed, std::vector<std::uint32_t>{1});
    QCOMPARE(result.broken, std::vector<std::uint32_t>{3});
    QCOMPARE(result.mcNemar.bothRight, 3);
    QCOMPARE(result.mcNemar.bothWrong, 0);
    QVERIFY(toText(result).find("no difference") != std::string::npos);
    QCOMPARE(toJson(result)["mcnemar"]["fixed"].get<int>(), 1);
}

void TestPairedComparison::bootstrapFindsADifference() {
    Answers answers(60, 30, 5, 5);
    const auto result = compareClassifiers(2, answers.gold, answers.a, answers.b);
    QVERIFY(near(result.accuracy.difference, 0.25, 1e-12));
    QVERIFY(result.accuracy.interval.low > 0);
    QVERIFY(result.accuracy.p < 0.01);
    QVERIFY(toText(result).find("B is better") != std::string::npos);
}

void TestPairedComparison::bootstrapOfEqualModels() {
    Answers answers(60, 20, 20, 0);
    const auto result = compareClassifiers(2, answers.gold, answers.a, answers.b);
    QCOMPARE(result.accuracy.difference, 0.0);
    QVERIFY(result.accuracy.interval.low < 0 && result.accuracy.interval.high > 0);
    QVERIFY(result.accuracy.p > 0.5);
    // A model against itself: never a difference in any resample.
    const auto same = compareClassifiers(2, answers.gold, answers.a, answers.a);
    QCOMPARE(same.accuracy.p, 1.0);
    QCOMPARE(same.accuracy.interval.low, 0.0);
    QCOMPARE(same.accuracy.interval.high, 0.0);
}

void TestPairedComparison::bootstrapIntervalIsTheNormalOne() {
    // The mean of paired differences in {-1, 0, 1}: by theory its standard error is sqrt(var / n).
    Answers answers(1000, 600, 400, 0);
    const double mean = 200.0 / 2000;
    const double error = std::sqrt((1000.0 / 2000 - mean * mean) / 2000);
    const auto result = compareClassifiers(2, answers.gold, answers.a, answers.b, 4000);
    QVERIFY(near(result.accuracy.interval.low, mean - lathe::kZ95 * error, 0.003));
    QVERIFY(near(result.accuracy.interval.high, mean + lathe::kZ95 * error, 0.003));
}

void TestPairedComparison::sameSeedSameNumbers() {
    Answers answers(30, 12, 8, 5);
    const auto first = compareClassifiers(2, answers.gold, answers.a, answers.b, 500, 7);
    const auto second = compareClassifiers(2, answers.gold, answers.a, answers.b, 500, 7);
    const auto other = compareClassifiers(2, answers.gold, answers.a, answers.b, 500, 8);
    QCOMPARE(first.macroF1.interval.low, second.macroF1.interval.low);
    QCOMPARE(first.macroF1.p, second.macroF1.p);
    QVERIFY(first.macroF1.interval.low != other.macroF1.interval.low || first.macroF1.p != other.macroF1.p);
}

void TestPairedComparison::nothingToCompare() {
    const auto result = compareClassifiers(2, {}, {}, {});
    QCOMPARE(result.items, 0);
    QCOMPARE(result.accuracy.p, 1.0);
    QCOMPARE(result.mcNemar.p, 1.0);
    const std::vector<int> one{0};
    QVERIFY_EXCEPTION_THROWN(compareClassifiers(2, one, {}, one), std::logic_error);
}

QTEST_APPLESS_MAIN(TestPairedComparison)
#include "tst_paired_comparison.moc"
