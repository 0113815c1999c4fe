// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The report's figures against cases worked out by hand.
#include <QTest>

#include <stdexcept>

#include "eval/classification_report.h"
#include "support/near.h"

using namespace lathe;
using namespace lathe::eval;
using lathe::test::near;

class TestClassificationReport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void threeClasses();
    void labelsNobodyUsed();
    void predictedButNeverGold();
    void nothingAtAll();
    void wilson();
    void jsonHasEverything();
    void textAlignsWideCharacters();
    void wrongIndexIsABug();
};

namespace {}  // namespace

void TestClassificationReport::threeClasses() {
    // scikit-learn's own example: y_true 0 1 2 2 2, y_pred 0 0 2 2 1.
    const std::vector<int> gold{0, 1, 2, 2, 2};
    const std::vector<int> predicted{0, 0, 2, 2, 1};
    const ClassificationReport r = classificationReport({"class 0", "class 1", "class 2"}, gold, predicted);
    QCOMPARE(r.items, 5);
    QCOMPARE(r.correct, 3);
    QVERIFY(near(r.accuracy, 0.6));
    QVERIFY(near(r.perClass[0].precision, 0.5));
    QVERIFY(near(r.perClass[0].recall, 1.0));
    QVERIFY(near(r.perClass[0].f1, 2.0 / 3));
    QVERIFY(near(r.perClass[1].precision, 0.0));
    QVERIFY(near(r.perClass[1].recall, 0.0));
    QVERIFY(near(r.perClass[1].f1, 0.0));
    QVERIFY(near(r.perClass[2].precision, 1.0));
    QVERIFY(near(r.perClass[2].recall, 2.0 / 3));
    QVERIFY(near(r.perClass[2].f1, 0.8));
    QVERIFY(near(r.macroF1, (2.0 / 3 + 0.0 + 0.8) / 3));
    QVERIFY(near(r.weightedF1, (2.0 / 3 + 3 * 0.8) / 5));
    QCOMPARE(r.at(2, 1), 1);
    QCOMPARE(r.at(1, 0), 1);
    QCOMPARE(r.at(1, 1), 0);
    QCOMPARE(r.perClass[2].support, 3);
    QCOMPARE(r.perClass[0].predicted, 2);
}

void TestClassificationReport::labelsNobodyUsed() {
    const std::vector<int> gold{0, 0, 1};
    const std::vector<int> predicted{0, 1, 1};
    const ClassificationReport r = classificationReport({"a", "b", "never"}, gold, predicted);
    // a: 1/1, 1/2, F1 2/3; b: 1/2, 1/1, F1 2/3; "never" does not pull the mean down.
    QVERIFY(near(r.macroF1, 2.0 / 3));
    QVERIFY(near(r.weightedF1, 2.0 / 3));
}

void TestClassificationReport::predictedButNeverGold() {
    const std::vector<int> gold{0, 0};
    const std::vector<int> predicted{0, 1};
    const ClassificationReport r = classificationReport({"a", "b"}, gold, predicted);
    // b was predicted, so it counts with F1 0: (2/3 + 0) / 2.
    QVERIFY(near(r.macroF1, 1.0 / 3));
    QVERIFY(near(r.weightedF1, 2.0 / 3));
}

void TestClassificationReport::nothingAtAll() {
    const ClassificationReport r = classificationReport({"a", "b"}, {}, {});
    QCOMPARE(r.items, 0);
    QVERIFY(near(r.accuracy, 0));
    QVERIFY(near(r.macroF1, 0));
    QVERIFY(near(r.accuracyLow, 0));
    QVERIFY(near(r.accuracyHigh, 1));
    QCOMPARE(r.confusion.size(), std::size_t(4));
}

void TestClassificationReport::wilson() {
    // 81 of 263 is the textbook case: 0.2553 to 0.3662 (Newcombe 1998, table I).
    std::vector<int> gold(263, 0);
    std::vector<int> predicted(263, 1);
    std::fill_n(predicted.begin(), 81, 0);
    const ClassificationReport r = classificationReport({"a", "b"}, gold, predicted);
    QVERIFY(near(r.accuracyLow, 0.2553, 5e-5));
    QVERIFY(near(r.accuracyHigh, 0.3662, 5e-5));
    // 0 of 20 and 20 of 20: Newcombe's 0 to 0.1611, and its mirror image.
    const ClassificationReport none =
        classificationReport({"a", "b"}, std::vector<int>(20, 0), std::vector<int>(20, 1));
    QVERIFY(near(none.accuracyLow, 0));
    QVERIFY(near(none.accuracyHigh, 0.1611, 5e-5));
    const ClassificationReport all = classificationReport({"a", "b"}, std::vector<int>(20, 0), std::vector<int>(20, 0));
    QVERIFY(near(all.accuracyLow, 0.8389, 5e-5));
    QVERIFY(near(all.accuracyHigh, 1));
}

void TestClassificationReport::jsonHasEverything() {
    const std::vector<int> gold{0, 1};
    const std::vector<int> predicted{0, 0};
    const Json json = toJson(classificationReport({"yes", "no"}, gold, predicted));
    QCOMPARE(json["accuracy"].get<double>(), 0.5);
    QCOMPARE(json["confusion"][1][0].get<int>(), 1);
    QCOMPARE(json["per_class"][1]["label"].get<std::string>(), std::string("no"));
    QCOMPARE(json["per_class"][1]["support"].get<int>(), 1);
    QVERIFY(!json.contains("mean_loss"));
}

void TestClassificationReport::textAlignsWideCharacters() {
    const std::vector<int> gold{0, 1};
    const std::string text = toText(classificationReport({"挂失银行卡业务", "a card that was lost"}, gold, gold));
    // Seven wide characters take fourteen columns, so six spaces fill up to the twenty of the other label.
    QVERIFY(text.find("挂失银行卡业务        "
                      "   1.0000") != std::string::npos);
    QVERIFY(text.find("a card that was lost  "
                      "   1.0000") != std::string::npos);
    QVERIFY(text.find("(2 of 2;") != std::string::npos);
}

void TestClassificationReport::wrongIndexIsABug() {
    QVERIFY_EXCEPTION_THROWN(classificationReport({"a"}, std::vector<int>{1}, std::vector<int>{0}), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(classificationReport({"a"}, std::vector<int>{0}, std::vector<int>{-1}), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(classificationReport({"a"}, std::vector<int>{0, 0}, std::vector<int>{0}),
                             std::logic_error);
}

QTEST_GUILESS_MAIN(TestClassificationReport)
#include "tst_classification_report.moc"
