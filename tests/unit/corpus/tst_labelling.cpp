// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several labels, ratings and labelled parts: in the store, in snapshots, in and out of files.
#include <QTest>

#include "corpus/detail/sqlite_store.h"
#include "corpus/exporter.h"
#include "corpus/importer.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestLabelling : public QObject {
    Q_OBJECT

    std::unique_ptr<TempFolder> m_folder;
    std::optional<Project> m_project;
    std::unique_ptr<CorpusStore> m_store;
    ImporterRegistry m_registry = makeImporterRegistry();

    void makeProject(const std::vector<std::string>& texts) {
        m_project = projectOf(m_folder->path() / "p", texts);
        m_store = m_project->connect().value();
    }
    LabelId label(const char* name) {
        const auto all = m_store->labels().value();
        for (const Label& each : all)
            if (each.name == name)
                return each.id;
        Label made;
        made.name = name;
        return m_store->addLabel(made).value();
    }
    std::int64_t countOf(const char* name) {
        const auto all = m_store->labels().value();
        for (const Label& each : all)
            if (each.name == name)
                return each.count;
        return -1;
    }
    Result<AnnotationId> annotate(SampleId sample, const std::string& value, std::optional<LabelId> id = {}) {
        Annotation row;
        row.sample = sample;
        row.label = id;
        row.value = value;
        return m_store->annotate(row);
    }
    Sample sample(SampleId id) { return m_store->sample(id).value(); }
    /// The kept sums are those of the rows.
    bool sumsHold() {
        const auto counts = m_store->counts().value();
        auto store = detail::SqliteStore::open(m_project->folder() / "project.db", Access::Read).value();
        const auto counted = store->recount().value();
        return counts.samples == counted.samples && counts.labelled == counted.labelled &&
               counts.unlabelled == counted.unlabelled;
    }
    Result<ImportReport> import(const std::string& name, const std::string& bytes) {
        const auto path = m_folder->path() / name;
        writeBytes(path, bytes);
        JobContext context;
        return importFile(*m_store, m_registry, path, {}, context);
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TempFolder>(); }
    void cleanup() {
        m_store.reset();
        m_project.reset();
        m_folder.reset();
    }

    void oneFormForOneMeaning() {
        QCOMPARE(toValue({}), std::string());
        const Labelling messy{.labels = {{3, 1, 3}}, .rating = 4.5, .spans = {{{5, 7, 1}, {0, 2, 2}, {5, 7, 1}}}};
        QCOMPARE(toValue(messy), std::string(R"({"labels":[1,3],"rating":4.5,"spans":[[0,2,2],[5,7,1]]})"));
        QCOMPARE(toValue(labellingFrom(toValue(messy)).value()), toValue(messy));
        QCOMPARE(labelsIn(labellingFrom(toValue(messy)).value()), (std::vector<std::int64_t>{1, 2, 3}));
        // None of them is an answer too.
        const auto none = labellingFrom(R"({"labels":[],"spans":[]})").value();
        QVERIFY(none.labels && none.labels->empty() && none.spans && !none.isEmpty());
        QVERIFY(labellingFrom("{}").value().isEmpty());
        for (const char* bad : {"[1]", "{", R"({"labels":["a"]})", R"({"labels":3})", R"({"spans":[[1,2]]})",
                                R"({"spans":[[2,2,1]]})", R"({"spans":[[-1,2,1]]})", R"({"spans":[[1,99999999999,1]]})",
                                R"({"rating":"good"})", R"({"rating":1e999})", R"({"mood":1})"})
            QVERIFY2(!labellingFrom(bad), bad);
    }

    void theStoreKeepsThem() {
        makeProject({"好吃 and cheap", "slow", "plain"});
        const auto food = label("food"), price = label("price");
        VERIFY_OK(annotate(1, toValue({.labels = {{food, price}}, .rating = {}, .spans = {{{0, 2, food}}}})));
        QVERIFY(sample(1).isLabelled() && !sample(1).label);
        QCOMPARE(sample(1).labelling.spans->front(), (SampleSpan{0, 2, food}));
        QCOMPARE(countOf("food"), std::int64_t{1});  // as a label and in a part: once
        QCOMPARE(countOf("price"), std::int64_t{1});
        QCOMPARE(m_store->counts().value().labelled, std::int64_t{1});
        QCOMPARE(m_store->counts().value().labelledToday, std::int64_t{1});
        SampleFilter withPrice;
        withPrice.label = price;
        QCOMPARE(m_store->find(withPrice).value(), std::vector<SampleId>{1});
        SampleFilter open;
        open.state = LabelState::Unlabelled;
        QCOMPARE(m_store->find(open).value(), (std::vector<SampleId>{2, 3}));
        // "No label fits" is labelled as well.
        VERIFY_OK(annotate(2, R"({"labels":[]})"));
        QCOMPARE(m_store->find(open).value(), (std::vector<SampleId>{3}));
        // A single label leaves the rest as it is; "{}" takes it away.
        VERIFY_OK(annotate(1, "", food));
        QVERIFY(sample(1).label == food && sample(1).labelling.labels->size() == 2);
        QCOMPARE(countOf("food"), std::int64_t{1});
        VERIFY_OK(annotate(1, "{}", food));
        QVERIFY(sample(1).labelling.isEmpty());
        QCOMPARE(countOf("price"), std::int64_t{0});
        VERIFY_OK(annotate(1, "{}"));
        QVERIFY(!sample(1).isLabelled());
        QVERIFY(sumsHold());
        QCOMPARE(m_store->history(1).value().size(), std::size_t{4});
    }

    void whatDoesNotFitIsRefused() {
        makeProject({"好吃"});
        const auto food = label("food");
        for (const std::string& value :
             {toValue({.labels = {{food + 7}}, .rating = {}, .spans = {}}), std::string(R"({"spans":[[0,3,1]]})"),
              std::string("[]"), std::string("not JSON")}) {
            const auto refused = annotate(1, value);
            QVERIFY2(!refused, value.c_str());
        }
        QVERIFY(!sample(1).isLabelled());
        QCOMPARE(m_store->history(1).value().size(), std::size_t{0});
        VERIFY_OK(annotate(1, toValue({.labels = {}, .rating = {}, .spans = {{{0, 2, food}}}})));
        const auto carried = m_store->removeLabel(food);
        QVERIFY(!carried && carried.error().message.find("food") != std::string::npos);
        VERIFY_OK(annotate(1, "{}"));
        VERIFY_OK(m_store->removeLabel(food));
    }

    void removedSamplesCountNoMore() {
        makeProject({"a b", "c d"});
        const auto x = label("x");
        for (const SampleId id : {1, 2})
            VERIFY_OK(annotate(id, toValue({.labels = {}, .rating = {}, .spans = {{{0, 1, x}}}})));
        QCOMPARE(countOf("x"), std::int64_t{2});
        const std::vector<SampleId> one{1};
        VERIFY_OK(m_store->removeSamples(one));
        QCOMPARE(countOf("x"), std::int64_t{1});
        VERIFY_OK(m_store->removeSource(1));
        QCOMPARE(countOf("x"), std::int64_t{0});
        QVERIFY(sumsHold());
    }

    void snapshotsAreOfAKind() {
        makeProject({"one", "two", "three", "four"});
        const auto x = label("x"), y = label("y");
        VERIFY_OK(annotate(1, "", x));
        VERIFY_OK(annotate(2, toValue({.labels = {{x, y}}, .rating = {}, .spans = {}})));
        VERIFY_OK(annotate(3, toValue({.labels = {}, .rating = 2.5, .spans = {}})));
        VERIFY_OK(annotate(4, toValue({.labels = {}, .rating = {}, .spans = {{{1, 3, y}}}})));
        const auto idsOf = [&](SnapshotOf of) {
            SnapshotRequest request;
            request.of = of;
            std::vector<SampleId> ids;
            const auto items = m_store->snapshotItems(m_store->makeSnapshot(request).value().id).value();
            for (const auto& item : items)
                ids.push_back(item.sample);
            return ids;
        };
        QCOMPARE(idsOf(SnapshotOf::Label), (std::vector<SampleId>{1}));
        QCOMPARE(idsOf(SnapshotOf::Labels), (std::vector<SampleId>{1, 2}));
        QCOMPARE(idsOf(SnapshotOf::Rating), (std::vector<SampleId>{1, 3}));
        QCOMPARE(idsOf(SnapshotOf::Spans), (std::vector<SampleId>{4}));
        // What was is what the snapshot has, and its hash follows what is labelled.
        SnapshotRequest spans;
        spans.of = SnapshotOf::Spans;
        const auto before = m_store->makeSnapshot(spans).value();
        VERIFY_OK(annotate(4, toValue({.labels = {}, .rating = {}, .spans = {{{0, 3, y}}}})));
        QCOMPARE(m_store->snapshotItems(before.id).value().front().labelling.spans->front().begin, 1);
        QVERIFY(m_store->makeSnapshot(spans).value().hash != before.hash);
        VERIFY_OK(annotate(4, "{}"));
        const auto nothing = m_store->makeSnapshot(spans);
        QVERIFY(!nothing && nothing.error().message.find("labelled parts") != std::string::npos);
        VERIFY_OK(annotate(1, "{}"));
        const auto other = m_store->makeSnapshot({});
        QVERIFY2(!other && other.error().message.find("none of the 2 labelled") != std::string::npos,
                 other ? "" : other.error().message.c_str());
    }

    void importedInTheUsualSpellings_data() {
        QTest::addColumn<QByteArray>("rows");
        const auto row = [](const char* name, const char* rows) { QTest::newRow(name) << QByteArray(rows); };
        row("doccano", R"({"text": "订位 for 3 on Monday", "label": [[7, 8, "people"], [12, 18, "date"]]})");
        row("doccano, older", R"({"text": "订位 for 3 on Monday", "entities": [{"start_offset": 7, "end_offset": 8,)"
                              R"( "label": "people"}, {"start_offset": 12, "end_offset": 18, "label": "date"}]})");
        row("spaCy", R"({"text": "订位 for 3 on Monday", "entities": [[7, 8, "people"], [12, 18, "date"]]})");
        row("Prodigy", R"({"text": "订位 for 3 on Monday", "spans": [{"start": 7, "end": 8, "label": "people",)"
                       R"( "token_start": 2}, {"start": 12, "end": 18, "label": "date"}], "answer": "accept"})");
        row("Label Studio's short form",
            R"({"text": "订位 for 3 on Monday", "label": [{"start": 7, "end": 8, "text":)"
            R"( "3", "labels": ["people"]}, {"start": 12, "end": 18, "labels": ["date"]}]})");
        row("restaurant8k", R"([{"userInput": {"text": "订位 for 3 on Monday"}, "labels": [{"slot": "people",)"
                            R"( "valueSpan": {"startIndex": 7, "endIndex": 8}}, {"slot": "date", "valueSpan":)"
                            R"( {"startIndex": 12, "endIndex": 18}}]}])");
    }
    void importedInTheUsualSpellings() {
        QFETCH(QByteArray, rows);
        makeProject({});
        const auto report = import(rows.startsWith('[') ? "d.json" : "d.jsonl", rows.toStdString());
        VERIFY_OK(report);
        QVERIFY2(report->taken == 1, report->issues.empty() ? "" : report->issues.front().reason.c_str());
        QCOMPARE(report->labelled, std::int64_t{1});
        const Sample got = allSamples(*m_store).front();
        QCOMPARE(got.text, std::string("订位 for 3 on Monday"));
        QVERIFY(got.labelling.spans && got.labelling.spans->size() == 2 && !got.label);
        QCOMPARE(got.labelling.spans->at(0), (SampleSpan{7, 8, label("people")}));
        QCOMPARE(got.labelling.spans->at(1), (SampleSpan{12, 18, label("date")}));
    }

    void brokenRowsAreReported() {
        makeProject({});
        const auto report = import("bad.jsonl",
                                   "{\"text\": \"abc\", \"spans\": [{\"start\": 0, \"end\": 2, \"label\": \"x\"}]}\n"
                                   "{\"text\": \"abc\", \"spans\": [{\"start\": 1, \"end\": 9, \"label\": \"x\"}]}\n"
                                   "{\"text\": \"abd\", \"spans\": [{\"start\": 2, \"end\": 2, \"label\": \"x\"}]}\n"
                                   "{\"text\": \"abe\", \"spans\": [{\"start\": 0, \"end\": 2}]}\n"
                                   "{\"text\": \"abf\", \"spans\": [\"x\"]}\n"
                                   "{\"text\": \"abg\", \"spans\": []}\n");
        VERIFY_OK(report);
        QCOMPARE(report->taken, std::int64_t{2});
        QCOMPARE(report->rejected, std::int64_t{4});
        QCOMPARE(report->issues.front().line, std::int64_t{2});
        QVERIFY(report->issues.front().reason.find("3 characters") != std::string::npos);
        QVERIFY(allSamples(*m_store).back().labelling.spans->empty());
    }

    void roundTrip_data() {
        QTest::addColumn<QString>("format");
        QTest::newRow("CSV") << "csv";
        QTest::newRow("JSON lines") << "jsonl";
    }
    void roundTrip() {
        QFETCH(QString, format);
        const std::vector<std::string> hard{"plain",
                                            "quote \" and, comma",
                                            "line\nbreak\r\nand tab\t",
                                            "emoji 👩‍👩‍👧 e\u0301 combining",
                                            "ימין לשמאל right to left",
                                            " blanks ",
                                            std::string(100000, 'x')};
        makeProject(hard);
        const auto x = label("x y, \"z\""), y = label("标签");
        VERIFY_OK(annotate(1, "", x));
        VERIFY_OK(annotate(2, toValue({.labels = {{x, y}}, .rating = {}, .spans = {}})));
        VERIFY_OK(annotate(3, toValue({.labels = {{}}, .rating = 3.25, .spans = {}})));
        VERIFY_OK(annotate(4, toValue({.labels = {}, .rating = {}, .spans = {{{6, 11, y}, {6, 12, x}}}})));
        VERIFY_OK(annotate(5, toValue({.labels = {}, .rating = {}, .spans = {std::vector<SampleSpan>()}})));
        VERIFY_OK(annotate(6, toValue({.labels = {{y}}, .rating = {}, .spans = {}})));
        const auto file = m_folder->path() / ("out." + format.toStdString());
        JobContext context;
        VERIFY_OK(exportSamples(*m_store, makeExporterRegistry(), {}, file, context));
        const auto other = Project::create(m_folder->path() / "back").value();
        const auto store = other.connect().value();
        ImportOptions options;
        const auto report = importFile(*store, m_registry, file, options, context);
        VERIFY_OK(report);
        QVERIFY2(report->taken == static_cast<std::int64_t>(hard.size()),
                 report->issues.empty() ? "" : report->issues.front().reason.c_str());
        std::map<LabelId, std::string> names, otherNames;
        const auto own = m_store->labels().value(), others = store->labels().value();
        for (const Label& each : own)
            names[each.id] = each.name;
        for (const Label& each : others)
            otherNames[each.id] = each.name;
        const auto before = allSamples(*m_store), after = allSamples(*store);
        const auto said = [](const Sample& sample, const std::map<LabelId, std::string>& all) {
            std::string text = sample.label ? all.at(*sample.label) : "-";
            std::set<std::string> set;
            for (const auto id : sample.labelling.labels.value_or(std::vector<LabelId>()))
                set.insert(all.at(id));
            for (const auto& name : set)
                text += "|" + name;
            text += sample.labelling.labels ? " labels" : "";
            text += sample.labelling.rating ? std::to_string(*sample.labelling.rating) : "";
            std::set<std::string> spans;
            for (const auto& span : sample.labelling.spans.value_or(std::vector<SampleSpan>()))
                spans.insert(std::to_string(span.begin) + "-" + std::to_string(span.end) + all.at(span.label));
            for (const auto& span : spans)
                text += "|" + span;
            return text + (sample.labelling.spans ? " spans" : "");
        };
        for (std::size_t i = 0; i < before.size(); ++i) {
            QCOMPARE(after[i].text, before[i].text);
            QCOMPARE(said(after[i], otherNames), said(before[i], names));
        }
        // Again: nothing is added twice.
        const auto again = importFile(*store, m_registry, file, options, context);
        VERIFY_OK(again);
        QCOMPARE(again->taken, std::int64_t{0});
        if (format == "jsonl")
            QVERIFY(readBytes(file).find("\"offsets\":\"code points\"") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestLabelling)
#include "tst_labelling.moc"
