// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reports of texts with any number of labels, and of numbers. Right values: scikit-learn 1.5 and SciPy's definitions,
// worked out by hand where noted.
#include "eval/label_set_report.h"

#include <QtTest>

#include <cmath>

#include "eval/number_report.h"

using namespace lathe;

class TestLabelSetReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void labelSets() {
        eval::LabelSetCounter counter({"food", "price", "staff", "none"});
        const auto add = [&](std::vector<int> gold, std::vector<int> predicted) { counter.add(gold, predicted); };
        add({0, 1}, {1, 0});  // exact, whatever the order
        add({0}, {0, 2});
        add({1, 2}, {2});
        add({}, {});  // exact: nothing to say
        add({2}, {});
        const auto report = counter.report();
        QCOMPARE(report.items, std::int64_t{5});
        QCOMPARE(report.exact, std::int64_t{2});
        QCOMPARE(report.subsetAccuracy, 0.4);
        // food 2 right of 2 and 2; price 1 right, 2 gold, 1 given; staff 1 right, 2 gold, 2 given
        QCOMPARE(report.perClass[0].f1, 1.0);
        QCOMPARE(report.perClass[1].precision, 1.0);
        QCOMPARE(report.perClass[1].recall, 0.5);
        QCOMPARE(report.perClass[2].f1, 0.5);
        QCOMPARE(report.perClass[3].f1, 0.0);
        QCOMPARE(report.precision, 4.0 / 5);
        QCOMPARE(report.recall, 4.0 / 6);
        QVERIFY(std::abs(report.f1 - 8.0 / 11) < 1e-12);
        QVERIFY(std::abs(report.macroF1 - (1.0 + 2.0 / 3 + 0.5) / 4) < 1e-12);
        QVERIFY(std::abs(report.weightedF1 - (2 * 1.0 + 2 * 2.0 / 3 + 2 * 0.5) / 6) < 1e-12);
        QCOMPARE(report.hammingLoss, 3.0 / 20);
        QVERIFY(eval::toText(report).find("price") != std::string::npos);
        QCOMPARE(eval::toJson(report)["per_class"].size(), std::size_t{4});
    }

    void nothingAtAll() {
        const auto report = eval::LabelSetCounter({}).report();
        QCOMPARE(report.f1, 0.0);
        QCOMPARE(report.hammingLoss, 0.0);
        QVERIFY(std::isnan(eval::numberReport({}, {}).pearson));
        QVERIFY(eval::toJson(eval::numberReport({}, {}))["mae"].is_null());
    }

    void numbers() {
        const std::vector<double> gold{1, 2, 3, 4, 5}, said{1, 3, 2, 5, 4};
        const auto report = eval::numberReport(gold, said);
        QCOMPARE(report.pearson, 0.8);
        QCOMPARE(report.spearman, 0.8);
        QCOMPARE(report.meanAbsoluteError, 0.8);
        QVERIFY(std::abs(report.rootMeanSquareError - std::sqrt(0.8)) < 1e-12);
        QCOMPARE(report.bias, 0.0);
        // Ranks, not distances, and ties share theirs: (1, 2.5, 2.5, 4) against (1, 2, 3, 4).
        const std::vector<double> tied{1, 7, 7, 1000}, order{1, 2, 3, 4};
        QVERIFY(std::abs(eval::spearman(tied, order) - 4.5 / std::sqrt(4.5 * 5)) < 1e-12);
        const std::vector<double> same{2, 2, 2};
        QVERIFY(std::isnan(eval::pearson(same, std::vector<double>{1, 2, 3})));
    }
};

QTEST_GUILESS_MAIN(TestLabelSetReport)
#include "tst_label_set_report.moc"
