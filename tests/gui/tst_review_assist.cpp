// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Review page's panes that help with labels: likely errors, rules, would more labels help; by keyboard and by
// mouse.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTextBrowser>

#include "assist/rule.h"
#include "dialogs/file_dialog.h"
#include "gui/support/gui_support.h"
#include "itemmodels/annotator.h"
#include "pages/review/errors_model.h"
#include "pages/review/review_page.h"
#include "plots/live_plot.h"
#include "session/session.h"
#include "support/store_rows.h"
#include "widgets/empty_state.h"

using namespace lathe;

class TestReviewAssist : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tooFewLabelsLeadToLabelling();
    void likelyErrorsByKeyboard();
    void likelyErrorsByMouse();
    void keptLabelsAreNotListedAgain();
    void moreLabelsAnswers();
    void rulesByKeyboard();
    void rulesLabelAndAreTakenBack();
    void rulesThroughAFile();

private:
    void open(int perLabel, const char* pane);
    template <class T>
    T* part(const char* name) {
        T* found = m_page->findChild<T*>(QString::fromUtf8(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    corpus::Sample stored(corpus::SampleId id) { return *m_session->store().sample(id); }
    corpus::LabelId label(std::size_t n) const { return m_session->labels().at(n).id; }
    /// Gives a text about transfers the label of lost cards. \returns it.
    corpus::SampleId mislabel(int number);
    void search() {
        QTest::mouseClick(part<QPushButton>("findErrors"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(part<QTableView>("errorsTable")->isVisible(), 20000);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<pages::ReviewPage> m_page;
};

void TestReviewAssist::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_session = std::make_unique<session::Session>();
}

void TestReviewAssist::cleanup() {
    m_page.reset();
    m_session.reset();
    m_folder.reset();
}

void TestReviewAssist::open(int perLabel, const char* pane) {
    const QString folder = test::makeProject(m_folder->filePath(QStringLiteral("shop")), perLabel);
    QVERIFY(m_session->openProject(folder));
    m_page = std::make_unique<pages::ReviewPage>(*m_session, nullptr);
    m_page->resize(1100, 720);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    m_page->activate(QString::fromUtf8(pane));
}

corpus::SampleId TestReviewAssist::mislabel(int number) {
    corpus::SampleFilter filter;
    filter.text = "about transfer, case " + std::to_string(number);
    const auto id = m_session->store().find(filter)->front();
    if (!m_session->store().annotate(test::labelRow(id, label(0), "somebody")))
        qFatal("not annotated");
    m_session->notifyAnnotation(id);
    return id;
}

void TestReviewAssist::tooFewLabelsLeadToLabelling() {
    open(5, "errors");
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    auto* action = part<QPushButton>("findErrors");
    QVERIFY(action->hasFocus());
    QTest::keyClick(action, Qt::Key_Space);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.first().first().toString(), QStringLiteral("label"));
    m_page->activate(QStringLiteral("moreLabels"));
    QTest::mouseClick(part<QPushButton>("measureCurve"), Qt::LeftButton);
    QCOMPARE(asked.count(), 2);
}

void TestReviewAssist::likelyErrorsByKeyboard() {
    open(30, "errors");
    const auto first = mislabel(3), second = mislabel(17);
    QTest::keyClick(part<QPushButton>("findErrors"), Qt::Key_Space);
    auto* table = part<QTableView>("errorsTable");
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible(), 20000);
    auto* model = qobject_cast<pages::ErrorsModel*>(table->model());
    QCOMPARE(model->rowCount(), 2);
    QTRY_VERIFY(table->hasFocus());
    QCOMPARE(table->currentIndex().row(), 0);
    const auto listed = model->at(0)->sample;
    QVERIFY(listed == first || listed == second);
    QVERIFY(part<QLabel>("errorReason")->text().contains(QStringLiteral("transfer")));
    QTest::keyClick(table, Qt::Key_C);  // a key presses the button and lets it go a moment later
    QTRY_COMPARE(stored(listed).label, std::optional(label(1)));
    QCOMPARE(stored(listed).labelOrigin, corpus::Origin::Human);
    QCOMPARE(model->decidedAt(0), pages::ErrorsModel::Decided::Changed);
    QCOMPARE(table->currentIndex().row(), 1);
    QTest::keyClick(table, Qt::Key_K);
    QTRY_COMPARE(model->decidedAt(1), pages::ErrorsModel::Decided::Kept);
    QCOMPARE(model->open(), 0);
    // Undone, it is open again.
    QVERIFY(itemmodels::Annotator::of(*m_session).undo());
    QCOMPARE(model->decidedAt(0), pages::ErrorsModel::Decided::Open);
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    table->selectRow(0);
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(asked.last().at(1).toString(), QString::number(listed));
}

void TestReviewAssist::likelyErrorsByMouse() {
    open(30, "errors");
    mislabel(3);
    search();
    auto* table = part<QTableView>("errorsTable");
    const auto id = qobject_cast<pages::ErrorsModel*>(table->model())->at(0)->sample;
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(0, 0)).center());
    QTest::mouseClick(part<QPushButton>("changeLabel"), Qt::LeftButton);
    QCOMPARE(stored(id).label, std::optional(label(1)));
    QVERIFY(!part<QPushButton>("changeLabel")->isEnabled());
}

void TestReviewAssist::keptLabelsAreNotListedAgain() {
    open(30, "errors");
    mislabel(3);
    mislabel(17);
    search();
    auto* table = part<QTableView>("errorsTable");
    QTest::mouseClick(part<QPushButton>("keepLabel"), Qt::LeftButton);
    QTest::mouseClick(part<QPushButton>("searchAgain"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 20000);
}

void TestReviewAssist::moreLabelsAnswers() {
    open(30, "moreLabels");
    QTest::keyClick(part<QPushButton>("measureCurve"), Qt::Key_Space);
    auto* answer = part<QLabel>("moreLabelsAnswer");
    QTRY_COMPARE_WITH_TIMEOUT(answer->text(), QStringLiteral("No, more labels alone would change little"), 30000);
    QVERIFY(part<QLabel>("moreLabelsChange")->text().startsWith(QStringLiteral("Going from 54 to 72 labels")));
    auto* curve = part<plots::LivePlot>("learningCurve");
    QVERIFY(curve->isVisible());
    QCOMPARE(curve->points(0).size(), std::size_t(4));
    QCOMPARE(curve->points(0).back(), QPointF(72, 1));
}

void TestReviewAssist::rulesByKeyboard() {
    open(20, "rules");
    auto* action = part<QPushButton>("firstRule");
    QVERIFY(action->hasFocus());
    QTest::keyClick(action, Qt::Key_Space);
    auto* table = part<QTableView>("rulesTable");
    QVERIFY(table->isVisible());
    auto* lines = part<QPlainTextEdit>("ruleLines");
    QVERIFY(lines->hasFocus());
    QCOMPARE(lines->toPlainText(), QStringLiteral("lost card"));
    lines->selectAll();
    QTest::keyClicks(lines, QStringLiteral("transfer"));
    auto* labels = part<QComboBox>("ruleLabel");
    labels->setFocus();
    QTest::keyClick(labels, Qt::Key_Down);
    QTRY_COMPARE(assist::projectRules(m_session->store())->front().lines, std::vector<std::string>{"transfer"});
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->index(0, 2).data().toString(), QStringLiteral("20"), 10000);
    QCOMPARE(table->model()->index(0, 4).data().toString(), QStringLiteral("100.0 % of 20"));
    QVERIFY(part<QTextBrowser>("ruleMatches")->toPlainText().contains(QStringLiteral("about transfer, case 0")));
    // What cannot be read is said, and not kept.
    auto* kind = part<QComboBox>("ruleKind");
    kind->setFocus();
    QTest::keyClick(kind, Qt::Key_Down);
    QCOMPARE(kind->currentText(), QStringLiteral("Regular expression"));
    lines->setFocus();
    lines->selectAll();
    QTest::keyClicks(lines, QStringLiteral("(transfer"));
    auto* problem = part<QLabel>("ruleProblem");
    QTRY_VERIFY(problem->isVisible() && problem->text().contains(QStringLiteral("line 1")));
    QTest::keyClicks(lines, QStringLiteral("|card)"));
    QTRY_VERIFY(!problem->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->index(0, 2).data().toString(), QStringLiteral("40"), 10000);
}

void TestReviewAssist::rulesLabelAndAreTakenBack() {
    open(20, "rules");
    QTest::mouseClick(part<QPushButton>("firstRule"), Qt::LeftButton);
    auto* lines = part<QPlainTextEdit>("ruleLines");
    lines->selectAll();
    QTest::keyClicks(lines, QStringLiteral("nobody read"));
    QTRY_COMPARE(assist::projectRules(m_session->store())->front().lines, std::vector<std::string>{"nobody read"});
    QTest::mouseClick(part<QPushButton>("applyRules"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_session->counts().labelled, std::int64_t(80), 10000);
    corpus::SampleFilter filter;
    filter.text = "Nobody has read";
    const auto ids = m_session->store().find(filter);
    QCOMPARE(stored(ids->front()).labelOrigin, corpus::Origin::Rule);
    // A person's word outlasts the rules'.
    QVERIFY(itemmodels::Annotator::of(*m_session).setLabel(ids->front(), label(2)));
    QTRY_VERIFY(part<QPushButton>("takeRulesBack")->isEnabled());
    QTest::mouseClick(part<QPushButton>("takeRulesBack"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(m_session->counts().labelled, std::int64_t(61), 10000);
    QCOMPARE(stored(ids->front()).label, std::optional(label(2)));
    QVERIFY(!stored(ids->back()).label);
}

void TestReviewAssist::rulesThroughAFile() {
    open(10, "rules");
    QTest::mouseClick(part<QPushButton>("firstRule"), Qt::LeftButton);
    auto* lines = part<QPlainTextEdit>("ruleLines");
    lines->selectAll();
    QTest::keyClicks(lines, QStringLiteral("nobody read"));
    const auto kept = [&] { return assist::projectRules(m_session->store())->front().lines; };
    QTRY_COMPARE(kept(), std::vector<std::string>{"nobody read"});
    const QString file = m_folder->filePath(QStringLiteral("rules.json"));
    dialogs::FileDialog::setNextFileName(file);
    QTest::mouseClick(part<QPushButton>("exportRules"), Qt::LeftButton);
    QTRY_VERIFY(QFile::exists(file));
    const auto written = assist::readRulesFile(file.toStdString());
    QVERIFY(written.has_value());
    QCOMPARE(written->size(), std::size_t(1));
    QTest::mouseClick(part<QPushButton>("removeRule"), Qt::LeftButton);
    QVERIFY(assist::projectRules(m_session->store())->empty());
    QVERIFY(part<widgets::EmptyState>("rulesEmpty")->isVisible());
    QTest::mouseClick(part<QPushButton>("firstRule"), Qt::LeftButton);
    QCOMPARE(kept(), std::vector<std::string>{"lost card"});
    dialogs::FileDialog::setNextFileName(file);
    QTest::mouseClick(part<QPushButton>("importRules"), Qt::LeftButton);
    QTRY_COMPARE(kept(), std::vector<std::string>{"nobody read"});
    QCOMPARE(*assist::projectRules(m_session->store()), *written);  // the same name: replaced
}

LATHE_GUI_TEST(TestReviewAssist)
#include "tst_review_assist.moc"
