// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Chat page: a classifier's bars, a generator that streams and is stopped, what is kept, and a question while
// something trains.
#include <QtTest>

#include <QClipboard>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

#include "gui/support/train_support.h"
#include "pages/chat/chat_page.h"
#include "pages/chat/composer.h"
#include "pages/chat/flow_text.h"
#include "pages/chat/turn_widget.h"
#include "widgets/controls.h"

using namespace lathe;
using pages::ChatPage;
using session::ChatEntry;

namespace {

struct Fixture {
    QTemporaryDir folder;
    session::Session session;
    std::unique_ptr<ChatPage> page;

    void open(const QString& project) {
        if (const auto opened = session.openProject(project); !opened)
            qFatal("%s", opened.error().message.c_str());
    }
    void openLabelled() { open(test::makeProject(folder.filePath(QStringLiteral("p")))); }
    void show() { page = test::makePage<ChatPage>(session, "chat", {1000, 700}); }
    template <class T>
    T* find(const char* name) {
        return page->findChild<T*>(QString::fromLatin1(name));
    }
    void type(const QString& text) {
        auto* editor = find<QPlainTextEdit>("composerText");
        QTest::keyClicks(editor, text);
        QTest::keyClick(editor, Qt::Key_Return);
    }
    const std::vector<ChatEntry>& entries() { return page->controller().entries(); }
    bool idle() { return !page->controller().isBusy(); }
};

}  // namespace

class TestChatPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nobodyToTalkTo();
    void aClassifierAnswersWithBars();
    void turnsAreKept();
    void enterSendsAndShiftEnterBreaks();
    void anUnsureAnswerSaysSo();
    void aGeneratorStreamsAndStops();
    void aQuestionWhileTraining();
    void sharesSurviveTheStore();
};

void TestChatPage::nobodyToTalkTo() {
    Fixture f;
    f.openLabelled();
    f.show();
    QVERIFY(!f.find<QPlainTextEdit>("composerText")->isEnabled());
    QSignalSpy asked(&f.session, &session::Session::pageRequested);
    QTest::mouseClick(f.find<QPushButton>("emptyStateAction"), Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("train"));
}

void TestChatPage::aClassifierAnswersWithBars() {
    Fixture f;
    f.openLabelled();
    QVERIFY(!test::trainAndWait(f.session, "ngram").isEmpty());
    f.show();
    f.type(QStringLiteral("a customer asks about lost card"));
    QTRY_VERIFY_WITH_TIMEOUT(f.entries().size() == 2 && f.idle(), 30000);
    const auto& shares = f.entries()[1].shares;
    QCOMPARE(shares.size(), std::size_t{3});
    QCOMPARE(shares[0].label, QStringLiteral("lost card"));
    QVERIFY(shares[0].probability > shares[1].probability);
    const auto bars = f.page->findChildren<widgets::ProbabilityBar*>();
    QCOMPARE(bars.size(), 3);
    QCOMPARE(bars[0]->value(), shares[0].probability);
    QVERIFY(!f.find<QPushButton>("samplingButton")->isVisible());
    // The answer can be taken along.
    auto* copy = f.page->findChildren<QToolButton*>(QStringLiteral("copyTurn")).last();
    QTest::mouseClick(copy, Qt::LeftButton);
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("lost card\t")));
}

void TestChatPage::turnsAreKept() {
    Fixture f;
    f.openLabelled();
    QVERIFY(!test::trainAndWait(f.session, "ngram").isEmpty());
    f.show();
    f.type(QStringLiteral("transfer"));
    QTRY_VERIFY_WITH_TIMEOUT(f.entries().size() == 2 && f.idle(), 30000);
    const auto kept = f.session.store().chat(10);
    QVERIFY(kept);
    QCOMPARE(kept->size(), std::size_t{2});
    QCOMPARE((*kept)[0].role, std::string("user"));
    QCOMPARE((*kept)[0].text, std::string("transfer"));
    const auto before = f.entries()[1].shares;
    f.page.reset();
    f.show();
    QCOMPARE(f.entries().size(), std::size_t{2});
    QCOMPARE(f.entries()[1].shares.size(), before.size());
    QCOMPARE(f.entries()[1].shares[0].label, before[0].label);
    // A new conversation forgets them on the screen, not in the project, and stays new.
    QTest::mouseClick(f.find<QPushButton>("newConversation"), Qt::LeftButton);
    QVERIFY(f.entries().empty());
    QCOMPARE(f.session.store().chat(10)->size(), std::size_t{2});
    f.page.reset();
    f.show();
    QVERIFY(f.entries().empty());
}

void TestChatPage::enterSendsAndShiftEnterBreaks() {
    pages::Composer composer;
    composer.setReady(true);
    composer.show();
    QSignalSpy sent(&composer, &pages::Composer::sendRequested);
    QTest::keyClick(composer.editor(), Qt::Key_Return);
    QCOMPARE(sent.count(), 0);  // nothing to send
    QTest::keyClicks(composer.editor(), QStringLiteral("one"));
    QTest::keyClick(composer.editor(), Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(composer.editor(), QStringLiteral("two"));
    QCOMPARE(sent.count(), 0);
    QTest::keyClick(composer.editor(), Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent[0][0].toString(), QStringLiteral("one\ntwo"));
    composer.setBusy(true);
    QTest::keyClick(composer.editor(), Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
}

void TestChatPage::anUnsureAnswerSaysSo() {
    ChatEntry entry;
    entry.role = ChatEntry::Role::Assistant;
    entry.shares = {{QStringLiteral("a"), 0.39}, {QStringLiteral("b"), 0.31}};
    pages::TurnWidget turn(entry);
    turn.show();
    QVERIFY(turn.findChild<QLabel*>(QStringLiteral("turnHint"))->isVisible());
    entry.shares[0].probability = 0.41;
    turn.update(entry);
    QVERIFY(!turn.findChild<QLabel*>(QStringLiteral("turnHint"))->isVisible());
}

void TestChatPage::aGeneratorStreamsAndStops() {
    Fixture f;
    f.open(test::makeAnswerProject(f.folder.filePath(QStringLiteral("qa"))));
    Json options = test::tinyShape();
    options["kv_heads"] = 1;
    options["epochs"] = 2;
    options["pretrain_epochs"] = 1;
    QVERIFY(!test::trainAndWait(f.session, "fresh-decoder", options).isEmpty());
    f.show();
    QVERIFY(f.find<QPushButton>("samplingButton")->isVisible());
    f.page->controller().setOptions({{"max_new_tokens", 12}, {"temperature", 1.0}});
    f.type(QStringLiteral("Where is card number 3?"));
    QTRY_VERIFY_WITH_TIMEOUT(f.entries().size() == 2 && f.idle(), 60000);
    QVERIFY2(f.entries()[1].error.isEmpty(), qPrintable(f.entries()[1].error));
    QVERIFY(f.entries()[1].newTokens >= 1 && f.entries()[1].newTokens <= 12);
    QVERIFY(f.entries()[1].tokensPerSecond > 0);
    // A long answer grows on the screen and can be stopped.
    f.page->controller().setOptions({{"max_new_tokens", 100000}, {"temperature", 3.0}, {"seed", 7}});
    f.type(QStringLiteral("Tell me everything."));
    QTRY_VERIFY_WITH_TIMEOUT(f.entries().size() == 4 && (f.entries()[3].text.size() > 2 || f.idle()), 30000);
    if (!f.idle())
        QTest::mouseClick(f.find<QPushButton>("stopAnswer"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(f.idle(), 10000);
    QVERIFY(QStringList({QStringLiteral("stopped"), QStringLiteral("context"), QStringLiteral("end")})
                .contains(f.entries()[3].finish));
    const auto shown = f.page->findChildren<pages::FlowText*>();
    // A text field has its own ideas of line ends and spaces.
    const auto plain = [](QString text) {
        return text.replace(QLatin1Char('\r'), QLatin1Char('\n')).replace(QChar::Nbsp, QLatin1Char(' '));
    };
    QCOMPARE(plain(shown.last()->toPlainText()), plain(f.entries()[3].text));
    // Another answer takes the last one's place.
    QVERIFY(f.page->controller().canRegenerate());
    f.page->controller().setOptions({{"max_new_tokens", 4}, {"temperature", 1.0}});
    QVERIFY(f.page->controller().regenerate());
    QTRY_VERIFY_WITH_TIMEOUT(f.idle(), 30000);
    QCOMPARE(f.entries().size(), std::size_t{4});
    QVERIFY(f.entries()[3].newTokens <= 4);
}

void TestChatPage::aQuestionWhileTraining() {
    Fixture f;
    f.openLabelled();
    const QString ngram = test::trainAndWait(f.session, "ngram");
    QVERIFY(!ngram.isEmpty());
    session::TrainController controller(f.session);
    Json options = test::tinyShape();
    options["epochs"] = 5000;
    options["pretrain_epochs"] = 0;
    QVERIFY(controller.start(QStringLiteral("fresh-encoder"), QStringLiteral("full"), options, QStringLiteral("x")));
    QTRY_VERIFY_WITH_TIMEOUT(controller.reports().size() > 3, 60000);
    f.show();
    f.page->activate(ngram);
    f.type(QStringLiteral("lost card"));
    QTRY_VERIFY_WITH_TIMEOUT(f.entries().size() == 2 && f.idle(), 20000);
    QCOMPARE(f.entries()[1].shares[0].label, QStringLiteral("lost card"));
    QCOMPARE(controller.state(), session::TrainController::State::Running);  // and it goes on
    // Paused, too.
    controller.setPaused(true);
    QTest::qWait(200);
    f.type(QStringLiteral("transfer"));
    QTRY_VERIFY_WITH_TIMEOUT(f.entries().size() == 4 && f.idle(), 20000);
    QCOMPARE(controller.state(), session::TrainController::State::Paused);
    controller.stop();
    QTRY_VERIFY_WITH_TIMEOUT(!controller.isActive(), 30000);
}

void TestChatPage::sharesSurviveTheStore() {
    const std::vector<session::LabelShare> shares{{QStringLiteral("挂失 \"x\""), 0.75}, {QStringLiteral("b"), 0.25}};
    const auto again = session::sharesFromJson(session::sharesToJson(shares));
    QCOMPARE(again.size(), shares.size());
    QCOMPARE(again[0].label, shares[0].label);
    QCOMPARE(again[0].probability, shares[0].probability);
    QVERIFY(session::sharesFromJson("{ not json").empty());
    QVERIFY(session::sharesFromJson("Hello {").empty());
}

LATHE_GUI_TEST(TestChatPage)
#include "tst_chat_page.moc"
