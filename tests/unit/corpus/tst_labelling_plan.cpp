// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a project's texts get: kept as a setting, guessed from what they carry, scales of ratings.
#include <QTest>

#include "corpus/labelling_plan.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestLabellingPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip();
    void nonsenseIsReplaced();
    void scales();
    void guesses_data();
    void guesses();
};

void TestLabellingPlan::roundTrip() {
    const TempFolder folder;
    auto project = projectOf(folder.path() / "p", {"one"});
    auto store = project.connect().value();
    QVERIFY(!storedLabellingPlan(*store).value());
    for (const LabellingKind kind : kLabellingKinds) {
        LabellingPlan plan;
        plan.kind = kind;
        plan.scale = {0, 1, 0.1};
        plan.overlap = false;
        plan.snapsToWords = false;
        QVERIFY(storeLabellingPlan(*store, plan));
        QVERIFY(storedLabellingPlan(*store).value() == std::optional(plan));
        QVERIFY(labellingKindFrom(labellingKindId(kind)) == kind);
    }
}

void TestLabellingPlan::nonsenseIsReplaced() {
    QVERIFY(!labellingPlanFrom("[1]"));
    QVERIFY(!labellingPlanFrom("{"));
    const auto plan = labellingPlanFrom(
        R"({"kinds": ["melody", 3, "rating"], "rating": {"low": 5, "high": 1, "step": 1}, "overlap": "no", "x": 1})");
    QVERIFY(plan);
    QVERIFY(plan->kind == LabellingKind::Rating);  // the first that is known
    QVERIFY(plan->scale == RatingScale());
    QVERIFY(plan->overlap && plan->snapsToWords);
}

void TestLabellingPlan::scales() {
    const RatingScale tenths{0, 1, 0.1};
    QVERIFY(tenths.isValid());
    QCOMPARE(tenths.steps(), 11);
    QCOMPARE(tenths.value(10), 1.0);  // exactly, not 0.99999
    QCOMPARE(tenths.nearest(0.34), tenths.value(3));
    QCOMPARE(tenths.nearest(7), 1.0);
    QVERIFY(!(RatingScale{1, 5, 3}).isValid());  // 5 is not reached
    QVERIFY(!(RatingScale{1, 1, 1}).isValid());
    QVERIFY(!(RatingScale{1, 5, 0}).isValid());
    QVERIFY(!(RatingScale{0, 1e9, 1e-3}).isValid());
}

void TestLabellingPlan::guesses_data() {
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("single");
    QTest::addColumn<QString>("kind");
    QTest::newRow("nothing") << QString() << false << "single";
    QTest::newRow("one label") << QString() << true << "single";
    QTest::newRow("several") << R"({"labels": [1]})" << false << "labels";
    QTest::newRow("none of several") << R"({"labels": []})" << false << "labels";
    QTest::newRow("rating") << R"({"rating": 4})" << false << "rating";
    QTest::newRow("parts and a label") << R"({"spans": [[0, 3, 1]]})" << true << "spans";
}

void TestLabellingPlan::guesses() {
    QFETCH(QString, value);
    QFETCH(bool, single);
    QFETCH(QString, kind);
    const TempFolder folder;
    auto project = projectOf(folder.path() / "p", {"one", "two", "three"});
    auto store = project.connect().value();
    Label label;
    label.name = "thing";
    const LabelId id = store->addLabel(label).value();
    QCOMPARE(id, LabelId(1));
    const std::vector<SampleId> samples = store->find({}).value();
    for (const SampleId sample : samples) {
        Annotation row;
        row.sample = sample;
        row.value = value.toStdString();
        if (single)
            row.label = id;
        if (single || !value.isEmpty())
            QVERIFY(store->annotate(row));
        if (sample == 2)
            break;  // the third stays without
    }
    const auto guessed = guessLabellingPlan(*store);
    QVERIFY(guessed);
    QCOMPARE(QString::fromLatin1(labellingKindId(guessed->kind)), kind);
}

QTEST_APPLESS_MAIN(TestLabellingPlan)
#include "tst_labelling_plan.moc"
