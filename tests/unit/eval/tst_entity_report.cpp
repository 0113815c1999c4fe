// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Entities and their scores by hand, in every scheme of tags.
#include <QtTest>

#include "eval/entity_report.h"

using namespace lathe;
using namespace lathe::eval;

namespace {

/// "X 0-2, Y 2-3"
QString entities(const QString& tags) {
    std::vector<std::string> list;
    for (const QString& tag : tags.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        list.push_back(tag.toStdString());
    QStringList found;
    for (const Entity& entity : entitiesOf(list))
        found << QStringLiteral("%1 %2-%3").arg(QString::fromStdString(entity.type)).arg(entity.begin).arg(entity.end);
    return found.join(QStringLiteral(", "));
}

}  // namespace

class TestEntityReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tagsToEntities_data() {
        QTest::addColumn<QString>("tags");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* tags, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(tags) << QString::fromUtf8(expected);
        };
        row("nothing", "", "");
        row("outside", "O O O", "");
        row("IOB2", "B-X I-X O B-Y", "X 0-2, Y 3-4");
        row("IOB2, two of a type in a row", "B-X B-X I-X", "X 0-1, X 1-3");
        row("IOB1 begins with I", "O I-X I-X O", "X 1-3");
        row("IOB1, B only between two of a type", "I-X I-X B-X I-X", "X 0-2, X 2-4");
        row("inside of another type", "B-X I-Y I-Y", "X 0-1, Y 1-3");
        row("inside behind another's inside", "B-X I-X I-Y", "X 0-2, Y 2-3");
        row("inside behind outside", "B-X O I-X", "X 0-1, X 2-3");
        row("up to the end", "O B-X I-X", "X 1-3");
        row("IOBES", "B-X I-X E-X S-Y S-X", "X 0-3, Y 3-4, X 4-5");
        row("inside behind an end", "B-X E-X I-X", "X 0-2, X 2-3");
        row("inside behind a single", "S-X I-X", "X 0-1, X 1-2");
        row("IOE: two ends", "I-X E-X E-X", "X 0-2, X 2-3");
        row("type with a dash", "B-first-name I-first-name", "first-name 0-2");
        row("types alone", "X X O Y", "X 0-2, Y 3-4");
    }
    void tagsToEntities() {
        QFETCH(QString, tags);
        QFETCH(QString, expected);
        QCOMPARE(entities(tags), expected);
    }

    void scoresByHand() {
        EntityCounter counter;
        // Right; a boundary off by one; a type that is wrong; one that nobody marked.
        counter.add({{"X", 0, 2}, {"X", 4, 6}, {"Y", 8, 9}}, {{"X", 0, 2}, {"X", 4, 5}, {"X", 8, 9}, {"Z", 10, 11}});
        counter.add({{"Y", 0, 1}}, {{"Y", 0, 1}});
        counter.add({{"Y", 3, 5}}, {});
        const EntityReport report = counter.report();
        QCOMPARE(report.gold, std::int64_t{5});
        QCOMPARE(report.predicted, std::int64_t{5});
        QCOMPARE(report.correct, std::int64_t{2});
        QCOMPARE(report.precision, 0.4);
        QCOMPARE(report.recall, 0.4);
        QCOMPARE(report.f1, 0.4);
        QCOMPARE(report.types, (std::vector<std::string>{"X", "Y", "Z"}));
        QCOMPARE(report.perType[0].precision, 1.0 / 3);
        QCOMPARE(report.perType[0].recall, 0.5);
        QCOMPARE(report.perType[0].f1, 0.4);
        QCOMPARE(report.perType[1].f1, 0.5);  // 1 of 1 found is right, 1 of 3 is found
        QCOMPARE(report.perType[2].f1, 0.0);  // never there
        QCOMPARE(report.macroF1, 0.3);        // (0.4 + 0.5 + 0) / 3
        QCOMPARE(report.weightedF1, (2 * 0.4 + 3 * 0.5) / 5);
    }

    void sameWordsInAnotherTextDoNotCount() {
        EntityCounter counter;
        counter.add({{"X", 0, 2}}, {});
        counter.add({}, {{"X", 0, 2}});
        QCOMPARE(counter.report().correct, std::int64_t{0});
    }

    void whatIsNamedTwiceCountsOnce() {
        EntityCounter counter;
        counter.add({{"X", 0, 2}, {"X", 0, 2}}, {{"X", 0, 2}, {"X", 0, 2}, {"X", 0, 2}});
        QCOMPARE(counter.report().f1, 1.0);
        QCOMPARE(counter.report().gold, std::int64_t{1});
    }

    void nothingIsZero() {
        const EntityReport report = EntityCounter().report();
        QCOMPARE(report.f1, 0.0);
        QVERIFY(toText(report).find("all") != std::string::npos);
        QCOMPARE(toJson(report)["entities"], Json(0));
    }
};

QTEST_GUILESS_MAIN(TestEntityReport)
#include "tst_entity_report.moc"
