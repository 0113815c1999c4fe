// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the Review page says of several people: disagreements settled by keyboard alone and by mouse alone, agreement,
// annotators. And steps that are undone after a restart.
#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>

#include "gui/support/gui_support.h"
#include "itemmodels/annotator.h"
#include "pages/review/agreement_pane.h"
#include "pages/review/review_page.h"
#include "session/session.h"
#include "widgets/empty_state.h"

using namespace lathe;

class TestReviewPeople : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void settledByKeyboard();
    void settledByMouse();
    void nobodyDisagrees();
    void partsAndRatingsInWords();
    void agreementIsTold();
    void annotatorsAreTold();
    void figuresInPlainWords();
    void undoSurvivesARestart();
    void aMarkOnManyIsOneStepAfterARestart();
    void moreStepsThanAreReadAtOnce();

private:
    void openProject();
    void openPage(const char* pane);
    void restart();
    template <class T>
    T* part(const char* name) {
        T* found = m_page->findChild<T*>(QString::fromUtf8(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    void say(corpus::SampleId sample, const char* who, int label, const char* value = "") {
        corpus::Annotation row;
        row.sample = sample;
        row.annotator = who;
        if (label > 0)
            row.label = label;
        row.value = value;
        QVERIFY(m_session->store().annotate(row));
    }
    std::optional<corpus::LabelId> present(corpus::SampleId sample) {
        return m_session->store().sample(sample).value().label;
    }
    corpus::Annotation newest(corpus::SampleId sample) { return m_session->store().history(sample).value().back(); }
    itemmodels::Annotator& annotator() { return itemmodels::Annotator::of(*m_session); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_project;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<pages::ReviewPage> m_page;
};

void TestReviewPeople::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_project = test::makeProject(m_folder->filePath(QStringLiteral("shop")), 4);
    openProject();
}

void TestReviewPeople::cleanup() {
    m_page.reset();
    m_session.reset();
    m_folder.reset();
}

void TestReviewPeople::openProject() {
    m_session = std::make_unique<session::Session>();
    const auto opened = m_session->openProject(m_project);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
}

void TestReviewPeople::restart() {
    m_page.reset();
    m_session.reset();
    openProject();
}

void TestReviewPeople::openPage(const char* pane) {
    m_page = std::make_unique<pages::ReviewPage>(*m_session, nullptr);
    m_page->resize(1000, 700);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->activate(QString::fromUtf8(pane));
}

void TestReviewPeople::settledByKeyboard() {
    for (const corpus::SampleId id : {1, 2, 3}) {
        say(id, "ann", 1);
        say(id, "bob", 2);
    }
    openPage("disagreements");
    auto* text = part<QPlainTextEdit>("disagreementText");
    QTRY_VERIFY(part<QTabBar>("reviewTabs")->tabText(1).endsWith(QStringLiteral("3")));
    QTRY_VERIFY(text->hasFocus());
    QVERIFY(text->toPlainText().contains(QStringLiteral("lost card")));
    QCOMPARE(part<QLabel>("opinion1")->text(), QStringLiteral("lost card"));
    QCOMPARE(part<QLabel>("opinion2")->text(), QStringLiteral("transfer"));
    // Why, and for whom.
    QTest::keyClick(text, Qt::Key_W);
    auto* why = part<QLineEdit>("whyNote");
    QVERIFY(why->hasFocus());
    QTest::keyClicks(why, QStringLiteral("2 cards are lost, not 1"));  // digits are text here
    QTest::keyClick(why, Qt::Key_Return);
    QVERIFY(text->hasFocus());
    QTest::keyClick(text, Qt::Key_1);
    QTRY_VERIFY(present(1) == 1);
    QCOMPARE(newest(1).note, std::string("2 cards are lost, not 1"));
    QCOMPARE(newest(1).role, corpus::AnnotationRole::Decision);
    QVERIFY(why->text().isEmpty());
    QTRY_COMPARE(part<QLabel>("disagreementPlace")->text(), QStringLiteral("1 of 2"));
    QVERIFY(text->toPlainText().contains(QStringLiteral("transfer")));
    // Left open, and the one after it settled otherwise than both said.
    QTest::keyClick(text, Qt::Key_N);
    QTRY_COMPARE(part<QLabel>("disagreementPlace")->text(), QStringLiteral("2 of 2"));
    auto* own = part<QComboBox>("ownLabel");
    own->setFocus();
    QTest::keyClick(own, Qt::Key_Down);
    QTest::keyClick(own, Qt::Key_Down);
    QTest::keyClick(own, Qt::Key_0);
    QTRY_VERIFY(present(3) == 3);
    QTRY_COMPARE(part<QLabel>("disagreementPlace")->text(), QStringLiteral("1 of 1"));
    // A decision can be undone like anything else.
    QVERIFY(annotator().undo());
    QVERIFY(present(3) == 2);
    QTRY_COMPARE(part<QTabBar>("reviewTabs")->tabText(1).right(1), QStringLiteral("2"));
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    QTest::keyClick(text, Qt::Key_O);
    QTRY_COMPARE(asked.count(), 1);
    QCOMPARE(asked.first().first().toString(), QStringLiteral("label"));
}

void TestReviewPeople::settledByMouse() {
    for (const corpus::SampleId id : {1, 2}) {
        say(id, "ann", 1);
        say(id, "bob", 2);
        say(id, "", 3);
    }
    openPage("disagreements");
    QTRY_COMPARE(part<QLabel>("disagreementPlace")->text(), QStringLiteral("1 of 2"));
    QTest::mouseClick(part<QPushButton>("nextDisagreement"), Qt::LeftButton);
    QCOMPARE(part<QLabel>("disagreementPlace")->text(), QStringLiteral("2 of 2"));
    QTest::mouseClick(part<QPushButton>("decide3"), Qt::LeftButton);  // by name: the nameless one is the first
    QVERIFY(present(2) == 2);
    QTRY_COMPARE(part<QLabel>("disagreementPlace")->text(), QStringLiteral("1 of 1"));
    auto* own = part<QComboBox>("ownLabel");
    QTest::mouseClick(own, Qt::LeftButton);
    QTRY_VERIFY(own->view()->isVisible());
    const QPoint second = own->view()->visualRect(own->model()->index(1, 0)).center();
    QTest::mouseMove(own->view()->viewport(), second);
    QTest::mouseClick(own->view()->viewport(), Qt::LeftButton, {}, second);
    QTRY_COMPARE(own->currentIndex(), 1);
    QTest::mouseClick(part<QPushButton>("decideOwn"), Qt::LeftButton);
    QVERIFY(present(1) == 2);
    QTRY_VERIFY(part<widgets::EmptyState>("disagreementsEmpty")->isVisible());
}

void TestReviewPeople::nobodyDisagrees() {
    openPage("disagreements");
    auto* empty = part<widgets::EmptyState>("disagreementsEmpty");
    QTRY_VERIFY(empty->isVisible());
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    QTest::mouseClick(empty->action(), Qt::LeftButton);
    QCOMPARE(asked.first().first().toString(), QStringLiteral("label"));
    m_page->activate(QStringLiteral("agreement"));
    QTRY_VERIFY(part<widgets::EmptyState>("agreementEmpty")->isVisible());
    m_page->activate(QStringLiteral("annotators"));
    QTRY_VERIFY(part<widgets::EmptyState>("annotatorsEmpty")->isVisible());
}

void TestReviewPeople::partsAndRatingsInWords() {
    say(1, "ann", 0, R"({"rating":4,"spans":[[2,10,1]],"labels":[]})");
    say(1, "bob", 0, R"({"rating":2,"spans":[],"labels":[1,2]})");
    openPage("disagreements");
    QTRY_COMPARE(part<QLabel>("disagreementPlace")->text(), QStringLiteral("1 of 1"));
    QCOMPARE(part<QLabel>("opinion1")->text(), QString::fromUtf8("No label fits\nRating 4\n“customer” → lost card"));
    QCOMPARE(part<QLabel>("opinion2")->text(),
             QString::fromUtf8("lost card · transfer\nRating 2\nNo part is labelled"));
    QTest::mouseClick(part<QPushButton>("decide1"), Qt::LeftButton);
    const auto labelling = m_session->store().sample(1).value().labelling;
    QVERIFY(labelling.rating == 4.0 && labelling.spans->size() == 1 && labelling.labels->empty());
}

void TestReviewPeople::agreementIsTold() {
    for (corpus::SampleId id = 1; id <= 10; ++id) {
        say(id, "ann", id <= 5 ? 1 : 2);
        say(id, "bob", id <= 6 ? 1 : 2);
    }
    openPage("agreement");
    auto* pairs = part<QTableView>("agreementPairs");
    QTRY_COMPARE(pairs->model()->rowCount(), 1);
    QCOMPARE(pairs->model()->index(0, 0).data().toString(), QStringLiteral("ann"));
    QCOMPARE(pairs->model()->index(0, 4).data().toString(), QStringLiteral("90 %"));
    QVERIFY(pairs->model()->index(0, 5).data().toString().startsWith(QStringLiteral("0.80 ")));
    QCOMPARE(part<QTableView>("agreementLabels")->model()->rowCount(), 2);
    const QString words = part<QLabel>("agreementWords")->text();
    QVERIFY2(words.contains(QStringLiteral("10 labelled by two people or more, the same in 90 %")), qPrintable(words));
    // alpha = 1 - 19 * 2 / (2 * 11 * 9) by hand.
    QVERIFY2(words.contains(QStringLiteral("alpha is 0.81")), qPrintable(words));
}

void TestReviewPeople::annotatorsAreTold() {
    for (corpus::SampleId id = 1; id <= 3; ++id)
        say(id, "ann", 1);
    openPage("annotators");
    auto* table = part<QTableView>("annotatorTable");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("ann"));
    QCOMPARE(table->model()->index(0, 1).data().toString(), QStringLiteral("3"));
}

void TestReviewPeople::figuresInPlainWords() {
    QVERIFY(pages::agreementInWords(0.8) != pages::agreementInWords(0.79));
    QVERIFY(pages::agreementInWords(0.667) != pages::agreementInWords(0.66));
    QVERIFY(pages::agreementInWords(-0.3) == pages::agreementInWords(0.1));
}

void TestReviewPeople::undoSurvivesARestart() {
    const corpus::SampleId sample = 4;  // without a label
    QVERIFY(annotator().setSkipped(sample, true));
    QVERIFY(annotator().setLabel(sample, 1));  // takes the skip away: one step
    QVERIFY(annotator().setComment(sample, QStringLiteral("hm")));
    QVERIFY(annotator().undo());
    restart();
    QCOMPARE(annotator().stack().count(), 3);
    QCOMPARE(annotator().stack().index(), 2);
    QVERIFY(annotator().stack().undoText().contains(QStringLiteral("lost card")));
    QSignalSpy undone(&annotator(), &itemmodels::Annotator::undone);
    QVERIFY(annotator().undo());
    QCOMPARE(undone.count(), 1);
    QCOMPARE(undone.first().first().toLongLong(), sample);
    auto now = m_session->store().sample(sample).value();
    QVERIFY(!now.label && now.skipped);
    QVERIFY(annotator().undo());
    QVERIFY(!m_session->store().sample(sample).value().skipped);
    QVERIFY(!annotator().undo());
    restart();
    QCOMPARE(annotator().stack().index(), 0);
    for (int i = 0; i < 3; ++i)
        QVERIFY(annotator().redo());
    now = m_session->store().sample(sample).value();
    QVERIFY(now.label == 1 && !now.skipped && now.comment == "hm");
    QVERIFY(!annotator().redo());
    // A new step drops what could be done again, now and after a restart.
    QVERIFY(annotator().undo());
    QVERIFY(annotator().setFlagged(sample, true));
    restart();
    QVERIFY(!annotator().stack().canRedo());
    QCOMPARE(annotator().stack().count(), 3);
}

void TestReviewPeople::aMarkOnManyIsOneStepAfterARestart() {
    const itemmodels::Mark mark{corpus::AnnotationKind::Label, 2, {}};
    annotator().markMany({1, 2, 3, 4}, mark);
    QTRY_VERIFY(m_session->jobs().isIdle());
    QVERIFY(present(1) == 2 && present(4) == 2);
    restart();
    QCOMPARE(annotator().stack().count(), 1);
    QVERIFY(annotator().undo());
    QTRY_VERIFY(m_session->jobs().isIdle());
    QVERIFY(present(1) == 1 && present(3) == 3 && !present(4));
    QVERIFY(annotator().redo());
    QTRY_VERIFY(m_session->jobs().isIdle());
    QVERIFY(present(4) == 2);
}

void TestReviewPeople::moreStepsThanAreReadAtOnce() {
    for (int i = 0; i < 230; ++i)
        QVERIFY(annotator().setFlagged(1, i % 2 == 0));
    restart();
    int steps = 0;
    while (annotator().undo())
        ++steps;
    QCOMPARE(steps, 230);
    QVERIFY(!m_session->store().sample(1).value().flagged);
}

LATHE_GUI_TEST(TestReviewPeople)
#include "tst_review_people.moc"
