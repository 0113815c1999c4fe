// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Label sets as files: out, in again, into a project that has labels already; conflicts are told.
#include <QTest>

#include "corpus/label_set_file.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

std::vector<LabelRecord> animals() {
    return {{.name = "animal",
             .color = "#0072B2",
             .key = "1",
             .guideline = "",
             .parent = "",
             .examples = {},
             .counterExamples = {}},
            {.name = "猫 \"cat\"",
             .color = "",
             .key = "q",
             .guideline = "Purrs.\n# Not a tiger",
             .parent = "animal",
             .examples = {"a tabby", "喵 😀"},
             .counterExamples = {"a catalogue"}},
            {.name = "dog",
             .color = "#E69F00",
             .key = "",
             .guideline = "",
             .parent = "animal",
             .examples = {},
             .counterExamples = {}}};
}

}  // namespace

class TestLabelSetFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip();
    void intoAnEmptyProjectAndOut();
    void intoAProjectWithLabels();
    void keysAndParentsSwap();
    void badFiles_data();
    void badFiles();
};

void TestLabelSetFile::roundTrip() {
    const auto back = labelSetFrom(toLabelSetFile(animals()));
    QVERIFY(back);
    QVERIFY(*back == animals());
}

void TestLabelSetFile::intoAnEmptyProjectAndOut() {
    const TempFolder folder;
    auto project = projectOf(folder.path() / "p", {"one"});
    auto store = project.connect().value();
    QVERIFY(storeLabelSet(*store, animals()));
    auto out = labelRecords(store->labels().value());
    QCOMPARE(out.size(), std::size_t(3));
    QVERIFY(!out[1].color.empty());  // chosen by the store
    out[1].color.clear();
    QVERIFY(out == animals());
}

void TestLabelSetFile::intoAProjectWithLabels() {
    std::vector<LabelRecord> mine{{.name = "dog",
                                   .color = "#111111",
                                   .key = "q",
                                   .guideline = "mine",
                                   .parent = "",
                                   .examples = {},
                                   .counterExamples = {}},
                                  {.name = "stone",
                                   .color = "#222222",
                                   .key = "2",
                                   .guideline = "",
                                   .parent = "",
                                   .examples = {},
                                   .counterExamples = {}}};
    const LabelSetChange change = takeLabelSet(mine, animals());
    QCOMPARE(change.added, 2);
    QCOMPARE(change.changed, 1);
    QCOMPARE(change.notes.size(), std::size_t(1));  // q belongs to "dog" when the cat comes
    QVERIFY2(change.notes[0].find("dog") != std::string::npos, change.notes[0].c_str());
    QCOMPARE(mine.size(), std::size_t(4));
    QCOMPARE(mine[0].parent, std::string("animal"));
    QCOMPARE(mine[1].name, std::string("stone"));  // stays
    QVERIFY(mine[3].key.empty());
    const TempFolder folder;
    auto project = projectOf(folder.path() / "p", {"one"});
    auto store = project.connect().value();
    QVERIFY(storeLabelSet(*store, mine));
    QCOMPARE(labelRecords(store->labels().value()).size(), std::size_t(4));
}

void TestLabelSetFile::keysAndParentsSwap() {
    const TempFolder folder;
    auto project = projectOf(folder.path() / "p", {"one"});
    auto store = project.connect().value();
    QVERIFY(storeLabelSet(*store, animals()));
    auto other = animals();
    std::swap(other[0].key, other[1].key);
    other[0].parent = other[1].name;  // the tree upside down
    other[1].parent.clear();
    other[2].parent = other[1].name;
    other[1].color = "#123456";
    const auto stored = storeLabelSet(*store, other);
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QVERIFY(labelRecords(store->labels().value()) == other);
}

void TestLabelSetFile::badFiles_data() {
    QTest::addColumn<QByteArray>("json");
    const auto labels = [](const char* list) {
        return QByteArray(R"({"format": "lathe-labels", "version": 1, "labels": )") + list + "}";
    };
    QTest::newRow("no JSON") << QByteArray("name,key");
    QTest::newRow("another file") << QByteArray(R"({"labels": [{"name": "a"}]})");
    QTest::newRow("newer") << QByteArray(R"({"format": "lathe-labels", "version": 2, "labels": []})");
    QTest::newRow("no name") << labels(R"([{"key": "1"}])");
    QTest::newRow("same name") << labels(R"([{"name": "a"}, {"name": "a"}])");
    QTest::newRow("same key") << labels(R"([{"name": "a", "key": "1"}, {"name": "b", "key": "1"}])");
    QTest::newRow("no such parent") << labels(R"([{"name": "a", "parent": "b"}])");
    QTest::newRow("a circle") << labels(R"([{"name": "a", "parent": "b"}, {"name": "b", "parent": "a"}])");
    QTest::newRow("a number") << labels(R"([{"name": "a", "color": 7}])");
    QTest::newRow("examples") << labels(R"([{"name": "a", "examples": [1]}])");
    QTest::newRow("a list of names") << labels(R"(["a"])");
}

void TestLabelSetFile::badFiles() {
    QFETCH(QByteArray, json);
    const auto labels = labelSetFrom(json.toStdString());
    QVERIFY(!labels);
    QVERIFY(!labels.error().message.empty());
}

QTEST_APPLESS_MAIN(TestLabelSetFile)
#include "tst_label_set_file.moc"
