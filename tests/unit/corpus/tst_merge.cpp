// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Project files of several people brought into one.
#include <QTest>

#include "corpus/detail/sqlite_store.h"
#include "corpus/merge.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

/// A project of one person.
struct Person {
    Person(const std::filesystem::path& folder, const std::vector<std::string>& texts,
           const std::vector<std::string>& labels = {})
        : project(projectOf(folder, texts, labels)), store(project.connect().value()) {}

    LabelId label(const char* name) {
        const auto all = store->labels().value();
        for (const Label& each : all)
            if (each.name == name)
                return each.id;
        Label made;
        made.name = name;
        return store->addLabel(made).value();
    }
    SampleId sampleOf(const std::string& text) {
        const auto all = allSamples(*store);
        for (const Sample& sample : all)
            if (sample.text == text)
                return sample.id;
        return 0;
    }
    AnnotationId say(const std::string& text, const char* who, const char* name, std::int64_t timeMs,
                     AnnotationRole role = AnnotationRole::Opinion) {
        Annotation row;
        row.sample = sampleOf(text);
        row.label = label(name);
        row.annotator = who;
        row.timeMs = timeMs;
        row.role = role;
        return store->annotate(row).value();
    }
    std::string said(const std::string& text) {
        const auto labels = store->labels().value();
        const auto opinions = store->opinions(sampleOf(text)).value();
        std::string all;
        for (const Opinion& opinion : opinions) {
            all += (all.empty() ? "" : " ") + opinion.annotator + "=";
            for (const Label& each : labels)
                if (opinion.label == each.id)
                    all += each.name;
            if (!opinion.labelling.isEmpty())
                all += toValue(opinion.labelling);
        }
        return all;
    }
    std::string present(const std::string& text) {
        const auto sample = store->sample(sampleOf(text)).value();
        const auto labels = store->labels().value();
        for (const Label& each : labels)
            if (sample.label == each.id)
                return each.name;
        return {};
    }
    Result<MergeReport> take(const Person& other) {
        JobContext context;
        return mergeProject(project, other.project.folder(), context);
    }
    bool sumsHold() {
        auto raw = detail::SqliteStore::open(project.folder() / "project.db", Access::Read).value();
        const auto rows = raw->recount().value();
        const auto counts = store->counts().value();
        std::int64_t fromSources = 0;
        const auto sources = store->sources().value();
        for (const Source& source : sources)
            fromSources += source.samples;
        return rows.samples == counts.samples && rows.labelled == counts.labelled && rows.skipped == counts.skipped &&
               fromSources == counts.samples;
    }

    Project project;
    std::unique_ptr<CorpusStore> store;
};

}  // namespace

class TestMerge : public QObject {
    Q_OBJECT

    std::unique_ptr<TempFolder> m_folder;
    std::filesystem::path path(const char* name) const { return m_folder->path() / name; }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TempFolder>(); }
    void cleanup() { m_folder.reset(); }

    // Ann and Bob labelled copies of the same file and never met.
    void twoWhoNeverMet() {
        Person ann(path("ann"), {"good", "bad", "odd", "good"}, {"new"});
        Person bob(path("bob"), {"extra", "bad", "good", "odd"}, {"", "", "new"});
        bob.label("spare");  // so that ids differ
        ann.say("bad", "ann", "no", 1000);
        ann.say("odd", "ann", "yes", 1000);
        bob.say("bad", "bob", "no", 2000);
        bob.say("odd", "bob", "no", 900);
        bob.say("extra", "bob", "maybe", 2000);
        Annotation comment;
        comment.kind = AnnotationKind::Comment;
        comment.sample = bob.sampleOf("odd");
        comment.value = "really?";
        comment.annotator = "bob";
        VERIFY_OK(bob.store->annotate(comment));

        const auto report = ann.take(bob);
        VERIFY_OK(report);
        QCOMPARE(report->samplesAdded, std::int64_t{1});
        QCOMPARE(report->samplesThere, std::int64_t{3});
        QCOMPARE(report->labelsAdded, (std::vector<std::string>{"spare", "maybe"}));
        QCOMPARE(report->annotators, std::vector<std::string>{"bob"});
        QCOMPARE(report->rowsAdded, std::int64_t{4});
        QCOMPARE(report->rowsThere, std::int64_t{1});  // the import's label of "good", at another time
        QCOMPARE(report->conflicts, std::vector<SampleId>{ann.sampleOf("odd")});
        QCOMPARE(ann.said("bad"), std::string("ann=no bob=no"));
        QCOMPARE(ann.said("odd"), std::string("ann=yes bob=no"));
        QCOMPARE(ann.present("odd"), std::string("yes"));  // ann's is the newer one
        QCOMPARE(ann.present("extra"), std::string("maybe"));
        QCOMPARE(ann.store->sample(ann.sampleOf("odd")).value().comment, std::string("really?"));
        QCOMPARE(ann.store->disagreements().value(), std::vector<SampleId>{ann.sampleOf("odd")});
        const auto history = ann.store->history(ann.sampleOf("bad")).value();
        QVERIFY(history.back().timeMs == 2000 && history.back().origin == Origin::Human);
        QVERIFY(ann.sumsHold());
        // What came from Bob is not Ann's to undo.
        QCOMPARE(ann.store->undoHistory(10).value().size(), std::size_t{2});

        // And the other way round: both end with the same opinions.
        VERIFY_OK(bob.take(ann));
        for (const char* text : {"good", "bad", "odd", "extra"}) {
            QCOMPARE(bob.said(text), ann.said(text));
            QCOMPARE(bob.present(text), ann.present(text));
        }
        QCOMPARE(bob.store->counts().value().samples, std::int64_t{5});  // ann's second "good" too
        QVERIFY(bob.sumsHold());
    }

    void mergingAgainAddsNothing() {
        Person ann(path("ann"), {"one", "two"});
        Person bob(path("bob"), {"two", "three", "three"});
        const AnnotationId first = bob.say("two", "bob", "yes", 1000);
        bob.say("two", "bob", "no", 1000);
        JobContext context;
        VERIFY_OK(bob.store->revertStep(first + 1, false, "bob", context));
        bob.say("three", "bob", "yes", 1000);
        Annotation spans;
        spans.sample = bob.sampleOf("three");
        spans.annotator = "cleo";
        spans.value = R"({"labels":[2],"rating":2.5,"spans":[[0,2,1]]})";
        VERIFY_OK(bob.store->annotate(spans));
        const auto once = ann.take(bob);
        VERIFY_OK(once);
        QCOMPARE(once->samplesAdded, std::int64_t{2});
        QCOMPARE(once->rowsAdded, std::int64_t{5});
        QCOMPARE(ann.present("two"), std::string("yes"));
        QCOMPARE(ann.said("two"), std::string("bob=yes"));
        const auto history = ann.store->history(ann.sampleOf("two")).value();
        const auto twice = ann.take(bob);
        VERIFY_OK(twice);
        QCOMPARE(twice->rowsAdded + twice->samplesAdded, std::int64_t{0});
        QVERIFY(twice->labelsAdded.empty() && twice->conflicts.empty());
        QCOMPARE(twice->rowsThere, std::int64_t{5});
        QCOMPARE(ann.store->history(ann.sampleOf("two")).value().size(), history.size());
        // Back into Bob's: everything that is his is known.
        const auto back = bob.take(ann);
        VERIFY_OK(back);
        QCOMPARE(back->rowsAdded, std::int64_t{0});
        QCOMPARE(back->samplesAdded, std::int64_t{1});
        // Only what is new comes later.
        bob.say("one", "bob", "yes", 3000);
        const auto later = ann.take(bob);
        QCOMPARE(later->rowsAdded, std::int64_t{1});
        QVERIFY(ann.sumsHold());
    }

    void whatHolds() {
        Person ann(path("ann"), {"a", "b", "c", "d"}, {"", "", "old"});
        Person bob(path("bob"), {"a", "b", "c", "d"});
        ann.say("a", "ann", "yes", 5000, AnnotationRole::Decision);
        bob.say("a", "bob", "no", 9000);  // newer, but no decision
        ann.say("b", "ann", "yes", 9000);
        bob.say("b", "bob", "no", 5000, AnnotationRole::Decision);
        bob.say("c", "bob", "yes", 1);  // a person's before an import's
        ann.say("d", "same", "yes", 5000);
        bob.say("d", "same", "no", 6000);  // one person on two machines: the newer opinion
        VERIFY_OK(ann.take(bob));
        QCOMPARE(ann.present("a"), std::string("yes"));
        QCOMPARE(ann.present("b"), std::string("no"));
        QCOMPARE(ann.present("c"), std::string("yes"));
        QCOMPARE(ann.said("d"), std::string("same=no"));
        VERIFY_OK(bob.take(ann));
        for (const char* text : {"a", "b", "c", "d"}) {
            QCOMPARE(bob.present(text), ann.present(text));
            QCOMPARE(bob.said(text), ann.said(text));
        }
    }

    void editedTextsAreOneText() {
        Person ann(path("ann"), {"we met in Paris"});
        Person bob(path("bob"), {"we met in Paris"});
        Annotation spans;
        spans.sample = 1;
        ann.label("place");
        bob.label("other");
        bob.label("place");
        spans.annotator = "ann";
        spans.value = R"({"spans":[[10,15,1]]})";
        VERIFY_OK(ann.store->annotate(spans));
        spans.annotator = "bob";
        spans.value = R"({"spans":[[10,15,2]]})";
        VERIFY_OK(bob.store->annotate(spans));
        VERIFY_OK(ann.store->editText(1, "we have met in Paris", "ann"));
        VERIFY_OK(ann.take(bob));
        // Bob's part moved to Ann's text.
        QCOMPARE(ann.said("we have met in Paris"),
                 std::string(R"(ann={"spans":[[15,20,1]]} bob={"spans":[[15,20,1]]})"));
        VERIFY_OK(bob.take(ann));
        QCOMPARE(bob.said("we have met in Paris"),
                 std::string(R"(ann={"spans":[[15,20,2]]} bob={"spans":[[15,20,2]]})"));
        const auto again = ann.take(bob);
        VERIFY_OK(again);
        QCOMPARE(again->samplesAdded, std::int64_t{0});
        QCOMPARE(ann.said("we have met in Paris"),
                 std::string(R"(ann={"spans":[[15,20,1]]} bob={"spans":[[15,20,1]]})"));
    }

    void whatWasRemovedStaysOut() {
        Person ann(path("ann"), {"one", "two"});
        Person bob(path("bob"), {"one", "two", "three"});
        bob.say("one", "bob", "yes", 1000);
        const std::vector<SampleId> first{1}, third{3};
        VERIFY_OK(ann.store->removeSamples(first));
        VERIFY_OK(bob.store->removeSamples(third));
        const auto report = ann.take(bob);
        VERIFY_OK(report);
        QCOMPARE(report->samplesRemovedHere, std::int64_t{1});
        QCOMPARE(report->samplesAdded, std::int64_t{0});
        QCOMPARE(texts(*ann.store), std::vector<std::string>{"two"});
        QVERIFY(ann.sumsHold());
    }

    void labelsKeepTheirKeysAndParents() {
        Person ann(path("ann"), {"one"});
        Person bob(path("bob"), {"one"});
        ann.label("mine");  // key 1
        Label top;
        top.name = "top";
        top.key = "1";
        top.guideline = "when in doubt";
        top.parent.reset();
        const LabelId above = bob.store->addLabel(top).value();
        Label below;
        below.name = "below";
        below.key = "b";
        below.parent = above;
        below.examples = {"for instance"};
        VERIFY_OK(bob.store->addLabel(below));
        VERIFY_OK(bob.store->setGuideline("be kind"));
        const auto report = ann.take(bob);
        VERIFY_OK(report);
        QVERIFY(report->guidelineDiffers);
        const auto labels = ann.store->labels().value();
        QCOMPARE(labels.size(), std::size_t{3});
        QVERIFY(labels[1].name == "top" && labels[1].key != "1" && labels[1].guideline == "when in doubt");
        QVERIFY(labels[2].key == "b" && labels[2].parent == labels[1].id && labels[2].examples == below.examples);
        Label changed = labels[1];
        changed.guideline = "never";
        VERIFY_OK(ann.store->updateLabel(changed));
        QCOMPARE(ann.take(bob)->labelsDiffering, std::vector<std::string>{"top"});
        QCOMPARE(ann.store->labels().value()[1].guideline, std::string("never"));
    }

    void refusals() {
        Person ann(path("ann"), {"one"});
        JobContext context;
        QCOMPARE(mergeProject(ann.project, ann.project.folder(), context).error().code, ErrorCode::InvalidInput);
        QCOMPARE(mergeProject(ann.project, path("none"), context).error().code, ErrorCode::NotFound);
        Person bob(path("bob"), {"one", "two"});
        auto control = std::make_shared<JobControl>();
        control->requestStop();
        JobContext stopped(control);
        QCOMPARE(mergeProject(ann.project, bob.project.folder(), stopped).error().code, ErrorCode::Canceled);
        VERIFY_OK(ann.take(bob));
        const auto reading = Project::open(path("ann.lathe"), Access::Read);
        VERIFY_OK(reading);
        QCOMPARE(mergeProject(*reading, bob.project.folder(), context).error().code, ErrorCode::InvalidInput);
    }
};

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_merge.moc"
