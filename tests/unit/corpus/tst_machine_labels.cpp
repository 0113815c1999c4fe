// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labels and scores of rules and models in the store: marked, never over a person's, taken back in one step.
#include <QTest>

#include <set>

#include "corpus/machine_labels.h"
#include "corpus/project.h"
#include "support/store_rows.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;

class TestMachineLabels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void onlyOpenTextsGetOne();
    void aStepIsUndoneAsOne();
    void takingBackLeavesPeoplesLabels();
    void scoresAreReplacedPerModel();
    void snapshotsMeasureOnPeoplesLabels();
    void peoplesOriginsAreRefused();

private:
    Counts counts() { return *m_store->counts(); }
    std::unique_ptr<test::TempFolder> m_folder;
    std::optional<Project> m_project;
    std::unique_ptr<CorpusStore> m_store;
    LabelId m_a = 0, m_b = 0;
    JobContext m_context;
};

/// Ten texts: 1 has a person's label, 2 is skipped, 3 dev, 4 test, the others are open.
void TestMachineLabels::init() {
    m_store.reset();
    m_project.reset();
    m_folder = std::make_unique<test::TempFolder>();
    m_project.emplace(*Project::create(m_folder->path() / "p"));
    m_store = std::move(*m_project->connect());
    const auto source = test::addSource(*m_store);
    std::vector<NewSample> batch;
    for (int i = 1; i <= 10; ++i)
        batch.push_back(test::sampleRow("text " + std::to_string(i), i));
    QVERIFY(m_store->addSamples(source, batch));
    m_a = *m_store->addLabel(test::labelNamed("a"));
    m_b = *m_store->addLabel(test::labelNamed("b"));
    QVERIFY(m_store->annotate(test::labelRow(1, m_a, "me")));
    Annotation skip;
    skip.sample = 2;
    skip.kind = AnnotationKind::Skip;
    skip.value = "1";
    QVERIFY(m_store->annotate(skip));
    const std::vector<SampleId> dev{3}, test{4};
    QVERIFY(m_store->setSplit(dev, Split::Dev) && m_store->setSplit(test, Split::Test));
}

namespace {

std::vector<MachineLabel> allTen(LabelId label) {
    std::vector<MachineLabel> labels;
    for (SampleId i = 1; i <= 10; ++i)
        labels.push_back({i, label});
    labels.push_back({99, label});  // gone
    return labels;
}

}  // namespace

void TestMachineLabels::onlyOpenTextsGetOne() {
    const auto given = machineLabels(*m_store).giveLabels(allTen(m_b), Origin::Model, "m1");
    QVERIFY(given.has_value());
    QCOMPARE(given->given, std::int64_t(6));
    for (SampleId i = 5; i <= 10; ++i) {
        const auto sample = m_store->sample(i);
        QCOMPARE(sample->label, std::optional(m_b));
        QCOMPARE(sample->labelOrigin, Origin::Model);
        QCOMPARE(m_store->history(i)->back().annotator, std::string("m1"));
        QVERIFY(m_store->opinions(i)->empty());  // a model has no opinion among people's
    }
    QCOMPARE(m_store->sample(1)->label, std::optional(m_a));
    for (SampleId i = 2; i <= 4; ++i)
        QVERIFY(!m_store->sample(i)->label);
    QCOMPARE(counts().labelled, std::int64_t(7));
    QCOMPARE(counts().labelledToday, std::int64_t(1));
    QCOMPARE(machineLabels(*m_store).giveLabels(allTen(m_a), Origin::Rule, "rules")->given, std::int64_t(0));
}

void TestMachineLabels::aStepIsUndoneAsOne() {
    auto& machine = machineLabels(*m_store);
    const auto all = allTen(m_b);
    const auto first = machine.giveLabels(std::span(all).first(7), Origin::Model, "m1");
    const auto second = machine.giveLabels(std::span(all).subspan(7), Origin::Model, "m1", first->step);
    QCOMPARE(second->step, first->step);
    const auto steps = m_store->undoHistory(10);
    QCOMPARE(steps->back().step, first->step);
    QCOMPARE(steps->back().samples, std::int64_t(6));
    QCOMPARE(*m_store->revertStep(first->step, false, "me", m_context), std::int64_t(6));
    QCOMPARE(counts().labelled, std::int64_t(1));
    QCOMPARE(*m_store->revertStep(first->step, true, "me", m_context), std::int64_t(6));
    QCOMPARE(m_store->sample(8)->labelOrigin, Origin::Model);
}

void TestMachineLabels::takingBackLeavesPeoplesLabels() {
    auto& machine = machineLabels(*m_store);
    QVERIFY(machine.giveLabels(allTen(m_b), Origin::Model, "m1"));
    QVERIFY(m_store->annotate(test::labelRow(7, m_a, "me")));  // a person knows better
    QVERIFY(m_store->annotate(test::labelRow(8, m_b, "me")));  // or agrees
    QCOMPARE(*machine.takeLabelsBack(Origin::Model, "other", "me", m_context), std::int64_t(0));
    QCOMPARE(*machine.takeLabelsBack(Origin::Model, "m1", "me", m_context), std::int64_t(4));
    QCOMPARE(m_store->sample(7)->label, std::optional(m_a));
    QCOMPARE(m_store->sample(8)->label, std::optional(m_b));
    QCOMPARE(m_store->sample(8)->labelOrigin, Origin::Human);
    for (const SampleId i : {5, 6, 9, 10})
        QVERIFY(!m_store->sample(i)->label);
    QCOMPARE(counts().labelled, std::int64_t(3));
    QCOMPARE(*machine.takeLabelsBack(Origin::Model, "m1", "me", m_context), std::int64_t(0));
    QCOMPARE(machine.giveLabels(allTen(m_b), Origin::Model, "m1")->given, std::int64_t(4));
}

void TestMachineLabels::scoresAreReplacedPerModel() {
    auto& machine = machineLabels(*m_store);
    const std::vector<ModelScore> first{{1, m_a, 0.75f, 0.5f}, {2, m_b, 0.5f, 0.25f}}, second{{1, m_b, 1, 1}};
    QVERIFY(machine.putScores("m1", first));
    QVERIFY(machine.putScores("m2", second));
    QCOMPARE(*machine.scoredModels(), (std::vector<std::string>{"m1", "m2"}));
    QCOMPARE(*machine.scores("m1"), first);
    QVERIFY(machine.putScores("m1", second));
    QCOMPARE(machine.scores("m1")->front(), second.front());
    QVERIFY(machine.clearScores("m1"));
    QVERIFY(machine.scores("m1")->empty());
    QCOMPARE(*machine.scores("m2"), second);
    const std::vector<SampleId> gone{1};
    QVERIFY(m_store->removeSamples(gone));
    QVERIFY(machine.scores("m2")->empty());
}

void TestMachineLabels::snapshotsMeasureOnPeoplesLabels() {
    for (SampleId i = 5; i <= 7; ++i)
        QVERIFY(m_store->annotate(test::labelRow(i, m_b, "me")));
    QCOMPARE(machineLabels(*m_store).giveLabels(allTen(m_b), Origin::Rule, "rules")->given, std::int64_t(3));
    SnapshotRequest most;
    most.devShare = 0.7;
    const auto preview = m_store->previewSnapshot(most);
    QVERIFY(preview.has_value());
    std::set<SampleId> dev;
    for (const SnapshotItem& item : preview->items)
        if (item.split == Split::Dev)
            dev.insert(item.sample);
    QVERIFY(!dev.empty());
    for (const SampleId id : dev)
        QCOMPARE(m_store->sample(id)->labelOrigin, Origin::Human);
    QCOMPARE(preview->items.size(), std::size_t(7));
}

void TestMachineLabels::peoplesOriginsAreRefused() {
    for (const Origin origin : {Origin::Human, Origin::Import})
        QCOMPARE(machineLabels(*m_store).giveLabels(allTen(m_a), origin, "x").error().code, ErrorCode::InvalidInput);
    const std::vector<MachineLabel> unknown{{5, 4711}};
    QVERIFY(!machineLabels(*m_store).giveLabels(unknown, Origin::Rule, "rules").has_value());
}

QTEST_APPLESS_MAIN(TestMachineLabels)
#include "tst_machine_labels.moc"
