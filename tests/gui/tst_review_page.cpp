// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Review page: its tabs by mouse and keyboard, and the flagged texts on the first of them.
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>

#include "gui/support/gui_support.h"
#include "itemmodels/annotator.h"
#include "pages/review/review_page.h"
#include "session/session.h"
#include "widgets/empty_state.h"

using namespace lathe;

class TestReviewPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void emptyProjectLeadsToImport();
    void nothingFlaggedLeadsToLabelling();
    void flagsByKeyboard();
    void flagsByMouse();
    void tabsTurn();
    void argumentChoosesTheTab();

private:
    void open(int perLabel);
    template <class T>
    T* part(const char* name) {
        T* found = m_page->findChild<T*>(QString::fromUtf8(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    void flag(corpus::SampleId id, const char* why) {
        auto& annotator = itemmodels::Annotator::of(*m_session);
        QVERIFY(annotator.setFlagged(id, true));
        QVERIFY(annotator.setComment(id, QString::fromUtf8(why)));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<pages::ReviewPage> m_page;
};

void TestReviewPage::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_session = std::make_unique<session::Session>();
}

void TestReviewPage::cleanup() {
    m_page.reset();
    m_session.reset();
    m_folder.reset();
}

void TestReviewPage::open(int perLabel) {
    const QString folder = test::makeProject(m_folder->filePath(QStringLiteral("shop")), perLabel);
    const auto opened = m_session->openProject(folder);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    m_page = std::make_unique<pages::ReviewPage>(*m_session, nullptr);
    m_page->resize(1000, 640);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->activate(QStringLiteral("flags"));
}

void TestReviewPage::emptyProjectLeadsToImport() {
    open(0);
    auto* empty = part<widgets::EmptyState>("reviewEmpty");
    QVERIFY(empty->isVisible());
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    QTest::mouseClick(empty->action(), Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.first().first().toString(), QStringLiteral("corpus"));
}

void TestReviewPage::nothingFlaggedLeadsToLabelling() {
    open(2);
    auto* empty = part<widgets::EmptyState>("flagsEmpty");
    QVERIFY(empty->isVisible());
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    QTest::mouseClick(empty->action(), Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.first().first().toString(), QStringLiteral("label"));
}

void TestReviewPage::flagsByKeyboard() {
    open(2);
    flag(2, "which card?");
    flag(5, "\xe4\xb8\xa4\xe4\xb8\xaa\xe9\x97\xae\xe9\xa2\x98");
    auto* table = part<QTableView>("flagsTable");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QVERIFY(part<QTabBar>("reviewTabs")->tabText(0).endsWith(QStringLiteral("2")));
    QCOMPARE(table->model()->index(1, 2).data().toString(),
             QString::fromUtf8("\xe4\xb8\xa4\xe4\xb8\xaa\xe9\x97\xae\xe9\xa2\x98"));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Down);
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.first(), (QVariantList{QStringLiteral("label"), QStringLiteral("5")}));
    QTest::keyClick(table, Qt::Key_F);
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QCOMPARE(m_session->counts().flagged, 1);
    QVERIFY(table->currentIndex().isValid());
    QTest::keyClick(table, Qt::Key_F);
    QTRY_VERIFY(part<widgets::EmptyState>("flagsEmpty")->isVisible());
    QVERIFY(itemmodels::Annotator::of(*m_session).undo());
    QTRY_COMPARE(table->model()->rowCount(), 1);
}

void TestReviewPage::flagsByMouse() {
    open(2);
    flag(3, "");
    auto* table = part<QTableView>("flagsTable");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    const QPoint row = table->visualRect(table->model()->index(0, 0)).center();
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, row);
    QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, row);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.first().at(1).toString(), QStringLiteral("3"));
    QTest::mouseClick(part<QPushButton>("takeFlagAway"), Qt::LeftButton);
    QTRY_COMPARE(table->model()->rowCount(), 0);
    QCOMPARE(m_session->counts().flagged, 0);
}

void TestReviewPage::tabsTurn() {
    open(2);
    auto* tabs = part<QTabBar>("reviewTabs");
    QCOMPARE(tabs->count(), static_cast<int>(pages::makeReviewPaneRegistry().size()));
    for (int i = 0; i < tabs->count(); ++i) {
        const int before = tabs->currentIndex();
        QTest::keyClick(m_page.get(), Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(tabs->currentIndex(), (before + 1) % tabs->count());
        auto* shown = m_page->findChild<pages::ReviewPane*>(tabs->tabData(tabs->currentIndex()).toString() +
                                                            QStringLiteral("Pane"));
        QVERIFY(shown && shown->isVisible());
    }
    QCOMPARE(tabs->currentIndex(), 0);
}

void TestReviewPage::argumentChoosesTheTab() {
    open(2);
    auto* tabs = part<QTabBar>("reviewTabs");
    for (int i = 0; i < tabs->count(); ++i) {
        m_page->activate(tabs->tabData(i).toString());
        QCOMPARE(tabs->currentIndex(), i);
    }
}

LATHE_GUI_TEST(TestReviewPage)
#include "tst_review_page.moc"
