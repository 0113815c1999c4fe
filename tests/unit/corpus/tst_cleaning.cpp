// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cleaning a project: preview, apply, undo after a restart, labelled parts that move, what duplicates can be done with.
#include <QTest>

#include "corpus/clean/duplicate_actions.h"
#include "corpus/clean/pipeline.h"
#include "support/corpus_checks.h"
#include "support/store_sums.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;

namespace {

Cleaner cleanerOf(const std::vector<std::string>& steps) {
    const auto registry = makeCleaningRegistry();
    CleaningRecipe recipe;
    for (const std::string& step : steps)
        recipe.steps.push_back(recipeStepFrom(step, registry).value());
    return Cleaner::make(registry, recipe).value();
}

LabelId addPlace(CorpusStore& store) {
    Label label;
    label.name = "place";
    return store.addLabel(label).value();
}

Annotation spanRow(SampleId sample, LabelId label, std::int32_t begin, std::int32_t end) {
    Annotation row;
    row.sample = sample;
    row.annotator = "ann";
    row.value = toValue(Labelling{.labels = {}, .rating = {}, .spans = {{{begin, end, label}}}});
    return row;
}

}  // namespace

class TestCleaning : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TempFolder>(); }

    void previewWritesNothing();
    void appliesAndUndoesAfterARestart();
    void labelledPartsMoveWithTheText();
    void answersAreCleanedToo();
    void aTextWithNothingLeftGoes();
    void removedSamplesComeBackAsTheyWere();
    void stoppedLeavesNothing();
    void brokenOffCanBeTakenBack();
    void thousandsOfTexts();
    void frozenTestTextsStay();
    void keepOneOfEachGroup();
    void majorityLabelAndReview();

private:
    Project make(const std::vector<std::string>& texts, const std::vector<std::string>& labels = {}) {
        return projectOf(m_folder->path() / "p.lathe", texts, labels);
    }
    std::unique_ptr<TempFolder> m_folder;
    JobContext m_context;
};

void TestCleaning::previewWritesNothing() {
    const auto project = make({"ＡＢＣ  1", "clean", "电话13812345678", "x"});
    const auto store = project.connect().value();
    const auto cleaner = cleanerOf({"width", "whitespace", "mask_phone", "length:min=2"});
    const auto ids = store->find({}).value();
    const auto preview = previewCleaning(*store, cleaner, ids, 2, m_context);
    VERIFY_OK(preview);
    QCOMPARE(preview->counts.texts, 4);
    QCOMPARE(preview->counts.changed, 2);
    QCOMPARE(preview->counts.removed, 1);
    QCOMPARE(preview->counts.masked, 1);
    QCOMPARE(preview->counts.steps[0].changed, 1);
    QCOMPARE(preview->counts.steps[1].changed, 1);
    QCOMPARE(preview->counts.steps[2].masked, 1);
    QCOMPARE(preview->counts.steps[3].removed, 1);
    QCOMPARE(preview->examples.size(), std::size_t(2));
    QCOMPARE(preview->examples[0].before, std::string("ＡＢＣ  1"));
    QCOMPARE(preview->examples[0].after.text, std::string("ABC 1"));
    QCOMPARE(texts(*store).front(), std::string("ＡＢＣ  1"));
    QVERIFY(store->cleanings()->empty());
}

void TestCleaning::appliesAndUndoesAfterARestart() {
    CleaningId id = 0;
    const std::vector<std::string> original{"ＡＢＣ", "clean", "电话13812345678", "x"};
    {
        const auto project = make(original, {"a", "b", "a", "b"});
        const auto store = project.connect().value();
        const auto cleaner = cleanerOf({"width", "mask_phone", "length:min=2"});
        const auto outcome = applyCleaning(*store, cleaner, store->find({}).value(), "ann", m_context);
        VERIFY_OK(outcome);
        id = outcome->id;
        QCOMPARE(texts(*store), (std::vector<std::string>{"ABC", "clean", "电话[PHONE]"}));
        QCOMPARE(store->sample(1)->originalText, std::optional<std::string>("ＡＢＣ"));
        QVERIFY(store->undoHistory(10)->empty());  // it is no step of labelling
        QVERIFY(sumsHold(project));
        const auto masked = store->maskedBy(id, 10).value();
        QCOMPARE(masked.size(), std::size_t(1));
        QCOMPARE(masked[0].sample, 3);
        QCOMPARE(masked[0].masked, std::string(R"([[2,13,"[PHONE]",1]])"));
        // Again: there is nothing to do, and nothing is recorded.
        const auto again = applyCleaning(*store, cleaner, store->find({}).value(), "ann", m_context);
        VERIFY_OK(again);
        QCOMPARE(again->id, 0);
        QCOMPARE(store->cleanings()->size(), std::size_t(1));
    }
    const auto project = Project::open(m_folder->path() / "p.lathe").value();
    const auto store = project.connect().value();
    const Cleaning recorded = store->cleanings().value().front();
    QCOMPARE(recorded.who, std::string("ann"));
    QCOMPARE(recorded.changed, 2);
    QCOMPARE(recorded.removed, 1);
    QVERIFY(recorded.isFinished && !recorded.undoneMs);
    const auto recipe = recipeFrom(parseJson(recorded.recipe, "recipe").value(), makeCleaningRegistry());
    VERIFY_OK(recipe);
    QCOMPARE(recipe->steps.size(), std::size_t(3));
    const auto undone = store->undoCleaning(id, "bob", m_context);
    VERIFY_OK(undone);
    QCOMPARE(*undone, 3);
    QCOMPARE(texts(*store), original);
    QCOMPARE(store->sample(4)->label, store->sample(2)->label);
    QVERIFY(store->cleanings()->front().undoneMs.has_value());
    QVERIFY(!store->undoCleaning(id, "bob", m_context));
    QVERIFY(!store->undoCleaning(77, "bob", m_context));
    QVERIFY(sumsHold(project));
}

void TestCleaning::labelledPartsMoveWithTheText() {
    const auto project = make({"  我在 北京   工作"});
    const auto store = project.connect().value();
    const LabelId place = addPlace(*store);
    VERIFY_OK(store->annotate(spanRow(1, place, 5, 7)));
    const auto outcome = applyCleaning(*store, cleanerOf({"whitespace"}), std::vector<SampleId>{1}, "ann", m_context);
    VERIFY_OK(outcome);
    const Sample cleaned = store->sample(1).value();
    QCOMPARE(cleaned.text, std::string("我在 北京 工作"));
    QCOMPARE(cleaned.labelling.spans->front(), (SampleSpan{3, 5, place}));
    VERIFY_OK(store->undoCleaning(outcome->id, "ann", m_context));
    QCOMPARE(store->sample(1)->labelling.spans->front(), (SampleSpan{5, 7, place}));
}

void TestCleaning::answersAreCleanedToo() {
    const auto project = make({"电话13812345678", "no number", "x"});
    const auto store = project.connect().value();
    for (const auto& [sample, text] :
         {std::pair(1, "打13987654321"), std::pair(2, "call +44 20 7946 0018"), std::pair(3, "ok")}) {
        Annotation answer;
        answer.sample = sample;
        answer.kind = AnnotationKind::Answer;
        answer.value = text;
        VERIFY_OK(store->annotate(answer));
    }
    const auto cleaner = cleanerOf({"mask_phone", "length:min=1,max=30"});
    const auto outcome = applyCleaning(*store, cleaner, store->find({}).value(), "ann", m_context);
    VERIFY_OK(outcome);
    QCOMPARE(outcome->counts.changed, 2);
    QCOMPARE(outcome->counts.masked, 3);
    QCOMPARE(outcome->counts.steps[0].changed, 2);
    QCOMPARE(store->cleanings()->front().changed, 2);
    auto samples = allSamples(*store);
    QCOMPARE(samples[0].text, std::string("电话[PHONE]"));
    QCOMPARE(samples[0].answer, std::string("打[PHONE]"));
    QCOMPARE(samples[1].answer, std::string("call [PHONE]"));
    QCOMPARE(store->maskedBy(outcome->id, 10)->front().masked,
             std::string(R"([[2,13,"[PHONE]",0],[1,12,"[PHONE]",0,"answer"]])"));
    VERIFY_OK(store->undoCleaning(outcome->id, "ann", m_context));
    samples = allSamples(*store);
    QCOMPARE(samples[0].text, std::string("电话13812345678"));
    QCOMPARE(samples[0].answer, std::string("打13987654321"));
    QCOMPARE(samples[1].answer, std::string("call +44 20 7946 0018"));
    QVERIFY(sumsHold(project));
}

void TestCleaning::aTextWithNothingLeftGoes() {
    const auto project = make({"\u200B\u3000", "<p></p>", "text"});
    const auto store = project.connect().value();
    const auto outcome =
        applyCleaning(*store, cleanerOf({"html", "invisible", "whitespace"}), store->find({}).value(), "", m_context);
    VERIFY_OK(outcome);
    QCOMPARE(outcome->counts.emptied, 2);
    QCOMPARE(outcome->counts.removed, 2);
    QCOMPARE(texts(*store), std::vector<std::string>{"text"});
}

void TestCleaning::removedSamplesComeBackAsTheyWere() {
    const auto project = make({"one", "two", "three"}, {"a", "b", ""});
    const auto store = project.connect().value();
    const LabelId place = addPlace(*store);
    VERIFY_OK(store->annotate(spanRow(1, place, 0, 2)));
    for (const AnnotationKind kind : {AnnotationKind::Flag, AnnotationKind::Skip}) {
        Annotation mark;
        mark.sample = 3;
        mark.kind = kind;
        mark.value = "1";
        VERIFY_OK(store->annotate(mark));
    }
    Annotation comment;
    comment.sample = 1;
    comment.kind = AnnotationKind::Comment;
    comment.value = "why?";
    VERIFY_OK(store->annotate(comment));
    VERIFY_OK(store->editText(1, "one!", "ann"));
    VERIFY_OK(store->setSplit(std::vector<SampleId>{1}, Split::Dev));
    const auto before = allSamples(*store);
    const auto countsBefore = store->counts().value();
    const auto opinionsBefore = store->opinions(1).value();
    const std::vector<SampleId> all{1, 2, 3};
    VERIFY_OK(store->removeSamples(all));
    QVERIFY(store->find({})->empty());
    VERIFY_OK(store->restoreSamples(all));
    const auto after = allSamples(*store);
    QCOMPARE(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        QCOMPARE(after[i].text, before[i].text);
        QCOMPARE(after[i].label, before[i].label);
        QVERIFY(after[i].labelling == before[i].labelling);
        QCOMPARE(after[i].split, before[i].split);
        QCOMPARE(after[i].flagged, before[i].flagged);
        QCOMPARE(after[i].skipped, before[i].skipped);
        QCOMPARE(after[i].comment, before[i].comment);
        QCOMPARE(after[i].originalText, before[i].originalText);
        QCOMPARE(after[i].labelOrigin, before[i].labelOrigin);
    }
    QCOMPARE(store->opinions(1)->size(), opinionsBefore.size());
    QCOMPARE(store->counts()->dev, countsBefore.dev);
    QCOMPARE(store->counts()->labelledToday, countsBefore.labelledToday);
    QCOMPARE(store->sources()->front().samples, 3);
    QVERIFY(sumsHold(project));
    QVERIFY(!store->restoreSamples(std::vector<SampleId>{1}));   // it is there
    QVERIFY(!store->restoreSamples(std::vector<SampleId>{99}));  // it never was
}

void TestCleaning::stoppedLeavesNothing() {
    std::vector<std::string> original;
    for (int i = 0; i < 3000; ++i)
        original.push_back("text  " + std::to_string(i));
    const auto project = make(original);
    const auto store = project.connect().value();
    const auto control = std::make_shared<JobControl>();
    JobContext context(control);
    // Stops itself in the middle: a recipe step that asks for it.
    CleaningRegistry registry;
    registry.add({.id = "stop", .title = "", .help = "", .make = [&](const Json&) -> Result<CleaningFunction> {
                      return [&](std::string_view text) -> Result<StepOutcome> {
                          if (text == "text  2000")
                              control->requestStop();
                          return StepOutcome{.text = std::string(text) + "!", .keep = text != "text  100"};
                      };
                  }});
    const auto cleaner = Cleaner::make(registry, {{{"stop", Json::object()}}}).value();
    const auto outcome = applyCleaning(*store, cleaner, store->find({}).value(), "ann", context);
    QVERIFY(!outcome && outcome.error().code == ErrorCode::Canceled);
    QCOMPARE(texts(*store), original);
    QVERIFY(store->cleanings()->front().undoneMs.has_value());
    QVERIFY(sumsHold(project));
}

// What a kill in the middle leaves: pieces that are on disk under a record that never ended.
void TestCleaning::brokenOffCanBeTakenBack() {
    const std::vector<std::string> original{"one", "two", "three"};
    {
        const auto project = make(original);
        const auto store = project.connect().value();
        Cleaning cleaning;
        cleaning.who = "ann";
        cleaning.kind = "recipe";
        cleaning.recipe = R"({"steps":[]})";
        const auto id = store->beginCleaning(cleaning);
        VERIFY_OK(id);
        CleaningChange change;
        change.row.sample = 1;
        change.row.kind = AnnotationKind::Text;
        change.row.value = "ONE";
        VERIFY_OK(store->cleanSamples(*id, std::vector{change}, std::vector<SampleId>{2}));
        // A piece goes in whole or not at all: sample 99 is not there.
        change.row.sample = 3;
        QVERIFY(!store->cleanSamples(*id, std::vector{change}, std::vector<SampleId>{99}));
    }
    const auto project = Project::open(m_folder->path() / "p.lathe").value();
    const auto store = project.connect().value();
    QCOMPARE(texts(*store), (std::vector<std::string>{"ONE", "three"}));
    const auto recorded = store->cleanings().value();
    QCOMPARE(recorded.size(), std::size_t(1));
    QVERIFY(!recorded.front().isFinished);
    QCOMPARE(recorded.front().changed, 1);
    VERIFY_OK(store->undoCleaning(recorded.front().id, "ann", m_context));
    QCOMPARE(texts(*store), original);
    QVERIFY(sumsHold(project));
}

void TestCleaning::thousandsOfTexts() {
    std::vector<std::string> original(5000, "a  b");
    const auto project = make(original);
    const auto store = project.connect().value();
    const auto outcome = applyCleaning(*store, cleanerOf({"whitespace"}), store->find({}).value(), "ann", m_context);
    VERIFY_OK(outcome);
    QCOMPARE(outcome->counts.changed, 5000);
    QCOMPARE(store->cleanings()->front().changed, 5000);
    QCOMPARE(texts(*store), std::vector<std::string>(5000, "a b"));
    VERIFY_OK(store->undoCleaning(outcome->id, "ann", m_context));
    QCOMPARE(texts(*store), original);
}

void TestCleaning::frozenTestTextsStay() {
    const auto project = make({"a  b", "c  d"});
    const auto store = project.connect().value();
    VERIFY_OK(store->setSplit(std::vector<SampleId>{1}, Split::Test));
    VERIFY_OK(store->setTestFrozen(true, {"ann", ""}));
    const auto cleaner = cleanerOf({"whitespace"});
    const auto outcome = applyCleaning(*store, cleaner, store->find({}).value(), "ann", m_context);
    VERIFY_OK(outcome);
    QCOMPARE(outcome->counts.frozen, 1);
    QCOMPARE(texts(*store), (std::vector<std::string>{"a  b", "c d"}));
    VERIFY_OK(store->allowTestChanges(TestChange{"ann", "the export had doubled spaces"}));
    VERIFY_OK(applyCleaning(*store, cleaner, store->find({}).value(), "ann", m_context));
    QCOMPARE(texts(*store), (std::vector<std::string>{"a b", "c d"}));
    const auto log = store->splitLog().value();
    QCOMPARE(log.front().action, std::string("edited"));
    QCOMPARE(log.front().samples, 1);
    QCOMPARE(log.front().reason, std::string("the export had doubled spaces"));
}

void TestCleaning::keepOneOfEachGroup() {
    const auto project = make({"Where is my card?", "where is  my card?", "WHERE IS MY CARD?", "other",
                               "please tell me where my new card is", "please tell me where my new card is!!"},
                              {"", "a", "a", "", "", ""});
    const auto store = project.connect().value();
    VERIFY_OK(store->setSplit(std::vector<SampleId>{3}, Split::Test));
    VERIFY_OK(store->setTestFrozen(true, {"ann", ""}));
    const auto report = findDuplicates(*store, {.similarity = 0.6}, m_context).value();
    QCOMPARE(report.groups.size(), std::size_t(2));
    const auto done =
        applyDuplicateAction(*store, report.groups, report.similarity, DuplicateAction::KeepOne, "ann", m_context);
    VERIFY_OK(done);
    QCOMPARE(done->removed, 3);
    QCOMPARE(store->find({}).value(), (std::vector<SampleId>{3, 4, 5}));
    VERIFY_OK(store->undoCleaning(done->id, "ann", m_context));
    QCOMPARE(store->find({})->size(), std::size_t(6));
    QVERIFY(sumsHold(project));
}

void TestCleaning::majorityLabelAndReview() {
    const auto project = make({"same", "Same", "SAME", "same ", "tie", "Tie"}, {"a", "b", "a", "", "a", "b"});
    const auto store = project.connect().value();
    const auto report = findDuplicates(*store, {.similarity = 1}, m_context).value();
    QCOMPARE(report.conflicting, 2);
    const auto done = applyDuplicateAction(*store, report.groups, report.similarity, DuplicateAction::MajorityLabel,
                                           "ann", m_context);
    VERIFY_OK(done);
    QCOMPARE(done->changed, 2);
    QCOMPARE(done->leftAlone, 1);
    const auto labelled = allSamples(*store);
    QCOMPARE(labelled[1].label, labelled[0].label);
    QCOMPARE(labelled[3].label, labelled[0].label);
    QCOMPARE(labelled[3].labelOrigin, Origin::Rule);
    QVERIFY(labelled[4].label != labelled[5].label);
    const auto flagged =
        applyDuplicateAction(*store, report.groups, report.similarity, DuplicateAction::Review, "ann", m_context);
    VERIFY_OK(flagged);
    QCOMPARE(store->counts()->flagged, 6);
    VERIFY_OK(store->undoCleaning(flagged->id, "ann", m_context));
    VERIFY_OK(store->undoCleaning(done->id, "ann", m_context));
    QCOMPARE(store->counts()->flagged, 0);
    QVERIFY(!allSamples(*store)[3].label);
    QVERIFY(sumsHold(project));
}

QTEST_GUILESS_MAIN(TestCleaning)
#include "tst_cleaning.moc"
