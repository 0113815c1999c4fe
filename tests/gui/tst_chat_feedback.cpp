// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a person says of an answer in the chat goes into the corpus: by mouse and by keyboard, seen through a connection
// of its own.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

#include "core/json.h"
#include "gui/support/train_support.h"
#include "pages/chat/chat_page.h"
#include "pages/chat/feedback_row.h"
#include "session/chat_feedback.h"

using namespace lathe;
using pages::ChatPage;

class TestChatFeedback : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRightLabelByKeyboard();
    void aGoodLabelByMouse();
    void aTextOfTheCorpusGetsAnotherLabel();
    void aBetterAnswerMakesAPair();
    void aGoodAnswerIsKept();
    void nothingToKeep();
    void escapeLeavesEverything();

private:
    struct Talk {
        QTemporaryDir folder;
        session::Session session;
        std::unique_ptr<ChatPage> page;

        explicit Talk(bool writes) {
            const QString place = folder.filePath(QStringLiteral("p"));
            if (!session.openProject(writes ? test::makeAnswerProject(place) : test::makeProject(place)))
                qFatal("no project");
            Json options = Json::object();
            if (writes) {
                options = test::tinyShape();
                options["kv_heads"] = 1;
                options["epochs"] = 1;
                options["pretrain_epochs"] = 0;
            }
            if (test::trainAndWait(session, writes ? "fresh-decoder" : "ngram", options).isEmpty())
                qFatal("no model");
            page = test::makePage<ChatPage>(session, "chat", {1000, 700});
            page->controller().setOptions(
                {{"max_new_tokens", 8}, {"min_new_tokens", 4}, {"temperature", 1.0}, {"seed", 3}});
        }
        template <class T>
        T* find(const char* name) {
            T* found = page->findChild<T*>(QString::fromLatin1(name));
            if (!found)
                qFatal("there is no %s", name);
            return found;
        }
        void ask(const QString& text) {
            auto* editor = find<QPlainTextEdit>("composerText");
            QTest::keyClicks(editor, text);
            QTest::keyClick(editor, Qt::Key_Return);
            QTRY_VERIFY_WITH_TIMEOUT(page->controller().entries().size() == 2 && !page->controller().isBusy(), 60000);
        }
        /// Samples of the chat, as another connection reads them.
        std::vector<corpus::Sample> kept() {
            const auto store = session.project().connect().value();
            const auto sources = store->sources().value();
            for (const auto& source : sources)
                if (source.format == "chat") {
                    corpus::SampleFilter filter;
                    filter.source = source.id;
                    return store->samples(store->find(filter).value()).value();
                }
            return {};
        }
        QString labelOf(const corpus::Sample& sample) {
            return sample.label ? QString::fromStdString(session.label(*sample.label)->name) : QString();
        }
    };
};

void TestChatFeedback::aRightLabelByKeyboard() {
    Talk talk(false);
    talk.ask(QStringLiteral("when do you close?"));
    auto* wrong = talk.find<QToolButton>("wrongAnswer");
    wrong->setFocus();
    QTest::keyClick(wrong, Qt::Key_Space);
    auto* box = talk.find<QComboBox>("rightLabel");
    QVERIFY(box->isVisible());
    QTest::keyClicks(box->lineEdit(), QStringLiteral("brand new label"));
    QTest::keyClick(box, Qt::Key_Return);
    const auto kept = talk.kept();
    QCOMPARE(kept.size(), std::size_t{1});
    QCOMPARE(kept[0].text, std::string("when do you close?"));
    QCOMPARE(talk.labelOf(kept[0]), QStringLiteral("brand new label"));
    const auto origin = parseJson(kept[0].metadata, "metadata").value();
    QCOMPARE(origin["from"].get<std::string>(), std::string("chat"));
    QVERIFY(origin.contains("said") && origin.contains("probability") && origin.contains("model"));
    QVERIFY(talk.find<QLabel>("feedbackKept")->isVisible());
    QVERIFY(!wrong->isVisible());  // a verdict is given once
    QCOMPARE(talk.session.counts().samples, 81);
}

void TestChatFeedback::aGoodLabelByMouse() {
    Talk talk(false);
    talk.ask(QStringLiteral("my card is lost"));
    const QString said = talk.page->controller().entries()[1].shares.front().label;
    QTest::mouseClick(talk.find<QToolButton>("goodAnswer"), Qt::LeftButton);
    const auto kept = talk.kept();
    QCOMPARE(kept.size(), std::size_t{1});
    QCOMPARE(talk.labelOf(kept[0]), said);
    QCOMPARE(kept[0].labelOrigin == corpus::Origin::Model, false);
}

void TestChatFeedback::aTextOfTheCorpusGetsAnotherLabel() {
    Talk talk(false);
    const auto before = talk.session.counts();
    talk.ask(QStringLiteral("Nobody has read message 7 yet"));
    QTest::mouseClick(talk.find<QToolButton>("wrongAnswer"), Qt::LeftButton);
    auto* box = talk.find<QComboBox>("rightLabel");
    const QString said = talk.page->controller().entries()[1].shares.front().label;
    box->setCurrentText(said == QStringLiteral("transfer") ? QStringLiteral("lost card") : QStringLiteral("transfer"));
    QTest::mouseClick(talk.find<QPushButton>("keepCorrection"), Qt::LeftButton);
    QVERIFY(talk.kept().empty());  // no second copy of the text
    QCOMPARE(talk.session.counts().samples, before.samples);
    QCOMPARE(talk.session.counts().labelled, before.labelled + 1);
}

void TestChatFeedback::aBetterAnswerMakesAPair() {
    Talk talk(true);
    talk.ask(QStringLiteral("Where is card number 3?"));
    const std::string answer = talk.page->controller().entries()[1].text.toStdString();
    QTest::mouseClick(talk.find<QToolButton>("wrongAnswer"), Qt::LeftButton);
    auto* editor = talk.find<QPlainTextEdit>("betterAnswer");
    QVERIFY(editor->isVisible());
    QTest::keyClicks(editor, QStringLiteral("On its way."));  // in place of what was there: it is selected
    QTest::keyClick(editor, Qt::Key_Return, Qt::ControlModifier);
    const auto kept = talk.kept();
    QCOMPARE(kept.size(), std::size_t{2});
    QCOMPARE(kept[0].answer, std::string("On its way."));
    QCOMPARE(kept[1].content.candidates, (std::vector<std::string>{"On its way.", answer}));
    QCOMPARE(kept[1].labelling.preferred, std::optional<int>(0));
    QCOMPARE(kept[1].text, std::string("Where is card number 3?"));
}

void TestChatFeedback::aGoodAnswerIsKept() {
    Talk talk(true);
    talk.ask(QStringLiteral("Where is card number 900?"));
    const std::string answer = talk.page->controller().entries()[1].text.toStdString();
    QVERIFY(!answer.empty());
    auto* good = talk.find<QToolButton>("goodAnswer");
    good->setFocus();
    QTest::keyClick(good, Qt::Key_Space);
    const auto kept = talk.kept();
    QCOMPARE(kept.size(), std::size_t{1});
    QCOMPARE(kept[0].answer, answer);
    QCOMPARE(talk.session.counts().answered, 41);
}

void TestChatFeedback::nothingToKeep() {
    Talk talk(false);
    auto& store = talk.session.store();
    const session::GivenAnswer given{
        .question = "q", .answer = {}, .label = "transfer", .probability = 0.5, .model = "m"};
    QCOMPARE(session::keepFeedback(store, given, std::string(), "ann").error().code, ErrorCode::InvalidInput);
    QCOMPARE(session::keepFeedback(store, given, std::string("transfer"), "ann").error().code, ErrorCode::InvalidInput);
    QVERIFY(talk.kept().empty());
    QVERIFY(!talk.page->controller().giveFeedback(0, std::nullopt));  // there is no answer
}

void TestChatFeedback::escapeLeavesEverything() {
    Talk talk(false);
    talk.ask(QStringLiteral("when do you close?"));
    QTest::mouseClick(talk.find<QToolButton>("wrongAnswer"), Qt::LeftButton);
    auto* box = talk.find<QComboBox>("rightLabel");
    QTest::keyClicks(box->lineEdit(), QStringLiteral("x"));
    QTest::keyClick(box, Qt::Key_Escape);
    QVERIFY(!box->isVisible());
    QVERIFY(talk.kept().empty());
    QVERIFY(talk.find<QToolButton>("goodAnswer")->isVisible());
}

LATHE_GUI_TEST(TestChatFeedback)
#include "tst_chat_feedback.moc"
