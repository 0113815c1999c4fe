// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Evaluate page: numbers, the confusion matrix by mouse and key, texts behind a cell, correcting a label, saving.
#include <QtTest>

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QTableView>

#include <algorithm>

#include "gui/support/train_support.h"
#include "pages/evaluate/confusion_matrix.h"
#include "pages/evaluate/evaluate_page.h"
#include "widgets/controls.h"
#include "widgets/empty_state.h"
#include "widgets/theme.h"

using namespace lathe;
using pages::ConfusionMatrix;
using pages::EvaluatePage;
using State = session::EvaluateController::State;

namespace {

constexpr std::size_t kMistakes = 5;

/// Labels of which a share is taken for a partner: i for i + half.
eval::ClassificationReport syntheticReport(int labels) {
    std::vector<std::string> names;
    std::vector<int> gold;
    std::vector<int> predicted;
    for (int i = 0; i < labels; ++i)
        names.push_back("label " + std::to_string(i));
    for (int i = 0; i < labels; ++i) {
        for (int k = 0; k < 20; ++k) {
            gold.push_back(i);
            const bool confused = k < 4 && i < labels / 2;
            predicted.push_back(confused ? i + labels / 2 : i);
        }
    }
    return eval::classificationReport(names, gold, predicted);
}

struct Fixture {
    QTemporaryDir folder;
    session::Session session;
    QString run;
    std::unique_ptr<EvaluatePage> page;

    Fixture() {
        if (!session.openProject(test::makeProject(folder.filePath(QStringLiteral("p")))))
            qFatal("the project could not be opened");
        run = test::trainAndWait(session, "ngram");
        // After the training some texts get another label: mistakes that are known.
        auto& store = session.store();
        const auto labels = store.labels().value();
        const auto id = [&](const char* name) { return std::ranges::find(labels, name, &corpus::Label::name)->id; };
        corpus::SampleFilter filter;
        filter.label = id("lost card");
        auto ids = store.find(filter).value();
        ids.resize(kMistakes);
        for (const auto sample : ids) {
            corpus::Annotation annotation;
            annotation.sample = sample;
            annotation.label = id("transfer");
            if (!store.annotate(annotation))
                qFatal("a label could not be written");
        }
        session.notifySamplesChanged();
        page = test::makePage<EvaluatePage>(session, "evaluate");
    }
    template <class T>
    T* find(const char* name) {
        return page->findChild<T*>(QString::fromLatin1(name));
    }
    void evaluateAll() {
        auto* box = find<QComboBox>("evaluateData");
        box->setCurrentIndex(box->findData(static_cast<int>(session::EvalData::AllLabelled)));
        QTest::mouseClick(find<QPushButton>("evaluateButton"), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return page->controller().state() == State::Finished; }, 60000));
    }
    /// A label index by its name.
    int label(const char* name) {
        const auto& labels = page->controller().evaluation().report.labels;
        return static_cast<int>(std::ranges::find(labels, name) - labels.begin());
    }
};

}  // namespace

class TestEvaluatePage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingToJudgeYet();
    void numbersAreTheReports();
    void aCellShowsItsTexts();
    void aLabelIsCorrectedInPlace();
    void keysWalkTheMatrix();
    void seventySevenLabelsAtOnce();
    void confusedLabelsStandTogether();
    void savesJsonAndCsv();
};

void TestEvaluatePage::nothingToJudgeYet() {
    QTemporaryDir folder;
    session::Session session;
    QVERIFY(session.openProject(test::makeProject(folder.filePath(QStringLiteral("p")))));
    auto page = test::makePage<EvaluatePage>(session, "evaluate");
    QSignalSpy asked(&session, &session::Session::pageRequested);
    auto* empty = page->findChild<widgets::EmptyState*>(QStringLiteral("evaluateEmpty"));
    QVERIFY(empty && empty->isVisible());
    QTest::mouseClick(empty->action(), Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("train"));
}

void TestEvaluatePage::numbersAreTheReports() {
    Fixture f;
    QVERIFY(!f.run.isEmpty());
    f.page->activate(f.run);  // as when it comes from the Train page: it starts by itself, on the run's dev part
    QTRY_COMPARE_WITH_TIMEOUT(f.page->controller().state(), State::Finished, 60000);
    const auto& evaluation = f.page->controller().evaluation();
    QCOMPARE(evaluation.report.items, 6);  // a tenth of 60
    QCOMPARE(static_cast<std::size_t>(evaluation.report.items), evaluation.items.size());
    f.evaluateAll();
    const auto& all = f.page->controller().evaluation();
    QCOMPARE(all.report.items, 60);
    std::int64_t right = 0;
    for (const auto& item : all.items)
        right += item.gold == item.predicted;
    QCOMPARE(all.report.correct, right);
    QCOMPARE(right, std::int64_t{60 - kMistakes});
    const QString shown = f.find<widgets::StatTile>("evalAccuracy")->value();
    QCOMPARE(shown, QString::number(100.0 * static_cast<double>(right) / 60, 'f', 1) + QStringLiteral(" %"));
    QCOMPARE(f.find<QTableView>("labelScores")->model()->rowCount(), 3);
}

void TestEvaluatePage::aCellShowsItsTexts() {
    Fixture f;
    f.evaluateAll();
    auto& matrix = f.page->matrix();
    const auto& report = f.page->controller().evaluation().report;
    const auto pairs = pages::confusedPairs(report);
    QVERIFY(!pairs.empty());
    const auto& hot = pairs.front();
    QTest::mouseClick(matrix.viewport(), Qt::LeftButton, {},
                      matrix.cellRect(hot.gold, hot.predicted).center().toPoint());
    auto* list = f.find<QListView>("itemsList");
    QCOMPARE(list->model()->rowCount(), static_cast<int>(hot.items));
    QSignalSpy asked(&f.session, &session::Session::pageRequested);
    const auto first = list->model()->index(0, 0);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(first).center());
    QTest::mouseDClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(first).center());
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("label"));
    const auto sample = f.session.store().sample(asked[0][1].toLongLong());
    QVERIFY(sample);
    QCOMPARE(QString::fromStdString(sample->text), first.data(Qt::DisplayRole).toString());
}

void TestEvaluatePage::aLabelIsCorrectedInPlace() {
    Fixture f;
    f.evaluateAll();
    const int gold = f.label("transfer");
    const int predicted = f.label("lost card");
    const auto wrong = f.page->controller().itemsOf(gold, predicted);
    QCOMPARE(wrong.size(), kMistakes);
    auto& matrix = f.page->matrix();
    QTest::mouseClick(matrix.viewport(), Qt::LeftButton, {}, matrix.cellRect(gold, predicted).center().toPoint());
    const auto sample = f.page->controller().evaluation().items[wrong[0]].sample;
    const auto rightBefore = f.page->controller().evaluation().report.correct;
    const auto rows = f.session.store().history(sample)->size();
    auto* box = f.find<QComboBox>("itemLabel");
    QCOMPARE(box->currentText(), QStringLiteral("transfer"));
    box->setCurrentIndex(box->findText(QStringLiteral("lost card")));
    Q_EMIT box->activated(box->currentIndex());
    QCOMPARE(f.session.store().history(sample)->size(), rows + 1);
    QCOMPARE(f.session.label(*f.session.store().sample(sample)->label)->name, std::string("lost card"));
    QCOMPARE(f.page->controller().evaluation().report.correct, rightBefore + 1);
    QCOMPARE(matrix.report().at(static_cast<std::size_t>(gold), static_cast<std::size_t>(predicted)),
             static_cast<std::int64_t>(wrong.size()) - 1);
}

void TestEvaluatePage::keysWalkTheMatrix() {
    ConfusionMatrix matrix;
    matrix.resize(500, 500);
    matrix.show();
    matrix.setOrder(pages::LabelOrder::BySize);
    matrix.setReport(syntheticReport(8));
    matrix.setOrder(pages::LabelOrder::BySize);
    matrix.setFocus();
    matrix.setCurrentCell(0, 0);
    QTest::keyClick(&matrix, Qt::Key_Down);
    QTest::keyClick(&matrix, Qt::Key_Right);
    QTest::keyClick(&matrix, Qt::Key_Right);
    QCOMPARE(matrix.currentCell(), std::pair(1, 2));
    QTest::keyClick(&matrix, Qt::Key_End);
    QCOMPARE(matrix.currentCell(), std::pair(1, 7));
    QSignalSpy opened(&matrix, &ConfusionMatrix::cellActivated);
    QTest::keyClick(&matrix, Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].toInt(), 1);
    QCOMPARE(opened[0][1].toInt(), 7);
    QTest::keyClick(&matrix, Qt::Key_PageDown);  // from mistake to mistake
    const auto [gold, predicted] = matrix.currentCell();
    QCOMPARE(predicted, gold + 4);
    QVERIFY(matrix.accessibleDescription().contains(QStringLiteral("4 of 20")));
}

void TestEvaluatePage::seventySevenLabelsAtOnce() {
    ConfusionMatrix matrix;
    matrix.resize(532, 600);  // what the page leaves it in a window of 1280 x 800
    matrix.show();
    matrix.setReport(syntheticReport(77));
    const QRectF view(matrix.viewport()->rect());
    for (int i = 0; i < 77; ++i)
        QVERIFY(view.contains(matrix.cellRect(i, i)));
    const QImage image = matrix.viewport()->grab().toImage();
    const auto pixel = [&](int gold, int predicted) {
        return image.pixelColor(matrix.cellRect(gold, predicted).center().toPoint());
    };
    // A fifth of a row is plainly red, the diagonal plainly blue, nothing is nothing.
    QVERIFY(pixel(0, 38).red() - pixel(0, 38).blue() > 40);
    QVERIFY(pixel(0, 0).blue() - pixel(0, 0).red() > 40);
    QCOMPARE(pixel(0, 5), widgets::theme().canvas);
    matrix.setZoomFactor(4);
    matrix.setCurrentCell(76, 76);  // a cell that is out of sight is brought into it
    QVERIFY(view.adjusted(0, 0, 2, 2).contains(matrix.cellRect(76, 76).center()));
}

void TestEvaluatePage::confusedLabelsStandTogether() {
    const auto report = syntheticReport(12);
    const auto order = pages::labelOrder(report, pages::LabelOrder::BySimilarity);
    QCOMPARE(order.size(), std::size_t{12});
    for (int i = 0; i < 6; ++i) {
        const auto a = std::ranges::find(order, i) - order.begin();
        const auto b = std::ranges::find(order, i + 6) - order.begin();
        QCOMPARE(std::abs(a - b), 1);
    }
}

void TestEvaluatePage::savesJsonAndCsv() {
    Fixture f;
    f.evaluateAll();
    const auto path = [&](const char* name) { return f.folder.filePath(QString::fromLatin1(name)); };
    QVERIFY(f.page->controller().save(path("r.json")));
    QVERIFY(f.page->controller().save(path("r.csv")));
    QVERIFY(f.page->controller().save(path("r.txt")).error().code == ErrorCode::InvalidInput);
    const auto json = readJsonFile(path("r.json").toStdString());
    QVERIFY(json);
    QCOMPARE((*json)["items_detail"].size(), std::size_t{60});
    QFile table(path("r.csv"));
    QVERIFY(table.open(QIODevice::ReadOnly));
    QCOMPARE(table.readAll().count('\n'), 4);
}

LATHE_GUI_TEST(TestEvaluatePage)
#include "tst_evaluate_page.moc"
