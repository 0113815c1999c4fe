// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Splits of a project: groups, dates, and a test split that stays as it is.
#include <QTest>

#include <fmt/format.h>

#include <map>

#include "corpus/clean/splits.h"
#include "support/corpus_checks.h"
#include "support/store_sums.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestSplits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TempFolder>(); }

    void dates_data();
    void dates();
    void stratifiedAndFrozen();
    void fieldGroupsStayTogether();
    void duplicatesStayTogether();
    void newestToTest();
    void wrongRequestsAreRefused();
    void theFrozenTestSplitIsRefused();
    void changesWithAReasonAreLogged();
    void dividingAgainKeepsTheTest();

private:
    // Texts with metadata {"patient": n, "date": "2024-..."}.
    Project make(int count) {
        auto project = Project::create(m_folder->path() / "p.lathe").value();
        auto store = project.connect().value();
        const auto source = store->addSource({}).value();
        std::vector<NewSample> samples;
        for (int i = 0; i < count; ++i) {
            NewSample sample;
            sample.text = "text number " + std::to_string(i * 7919 % 10007);
            sample.label = i % 5 == 0 ? "rare" : "usual";
            sample.metadata =
                toLine(Json{{"patient", i / 4}, {"date", fmt::format("2024-{:02}-{:02}", 1 + i % 12, 1 + i % 28)}});
            samples.push_back(std::move(sample));
        }
        if (!store->addSamples(source, samples))
            std::abort();
        return project;
    }
    std::unique_ptr<TempFolder> m_folder;
    JobContext m_context;
};

void TestSplits::dates_data() {
    QTest::addColumn<QString>("json");
    QTest::addColumn<qint64>("seconds");  // -1: none
    const auto row = [](const char* json, qint64 seconds) {
        QTest::newRow(json) << QString::fromUtf8(json) << seconds;
    };
    row(R"("2024-03-05")", 1709596800);
    row(R"("2024/3/5 14:02")", 1709596800 + 14 * 3600 + 120);
    row(R"("2024-03-05T14:02:11+08:00")", 1709596800 + 6 * 3600 + 131);
    row(R"("2024-03-05T14:02:11.250Z")", 1709596800 + 14 * 3600 + 131);
    row(R"("2024年3月5日")", 1709596800);
    row(R"("20240305")", 1709596800);
    row("20240305", 1709596800);
    row("1709596800", 1709596800);
    row("1709596800000", 1709596800);
    row(R"("1709596800")", 1709596800);
    row("2024", 1704067200);
    row(R"("05.03.2024")", -1);
    row(R"("yesterday")", -1);
    row(R"("2024-13-05")", -1);
    row("null", -1);
    row("7", -1);
}

void TestSplits::dates() {
    QFETCH(QString, json);
    QFETCH(qint64, seconds);
    const auto time = timeFrom(parseJson(json.toStdString(), "a date").value());
    QCOMPARE(time ? qint64(*time / 1000) : -1, seconds);
}

void TestSplits::stratifiedAndFrozen() {
    const auto project = make(100);
    const auto store = project.connect().value();
    const auto preview = previewSplits(*store, {}, m_context);
    VERIFY_OK(preview);
    QCOMPARE(store->counts()->test, 0);
    const auto made = makeSplits(*store, {}, "ann", m_context);
    VERIFY_OK(made);
    QCOMPARE(made->samples, preview->samples);
    QCOMPARE(made->totals, (std::array<std::int64_t, 3>{80, 10, 10}));
    QCOMPARE(made->rows.size(), std::size_t(2));
    for (const SplitRow& row : made->rows)
        QCOMPARE(row.counts, row.name == "rare" ? (std::array<std::int64_t, 3>{16, 2, 2})
                                                : (std::array<std::int64_t, 3>{64, 8, 8}));
    QCOMPARE(store->counts()->test, 10);
    QVERIFY(store->isTestFrozen().value());
    const auto log = store->splitLog().value();
    QCOMPARE(log.size(), std::size_t(2));
    QCOMPARE(log[1].action, std::string("made"));
    QCOMPARE(log[1].who, std::string("ann"));
    QCOMPARE(log[1].samples, 100);
    QVERIFY(log[1].reason.find("stratified") != std::string::npos);
    QCOMPARE(log[0].action, std::string("frozen"));
    QVERIFY(sumsHold(project));
}

void TestSplits::fieldGroupsStayTogether() {
    const auto project = make(200);
    const auto store = project.connect().value();
    const auto made = makeSplits(*store, {.grouping = SplitGrouping::Field, .groupField = "patient"}, "", m_context);
    VERIFY_OK(made);
    QCOMPARE(made->groups, 50);
    std::map<std::string, Split> splitOf;
    for (const Sample& sample : allSamples(*store)) {
        const auto patient = toLine(parseJson(sample.metadata, "metadata").value()["patient"]);
        QCOMPARE(sample.split, splitOf.try_emplace(patient, sample.split).first->second);
    }
    QVERIFY(made->totals[2] >= 16 && made->totals[2] <= 24);
}

void TestSplits::duplicatesStayTogether() {
    std::vector<std::string> texts;
    for (int i = 0; i < 60; ++i)
        texts.push_back(std::string(10, static_cast<char>('a' + i % 20)) + " and the rest of the text" +
                        (i < 20   ? ""
                         : i < 40 ? "!"
                                  : "?"));
    const auto project = projectOf(m_folder->path() / "p.lathe", texts);
    const auto store = project.connect().value();
    VERIFY_OK(makeSplits(*store, {.grouping = SplitGrouping::Duplicates, .similarity = 0.9}, "", m_context));
    const auto samples = allSamples(*store);
    for (std::size_t i = 0; i < 20; ++i) {
        QCOMPARE(samples[i].split, samples[i + 20].split);
        QCOMPARE(samples[i].split, samples[i + 40].split);
    }
}

void TestSplits::newestToTest() {
    const auto project = make(120);
    const auto store = project.connect().value();
    VERIFY_OK(makeSplits(*store, {.method = SplitMethod::Time, .timeField = "date"}, "", m_context));
    std::string newestTrain, oldestTest = "9";
    for (const Sample& sample : allSamples(*store)) {
        const auto date = parseJson(sample.metadata, "metadata").value()["date"].get<std::string>();
        if (sample.split == Split::Train)
            newestTrain = std::max(newestTrain, date);
        if (sample.split == Split::Test)
            oldestTest = std::min(oldestTest, date);
    }
    QVERIFY2(newestTrain <= oldestTest, qPrintable(QString::fromStdString(newestTrain + " " + oldestTest)));
}

void TestSplits::wrongRequestsAreRefused() {
    const auto project = make(10);
    const auto store = project.connect().value();
    const auto refused = [&](const SplitRequest& request) {
        const auto made = makeSplits(*store, request, "", m_context);
        return made ? std::string() : made.error().message;
    };
    QVERIFY(refused({.shares = {0.8, 0.1, 0.2}}).find("1 together") != std::string::npos);
    QVERIFY(!refused({.shares = {0, 0.5, 0.5}}).empty());
    QVERIFY(refused({.grouping = SplitGrouping::Field, .groupField = "none"}).find("none") != std::string::npos);
    QVERIFY(refused({.method = SplitMethod::Time, .timeField = "patient"}).find("date") != std::string::npos);
    QCOMPARE(store->counts()->train, 0);
    QVERIFY(store->splitLog()->empty());
}

void TestSplits::theFrozenTestSplitIsRefused() {
    const auto project = make(10);
    const auto store = project.connect().value();
    const std::vector<SampleId> tests{1, 2}, others{3, 4};
    VERIFY_OK(store->setSplit(tests, Split::Test));
    VERIFY_OK(store->setTestFrozen(true, {"ann", ""}));
    const auto isRefused = [](const auto& result) {
        return !result && result.error().code == ErrorCode::InvalidInput &&
               result.error().message.find("frozen") != std::string::npos;
    };
    QVERIFY(isRefused(store->setSplit(tests, Split::Train)));
    QVERIFY(isRefused(store->setSplit(others, Split::Test)));
    QVERIFY(isRefused(store->removeSamples(tests)));
    QVERIFY(isRefused(store->editText(1, "changed", "ann")));
    Annotation edit;
    edit.sample = 1;
    edit.kind = AnnotationKind::Text;
    edit.value = "changed";
    QVERIFY(isRefused(store->annotate(edit)));
    NewSample added;
    added.text = "new";
    added.split = Split::Test;
    QVERIFY(isRefused(store->addSamples(1, std::vector{added})));
    QVERIFY(isRefused(store->assignSplits({.samples = {{3, Split::Test}}})));
    QCOMPARE(store->counts()->test, 2);
    QCOMPARE(store->counts()->samples, 10);
    QCOMPARE(store->sample(1)->originalText.has_value(), false);
    // What leaves the test split as it is goes on.
    VERIFY_OK(store->setSplit(others, Split::Dev));
    VERIFY_OK(store->setSplit(tests, Split::Test));
    VERIFY_OK(store->removeSamples(others));
    VERIFY_OK(store->editText(5, "changed", "ann"));
    QCOMPARE(store->splitLog()->size(), std::size_t(1));
    QVERIFY(!store->setTestFrozen(false, {"ann", "  "}));
    QVERIFY(!store->allowTestChanges(TestChange{"ann", ""}));
    VERIFY_OK(store->setTestFrozen(false, {"ann", "the labels change"}));
    VERIFY_OK(store->setSplit(tests, Split::Train));
    QCOMPARE(store->splitLog()->front().action, std::string("released"));
}

void TestSplits::changesWithAReasonAreLogged() {
    const auto project = make(10);
    const auto store = project.connect().value();
    VERIFY_OK(store->setSplit(std::vector<SampleId>{1, 2}, Split::Test));
    VERIFY_OK(store->setTestFrozen(true, {"ann", ""}));
    VERIFY_OK(store->allowTestChanges(TestChange{"bob", "wrong patient"}));
    VERIFY_OK(store->removeSamples(std::vector<SampleId>{1}));
    VERIFY_OK(store->setSplit(std::vector<SampleId>{3, 4, 5}, Split::Test));
    VERIFY_OK(store->restoreSamples(std::vector<SampleId>{1}));
    VERIFY_OK(store->allowTestChanges({}));
    QVERIFY(!store->removeSamples(std::vector<SampleId>{1}));
    const auto log = store->splitLog().value();
    QCOMPARE(log.size(), std::size_t(4));
    QCOMPARE(log[0].action, std::string("restored"));
    QCOMPARE(log[1].action, std::string("assigned"));
    QCOMPARE(log[1].samples, 3);
    QCOMPARE(log[2].action, std::string("removed"));
    QCOMPARE(log[2].who, std::string("bob"));
    QCOMPARE(log[2].reason, std::string("wrong patient"));
}

void TestSplits::dividingAgainKeepsTheTest() {
    const auto project = make(100);
    const auto store = project.connect().value();
    VERIFY_OK(makeSplits(*store, {}, "ann", m_context));
    const auto testsOf = [&] {
        SampleFilter filter;
        filter.split = Split::Test;
        return store->find(filter).value();
    };
    const auto tests = testsOf();
    const auto again = makeSplits(*store, {.shares = {0.6, 0.2, 0.2}, .seed = 7}, "ann", m_context);
    VERIFY_OK(again);
    QVERIFY(again->keptTest);
    QCOMPARE(testsOf(), tests);
    QCOMPARE(again->totals[2], 10);
    QVERIFY(again->totals[1] == 22 || again->totals[1] == 23);  // a quarter of the other 90
    VERIFY_OK(store->allowTestChanges(TestChange{"ann", "the corpus doubled"}));
    const auto anew = makeSplits(*store, {.shares = {0.6, 0.2, 0.2}, .seed = 7}, "ann", m_context);
    VERIFY_OK(anew);
    QCOMPARE(anew->totals[2], 20);
    QVERIFY(testsOf() != tests);
    QCOMPARE(store->splitLog()->front().action, std::string("assigned"));
}

QTEST_GUILESS_MAIN(TestSplits)
#include "tst_splits.moc"
