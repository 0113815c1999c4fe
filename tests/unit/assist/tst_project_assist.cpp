// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Help with labelling on a real project: whose labels count, what rules say together, the live curve.
#include <QTest>

#include <numeric>

#include "assist/live_curve.h"
#include "assist/rule_report.h"
#include "support/store_rows.h"
#include "support/temp_folder.h"
#include "support/tiny_corpus.h"

using namespace lathe;
using namespace lathe::assist;
using corpus::Origin;

class TestProjectAssist : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void peoplesLabelsAloneCount();
    void testDataStaysUnseen();
    void aDrawIsTheSameEachTime();
    void rulesTogether();
    void rulesLeavePeoplesLabelsAlone();
    void liveCurveGrowsAndIsKept();
    void devTextsAreWhatIsMeasured();

private:
    corpus::LabelId label(const std::string& name) {
        const auto labels = m_store->labels();
        for (const auto& label : *labels)
            if (label.name == name)
                return label.id;
        qFatal("no label %s", name.c_str());
    }
    void give(corpus::SampleId sample, const std::string& name, Origin origin) {
        QVERIFY(m_store->annotate(test::labelRow(sample, label(name), "x", origin)));
    }

    std::unique_ptr<test::TempFolder> m_folder;
    std::optional<corpus::Project> m_project;
    std::unique_ptr<corpus::CorpusStore> m_store;
    JobContext m_context;
};

/// 90 labelled texts (ids 1 to 90) of three labels in turn, and 30 open ones (91 to 120).
void TestProjectAssist::init() {
    m_store.reset();
    m_project.reset();
    m_folder = std::make_unique<test::TempFolder>();
    m_project.emplace(*corpus::Project::create(m_folder->path() / "p"));
    m_store = std::move(*m_project->connect());
    const auto source = test::addSource(*m_store);
    std::vector<corpus::NewSample> batch;
    for (const auto& [text, name] : test::tinyCorpus(40))
        batch.push_back(test::sampleRow(text, std::int64_t(batch.size()) + 1, batch.size() < 90 ? name : ""));
    QVERIFY(m_store->addSamples(source, batch));
}

void TestProjectAssist::peoplesLabelsAloneCount() {
    give(91, "lost", Origin::Human);
    give(92, "lost", Origin::Model);
    give(93, "lost", Origin::Rule);
    const auto labelled = readTexts(*m_store, {}, m_context);
    QVERIFY(labelled.has_value());
    QCOMPARE(labelled->size(), std::size_t(91));
    QCOMPARE(labelled->ids.back(), corpus::SampleId(91));
    QCOMPARE(labelled->usedLabels(), std::size_t(3));
    const auto all = readTexts(*m_store, {.which = WhichTexts::All}, m_context);
    QCOMPARE(all->size(), std::size_t(120));
    QCOMPARE(all->labels[91], -1);  // a model's label teaches nobody
    QCOMPARE(all->labels[92], -1);
    QCOMPARE(readTexts(*m_store, {.which = WhichTexts::Open}, m_context)->size(), std::size_t(27));
}

void TestProjectAssist::testDataStaysUnseen() {
    const std::vector<corpus::SampleId> test{1, 2, 100};
    QVERIFY(m_store->setSplit(test, corpus::Split::Test));
    for (const auto which : {WhichTexts::Labelled, WhichTexts::Open, WhichTexts::All}) {
        const auto texts = readTexts(*m_store, {.which = which}, m_context);
        for (const auto id : test)
            QVERIFY(!std::ranges::binary_search(texts->ids, id));
    }
}

void TestProjectAssist::aDrawIsTheSameEachTime() {
    const auto draw = [&](std::uint64_t seed) {
        return readTexts(*m_store, {.which = WhichTexts::Labelled, .most = 20, .seed = seed}, m_context)->ids;
    };
    QCOMPARE(draw(1).size(), std::size_t(20));
    QCOMPARE(draw(1), draw(1));
    QVERIFY(draw(1) != draw(2));
    QVERIFY(std::ranges::is_sorted(draw(1)));
    const auto clipped = readTexts(*m_store, {.bytesOfText = 5}, m_context);
    QCOMPARE(clipped->texts.front(), std::string("where"));
}

void TestProjectAssist::rulesTogether() {
    const std::vector<Rule> rules{
        {.name = "where", .kind = "keywords", .label = "arrival", .lines = {"where arrived"}},
        {.name = "pay", .kind = "pattern", .label = "refund", .lines = {"pay (back|it)"}},
        {.name = "lost", .kind = "gazetteer", .label = "lost", .lines = {"I lost", "block it"}},
        {.name = "poor", .kind = "keywords", .label = "lost", .lines = {"the"}},  // refund texts say "the", too
        {.name = "off", .kind = "keywords", .label = "lost", .lines = {"my"}, .enabled = false}};
    const auto texts = readTexts(*m_store, {.which = WhichTexts::All}, m_context);
    const auto report = reportRules(rules, *texts, m_context);
    QVERIFY(report.has_value());
    QCOMPARE(report->votes.rules, (std::vector<std::size_t>{0, 1, 2, 3}));
    QCOMPARE(report->covered, std::int64_t(120));
    for (const std::size_t good : {0u, 1u, 2u}) {
        QCOMPARE(report->figures[good].covered, std::int64_t(40));
        QCOMPARE(report->figures[good].judged, std::int64_t(30));
        QCOMPARE(report->figures[good].correct, std::int64_t(30));
    }
    QCOMPARE(report->figures[3].covered, std::int64_t(80));
    QCOMPARE(report->figures[3].conflicts, std::int64_t(40));
    QCOMPARE(report->figures[3].correct, std::int64_t(30));
    QCOMPARE(report->figures[3].judged, std::int64_t(60));
    // With people's labels the model knows whom to believe; the majority has a tie on every refund.
    QVERIFY(report->model && report->model->accuracy[1] > 0.9 && report->model->accuracy[3] < 0.7);
    QCOMPARE(report->majority.judged, std::int64_t(60));
    for (const auto& said : ruleLabels(*report, *texts, 0.5)) {
        const std::string& text = texts->texts[said.text];
        const std::string truth = text.starts_with("where")    ? "arrival"
                                  : text.starts_with("please") ? "refund"
                                                               : "lost";
        QCOMPARE(texts->names[std::size_t(said.label)], truth);
        QVERIFY(said.margin > 0 && said.probability <= 1);
    }
}

void TestProjectAssist::rulesLeavePeoplesLabelsAlone() {
    const std::vector<Rule> rules{{.name = "any", .kind = "pattern", .label = "lost", .lines = {"."}}};
    const auto texts = readTexts(*m_store, {.which = WhichTexts::All}, m_context);
    const auto report = reportRules(rules, *texts, m_context);
    const auto said = ruleLabels(*report, *texts, 0);
    QCOMPARE(said.size(), std::size_t(30));
    for (const auto& label : said)
        QVERIFY(texts->ids[label.text] > 90);
    QCOMPARE(ruleLabels(*report, *texts, 0.99).size(), std::size_t(0));  // right a third of the time, it is not sure
    QVERIFY(!reportRules({}, *texts, m_context)->model);
}

void TestProjectAssist::liveCurveGrowsAndIsKept() {
    QVERIFY(liveCurve(*m_store)->empty());
    const auto labelled = readTexts(*m_store, {}, m_context);
    const auto point = measureLive(*labelled, m_context);
    QVERIFY(point.has_value() && point->has_value());
    QCOMPARE((*point)->labels, std::int64_t(90));
    QVERIFY((*point)->measured > 8 && (*point)->measured < 30);
    QVERIFY((*point)->accuracy > 0.9);
    QVERIFY(addLivePoint(*m_store, **point));
    const auto kept = liveCurve(**m_project->connect());
    QCOMPARE(kept->size(), std::size_t(1));
    QCOMPARE(kept->front(), **point);
    QVERIFY(!isPointDue(*kept, 90));
    QVERIFY(!isPointDue(*kept, 98));
    QVERIFY(isPointDue(*kept, 99));
    QVERIFY(isPointDue(*kept, 80));  // labels were taken away
    QVERIFY(!isPointDue({}, 29));
    QVERIFY(isPointDue({}, 30));
}

void TestProjectAssist::devTextsAreWhatIsMeasured() {
    std::vector<corpus::SampleId> dev(24);
    std::iota(dev.begin(), dev.end(), 5);
    QVERIFY(m_store->setSplit(dev, corpus::Split::Dev));
    const auto point = measureLive(*readTexts(*m_store, {}, m_context), m_context);
    QCOMPARE((*point)->measured, std::int64_t(24));
}

QTEST_APPLESS_MAIN(TestProjectAssist)
#include "tst_project_assist.moc"
