// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Evaluate page beyond the matrix: calibration, thresholds, groups, two models on the same texts, why an answer was
// given; by mouse and keyboard.
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QTextDocument>

#include "gui/support/train_support.h"
#include "pages/evaluate/evaluate_page.h"
#include "pages/evaluate/report_view.h"
#include "pages/evaluate/slices_view.h"
#include "plots/share_plot.h"
#include "widgets/controls.h"

using namespace lathe;
using pages::EvaluatePage;
using State = session::EvaluateController::State;

class TestReportViews : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void calibrationColumnsShowTheirTexts();
    void thresholdsOfALabel();
    void groupsByColumnAndLength();
    void smallGroupsAreMarked();
    void whichModelIsBetter();
    void aModelAgainstItself();
    void whyShadesTheWords();
    void tabsByKeyboard();

private:
    template <class T>
    T* find(const char* name) {
        T* found = m_page->findChild<T*>(QString::fromLatin1(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    void choose(const char* box, const QString& text) {
        auto* combo = find<QComboBox>(box);
        const int index = combo->findText(text);
        if (index < 0)
            qFatal("%s has no %s", box, qPrintable(text));
        combo->setCurrentIndex(index);
        Q_EMIT combo->activated(index);
    }
    void evaluate(const QString& other = {}) {
        auto* data = find<QComboBox>("evaluateData");
        data->setCurrentIndex(data->findData(static_cast<int>(session::EvalData::AllLabelled)));
        auto* with = find<QComboBox>("evaluateOther");
        with->setCurrentIndex(other.isEmpty() ? 0 : with->findText(other));
        QTest::mouseClick(find<QPushButton>("evaluateButton"), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return m_page->controller().state() == State::Finished; }, 60000));
    }
    void openTab(const char* view) {
        auto* tabs = find<QTabBar>("reportTabs");
        const auto registry = pages::makeReportViewRegistry();
        int tab = tabs->count() - static_cast<int>(registry.size());
        for (const auto& entry : registry.entries()) {
            if (entry.id == view)
                QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(tab).center());
            ++tab;
        }
        QVERIFY(find<pages::ReportView>((std::string(view) + "View").c_str())->isVisible());
    }
    const session::Evaluation& evaluation() { return m_page->controller().evaluation(); }
    int listed() { return find<QListView>("itemsList")->model()->rowCount(); }

    QTemporaryDir m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<EvaluatePage> m_page;
    QString m_good, m_hasty;
};

void TestReportViews::initTestCase() {
    m_session = std::make_unique<session::Session>();
    QString folder;
    {
        const auto project = corpus::Project::create(m_folder.filePath(QStringLiteral("shop")).toStdString());
        QVERIFY(project);
        folder = QString::fromStdString(project->folder().string());
        const auto store = project->connect();
        const auto source = (*store)->addSource({});
        std::vector<corpus::NewSample> batch;
        const std::vector<std::string> labels{"lost card", "transfer", "opening hours"};
        for (int i = 0; i < 120; ++i) {
            const auto which = static_cast<std::size_t>(i) % 3;
            corpus::NewSample sample;
            sample.text = "A customer asks about " + labels[which] + ", case " + std::to_string(i);
            if (i % 2 == 0)
                sample.text += " and says a good deal more about it than the others do";
            // One in eight is labelled wrongly, all of them women's: no model can be right there.
            sample.label = labels[i % 8 == 0 ? (which + 1) % 3 : which];
            sample.metadata = Json{{"sex", i % 4 == 0 ? "f" : "m"}, {"id", i}, {"vip", i < 5}}.dump();
            sample.line = i + 1;
            batch.push_back(std::move(sample));
        }
        QVERIFY((*store)->addSamples(*source, batch));
    }
    QVERIFY(m_session->openProject(folder));
    m_hasty = test::trainAndWait(*m_session, "ngram", {{"epochs", 1}, {"learning_rate", 0.001}});
    m_good = test::trainAndWait(*m_session, "ngram");
    QVERIFY(!m_good.isEmpty() && !m_hasty.isEmpty());
    m_page = test::makePage<EvaluatePage>(*m_session, "evaluate", {1400, 800});
    choose("evaluateModel", m_good);
    evaluate();
    QCOMPARE(evaluation().items.size(), std::size_t{120});
}

void TestReportViews::calibrationColumnsShowTheirTexts() {
    openTab("calibration");
    auto* plot = find<plots::SharePlot>("calibrationPlot");
    int texts = 0;
    int bar = 0;
    for (; bar < 10 && plot->barAt(plot->barRect(bar).center()) == bar; ++bar) {
        QTest::mouseClick(plot->childAt(plot->barRect(bar).center()), Qt::LeftButton, {},
                          plot->childAt(plot->barRect(bar).center())->mapFrom(plot, plot->barRect(bar).center()));
        QVERIFY(listed() > 0);
        texts += listed();
        if (texts == 120)
            break;
    }
    QCOMPARE(texts, 120);  // every text is behind one of the columns
    QVERIFY(!find<QLabel>("calibrationVerdict")->text().isEmpty());
    QVERIFY(find<QLabel>("calibrationFigures")->text().contains(QStringLiteral("Brier")));
}

void TestReportViews::thresholdsOfALabel() {
    openTab("ranking");
    choose("rankingLabel", QStringLiteral("transfer"));
    const QString figures = find<QLabel>("rankingFigures")->text();
    QVERIFY2(figures.contains(QStringLiteral("Area under ROC 0.")) || figures.contains(QStringLiteral("ROC 1")),
             qPrintable(figures));
    choose("rankingLabel", QStringLiteral("lost card"));
    QVERIFY(find<QLabel>("rankingFigures")->text() != figures);
}

void TestReportViews::groupsByColumnAndLength() {
    openTab("slices");
    QCOMPARE(pages::groupingColumns(evaluation()), (std::vector<std::string>{"sex", "vip"}));  // the id groups nothing
    choose("slicesBy", QStringLiteral("sex"));
    auto* table = find<QTableView>("slicesTable");
    QCOMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("f"));
    QCOMPARE(table->model()->index(0, 1).data().toString(), QStringLiteral("30"));
    QCOMPARE(table->model()->index(1, 2).data().toString(), QStringLiteral("100.0 %"));  // the men's are all right
    const int mistakes = static_cast<int>(
        std::ranges::count_if(evaluation().items, [](const auto& item) { return item.gold != item.predicted; }));
    QVERIFY(mistakes > 0);
    const auto cell = table->visualRect(table->model()->index(0, 0)).center();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, cell);
    QCOMPARE(listed(), mistakes);
    QVERIFY(find<QLabel>("fairnessGaps")->text().contains(QStringLiteral("demographic parity")));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(listed(), 0);
    choose("slicesBy", QStringLiteral("Length in characters"));
    int texts = 0;
    for (int row = 0; row < table->model()->rowCount(); ++row)
        texts += table->model()->index(row, 1).data().toString().section(QLatin1Char(' '), 0, 0).toInt();
    QVERIFY(table->model()->rowCount() >= 2);
    QCOMPARE(texts, 120);
}

void TestReportViews::smallGroupsAreMarked() {
    openTab("slices");
    choose("slicesBy", QStringLiteral("vip"));
    auto* table = find<QTableView>("slicesTable");
    QVERIFY(table->model()->index(0, 1).data().toString().contains(QStringLiteral("few")));
    QVERIFY(find<QLabel>("fairnessGaps")->text().contains(QStringLiteral("mislead")));
}

void TestReportViews::whichModelIsBetter() {
    choose("evaluateModel", m_hasty);
    evaluate(m_good);
    QVERIFY(evaluation().comparison.has_value());
    QVERIFY(find<pages::ReportView>("comparisonView")->isVisible());  // it comes to the front by itself
    const auto& comparison = *evaluation().comparison;
    QVERIFY(comparison.accuracyB > comparison.accuracyA);
    QVERIFY(find<QLabel>("comparisonVerdict")->text().contains(m_good));
    QTest::mouseClick(find<QPushButton>("comparisonFixed"), Qt::LeftButton);
    QCOMPARE(listed(), static_cast<int>(comparison.mcNemar.fixed));
    QCOMPARE(find<QPushButton>("comparisonBroken")->isEnabled(), comparison.mcNemar.broken > 0);
}

void TestReportViews::aModelAgainstItself() {
    choose("evaluateModel", m_good);
    evaluate(m_good);
    QVERIFY(!evaluation().comparison.has_value());  // there is nothing to compare
    openTab("comparison");
    QVERIFY(m_page->findChild<QWidget*>(QStringLiteral("comparisonEmpty"))->isVisible());
}

void TestReportViews::whyShadesTheWords() {
    choose("evaluateModel", m_good);
    evaluate();
    openTab("slices");
    choose("slicesBy", QStringLiteral("sex"));
    auto* table = find<QTableView>("slicesTable");
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
    auto* text = find<QLabel>("itemText");
    const QString plain = text->text();
    QSignalSpy told(&m_page->controller(), &session::EvaluateController::explained);
    QTest::mouseClick(find<QPushButton>("whyButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, 30000);
    QCOMPARE(text->textFormat(), Qt::RichText);
    QVERIFY2(text->text().contains(QStringLiteral("background-color")), qPrintable(text->text()));
    QTextDocument shaded;
    shaded.setHtml(text->text());
    QCOMPARE(shaded.toPlainText(), plain);
    // Another text is shown plainly again.
    QTest::keyClick(find<QListView>("itemsList"), Qt::Key_Down);
    QCOMPARE(text->textFormat(), Qt::PlainText);
}

void TestReportViews::tabsByKeyboard() {
    auto* tabs = find<QTabBar>("reportTabs");
    tabs->setFocus();
    tabs->setCurrentIndex(0);
    for (int i = 1; i < tabs->count(); ++i) {
        QTest::keyClick(tabs, Qt::Key_Right);
        QCOMPARE(tabs->currentIndex(), i);
    }
    QVERIFY(find<pages::ReportView>("comparisonView")->isVisible());
}

LATHE_GUI_TEST(TestReportViews)
#include "tst_report_views.moc"
