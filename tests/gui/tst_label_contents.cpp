// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Label page for answers to compare, answers to write, and conversations turn by turn: by keyboard alone, by mouse
// alone, down to the disk.
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextEdit>

#include "gui/support/label_support.h"
#include "pages/label/label_button.h"

using namespace lathe;
using corpus::LabellingKind;
using corpus::LabellingPlan;
using corpus::SampleId;
using corpus::TurnLabel;

namespace {

LabellingPlan planOf(LabellingKind kind) {
    LabellingPlan plan;
    plan.kind = kind;
    return plan;
}

corpus::NewSample comparison(const std::string& prompt) {
    corpus::NewSample sample;
    sample.text = prompt;
    sample.content.candidates = {"The first answer to " + prompt, "The second answer to " + prompt};
    return sample;
}

corpus::NewSample talk(const std::string& topic) {
    corpus::NewSample sample;
    sample.content.turns = {{"user", "My " + topic + " does not work."},
                            {"assistant", "I am sorry to hear that."},
                            {"user", "Give me my money back!"}};
    sample.text = corpus::transcript(sample.content.turns);
    return sample;
}

}  // namespace

class TestLabelContents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_bench = std::make_unique<test::LabelBench>(); }
    void cleanup() { m_bench.reset(); }
    void comparisonsByKeyboard();
    void comparisonsByMouse();
    void answersByKeyboard();
    void answersByMouse();
    void anAnswerThatIsLeftIsKept();
    void turnsByKeyboard();
    void turnsByMouse();
    void theTextIsChangedByKeyboard();
    void theTextIsChangedByMouseAndBroughtBack();
    void theKindIsGuessedFromTheContent();
    void noLabelsAreNeeded();

private:
    void open(const std::vector<corpus::NewSample>& samples, LabellingKind kind,
              const std::vector<std::string>& labels = {"complaint", "thanks"}) {
        QVERIFY(QTest::qWaitForWindowActive(&m_bench->window()));
        QVERIFY(m_bench->open(samples, labels, planOf(kind)));
        QVERIFY(m_bench->current() != 0);
    }
    std::optional<int> preferred(SampleId id) const { return m_bench->labelling(id).preferred; }
    std::vector<TurnLabel> turns(SampleId id) const {
        return m_bench->labelling(id).turns.value_or(std::vector<TurnLabel>{{-1, 0}});
    }
    void clickTurn(int row) const {
        auto* list = m_bench->child<QListWidget>("turnList");
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(row)).center());
    }

    std::unique_ptr<test::LabelBench> m_bench;
};

void TestLabelContents::comparisonsByKeyboard() {
    open({comparison("A"), comparison("B"), comparison("C")}, LabellingKind::Preference);
    const SampleId first = m_bench->current();
    QCOMPARE(m_bench->child<QTextEdit>("prompt")->toPlainText(), QStringLiteral("A"));
    QCOMPARE(m_bench->child<QTextEdit>("candidate_1")->toPlainText(), QStringLiteral("The second answer to A"));
    m_bench->key(Qt::Key_2);
    QCOMPARE(preferred(first), std::optional(1));
    const SampleId second = m_bench->current();
    QVERIFY(second != first);
    m_bench->key(Qt::Key_3);  // there are two
    QCOMPARE(m_bench->current(), second);
    m_bench->key(Qt::Key_0);
    QCOMPARE(preferred(second), std::optional(corpus::kNoneBetter));
    m_bench->key(Qt::Key_Left);
    m_bench->key(Qt::Key_Left);
    QCOMPARE(m_bench->current(), first);
    QVERIFY(m_bench->child<QAbstractButton>("prefer_1")->isChecked());
    QVERIFY(m_bench->child<QLabel>("history")->text().contains(QStringLiteral("Answer 2 is better")));
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!preferred(second));
    m_bench->key(Qt::Key_Left);
    m_bench->key(Qt::Key_Delete);
    QVERIFY(!preferred(first));
}

void TestLabelContents::comparisonsByMouse() {
    open({comparison("A"), comparison("B")}, LabellingKind::Preference);
    const SampleId first = m_bench->current();
    m_bench->click("prefer_0");
    QCOMPARE(preferred(first), std::optional(0));
    QVERIFY(m_bench->current() != first);
    QVERIFY(!m_bench->child<QAbstractButton>("prefer_0")->isChecked());
    const SampleId second = m_bench->current();
    m_bench->click("prefer_-1");
    QCOMPARE(preferred(second), std::optional(corpus::kNoneBetter));
}

void TestLabelContents::answersByKeyboard() {
    corpus::NewSample one, two;
    one.text = "What is a bond?";
    two.text = "What is a share?";
    open({one, two}, LabellingKind::Answer);
    const SampleId first = m_bench->current();
    auto* editor = m_bench->child<QPlainTextEdit>("answerEditor");
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(editor));
    QTest::keyClicks(editor, QStringLiteral("A loan 1 2 f."));
    m_bench->key(Qt::Key_Return);  // a line of the answer
    QTest::keyClicks(editor, QStringLiteral("To a state."));
    m_bench->key(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(m_bench->stored(first).answer, std::string("A loan 1 2 f.\nTo a state."));
    QVERIFY(!m_bench->stored(first).flagged);
    QVERIFY(m_bench->current() != first);
    QVERIFY(editor->toPlainText().isEmpty());
    m_bench->key(Qt::Key_PageUp, Qt::ControlModifier);
    QCOMPARE(m_bench->current(), first);
    QCOMPARE(editor->toPlainText(), QStringLiteral("A loan 1 2 f.\nTo a state."));
}

void TestLabelContents::answersByMouse() {
    corpus::NewSample one, two;
    one.text = "What is a bond?";
    two.text = "What is a share?";
    open({one, two}, LabellingKind::Answer);
    const SampleId first = m_bench->current();
    auto* done = m_bench->child<QPushButton>("commitButton");
    QVERIFY(!done->isEnabled());
    // Text comes from a keyboard or an input method in any case.
    QTest::keyClicks(m_bench->child<QPlainTextEdit>("answerEditor"), QStringLiteral("A loan."));
    QVERIFY(done->isEnabled());
    m_bench->click("commitButton");
    QCOMPARE(m_bench->stored(first).answer, std::string("A loan."));
    QVERIFY(m_bench->current() != first);
    m_bench->click("previousButton");
    m_bench->click("clearLabelButton");
    QVERIFY(m_bench->stored(first).answer.empty());
    m_bench->click("undoButton");
    QCOMPARE(m_bench->stored(first).answer, std::string("A loan."));
}

void TestLabelContents::anAnswerThatIsLeftIsKept() {
    corpus::NewSample one, two;
    one.text = "What is a bond?";
    two.text = "What is a share?";
    open({one, two}, LabellingKind::Answer);
    const SampleId first = m_bench->current();
    QTest::keyClicks(m_bench->child<QPlainTextEdit>("answerEditor"), QStringLiteral("A loan."));
    m_bench->key(Qt::Key_PageDown, Qt::ControlModifier);
    QCOMPARE(m_bench->stored(first).answer, std::string("A loan."));
    QVERIFY(m_bench->stored(m_bench->current()).answer.empty());
    QVERIFY(m_bench->child<QPlainTextEdit>("answerEditor")->toPlainText().isEmpty());
}

void TestLabelContents::turnsByKeyboard() {
    open({talk("phone"), talk("lamp"), talk("chair")}, LabellingKind::Turns);
    const SampleId first = m_bench->current();
    const auto complaint = m_bench->label(0), thanks = m_bench->label(1);
    auto* list = m_bench->child<QListWidget>("turnList");
    QCOMPARE(list->count(), 3);
    m_bench->key(Qt::Key_1);
    QCOMPARE(turns(first), (std::vector<TurnLabel>{{0, complaint}}));
    QCOMPARE(m_bench->current(), first);
    m_bench->key(Qt::Key_Down);
    m_bench->key(Qt::Key_Down);
    QCOMPARE(list->currentRow(), 2);
    m_bench->key(Qt::Key_1);
    m_bench->key(Qt::Key_2);
    QCOMPARE(list->currentRow(), 2);
    QCOMPARE(turns(first), (std::vector<TurnLabel>{{0, complaint}, {2, complaint}, {2, thanks}}));
    m_bench->key(Qt::Key_2);  // off again
    m_bench->key(Qt::Key_Return);
    QCOMPARE(turns(first), (std::vector<TurnLabel>{{0, complaint}, {2, complaint}}));
    const SampleId second = m_bench->current();
    QVERIFY(second != first);
    m_bench->key(Qt::Key_Return);  // none is an answer
    QVERIFY(turns(second).empty());
    m_bench->key(Qt::Key_Left);
    m_bench->key(Qt::Key_Left);
    QCOMPARE(m_bench->current(), first);
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(turns(first), (std::vector<TurnLabel>{{0, complaint}, {2, complaint}, {2, thanks}}));
}

void TestLabelContents::turnsByMouse() {
    open({talk("phone"), talk("lamp")}, LabellingKind::Turns);
    const SampleId first = m_bench->current();
    QCoreApplication::processEvents();
    clickTurn(2);
    m_bench->clickLabel(0);
    QCOMPARE(turns(first), (std::vector<TurnLabel>{{2, m_bench->label(0)}}));
    QVERIFY(
        m_bench->child<pages::LabelButton>(qPrintable(QStringLiteral("label_%1").arg(m_bench->label(0))))->isCurrent());
    clickTurn(1);
    QVERIFY(!m_bench->child<pages::LabelButton>(qPrintable(QStringLiteral("label_%1").arg(m_bench->label(0))))
                 ->isCurrent());
    m_bench->clickLabel(1);
    m_bench->click("commitButton");
    QCOMPARE(turns(first), (std::vector<TurnLabel>{{1, m_bench->label(1)}, {2, m_bench->label(0)}}));
    QVERIFY(m_bench->current() != first);
}

void TestLabelContents::theTextIsChangedByKeyboard() {
    corpus::NewSample one, two;
    one.text = "Ana met Bob of Acme.";
    two.text = "Another text.";
    open({one, two}, LabellingKind::Spans);
    const SampleId first = m_bench->current();
    m_bench->key(Qt::Key_Right, Qt::ControlModifier);
    m_bench->key(Qt::Key_Right, Qt::ControlModifier);
    m_bench->key(Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
    m_bench->key(Qt::Key_1);
    QCOMPARE(m_bench->labelling(first).spans->front(), (corpus::SampleSpan{8, 11, m_bench->label(0)}));
    m_bench->key(Qt::Key_F2);
    auto* editor = m_bench->child<QPlainTextEdit>("textEditor");
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(editor));
    m_bench->key(Qt::Key_End);
    m_bench->key(Qt::Key_Home);
    m_bench->key(Qt::Key_Right);
    QTest::keyClicks(editor, QStringLiteral("n"));
    m_bench->key(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(m_bench->stored(first).text, std::string("Anna met Bob of Acme."));
    QCOMPARE(m_bench->stored(first).originalText, std::optional<std::string>("Ana met Bob of Acme."));
    QCOMPARE(m_bench->labelling(first).spans->front(), (corpus::SampleSpan{9, 12, m_bench->label(0)}));
    QCOMPARE(m_bench->current(), first);
    QVERIFY(m_bench->child<QLabel>("marks")->text().contains(QStringLiteral("Text changed")));
    // The part goes with its words, and comes back with undo.
    m_bench->key(Qt::Key_F2);
    editor->setPlainText(QStringLiteral("Anna met nobody"));
    m_bench->key(Qt::Key_Return, Qt::ControlModifier);
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_bench->stored(first).text, std::string("Anna met Bob of Acme."));
    QCOMPARE(m_bench->labelling(first).spans->front(), (corpus::SampleSpan{9, 12, m_bench->label(0)}));
    m_bench->key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_bench->stored(first).text, std::string("Ana met Bob of Acme."));
    m_bench->key(Qt::Key_F2);
    QTest::keyClicks(editor, QStringLiteral("x"));
    m_bench->key(Qt::Key_Escape);
    QCOMPARE(m_bench->stored(first).text, std::string("Ana met Bob of Acme."));
    QVERIFY(!editor->isVisible());
}

void TestLabelContents::theTextIsChangedByMouseAndBroughtBack() {
    corpus::NewSample one;
    one.text = "Teh text.";
    open({one}, LabellingKind::Single);
    const SampleId first = m_bench->current();
    m_bench->click("editTextButton");
    auto* editor = m_bench->child<QPlainTextEdit>("textEditor");
    editor->setPlainText(QStringLiteral("The text."));
    m_bench->click("saveText");
    QCOMPARE(m_bench->stored(first).text, std::string("The text."));
    QCOMPARE(m_bench->child<QTextEdit>("sampleText")->toPlainText(), QStringLiteral("The text."));
    m_bench->click("editTextButton");
    m_bench->click("showOriginal");
    QCOMPARE(editor->toPlainText(), QStringLiteral("Teh text."));
    QVERIFY(editor->isReadOnly() && !m_bench->child<QPushButton>("saveText")->isEnabled());
    m_bench->click("showOriginal");
    QCOMPARE(editor->toPlainText(), QStringLiteral("The text."));
    m_bench->click("takeOriginal");
    m_bench->click("saveText");
    QCOMPARE(m_bench->stored(first).text, std::string("Teh text."));
}

void TestLabelContents::theKindIsGuessedFromTheContent() {
    open({comparison("A"), comparison("B")}, LabellingKind::Single);
    QVERIFY(m_bench->session().store().setSetting("labelling_kinds", ""));
    const QString folder = m_bench->session().projectFolder();
    m_bench->session().closeProject();
    QVERIFY(m_bench->session().openProject(folder));
    QTRY_VERIFY(m_bench->child<QWidget>("preferenceRow")->isVisible());
}

void TestLabelContents::noLabelsAreNeeded() {
    corpus::NewSample one;
    one.text = "What is a bond?";
    QVERIFY(QTest::qWaitForWindowActive(&m_bench->window()));
    QVERIFY(m_bench->open({one}, {}, planOf(LabellingKind::Single)));
    auto* first = m_bench->child<QComboBox>("first_labellingKind");
    QVERIFY(first->isVisible());  // the page asks for labels, or for another kind
    first->setCurrentIndex(2);
    QVERIFY(m_bench->child<QWidget>("ratingRow")->isVisible());
    m_bench->page().activate({});
    const SampleId id = m_bench->current();
    m_bench->key(Qt::Key_3);
    QCOMPARE(m_bench->labelling(id).rating.value(), 3.0);
}

LATHE_GUI_TEST(TestLabelContents)
#include "tst_label_contents.moc"
