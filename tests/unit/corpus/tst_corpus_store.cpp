// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <SQLiteCpp/SQLiteCpp.h>

#include <QTest>

#include <chrono>

#include "core/hash.h"
#include "corpus/detail/schema.h"
#include "corpus/detail/sqlite_store.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

std::unique_ptr<detail::SqliteStore> inside(const Project& project) {
    return detail::SqliteStore::open(project.folder() / "project.db", Access::Write).value();
}

// The sums that the window shows must be what counting the rows gives.
bool sumsHold(const Project& project) {
    const auto store = inside(project);
    const auto counts = store->counts().value();
    const auto rows = store->recount().value();
    SQLite::Database database((project.folder() / "project.db").string());
    const int wrong = database
                          .execAndGet(
                              "SELECT count(*) FROM labels WHERE count <> (SELECT count(*) FROM sample_state s "
                              "WHERE s.label = labels.id)")
                          .getInt();
    return wrong == 0 && counts.samples == rows.samples && counts.labelled == rows.labelled &&
           counts.unlabelled == rows.unlabelled && counts.answered == rows.answered && counts.skipped == rows.skipped &&
           counts.flagged == rows.flagged && counts.train == rows.train && counts.dev == rows.dev &&
           counts.test == rows.test;
}

std::string failureOf(SQLite::Database& database, const char* sql) {
    try {
        database.exec(sql);
    } catch (const SQLite::Exception& exception) {
        return exception.what();
    }
    return {};
}

}  // namespace

class TestStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TempFolder>(); }
    void cleanup() { m_folder.reset(); }

    void createsAndReopens();
    void labelsGetKeysAndColours();
    void labelIsRemovedOnlyWhenNothingCarriesIt();
    void annotatesAndUndoes();
    void wrongAnnotationsAreRefused();
    void marksAndAnswers();
    void annotationsAreAppendOnly();
    void filters();
    void orders();
    void removedSamplesStayInSnapshots();
    void sourceGoesWithItsSamples();
    void runsSettingsGuidelineChat();
    void splits();
    void aFailingBatchLeavesNothing();
    void annotateIsQuick();

private:
    Project make(const std::vector<std::string>& texts, const std::vector<std::string>& labels = {}) {
        return projectOf(m_folder->path() / "p.lathe", texts, labels);
    }
    std::unique_ptr<TempFolder> m_folder;
};

void TestStore::createsAndReopens() {
    const auto folder = m_folder->path() / "银行客服";
    {
        const auto project = Project::create(folder);
        VERIFY_OK(project);
        QCOMPARE(project->name(), std::string("银行客服"));
        QVERIFY(std::filesystem::is_directory(project->modelsFolder()));
        QVERIFY(std::filesystem::is_directory(project->runsFolder()));
        QVERIFY(!Project::create(folder));
    }
    const auto project = Project::open(m_folder->path() / "银行客服.lathe/");
    VERIFY_OK(project);
    QCOMPARE(project->name(), std::string("银行客服"));
    VERIFY_OK(Project::open(folder, Access::Read));
    QCOMPARE(Project::open(m_folder->path() / "none").error().code, ErrorCode::NotFound);
    QCOMPARE(Project::open(m_folder->path()).error().code, ErrorCode::NotFound);
}

void TestStore::labelsGetKeysAndColours() {
    const auto project = make({});
    auto store = project.connect().value();
    Label label;
    for (const char* name : {"a", "b", "c"}) {
        label.name = name;
        VERIFY_OK(store->addLabel(label));
    }
    auto labels = store->labels().value();
    QCOMPARE(labels.size(), std::size_t{3});
    QCOMPARE(labels[2].key, std::string("3"));
    QVERIFY(labels[0].color != labels[1].color && labels[0].color.size() == 7);
    QCOMPARE(store->addLabel(label).error().code, ErrorCode::InvalidInput);  // the name is taken
    labels[1].key = "1";
    QCOMPARE(store->updateLabel(labels[1]).error().code, ErrorCode::InvalidInput);  // the key is taken
    labels[1].key = "x";
    labels[1].name = "投诉";
    VERIFY_OK(store->updateLabel(labels[1]));
    QCOMPARE(store->labels().value()[1].name, std::string("投诉"));
    // Forty labels: keys run out, colours do not.
    for (int i = 0; i < 40; ++i) {
        Label more;
        more.name = "l" + std::to_string(i);
        VERIFY_OK(store->addLabel(more));
    }
    labels = store->labels().value();
    QVERIFY(labels.back().key.empty());
    QVERIFY(labels.back().color.size() == 7 && labels.back().color != labels[labels.size() - 2].color);
}

void TestStore::labelIsRemovedOnlyWhenNothingCarriesIt() {
    const auto project = make({"one", "two"}, {"a"});
    auto store = project.connect().value();
    const auto label = store->labels().value().front();
    QCOMPARE(label.count, std::int64_t{1});
    QCOMPARE(store->removeLabel(label.id).error().code, ErrorCode::InvalidInput);
    Annotation away;
    away.sample = store->find({}).value().front();
    VERIFY_OK(store->annotate(away));
    VERIFY_OK(store->removeLabel(label.id));
    QVERIFY(store->labels().value().empty());
    away.label = label.id;
    QCOMPARE(store->annotate(away).error().code, ErrorCode::InvalidInput);  // it cannot come back by an old id
    Label again;
    again.name = "a";
    VERIFY_OK(store->addLabel(again));
    QVERIFY(sumsHold(project));
}

void TestStore::annotatesAndUndoes() {
    const auto project = make({"one"});
    auto store = project.connect().value();
    Label label;
    label.name = "a";
    const LabelId a = store->addLabel(label).value();
    label.name = "b";
    const LabelId b = store->addLabel(label).value();
    const SampleId sample = store->find({}).value().front();

    Annotation row;
    row.sample = sample;
    row.label = a;
    row.annotator = "Li";
    const AnnotationId first = store->annotate(row).value();
    row.label = b;
    const AnnotationId second = store->annotate(row).value();
    QCOMPARE(store->sample(sample).value().label, std::optional(b));

    Annotation undo = row;  // back to a, and it says which row it takes back
    undo.label = a;
    undo.undoes = second;
    const AnnotationId third = store->annotate(undo).value();
    QCOMPARE(store->sample(sample).value().label, std::optional(a));
    undo.label.reset();  // back to nothing
    undo.undoes = first;
    VERIFY_OK(store->annotate(undo));
    QCOMPARE(store->sample(sample).value().label, std::optional<LabelId>());

    const auto history = store->history(sample).value();
    QCOMPARE(history.size(), std::size_t{4});
    QCOMPARE(history[1].label, std::optional(b));  // what was undone is still there
    QCOMPARE(history[2].id, third);
    QCOMPARE(history[2].undoes, std::optional(second));
    QCOMPARE(history[3].undoes, std::optional(first));
    QCOMPARE(history[0].annotator, std::string("Li"));
    QVERIFY(history[0].timeMs > 0);
    QCOMPARE(store->counts().value().labelled, std::int64_t{0});
    QCOMPARE(store->counts().value().unlabelled, std::int64_t{1});
    QVERIFY(sumsHold(project));
}

void TestStore::wrongAnnotationsAreRefused() {
    const auto project = make({"one", "two"}, {"a"});
    auto store = project.connect().value();
    const auto ids = store->find({}).value();
    const LabelId label = store->labels().value().front().id;
    Annotation row;
    row.sample = 99;
    QCOMPARE(store->annotate(row).error().code, ErrorCode::NotFound);
    row.sample = ids[1];
    row.label = 99;
    QCOMPARE(store->annotate(row).error().code, ErrorCode::InvalidInput);
    row.label = label;
    row.undoes = store->history(ids[0]).value().front().id;  // of another sample
    QCOMPARE(store->annotate(row).error().code, ErrorCode::InvalidInput);
    row.undoes.reset();
    row.kind = AnnotationKind::Flag;
    QCOMPARE(store->annotate(row).error().code, ErrorCode::InvalidInput);  // a flag has no label
    row.label.reset();
    row.value = "yes";
    QCOMPARE(store->annotate(row).error().code, ErrorCode::InvalidInput);
    row.kind = AnnotationKind::Comment;
    row.value = "\xFF";
    QCOMPARE(store->annotate(row).error().code, ErrorCode::InvalidInput);
    QVERIFY(store->history(ids[1]).value().empty());
}

void TestStore::marksAndAnswers() {
    const auto project = make({"one", "two"}, {"", "a"});
    auto store = project.connect().value();
    const auto ids = store->find({}).value();
    const auto put = [&](SampleId id, AnnotationKind kind, const char* value) {
        Annotation row;
        row.sample = id;
        row.kind = kind;
        row.value = value;
        return store->annotate(row).has_value();
    };
    QVERIFY(put(ids[0], AnnotationKind::Skip, "1"));
    QCOMPARE(store->counts().value().skipped, std::int64_t{1});
    QCOMPARE(store->counts().value().unlabelled, std::int64_t{0});
    Annotation label;
    label.sample = ids[0];
    label.label = store->labels().value().front().id;
    VERIFY_OK(store->annotate(label));  // a label outweighs the skip ...
    QCOMPARE(store->counts().value().skipped, std::int64_t{0});
    label.label.reset();
    VERIFY_OK(store->annotate(label));  // ... and taking it back brings the skip back
    QCOMPARE(store->counts().value().skipped, std::int64_t{1});
    QVERIFY(put(ids[0], AnnotationKind::Skip, ""));

    QVERIFY(put(ids[1], AnnotationKind::Flag, "1"));
    QVERIFY(put(ids[1], AnnotationKind::Comment, "看不懂"));
    QVERIFY(put(ids[0], AnnotationKind::Answer, "an answer"));
    auto sample = store->sample(ids[1]).value();
    QVERIFY(sample.flagged && sample.comment == "看不懂" && sample.labelOrigin == Origin::Import);
    QCOMPARE(store->sample(ids[0]).value().answer, std::string("an answer"));
    QCOMPARE(store->counts().value().answered, std::int64_t{1});
    QCOMPARE(store->counts().value().unlabelled, std::int64_t{0});
    QVERIFY(put(ids[0], AnnotationKind::Answer, ""));
    QCOMPARE(store->sample(ids[0]).value().answer, std::string());
    QCOMPARE(store->counts().value().labelledToday, std::int64_t{0});  // the import's label is nobody's work of today
    label.label = store->labels().value().front().id;
    VERIFY_OK(store->annotate(label));
    QCOMPARE(store->counts().value().labelledToday, std::int64_t{1});
    QVERIFY(sumsHold(project));
}

void TestStore::annotationsAreAppendOnly() {
    const auto project = make({"one"}, {"a"});
    {
        auto store = project.connect().value();
        Annotation row;
        row.sample = store->find({}).value().front();
        row.kind = AnnotationKind::Comment;
        row.value = "mine";
        VERIFY_OK(store->annotate(row));
        VERIFY_OK(store->makeSnapshot({}));
    }
    SQLite::Database database((project.folder() / "project.db").string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA recursive_triggers = ON");
    QCOMPARE(failureOf(database, "UPDATE annotations SET value = 'x'"), std::string("annotations are append-only"));
    QCOMPARE(failureOf(database, "DELETE FROM annotations"), std::string("annotations are append-only"));
    QCOMPARE(failureOf(database, "REPLACE INTO annotations SELECT * FROM annotations"),
             std::string("annotations are append-only"));
    QVERIFY(!failureOf(database, "UPDATE samples SET text = 'x'").empty());
    QVERIFY(!failureOf(database, "DELETE FROM samples").empty());
    QVERIFY(!failureOf(database, "UPDATE snapshot_items SET split = 3").empty());
    QVERIFY(!failureOf(database, "DELETE FROM snapshot_items").empty());
    QVERIFY(!failureOf(database, "UPDATE snapshots SET hash = ''").empty());
    // Not even of a source that is taken back do annotations by people go.
    QVERIFY(failureOf(database, "UPDATE sources SET withdrawn = 1").empty());
    QCOMPARE(failureOf(database, "DELETE FROM annotations WHERE origin = 0"),
             std::string("annotations are append-only"));
}

void TestStore::filters() {
    const auto project =
        make({"Where is my CARD", "card lost", "很好吃", "100% _sure_", "last"}, {"a", "b", "", "a", ""});
    auto store = project.connect().value();
    const auto all = store->find({}).value();
    QCOMPARE(all.size(), std::size_t{5});
    const auto count = [&](SampleFilter filter) { return store->find(filter).value().size(); };
    SampleFilter filter;
    filter.text = "card";
    QCOMPARE(count(filter), std::size_t{2});
    filter.text = "好";
    QCOMPARE(count(filter), std::size_t{1});
    filter.text = "%";  // literal, no pattern
    QCOMPARE(count(filter), std::size_t{1});
    filter.text = "_SURE_";
    QCOMPARE(count(filter), std::size_t{1});
    filter.text = "' OR 1 --";
    QCOMPARE(count(filter), std::size_t{0});
    filter.text.clear();
    filter.state = LabelState::Unlabelled;
    QCOMPARE(count(filter), std::size_t{2});
    filter.state = LabelState::Labelled;
    QCOMPARE(count(filter), std::size_t{3});
    filter.label = store->labels().value().front().id;
    QCOMPARE(count(filter), std::size_t{2});
    filter.text = "where";
    QCOMPARE(count(filter), std::size_t{1});
    filter = {};
    filter.source = store->sources().value().front().id;
    QCOMPARE(count(filter), std::size_t{5});
    filter.source = 77;
    QCOMPARE(count(filter), std::size_t{0});
    filter = {};
    VERIFY_OK(store->setSplit(std::span(all).subspan(1, 2), Split::Test));
    filter.split = Split::Test;
    QCOMPARE(store->find(filter).value(), std::vector<SampleId>(all.begin() + 1, all.begin() + 3));
    filter = {};
    filter.onlyAnswers = true;
    QCOMPARE(count(filter), std::size_t{0});
    QCOMPARE(store->samples(std::vector<SampleId>{all[2], 999, all[0]}).value().size(), std::size_t{2});
    QCOMPARE(store->samples(std::vector<SampleId>{all[2], all[0]}).value().front().text, std::string("很好吃"));
    QCOMPARE(store->sample(all[2]).value().hash, hash64("很好吃"));
}

void TestStore::orders() {
    const auto project = make({"four", "长", "a longer one", "xx"}, {"", "a", "", ""});
    auto store = project.connect().value();
    const auto ids = store->find({}).value();
    SampleFilter filter;
    filter.order = Order::ShortFirst;
    QCOMPARE(store->find(filter).value(), (std::vector<SampleId>{ids[1], ids[3], ids[0], ids[2]}));
    filter.order = Order::LongFirst;
    QCOMPARE(store->find(filter).value(), (std::vector<SampleId>{ids[2], ids[0], ids[3], ids[1]}));
    filter.order = Order::LabelledLast;
    QCOMPARE(store->find(filter).value(), (std::vector<SampleId>{ids[0], ids[2], ids[3], ids[1]}));
    filter.order = Order::Random;
    auto random = store->find(filter).value();
    QCOMPARE(store->find(filter).value(), random);
    std::ranges::sort(random);
    QCOMPARE(random, ids);
}

void TestStore::removedSamplesStayInSnapshots() {
    const auto project = make({"one", "two", "three"}, {"a", "a", "b"});
    auto store = project.connect().value();
    const auto ids = store->find({}).value();
    const auto snapshot = store->makeSnapshot({0.34, 42, SnapshotOf::Label, ""});
    VERIFY_OK(snapshot);
    const auto before = store->snapshotItems(snapshot->id).value();
    VERIFY_OK(store->removeSamples(std::span(ids).first(1)));
    QCOMPARE(store->find({}).value().size(), std::size_t{2});
    QCOMPARE(store->sample(ids[0]).error().code, ErrorCode::NotFound);
    QCOMPARE(store->removeSamples(std::span(ids).first(1)).error().code, ErrorCode::NotFound);
    QCOMPARE(store->counts().value().samples, std::int64_t{2});
    QCOMPARE(store->labels().value().front().count, std::int64_t{1});
    Annotation change;  // and a label given later does not reach the snapshot either
    change.sample = ids[1];
    change.label = store->labels().value()[1].id;
    VERIFY_OK(store->annotate(change));
    const auto after = store->snapshotItems(snapshot->id).value();
    QCOMPARE(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        QCOMPARE(after[i].text, before[i].text);
        QCOMPARE(after[i].label, before[i].label);
        QCOMPARE(after[i].split, before[i].split);
    }
    QVERIFY(sumsHold(project));
}

void TestStore::sourceGoesWithItsSamples() {
    const auto project = make({"kept"}, {"a"});
    auto store = project.connect().value();
    const SourceId source = store->addSource({}).value();
    std::vector<NewSample> batch(3);
    batch[0].text = "x";
    batch[0].label = "a";
    batch[1].text = "y";
    batch[1].answer = "z";
    batch[2].text = "worked on";
    VERIFY_OK(store->addSamples(source, batch));
    QCOMPARE(store->counts().value().samples, std::int64_t{4});
    QCOMPARE(store->sources().value().back().samples, std::int64_t{3});
    Annotation human;
    human.sample = store->find({}).value().back();
    human.kind = AnnotationKind::Comment;
    human.value = "mine";
    VERIFY_OK(store->annotate(human));
    VERIFY_OK(store->removeSource(source));
    QCOMPARE(store->counts().value().samples, std::int64_t{1});
    QCOMPARE(store->sources().value().size(), std::size_t{1});
    QCOMPARE(store->history(human.sample).value().size(), std::size_t{1});  // people's work is kept
    SQLite::Database database((project.folder() / "project.db").string());
    QCOMPARE(database.execAndGet("SELECT count(*) FROM samples").getInt(), 2);
    QCOMPARE(store->removeSource(99).error().code, ErrorCode::NotFound);
    QVERIFY(sumsHold(project));
}

void TestStore::runsSettingsGuidelineChat() {
    const auto project = make({"one", "two"}, {"a", "b"});
    auto store = project.connect().value();
    QCOMPARE(store->setting("k").value(), std::string());
    VERIFY_OK(store->setSetting("k", "v"));
    VERIFY_OK(store->setSetting("k", "w"));
    QCOMPARE(store->setting("k").value(), std::string("w"));
    VERIFY_OK(store->setGuideline("# one"));
    VERIFY_OK(store->setGuideline("# 指南"));
    QCOMPARE(store->guideline().value(), std::string("# 指南"));
    const auto snapshot = store->makeSnapshot({}).value();
    VERIFY_OK(store->putRun({"0001", 1, snapshot.id, "running", "{}", ""}));
    VERIFY_OK(store->putRun({"0001", 1, snapshot.id, "done", "{}", "{}"}));
    VERIFY_OK(store->putRun({"0002", 2, 0, "failed", "{}", ""}));
    const auto runs = store->runs().value();
    QCOMPARE(runs.size(), std::size_t{2});
    QCOMPARE(runs[0].id, std::string("0002"));
    QCOMPARE(runs[1].status, std::string("done"));
    for (int i = 0; i < 5; ++i)
        VERIFY_OK(store->addChatTurn({0, 0, "m", i % 2 ? "assistant" : "user", std::to_string(i)}));
    const auto turns = store->chat(3).value();
    QCOMPARE(turns.size(), std::size_t{3});
    QCOMPARE(turns.front().text, std::string("2"));
    QCOMPARE(turns.back().text, std::string("4"));
    QCOMPARE(store->snapshotItems(99).error().code, ErrorCode::NotFound);
}

void TestStore::splits() {
    const auto project = make({"one", "two"}, {"a"});
    auto store = project.connect().value();
    const auto ids = store->find({}).value();
    VERIFY_OK(store->setSplit(ids, Split::Dev));
    QCOMPARE(store->counts().value().dev, std::int64_t{2});
    VERIFY_OK(store->setSplit(std::span(ids).first(1), Split::Train));
    QCOMPARE(store->counts().value().train, std::int64_t{1});
    // All or nothing: a sample that is not there stops the whole command.
    QVERIFY(!store->setSplit(std::vector<SampleId>{ids[0], 99}, Split::Test));
    QCOMPARE(store->counts().value().test, std::int64_t{0});
    QCOMPARE(*splitFromName("validation"), Split::Dev);
    QVERIFY(!splitFromName("Trian"));
    QVERIFY(sumsHold(project));
}

void TestStore::aFailingBatchLeavesNothing() {
    const auto project = make({"one"});
    auto store = project.connect().value();
    std::vector<NewSample> batch(2);
    batch[0].text = "good";
    batch[0].label = "new";
    batch[1].text = "bad \xFF";
    batch[1].line = 7;
    const auto added = store->addSamples(store->sources().value().front().id, batch);
    QCOMPARE(added.error().code, ErrorCode::InvalidInput);
    QVERIFY(added.error().message.find("line 7") != std::string::npos);
    QCOMPARE(store->counts().value().samples, std::int64_t{1});
    QVERIFY(store->labels().value().empty());
}

// Each annotation is a commit with an fsync; a labeller's key press must not wait for more than that.
void TestStore::annotateIsQuick() {
    const auto project = make(std::vector<std::string>(2000, "a text of a usual length, so to speak"), {"a"});
    auto store = project.connect().value();
    Annotation row;
    row.label = store->labels().value().front().id;
    const auto ids = store->find({}).value();
    const auto start = std::chrono::steady_clock::now();
    constexpr int kCount = 500;
    for (int i = 0; i < kCount; ++i) {
        row.sample = ids[static_cast<std::size_t>(i)];
        VERIFY_OK(store->annotate(row));
    }
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    qInfo("annotate: %.3f ms each", ms / kCount);
    QVERIFY2(ms / kCount < 20, "an annotation takes longer than a slow disk explains");
}

QTEST_GUILESS_MAIN(TestStore)
#include "tst_corpus_store.moc"
