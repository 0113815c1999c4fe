// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several annotators, decisions, blind repeats, edited texts, steps to undo, conversations and comparisons.
#include <SQLiteCpp/SQLiteCpp.h>

#include <QElapsedTimer>
#include <QTest>

#include "corpus/detail/schema.h"
#include "corpus/detail/sqlite_store.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

class TestAnnotators : public QObject {
    Q_OBJECT

    std::unique_ptr<TempFolder> m_folder;
    std::optional<Project> m_project;
    std::unique_ptr<CorpusStore> m_store;
    LabelId m_yes = 0, m_no = 0;

    void make(const std::vector<std::string>& texts) {
        m_store.reset();
        m_project.reset();
        m_folder = std::make_unique<TempFolder>();
        m_project = projectOf(m_folder->path() / "p", texts);
        m_store = m_project->connect().value();
        Label label;
        label.name = "yes";
        m_yes = m_store->addLabel(label).value();
        label.name = "no";
        m_no = m_store->addLabel(label).value();
    }
    void reopen() {
        const auto path = m_project->folder();
        m_store.reset();
        m_project.reset();
        m_project = Project::open(path).value();
        m_store = m_project->connect().value();
    }
    Annotation row(SampleId sample, const char* annotator, std::optional<LabelId> label, std::string value = {}) {
        Annotation annotation;
        annotation.sample = sample;
        annotation.annotator = annotator;
        annotation.label = label;
        annotation.value = std::move(value);
        return annotation;
    }
    AnnotationId label(SampleId sample, const char* annotator, std::optional<LabelId> label) {
        return m_store->annotate(row(sample, annotator, label)).value();
    }
    /// "ann=yes bob=no bob*=yes": who said what, * for blind.
    std::string said(SampleId sample) {
        std::string all;
        const auto opinions = m_store->opinions(sample).value();
        for (const Opinion& opinion : opinions)
            all += (all.empty() ? "" : " ") + opinion.annotator + (opinion.blind ? "*=" : "=") +
                   (opinion.label == m_yes  ? "yes"
                    : opinion.label == m_no ? "no"
                                            : toValue(opinion.labelling));
        return all;
    }
    std::optional<LabelId> present(SampleId sample) { return m_store->sample(sample).value().label; }
    std::int64_t revert(AnnotationId step, bool forward = false) {
        JobContext context;
        return m_store->revertStep(step, forward, "ann", context).value();
    }
    std::string spansOf(SampleId sample) { return toValue(m_store->sample(sample).value().labelling); }
    bool sumsHold() {
        auto store = detail::SqliteStore::open(m_project->folder() / "project.db", Access::Read).value();
        const auto counts = store->counts().value();
        const auto rows = store->recount().value();
        SQLite::Database database((m_project->folder() / "project.db").string());
        const int wrong = database
                              .execAndGet(
                                  "SELECT count(*) FROM labels WHERE count <> (SELECT count(*) FROM (SELECT sample"
                                  " FROM sample_state s WHERE s.label = labels.id UNION SELECT sample FROM"
                                  " state_labels l WHERE l.label = labels.id))")
                              .getInt();
        return wrong == 0 && counts.samples == rows.samples && counts.labelled == rows.labelled &&
               counts.unlabelled == rows.unlabelled && counts.skipped == rows.skipped;
    }

private Q_SLOTS:
    void cleanup() {
        m_store.reset();
        m_project.reset();
        m_folder.reset();
    }

    void everyAnnotatorHasOneOpinion() {
        make({"one", "two"});
        label(1, "ann", m_yes);
        label(1, "bob", m_no);
        QCOMPARE(said(1), std::string("ann=yes bob=no"));
        QVERIFY(present(1) == m_no);  // the newest holds
        label(1, "ann", m_no);
        QCOMPARE(said(1), std::string("ann=no bob=no"));
        label(1, "bob", std::nullopt);
        QCOMPARE(said(1), std::string("ann=no"));
        // Rules and models have no opinions.
        Annotation rule = row(2, "keyword", m_yes);
        rule.origin = Origin::Rule;
        VERIFY_OK(m_store->annotate(rule));
        QCOMPARE(said(2), std::string());
        QVERIFY(present(2) == m_yes);
        const std::vector<SampleId> all{1, 2};
        VERIFY_OK(m_store->removeSamples(all));
        QCOMPARE(said(1), std::string());
    }

    void anUndoneOpinionIsNone() {
        make({"one"});
        const AnnotationId a = label(1, "ann", m_yes);
        const AnnotationId b = label(1, "bob", m_no);
        // As a program that writes the earlier state itself does it.
        Annotation undo = row(1, "bob", m_yes, "{}");
        undo.undoes = b;
        const AnnotationId undone = m_store->annotate(undo).value();
        QCOMPARE(said(1), std::string("ann=yes"));
        Annotation redo = row(1, "bob", m_no, "{}");
        redo.undoes = undone;
        VERIFY_OK(m_store->annotate(redo));
        QCOMPARE(said(1), std::string("ann=yes bob=no"));
        QCOMPARE(revert(b), std::int64_t{1});
        QCOMPARE(said(1), std::string("ann=yes"));
        QVERIFY(present(1) == m_yes);
        QCOMPARE(revert(a), std::int64_t{1});
        QCOMPARE(said(1), std::string());
        QVERIFY(!present(1));
        QCOMPARE(revert(a, true), std::int64_t{1});
        QCOMPARE(revert(a, true), std::int64_t{0});  // it is done already
        QCOMPARE(said(1), std::string("ann=yes"));
        QVERIFY(sumsHold());
    }

    void blindRepeatsChangeNothing() {
        make({"one"});
        label(1, "ann", m_yes);
        Annotation again = row(1, "ann", m_no);
        again.blind = true;
        VERIFY_OK(m_store->annotate(again));
        QVERIFY(present(1) == m_yes);
        QCOMPARE(said(1), std::string("ann=yes ann*=no"));
        QVERIFY(m_store->disagreements().value().empty());
        QVERIFY(m_store->history(1).value().back().blind);
        const auto work = m_store->annotatorWork().value();
        QCOMPARE(work.size(), std::size_t{1});
        QCOMPARE(work.front().samples, std::int64_t{1});
        QCOMPARE(work.front().blindRepeats, std::int64_t{1});
        again.role = AnnotationRole::Decision;
        QVERIFY(!m_store->annotate(again));
        QVERIFY(sumsHold());
    }

    void disagreementsAreSettled() {
        make({"one", "two", "three"});
        for (const SampleId id : {1, 2, 3}) {
            label(id, "ann", m_yes);
            label(id, "bob", id == 2 ? m_yes : m_no);
        }
        QCOMPARE(m_store->disagreements().value(), (std::vector<SampleId>{1, 3}));
        Annotation decision = row(1, "cleo", m_yes);
        decision.role = AnnotationRole::Decision;
        decision.note = "the second sentence says so";
        const AnnotationId decided = m_store->annotate(decision).value();
        QCOMPARE(m_store->disagreements().value(), (std::vector<SampleId>{3}));
        QVERIFY(present(1) == m_yes);
        QCOMPARE(said(1), std::string("ann=yes bob=no"));  // a decision is nobody's opinion
        QCOMPARE(m_store->history(1).value().back().note, decision.note);
        QCOMPARE(m_store->annotatorWork().value().back().decisions, std::int64_t{1});
        // Undone, it is open again; so it is when somebody labels it anew.
        revert(decided);
        QCOMPARE(m_store->disagreements().value(), (std::vector<SampleId>{1, 3}));
        revert(decided, true);
        label(1, "bob", m_no);
        QCOMPARE(m_store->disagreements().value(), (std::vector<SampleId>{1, 3}));
        // What only one of them speaks of is no disagreement.
        make({"one"});
        VERIFY_OK(m_store->annotate(row(1, "ann", {}, R"({"rating":3})")));
        VERIFY_OK(m_store->annotate(row(1, "bob", {}, R"({"labels":[1]})")));
        QVERIFY(m_store->disagreements().value().empty());
        VERIFY_OK(m_store->annotate(row(1, "bob", {}, R"({"rating":4})")));
        QCOMPARE(m_store->disagreements().value(), std::vector<SampleId>{1});
    }

    void workIsCutAtPauses() {
        make({"a", "b", "c", "d", "e"});
        const std::int64_t start = 1'700'000'000'000;
        const std::int64_t times[] = {start, start + 4'000, start + 10'000, start + 3'600'000, start + 3'602'000};
        for (SampleId id = 1; id <= 5; ++id) {
            Annotation annotation = row(id, "ann", m_yes);
            annotation.timeMs = times[id - 1];
            VERIFY_OK(m_store->annotate(annotation));
        }
        const auto work = m_store->annotatorWork(60'000).value().front();
        QCOMPARE(work.sessions, std::int64_t{2});
        QCOMPARE(work.medianSeconds.value_or(0), 4.0);  // of 4, 6 and 2
        QCOMPARE(work.workMs, std::int64_t{12'000});
        QCOMPARE(work.samples, std::int64_t{5});
        QCOMPARE(work.firstMs, start);
    }

    void editedTextsMoveTheirParts() {
        make({"我在北京 in June", "plain"});
        VERIFY_OK(m_store->annotate(row(1, "ann", {}, R"({"spans":[[2,4,1],[8,12,2]]})")));
        VERIFY_OK(m_store->annotate(row(1, "bob", {}, R"({"spans":[[8,12,1]]})")));
        const auto snapshot = m_store->makeSnapshot({0.0, 1, SnapshotOf::Spans, ""}).value();
        const auto itemsBefore = m_store->snapshotItems(snapshot.id).value();
        const auto historyBefore = m_store->history(1).value().size();
        const auto edit = m_store->editText(1, "现在我在北京", "cleo");
        VERIFY_OK(edit);
        QCOMPARE(edit->lost, (std::vector<LostSpan>{{"ann", {8, 12, 2}}, {"bob", {8, 12, 1}}}));
        Sample sample = m_store->sample(1).value();
        QCOMPARE(sample.text, std::string("现在我在北京"));
        QCOMPARE(sample.originalText.value_or(""), std::string("我在北京 in June"));
        QCOMPARE(said(1), std::string(R"(ann={"spans":[[4,6,1]]} bob={"spans":[]})"));
        QCOMPARE(spansOf(1), std::string(R"({"spans":[]})"));
        SampleFilter filter;
        filter.text = "现在";
        QCOMPARE(m_store->find(filter).value(), std::vector<SampleId>{1});
        QVERIFY(sumsHold());
        // Offsets are of the text as it is now.
        QVERIFY(!m_store->annotate(row(1, "ann", {}, R"({"spans":[[4,7,1]]})")));
        // A snapshot is what it was, and a new one has the new text.
        const auto itemsAfter = m_store->snapshotItems(snapshot.id).value();
        QCOMPARE(itemsAfter.front().text, itemsBefore.front().text);
        QCOMPARE(itemsAfter.front().labelling, itemsBefore.front().labelling);
        const auto newer = m_store->makeSnapshot({0.0, 1, SnapshotOf::Spans, ""}).value();
        QVERIFY(newer.hash != snapshot.hash);
        QCOMPARE(m_store->snapshotItems(newer.id).value().front().text, sample.text);
        // Undone in one step, with the parts that had gone, for everybody.
        revert(edit->step);
        sample = m_store->sample(1).value();
        QCOMPARE(sample.text, std::string("我在北京 in June"));
        QVERIFY(!sample.originalText);
        QCOMPARE(said(1), std::string(R"(ann={"spans":[[2,4,1],[8,12,2]]} bob={"spans":[[8,12,1]]})"));
        QCOMPARE(spansOf(1), std::string(R"({"spans":[[8,12,1]]})"));
        QCOMPARE(m_store->makeSnapshot({0.0, 1, SnapshotOf::Spans, ""}).value().hash, snapshot.hash);
        revert(edit->step, true);
        QCOMPARE(m_store->sample(1).value().text, std::string("现在我在北京"));
        QCOMPARE(said(1), std::string(R"(ann={"spans":[[4,6,1]]} bob={"spans":[]})"));
        QVERIFY(m_store->history(1).value().size() > historyBefore);  // rows are only added
        QVERIFY(sumsHold());
        // What is no text is refused; the same text is no edit.
        QVERIFY(!m_store->editText(1, " \n", "ann"));
        QVERIFY(!m_store->editText(1, "a\xff", "ann"));
        QCOMPARE(m_store->editText(99, "x", "ann").error().code, ErrorCode::NotFound);
        QCOMPARE(m_store->editText(2, "plain", "ann").value().step, AnnotationId{0});
        reopen();
        QCOMPARE(m_store->sample(1).value().text, std::string("现在我在北京"));
    }

    // The file's text and the text as it is now: neither comes in twice.
    void anEditedTextIsKnownToImports() {
        make({"one"});
        VERIFY_OK(m_store->editText(1, "won", "ann"));
        for (const char* text : {"text\none\n", "text\nwon\n"}) {
            writeBytes(m_folder->path() / "again.csv", text);
            JobContext context;
            const auto report =
                importFile(*m_store, makeImporterRegistry(), m_folder->path() / "again.csv", {}, context);
            VERIFY_OK(report);
            QCOMPARE(report->taken, std::int64_t{0});
        }
    }

    void stepsSurviveARestart() {
        make({"a", "b", "c"});
        label(1, "ann", m_yes);
        // Skip taken away and a label given: one step of two rows.
        Annotation skip = row(2, "ann", {}, "1");
        skip.kind = AnnotationKind::Skip;
        VERIFY_OK(m_store->annotate(skip));
        const AnnotationId step = label(2, "ann", m_no);
        skip.value.clear();
        skip.step = step;
        VERIFY_OK(m_store->annotate(skip));
        // Many at once: one step.
        Annotation bulk = row(1, "ann", m_no);
        for (const SampleId id : {1, 2, 3}) {
            bulk.sample = id;
            const AnnotationId written = m_store->annotate(bulk).value();
            if (!bulk.step)
                bulk.step = written;
        }
        const AnnotationId many = *bulk.step;
        skip.step = many + 1;  // not the first row of its step
        QVERIFY(!m_store->annotate(skip));
        reopen();
        auto steps = m_store->undoHistory(100).value();
        QCOMPARE(steps.size(), std::size_t{4});
        QCOMPARE(steps.back().step, many);
        QCOMPARE(steps.back().samples, std::int64_t{3});
        QVERIFY(steps.back().label == m_no && !steps.back().undone);
        QCOMPARE(steps[2].samples, std::int64_t{1});
        QCOMPARE(m_store->undoHistory(2).value().front().step, step);

        QCOMPARE(revert(many), std::int64_t{3});
        QVERIFY(present(1) == m_yes && present(2) == m_no && !present(3));
        reopen();
        QVERIFY(m_store->undoHistory(100).value().back().undone);
        QCOMPARE(revert(step), std::int64_t{1});
        QVERIFY(!present(2) && m_store->sample(2).value().skipped);
        QCOMPARE(revert(step, true), std::int64_t{1});
        QVERIFY(present(2) == m_no && !m_store->sample(2).value().skipped);
        QCOMPARE(revert(many, true), std::int64_t{3});
        QVERIFY(present(1) == m_no && present(3) == m_no);
        // Done after it was undone: then it cannot come back.
        revert(many);
        label(3, "ann", m_yes);
        steps = m_store->undoHistory(100).value();
        QCOMPARE(steps.size(), std::size_t{4});
        QVERIFY(std::ranges::none_of(steps, [&](const UndoStep& each) { return each.step == many; }));
        JobContext context;
        QCOMPARE(m_store->revertStep(12345, false, "ann", context).error().code, ErrorCode::NotFound);
        QVERIFY(sumsHold());
    }

    // Undoing must not make an imported label a person's.
    void undoGivesTheOriginBack() {
        m_folder = std::make_unique<TempFolder>();
        m_project = projectOf(m_folder->path() / "p", {"a"}, {"yes"});
        m_store = m_project->connect().value();
        Label other;
        other.name = "no";
        m_no = m_store->addLabel(other).value();
        const AnnotationId step = label(1, "ann", m_no);
        QCOMPARE(m_store->counts().value().labelledToday, std::int64_t{1});
        revert(step);
        QCOMPARE(m_store->sample(1).value().labelOrigin, Origin::Import);
        QCOMPARE(m_store->counts().value().labelledToday, std::int64_t{0});
    }

    // A stop leaves a step half undone; undoing again finishes it.
    void aStoppedUndoGoesOn() {
        std::vector<std::string> texts;
        for (int i = 0; i < 1200; ++i)
            texts.push_back("text " + std::to_string(i));
        make(texts);
        Annotation bulk = row(1, "ann", m_yes);
        for (SampleId id = 1; id <= 1200; ++id) {
            bulk.sample = id;
            const AnnotationId written = m_store->annotate(bulk).value();
            if (!bulk.step)
                bulk.step = written;
        }
        auto control = std::make_shared<JobControl>();
        control->requestStop();
        JobContext stopped(control);
        QCOMPARE(m_store->revertStep(*bulk.step, false, "ann", stopped).error().code, ErrorCode::Canceled);
        QVERIFY(!m_store->undoHistory(1).value().front().undone);
        QCOMPARE(revert(*bulk.step), std::int64_t{1200});
        QVERIFY(m_store->undoHistory(1).value().front().undone);
        QCOMPARE(m_store->counts().value().labelled, std::int64_t{0});
    }

    void labelsHaveParentsAndExamples() {
        make({});
        Label child;
        child.name = "strongly yes";
        child.parent = m_yes;
        child.examples = {"of course", "当然"};
        child.counterExamples = {"well"};
        const LabelId id = m_store->addLabel(child).value();
        auto labels = m_store->labels().value();
        QVERIFY(labels.back().parent == m_yes && labels.back().examples == child.examples &&
                labels.back().counterExamples == child.counterExamples);
        QVERIFY(m_store->removeLabel(m_yes).error().message.find("strongly yes") != std::string::npos);
        labels.front().parent = id;  // a ring
        QCOMPARE(m_store->updateLabel(labels.front()).error().code, ErrorCode::InvalidInput);
        labels.back().parent = m_no;
        labels.back().examples.clear();
        VERIFY_OK(m_store->updateLabel(labels.back()));
        VERIFY_OK(m_store->removeLabel(m_yes));
        QVERIFY(m_store->labels().value().back().examples.empty());
    }

    void conversationsAndComparisons() {
        make({});
        NewSample chat;
        chat.content.turns = {{"user", "你好"}, {"assistant", "Hello"}};
        chat.text = transcript(chat.content.turns);
        chat.labelling.turns = {{{1, "polite"}}};
        NewSample pair;
        pair.text = "Which?";
        pair.content.candidates = {"this", "that"};
        pair.labelling.preferred = 1;
        pair.annotator = "ann";
        pair.opinions = {{"bob", "", {.labels = {}, .rating = {}, .spans = {}, .preferred = 0}}};
        pair.comment = "hard";
        pair.flagged = true;
        NewSample other = pair;  // the same prompt with other answers is another sample
        other.content.candidates = {"neither", "both"};
        other.opinions.clear();
        const std::vector<NewSample> batch{chat, pair, other};
        const auto source = m_store->addSource({}).value();
        VERIFY_OK(m_store->addSamples(source, batch));
        reopen();
        Sample sample = m_store->sample(1).value();
        QCOMPARE(sample.text, std::string("user: 你好\nassistant: Hello"));
        QCOMPARE(sample.content, chat.content);
        QCOMPARE(sample.labelling.turns->front().turn, std::int32_t{1});
        sample = m_store->sample(2).value();
        QVERIFY(sample.labelling.preferred == 1 && sample.flagged && sample.comment == "hard");
        QCOMPARE(said(2), std::string(R"(ann={"preferred":1} bob={"preferred":0})"));
        QCOMPARE(m_store->disagreements().value(), std::vector<SampleId>{2});
        VERIFY_OK(m_store->annotate(row(2, "ann", {}, R"({"preferred":-1})")));
        const Annotation wrong[] = {row(2, "ann", {}, R"({"preferred":2})"), row(1, "ann", {}, R"({"preferred":0})"),
                                    row(1, "ann", {}, R"({"turns":[[2,1]]})"),
                                    row(1, "ann", {}, R"({"turns":[[0,99]]})")};
        for (const Annotation& each : wrong)
            QVERIFY2(!m_store->annotate(each), each.value.c_str());
        NewSample bad = pair;
        bad.labelling.preferred = 2;
        QVERIFY(!m_store->addSamples(source, std::vector{bad}));
        bad = chat;
        bad.labelling.turns = {{{2, "polite"}}};
        QVERIFY(!m_store->addSamples(source, std::vector{bad}));

        const auto compared = m_store->makeSnapshot({0.0, 1, SnapshotOf::Preference, ""}).value();
        QCOMPARE(compared.samples, std::int64_t{2});
        QCOMPARE(m_store->snapshotItems(compared.id).value().front().content, pair.content);
        QCOMPARE(m_store->makeSnapshot({0.0, 1, SnapshotOf::Turns, ""}).value().samples, std::int64_t{1});
        // Fingerprints tell them apart.
        const auto prints = m_store->fingerprints().value();
        QVERIFY(prints[1].text == prints[2].text && prints[1].content != prints[2].content && prints[0].content != 0);
        QVERIFY(sumsHold());
        VERIFY_OK(m_store->removeSource(source));
        QVERIFY(sumsHold());
    }

    void contentHasOneForm() {
        const Content both{{{"user", "a\n\"b\""}}, {"x", ""}};
        QCOMPARE(contentFrom(contentValue(both)).value(), both);
        QCOMPARE(contentValue({}), std::string());
        for (const char* bad : {"[]", "{", R"({"turns":[{"role":"user"}]})", R"({"turns":[{"role":1,"text":"a"}]})",
                                R"({"candidates":[1]})", R"({"candidates":"a"})", R"({"other":[]})"})
            QVERIFY2(!contentFrom(bad), bad);
        for (const char* bad : {R"({"preferred":-2})", R"({"preferred":0.5})", R"({"turns":[[0]]})",
                                R"({"turns":[[-1,1]]})", R"({"turns":{}})"})
            QVERIFY2(!labellingFrom(bad), bad);
        const Labelling labelling{.labels = {}, .rating = {}, .spans = {}, .preferred = 1, .turns = {{{3, 1}, {0, 2}}}};
        QCOMPARE(toValue(labelling), std::string(R"({"preferred":1,"turns":[[0,2],[3,1]]})"));
        QCOMPARE(toValue(labellingFrom(toValue(labelling)).value()), toValue(labelling));
        QCOMPARE(labelsIn(labelling), (std::vector<std::int64_t>{1, 2}));
    }

    // A project of the format before this one, with labels that were undone and done again, opens in seconds.
    void aMillionSamplesMigrateInSeconds() {
        const TempFolder folder;
        const auto path = folder.path() / "old.lathe";
        std::filesystem::create_directories(path);
        constexpr int kSamples = 200'000;  // a fifth of it, in a fifth of the time
        {
            SQLite::Database old((path / "project.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            VERIFY_OK(detail::migrate(old, path, 4));
            old.exec("PRAGMA synchronous = OFF");
            old.exec(
                "INSERT INTO sources(path, format, encoding, imported_ms) VALUES('f.csv', 'csv', 'UTF-8', 1);"
                "INSERT INTO labels(name, color, key, guideline) VALUES('a', '#111111', '1', ''), ('b', '', '2', '');"
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
                " INSERT INTO samples(text, metadata, source, line) SELECT 'a short text ' || i, '', 1, i FROM n;"
                "INSERT INTO annotations(sample, kind, label, value, origin, annotator, time_ms)"
                " SELECT id, 0, 1, '', id % 2 * 3, CASE WHEN id % 2 THEN '' ELSE 'ann' END, id FROM samples;"
                "INSERT INTO sample_state(sample, split, length, hash, label, labelled, label_ms, label_annotation)"
                " SELECT id, 0, 20, id, 1, 1, id, id FROM samples;"
                "INSERT INTO annotations(sample, kind, label, value, origin, annotator, time_ms) VALUES"
                " (2, 0, 2, '', 0, 'ann', 1), (4, 0, 2, '', 0, 'ann', 1), (6, 0, NULL, '', 0, 'ann', 1);"
                "INSERT INTO annotations(sample, kind, label, value, origin, annotator, time_ms, undoes) VALUES"
                " (2, 0, 1, '{}', 0, 'ann', 2, 200001), (4, 0, 1, '{}', 0, 'ann', 2, 200002),"
                " (4, 0, 2, '{}', 0, 'ann', 3, 200005);");
        }
        QElapsedTimer timer;
        timer.start();
        const auto project = Project::open(path);
        VERIFY_OK(project);
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QStringLiteral("%1 ms").arg(timer.elapsed())));
        auto store = project->connect().value();
        const auto labelBy = [&](SampleId id) {
            const auto opinions = store->opinions(id).value();
            return opinions.size() == 1 ? opinions.front().label.value_or(0) : 0;
        };
        QCOMPARE(labelBy(1), LabelId{0});  // imported by nobody
        QCOMPARE(labelBy(8), LabelId{1});
        QCOMPARE(labelBy(2), LabelId{1});  // relabelled and undone
        QCOMPARE(labelBy(4), LabelId{2});  // and done again
        QCOMPARE(labelBy(6), LabelId{0});  // taken away
        QCOMPARE(store->annotatorWork().value().front().samples, std::int64_t{kSamples / 2 - 1});
        // The rows are as append-only as before.
        SQLite::Database now((path / "project.db").string(), SQLite::OPEN_READWRITE);
        for (const char* sql : {"UPDATE annotations SET value = 'x' WHERE id = 2",
                                "DELETE FROM annotations WHERE id = 2", "UPDATE samples SET content = 'x' WHERE id = 1",
                                "INSERT INTO annotations(sample, kind, value, origin, annotator, time_ms)"
                                " VALUES(1, 6, '', 0, '', 0)"})
            QVERIFY_EXCEPTION_THROWN(now.exec(sql), SQLite::Exception);
        QCOMPARE(now.execAndGet("PRAGMA integrity_check").getString(), std::string("ok"));
        QVERIFY(
            now.execAndGet("SELECT sql FROM sqlite_master WHERE name = 'annotations'").getString().find("0 AND 5") !=
            std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestAnnotators)
#include "tst_annotators.moc"
