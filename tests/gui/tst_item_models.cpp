// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The item models under Qt's own model tester, and the undo commands down to the rows that they append.
#include <QAbstractItemModelTester>

#include "gui/support/gui_support.h"
#include "itemmodels/annotator.h"
#include "itemmodels/label_set_model.h"
#include "itemmodels/sample_model.h"
#include "session/session.h"

using namespace lathe;
using corpus::AnnotationKind;
using itemmodels::Annotator;
using itemmodels::LabelSetModel;
using itemmodels::Mark;
using itemmodels::SampleModel;

class TestItemModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void samplesPassTheTester();
    void filterAndSort();
    void oneAnnotationRefreshesOneRow();
    void removedSampleIsAnEmptyRow();
    void largeCorpusIsSearchedInTheLane();
    void labelSetPassesTheTester();
    void labelSetFindsClashes();
    void labelSetSwapsNamesAndKeys();
    void labelInUseStays();
    void everyStepAppendsRows();
    void labelTakesTheSkipAway();
    void failedStepLeavesTheStack();
    void manyAtOnce();
    void splitsAreUndone();
    void closingForgetsTheSteps();

private:
    corpus::SampleId unlabelled(std::size_t n = 0);
    std::unique_ptr<corpus::CorpusStore> secondConnection() { return std::move(*m_session->project().connect()); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
};

void TestItemModels::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    const QString project = test::makeProject(m_folder->filePath(QStringLiteral("p")), 50);
    m_session = std::make_unique<session::Session>();
    QVERIFY(m_session->openProject(project));
}

void TestItemModels::cleanup() {
    m_session.reset();
    m_folder.reset();
}

corpus::SampleId TestItemModels::unlabelled(std::size_t n) {
    corpus::SampleFilter filter;
    filter.state = corpus::LabelState::Unlabelled;
    return (*m_session->store().find(filter)).at(n);
}

void TestItemModels::samplesPassTheTester() {
    SampleModel model(*m_session);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 200);
    // Several blocks, forwards and backwards.
    for (const int row : {0, 199, 64, 63, 128, 0}) {
        const corpus::Sample* sample = model.sampleAt(row);
        QVERIFY(sample);
        QCOMPARE(sample->id, model.idAt(row));
        QVERIFY(model.index(row, 0).data().toString().contains(QStringLiteral(" ")));
    }
    QCOMPARE(model.idAt(200), 0);
    QVERIFY(!model.sampleAt(-1));
    QCOMPARE(model.rowOf(model.idAt(77)), 77);
    Annotator::of(*m_session).setLabel(unlabelled(), m_session->labels().front().id);
    m_session->closeProject();
    QCOMPARE(model.rowCount(), 0);
}

void TestItemModels::filterAndSort() {
    SampleModel model(*m_session);
    corpus::SampleFilter filter;
    filter.text = "case 7";
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 3);
    filter.text.clear();
    filter.label = m_session->labels().at(1).id;
    model.setFilter(filter);
    QCOMPARE(model.rowCount(), 50);
    const int label = static_cast<int>(SampleModel::Column::Label);
    QCOMPARE(model.index(3, label).data().toString(), QString::fromStdString(m_session->labels().at(1).name));
    QCOMPARE(model.index(3, label).data(SampleModel::LabelIndexRole).toInt(), 1);
    model.setFilter({});
    const int length = static_cast<int>(SampleModel::Column::Length);
    model.sort(length, Qt::DescendingOrder);
    for (int row = 1; row < model.rowCount(); ++row)
        QVERIFY(model.index(row - 1, length).data().toInt() >= model.index(row, length).data().toInt());
    model.sort(static_cast<int>(SampleModel::Column::Text));
    for (int row = 1; row < model.rowCount(); ++row)
        QVERIFY(model.index(row - 1, 0).data().toString().toLower() <= model.index(row, 0).data().toString().toLower());
    const QString first = model.index(0, 0).data().toString();
    model.sort(static_cast<int>(SampleModel::Column::Text), Qt::DescendingOrder);
    QCOMPARE(model.index(model.rowCount() - 1, 0).data().toString(), first);
    model.sort(-1);
    QCOMPARE(model.idAt(0), *std::min_element(model.ids().begin(), model.ids().end()));
}

void TestItemModels::oneAnnotationRefreshesOneRow() {
    SampleModel model(*m_session);
    model.setFilter({});
    const corpus::SampleId id = unlabelled(4);
    const int row = model.rowOf(id);
    QVERIFY(model.sampleAt(row));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged), reset(&model, &QAbstractItemModel::modelReset);
    QVERIFY(Annotator::of(*m_session).setFlagged(id, true));
    QCOMPARE(reset.count(), 0);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.front().at(0).toModelIndex().row(), row);
    QCOMPARE(changed.front().at(1).toModelIndex().row(), row);
    QVERIFY(model.index(row, 0).data(SampleModel::FlaggedRole).toBool());
}

void TestItemModels::removedSampleIsAnEmptyRow() {
    SampleModel model(*m_session);
    model.setFilter({});
    const std::vector<corpus::SampleId> gone{model.idAt(10)};
    QVERIFY(m_session->store().removeSamples(gone));
    QVERIFY(!model.sampleAt(10));
    QCOMPARE(model.sampleAt(11)->id, model.idAt(11));
    QVERIFY(!model.index(10, 0).data().toString().isEmpty());
    m_session->notifySamplesChanged();
    QCOMPARE(model.rowCount(), 199);
}

void TestItemModels::largeCorpusIsSearchedInTheLane() {
    std::vector<corpus::NewSample> batch;
    for (int i = 0; i < SampleModel::kDirectQuerySamples + 1000; ++i) {
        corpus::NewSample sample;
        sample.text = "row number " + std::to_string(i);
        batch.push_back(std::move(sample));
    }
    QVERIFY(m_session->store().addSamples(1, batch));
    m_session->notifySamplesChanged();
    SampleModel model(*m_session);
    QSignalSpy loaded(&model, &SampleModel::loaded);
    corpus::SampleFilter filter;
    filter.text = "row number 1";
    model.setFilter(filter);
    QVERIFY(model.isLoading());
    // The answer to the overtaken query must not come through.
    filter.text = "row number 20999";
    model.setFilter(filter);
    QTRY_VERIFY_WITH_TIMEOUT(!model.isLoading(), 20000);
    QCOMPARE(loaded.count(), 1);
    QCOMPARE(model.rowCount(), 1);
    model.setFilter({});
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), static_cast<int>(batch.size()) + 200, 20000);
    QTRY_VERIFY(m_session->jobs().isIdle());
}

void TestItemModels::labelSetPassesTheTester() {
    LabelSetModel model(m_session->labels());
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const int row = model.addLabel(QStringLiteral("fees"));
    QCOMPARE(row, 3);
    QCOMPARE(model.index(row, static_cast<int>(LabelSetModel::Column::Key)).data().toString(), QStringLiteral("4"));
    QVERIFY(model.setData(model.index(row, static_cast<int>(LabelSetModel::Column::Color)), QStringLiteral("#112233")));
    QVERIFY(!model.setData(model.index(row, static_cast<int>(LabelSetModel::Column::Color)), QStringLiteral("no")));
    QVERIFY(model.removeLabel(row));
    QVERIFY(!model.isChanged());
}

void TestItemModels::labelSetFindsClashes() {
    LabelSetModel model(m_session->labels());
    const int key = static_cast<int>(LabelSetModel::Column::Key), name = static_cast<int>(LabelSetModel::Column::Name);
    QVERIFY(model.problem().isEmpty());
    QVERIFY(model.setData(model.index(0, key), QString::fromUtf8("２")));  // full width, as an input method types it
    QCOMPARE(model.index(0, key).data().toString(), QStringLiteral("2"));
    QVERIFY(model.problem().contains(QStringLiteral("2")));
    QVERIFY(model.setData(model.index(0, key), QString()));
    QVERIFY(model.problem().isEmpty());
    QVERIFY(!model.setData(model.index(0, key), QStringLiteral("ab")));
    QVERIFY(!model.setData(model.index(0, key), QStringLiteral("/")));
    QVERIFY(model.setData(model.index(0, name), QString()));
    QVERIFY(!model.problem().isEmpty());
    QVERIFY(model.setData(model.index(0, name), model.index(1, name).data()));
    QVERIFY(!model.problem().isEmpty());
}

void TestItemModels::labelSetSwapsNamesAndKeys() {
    LabelSetModel model(m_session->labels());
    const std::string first = model.labels()[0].name, second = model.labels()[1].name;
    for (const auto column : {LabelSetModel::Column::Key, LabelSetModel::Column::Name}) {
        const QModelIndex a = model.index(0, static_cast<int>(column)), b = model.index(1, static_cast<int>(column));
        const QVariant was = a.data();
        QVERIFY(model.setData(a, b.data()));
        QVERIFY(model.setData(b, was));
    }
    QVERIFY(model.problem().isEmpty());
    const auto saved = model.save(m_session->store());
    QVERIFY2(saved, saved ? "" : saved.error().message.c_str());
    const auto labels = *secondConnection()->labels();
    QCOMPARE(labels[0].name, second);
    QCOMPARE(labels[0].key, std::string("2"));
    QCOMPARE(labels[1].name, first);
    QCOMPARE(labels[1].key, std::string("1"));
}

void TestItemModels::labelInUseStays() {
    LabelSetModel model(m_session->labels());
    QVERIFY(!model.canRemove(0));
    QVERIFY(!model.removeLabel(0));
    QCOMPARE(model.rowCount(), 3);
}

void TestItemModels::everyStepAppendsRows() {
    Annotator& annotator = Annotator::of(*m_session);
    const corpus::SampleId id = unlabelled();
    const auto label = m_session->labels().front().id;
    QVERIFY(annotator.setLabel(id, label));
    QCOMPARE((*secondConnection()->sample(id)).label, std::optional(label));
    QVERIFY(annotator.undo());
    QCOMPARE((*secondConnection()->sample(id)).label, std::nullopt);
    QVERIFY(annotator.redo());
    QCOMPARE((*secondConnection()->sample(id)).label, std::optional(label));
    const auto rows = *secondConnection()->history(id);
    QCOMPARE(rows.size(), std::size_t(3));
    QVERIFY(!rows[0].undoes);
    QCOMPARE(rows[1].undoes, std::optional(rows[0].id));
    QCOMPARE(rows[1].label, std::nullopt);
    QCOMPARE(rows[2].undoes, std::optional(rows[1].id));
    QCOMPARE(rows[2].label, std::optional(label));
    // Saying the same again writes nothing.
    QVERIFY(annotator.setLabel(id, label));
    QCOMPARE((*secondConnection()->history(id)).size(), std::size_t(3));
}

void TestItemModels::labelTakesTheSkipAway() {
    Annotator& annotator = Annotator::of(*m_session);
    const corpus::SampleId id = unlabelled();
    QVERIFY(annotator.setSkipped(id, true));
    QVERIFY(annotator.setLabel(id, m_session->labels().front().id));
    QVERIFY(!(*secondConnection()->sample(id)).skipped);
    QVERIFY(annotator.undo());
    QVERIFY((*secondConnection()->sample(id)).skipped);
    QVERIFY(!(*secondConnection()->sample(id)).label);
}

void TestItemModels::failedStepLeavesTheStack() {
    Annotator& annotator = Annotator::of(*m_session);
    QSignalSpy failed(&annotator, &Annotator::failed);
    const corpus::SampleId id = unlabelled();
    QVERIFY(!annotator.setLabel(id, 4711));  // no such label: the store refuses
    QCOMPARE(failed.count(), 1);
    QVERIFY(!annotator.stack().canUndo());
    QCOMPARE((*secondConnection()->history(id)).size(), std::size_t(0));
}

void TestItemModels::manyAtOnce() {
    Annotator& annotator = Annotator::of(*m_session);
    const auto label = m_session->labels().back().id;
    std::vector<corpus::SampleId> ids;
    for (std::size_t i = 0; i < 30; ++i)
        ids.push_back(unlabelled(i));
    const std::int64_t before = m_session->counts().labelled;
    annotator.markMany(ids, Mark{AnnotationKind::Label, label, {}});
    QTRY_COMPARE(m_session->counts().labelled, before + 30);
    QVERIFY(annotator.undo());
    QTRY_COMPARE(m_session->counts().labelled, before);
    QVERIFY(annotator.redo());
    QTRY_COMPARE(m_session->counts().labelled, before + 30);
    const auto rows = *secondConnection()->history(ids[7]);
    QCOMPARE(rows.size(), std::size_t(3));
    QCOMPARE(rows[2].undoes, std::optional(rows[1].id));
    QTRY_VERIFY(m_session->jobs().isIdle());
}

void TestItemModels::splitsAreUndone() {
    Annotator& annotator = Annotator::of(*m_session);
    const std::vector<corpus::SampleId> ids{unlabelled(0), unlabelled(1)};
    QVERIFY(m_session->store().setSplit(std::span(ids).first(1), corpus::Split::Dev));
    annotator.setSplit(ids, corpus::Split::Test);
    QTRY_COMPARE(m_session->counts().test, 2);
    QVERIFY(annotator.undo());
    QTRY_COMPARE(m_session->counts().test, 0);
    QCOMPARE((*m_session->store().sample(ids[0])).split, corpus::Split::Dev);
    QCOMPARE((*m_session->store().sample(ids[1])).split, corpus::Split::None);
    QTRY_VERIFY(m_session->jobs().isIdle());
}

void TestItemModels::closingForgetsTheSteps() {
    Annotator& annotator = Annotator::of(*m_session);
    QVERIFY(annotator.setFlagged(unlabelled(), true));
    QVERIFY(annotator.stack().canUndo());
    m_session->closeProject();
    QVERIFY(!annotator.stack().canUndo());
    QVERIFY(!annotator.undo());
    QVERIFY(!annotator.setFlagged(1, true));
}

LATHE_GUI_TEST(TestItemModels)
#include "tst_item_models.moc"
