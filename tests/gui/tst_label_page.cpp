// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Label page by keyboard: what is pressed is on disk (seen through a second connection) and the next text is there.
#include <QAction>
#include <QComboBox>
#include <QInputMethodEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTextEdit>
#include <QVBoxLayout>

#include "dialogs/file_dialog.h"
#include "dialogs/label_set_dialog.h"
#include "gui/support/gui_support.h"
#include "itemmodels/annotator.h"
#include "itemmodels/label_set_model.h"
#include "pages/label/label_button.h"
#include "pages/label/label_page.h"
#include "session/session.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"

using namespace lathe;
using pages::LabelPage;

class TestLabelPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void emptyStates();
    void oneKeyLabelsAndShowsTheNext();
    void undoAndRedoJumpBack();
    void skipFlagCommentClear();
    void arrowsDoNotLabel();
    void keysFromEveryFocus();
    void textFieldsKeepTheirKeys();
    void heldKeyLabelsOnce();
    void chineseInputMethod();
    void manyLabels();
    void labelKeysWinOverCommands();
    void findALabelByName();
    void filters();
    void allLabelledLeadsToTrain();
    void readOnlySaysWhy();
    void guidelineIsSaved();
    void labelSetDialog();
    void labelSetDetailsAndFiles();
    void suggestionTakenByEnter();
    void chineseTextIsLaidOut();
    void keyToNextTextIsFast_data();
    void keyToNextTextIsFast();

private:
    void open(const QString& project, bool readOnly = false);
    void openMade(int perLabel = 6,
                  const std::vector<std::string>& labels = {"lost card", "transfer", "opening hours"});
    /// The sample as another connection reads it from the disk.
    corpus::Sample stored(corpus::SampleId id) {
        auto sample = m_second->value()->sample(id);
        if (!sample)
            qFatal("sample %lld: %s", static_cast<long long>(id), sample.error().message.c_str());
        return std::move(*sample);
    }
    corpus::LabelId label(std::size_t n) const { return m_session->labels().at(n).id; }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    QString lastStep() const {
        return m_page->findChild<widgets::ElidedLabel*>(QStringLiteral("lastStep"))->fullText();
    }
    void choose(const char* box, const QString& text);
    template <class T>
    T* child(const char* name) const {
        return m_page->findChild<T*>(QString::fromLatin1(name));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<QWidget> m_window;
    std::optional<Result<std::unique_ptr<corpus::CorpusStore>>> m_second;
    LabelPage* m_page = nullptr;
};

void TestLabelPage::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_session = std::make_unique<session::Session>();
    m_window = std::make_unique<QWidget>();
    m_window->resize(1280, 800);
    auto* layout = new QVBoxLayout(m_window.get());
    m_page = new LabelPage(*m_session, m_window.get());
    layout->addWidget(m_page);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestLabelPage::cleanup() {
    m_second.reset();
    m_window.reset();
    m_session.reset();
    m_folder.reset();
}

void TestLabelPage::open(const QString& project, bool readOnly) {
    const auto opened = m_session->openProject(project, readOnly);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    m_second.emplace(m_session->project().connect());
    QVERIFY(*m_second);
    m_page->activate({});
}

void TestLabelPage::openMade(int perLabel, const std::vector<std::string>& labels) {
    open(test::makeProject(m_folder->filePath(QStringLiteral("p")), perLabel, labels));
    QVERIFY(m_page->currentSample() != 0);
}

void TestLabelPage::key(Qt::Key key, Qt::KeyboardModifiers modifiers) {
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus ? focus : m_page, key, modifiers);
}

void TestLabelPage::choose(const char* box, const QString& text) {
    auto* list = child<QComboBox>(box);
    const int index = list->findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    list->setCurrentIndex(index);
}

void TestLabelPage::emptyStates() {
    auto* empty = child<widgets::EmptyState>("beginning");
    QVERIFY(empty->isVisible());
    QVERIFY(!empty->action()->isVisible());

    QVERIFY(m_session->createProject(m_folder->filePath(QStringLiteral("bare"))));
    QVERIFY(empty->isVisible());
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    QTest::mouseClick(empty->action(), Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().front().toString(), QStringLiteral("corpus"));

    corpus::NewSample sample;
    sample.text = "the only one";
    const auto source = m_session->store().addSource({});
    QVERIFY(source);
    QVERIFY(m_session->store().addSamples(*source, std::span(&sample, 1)));
    m_session->notifySamplesChanged();
    QVERIFY(empty->isVisible());
    QTest::mouseClick(empty->action(), Qt::LeftButton);
    auto* dialog = m_window->findChild<dialogs::LabelSetDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(dialog->model()->rowCount(), 1);  // a first line is there to type into
    dialog->reject();

    corpus::Label made;
    made.name = "thing";
    QVERIFY(m_session->store().addLabel(made));
    m_session->notifyLabelsChanged();
    QVERIFY(!empty->isVisible());
    QVERIFY(m_page->currentSample() != 0);
}

void TestLabelPage::oneKeyLabelsAndShowsTheNext() {
    openMade();
    auto* list = child<QTableView>("queueList");
    const int rows = list->model()->rowCount();
    QCOMPARE(rows, 6);
    for (int i = 0; i < 5; ++i) {
        const corpus::SampleId id = m_page->currentSample();
        QCOMPARE(list->currentIndex().row(), i);
        key(static_cast<Qt::Key>(Qt::Key_1 + i % 3));
        QCOMPARE(stored(id).label, std::optional(label(static_cast<std::size_t>(i % 3))));
        QCOMPARE(stored(id).labelOrigin, corpus::Origin::Human);
        QVERIFY(m_page->currentSample() != id);
        QCOMPARE(list->model()->rowCount(), rows);  // the list stands still
        QCOMPARE(child<QTextEdit>("sampleText")->toPlainText().toStdString(), stored(m_page->currentSample()).text);
    }
    QVERIFY(lastStep().contains(QStringLiteral("transfer")));
    QCOMPARE(m_session->counts().labelledToday, 5);
    // Who labels is on the page, and in what is written.
    m_session->settings().set(session::Setting::Annotator, QStringLiteral("Anna"));
    QVERIFY(child<QLabel>("progressAnnotator")->text().contains(QStringLiteral("Anna")));
    const corpus::SampleId last = m_page->currentSample();
    key(Qt::Key_1);
    QCOMPARE(m_second->value()->history(last)->back().annotator, std::string("Anna"));
}

void TestLabelPage::undoAndRedoJumpBack() {
    openMade();
    const corpus::SampleId first = m_page->currentSample();
    key(Qt::Key_2);
    const corpus::SampleId second = m_page->currentSample();
    key(Qt::Key_Space);
    QVERIFY(stored(second).skipped);
    const corpus::SampleId third = m_page->currentSample();
    key(Qt::Key_F);
    QVERIFY(stored(third).flagged);

    key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!stored(third).flagged);
    QCOMPARE(m_page->currentSample(), third);
    key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!stored(second).skipped);
    QCOMPARE(m_page->currentSample(), second);
    key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!stored(first).label);
    QCOMPARE(m_page->currentSample(), first);
    QVERIFY2(lastStep().contains(QStringLiteral("transfer")), qPrintable(lastStep()));
    key(Qt::Key_Z, Qt::ControlModifier);  // nothing is left: nothing happens
    QCOMPARE(m_page->currentSample(), first);

    key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(stored(first).label, std::optional(label(1)));
    QCOMPARE(m_page->currentSample(), first);
    key(Qt::Key_Y, Qt::ControlModifier);
    QVERIFY(stored(second).skipped);
    QCOMPARE(m_page->currentSample(), second);
}

void TestLabelPage::skipFlagCommentClear() {
    openMade();
    const corpus::SampleId id = m_page->currentSample();
    key(Qt::Key_C);
    auto* comment = child<QPlainTextEdit>("comment");
    QTRY_COMPARE(QApplication::focusWidget(), comment);
    QTest::keyClicks(comment, QStringLiteral("1 of 2, unclear"));
    QVERIFY(!stored(id).label);
    QTest::keyClick(comment, Qt::Key_Return);
    QCOMPARE(stored(id).comment, std::string("1 of 2, unclear"));
    QVERIFY(QApplication::focusWidget() != comment);
    QVERIFY(child<QLabel>("history")->text().contains(QStringLiteral("unclear")));
    key(Qt::Key_F);
    QVERIFY(stored(id).flagged);
    QCOMPARE(m_page->currentSample(), id);
    key(Qt::Key_F);
    QVERIFY(!stored(id).flagged);
    key(Qt::Key_1);
    key(Qt::Key_Left);
    QCOMPARE(m_page->currentSample(), id);
    key(Qt::Key_Delete);
    QVERIFY(!stored(id).label);
    // A comment that is being written is saved by the label key's move too: nothing typed is lost.
    comment->setFocus();
    comment->setPlainText(QStringLiteral("second"));
    child<QTextEdit>("sampleText")->setFocus();
    QCOMPARE(stored(id).comment, std::string("second"));
    // With the focus still in the box, a click on a label saves it and takes an empty box to the next text.
    comment->setFocus();
    comment->setPlainText(QStringLiteral("third"));
    QTest::mouseClick(m_page->findChildren<pages::LabelButton*>().front(), Qt::LeftButton);
    const corpus::SampleId next = m_page->currentSample();
    QVERIFY(next != id);
    QCOMPARE(stored(id).comment, std::string("third"));
    QVERIFY(comment->toPlainText().isEmpty());
    child<QTextEdit>("sampleText")->setFocus();
    QVERIFY(stored(next).comment.empty());
}

void TestLabelPage::arrowsDoNotLabel() {
    openMade();
    const corpus::SampleId first = m_page->currentSample();
    key(Qt::Key_Left);
    QCOMPARE(m_page->currentSample(), first);
    key(Qt::Key_Right);
    QVERIFY(m_page->currentSample() != first);
    key(Qt::Key_Left);
    QCOMPARE(m_page->currentSample(), first);
    QCOMPARE((*m_second->value()->history(first)).size(), std::size_t(0));
}

void TestLabelPage::keysFromEveryFocus() {
    openMade(30);
    int tried = 0;
    for (QWidget* widget : m_page->findChildren<QWidget*>()) {
        const bool isText = qobject_cast<QLineEdit*>(widget) || qobject_cast<QPlainTextEdit*>(widget);
        if (isText || !widget->isVisible() || !widget->isEnabled() || widget->focusPolicy() == Qt::NoFocus)
            continue;
        widget->setFocus();
        if (QApplication::focusWidget() != widget)
            continue;
        const corpus::SampleId id = m_page->currentSample();
        QTest::keyClick(widget, Qt::Key_3);
        QVERIFY2(stored(id).label == std::optional(label(2)), widget->metaObject()->className());
        ++tried;
    }
    QVERIFY2(tried >= 8, qPrintable(QString::number(tried)));
}

void TestLabelPage::textFieldsKeepTheirKeys() {
    openMade();
    const corpus::SampleId id = m_page->currentSample();
    auto* search = child<QLineEdit>("queueSearch");
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("1 f"));
    QTest::keyClick(search, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!stored(id).label && !stored(id).flagged);
    search->clear();
    QTest::keyClick(search, Qt::Key_Return);  // must not take the suggestion
    QVERIFY(!stored(id).label);
}

void TestLabelPage::heldKeyLabelsOnce() {
    openMade();
    key(Qt::Key_1);
    const corpus::SampleId second = m_page->currentSample();
    QKeyEvent repeated(QEvent::KeyPress, Qt::Key_1, Qt::NoModifier, QStringLiteral("1"), true);
    QApplication::sendEvent(child<QTextEdit>("sampleText"), &repeated);
    QCOMPARE(m_page->currentSample(), second);
    QVERIFY(!stored(second).label);
}

void TestLabelPage::chineseInputMethod() {
    openMade();
    corpus::SampleId id = m_page->currentSample();
    // A full-width digit as text, with a key code that says nothing.
    QKeyEvent wide(QEvent::KeyPress, Qt::Key_unknown, Qt::NoModifier, QString::fromUtf8("２"));
    QApplication::sendEvent(child<QTextEdit>("sampleText"), &wide);
    QCOMPARE(stored(id).label, std::optional(label(1)));
    id = m_page->currentSample();
    // The input method commits the character itself.
    QInputMethodEvent committed;
    committed.setCommitString(QString::fromUtf8("３"));
    QApplication::sendEvent(child<QTextEdit>("sampleText"), &committed);
    QCOMPARE(stored(id).label, std::optional(label(2)));
    id = m_page->currentSample();
    // The number block.
    key(Qt::Key_1, Qt::KeypadModifier);
    QCOMPARE(stored(id).label, std::optional(label(0)));
}

void TestLabelPage::manyLabels() {
    std::vector<std::string> names;
    for (int i = 0; i < 14; ++i)
        names.push_back("label " + std::to_string(i));
    openMade(15, names);
    QCOMPARE(m_session->labels().size(), std::size_t(14));
    for (std::size_t i = 0; i < 14; ++i) {
        const std::string& name = m_session->labels()[i].key;
        QVERIFY(!name.empty());
        const corpus::SampleId id = m_page->currentSample();
        QTest::keyClick(QApplication::focusWidget(), name.front());
        QCOMPARE(stored(id).label, std::optional(label(i)));
    }
}

void TestLabelPage::labelKeysWinOverCommands() {
    openMade();
    corpus::Label changed = m_session->labels().front();
    changed.key = "f";
    QVERIFY(m_session->store().updateLabel(changed));
    m_session->notifyLabelsChanged();
    const corpus::SampleId id = m_page->currentSample();
    QCOMPARE(child<QAction>("flag")->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_D));
    key(Qt::Key_D, Qt::ControlModifier);
    QVERIFY(stored(id).flagged);
    key(Qt::Key_F);
    QCOMPARE(stored(id).label, std::optional(changed.id));
    QVERIFY(stored(id).flagged);
}

void TestLabelPage::findALabelByName() {
    openMade();
    const corpus::SampleId id = m_page->currentSample();
    key(Qt::Key_Slash);
    auto* find = child<QLineEdit>("findLabel");
    QTRY_COMPARE(QApplication::focusWidget(), find);
    QTest::keyClicks(find, QStringLiteral("hours"));
    QTest::keyClick(find, Qt::Key_Return);
    QCOMPARE(stored(id).label, std::optional(label(2)));
    QVERIFY(QApplication::focusWidget() != find);
    QVERIFY(find->text().isEmpty());
    for (pages::LabelButton* button : m_page->findChildren<pages::LabelButton*>())
        QVERIFY(button->isEnabled());
}

void TestLabelPage::filters() {
    openMade(10);
    auto* list = child<QTableView>("queueList");
    choose("queueFilter", QStringLiteral("All texts"));
    QCOMPARE(list->model()->rowCount(), 40);
    choose("queueFilter", QStringLiteral("transfer"));
    QCOMPARE(list->model()->rowCount(), 10);
    const corpus::SampleId id = m_page->currentSample();
    QCOMPARE(stored(id).label, std::optional(label(1)));
    key(Qt::Key_1);  // corrects it; the list stands still
    QCOMPARE(stored(id).label, std::optional(label(0)));
    QCOMPARE(list->model()->rowCount(), 10);
    choose("queueFilter", QStringLiteral("All texts"));
    auto* search = child<QLineEdit>("queueSearch");
    QTest::keyClicks(search, QStringLiteral("case 3"));
    QTRY_COMPARE(list->model()->rowCount(), 3);
    QTest::keyClicks(search, QStringLiteral("xyz"));
    QTRY_COMPARE(list->model()->rowCount(), 0);
    QCOMPARE(m_page->currentSample(), 0);
    auto* nothing = m_page->findChildren<widgets::EmptyState*>().back();
    QVERIFY(nothing->isVisible());
    QTest::mouseClick(nothing->action(), Qt::LeftButton);
    QCOMPARE(list->model()->rowCount(), 40);
    choose("queueOrder", QStringLiteral("Shuffled"));
    QCOMPARE(list->model()->rowCount(), 40);
    m_page->activate(QString::number(id));
    QCOMPARE(m_page->currentSample(), id);
    choose("queueFilter", QStringLiteral("Flagged"));
    QCOMPARE(list->model()->rowCount(), 0);
    m_page->activate(QString::number(id));  // outside of the list, and shown all the same
    QCOMPARE(m_page->currentSample(), id);
    key(Qt::Key_F);
    QVERIFY(stored(id).flagged);
}

void TestLabelPage::allLabelledLeadsToTrain() {
    openMade(3);
    for (int i = 0; i < 3; ++i)
        key(Qt::Key_1);
    QCOMPARE(m_page->currentSample(), 0);
    auto* done = m_page->findChildren<widgets::EmptyState*>().back();
    QVERIFY(done->isVisible());
    bool said = false;
    for (const QLabel* text : done->findChildren<QLabel*>())
        said = said || text->text().contains(QStringLiteral("12"));
    QVERIFY(said);
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    QTest::mouseClick(done->action(), Qt::LeftButton);
    QCOMPARE(asked.front().front().toString(), QStringLiteral("train"));
    // Undo brings the last one back on the screen.
    key(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_page->currentSample() != 0);
    QVERIFY(!stored(m_page->currentSample()).label);
    QVERIFY(!done->isVisible());
}

void TestLabelPage::readOnlySaysWhy() {
    const QString project = test::makeProject(m_folder->filePath(QStringLiteral("p")), 4);
    open(project, true);
    const corpus::SampleId id = m_page->currentSample();
    QVERIFY(id != 0);
    key(Qt::Key_1);
    key(Qt::Key_F);
    QCOMPARE((*m_second->value()->history(id)).size(), std::size_t(0));
    QVERIFY(child<QLabel>("readOnlyReason")->isVisible());
    QVERIFY(!child<QPlainTextEdit>("comment")->isEnabled());
    key(Qt::Key_Right);
    QVERIFY(m_page->currentSample() != id);
}

void TestLabelPage::guidelineIsSaved() {
    openMade();
    QTest::mouseClick(child<QAbstractButton>("editGuideline"), Qt::LeftButton);
    auto* editor = child<QPlainTextEdit>("guidelineEditor");
    QTRY_COMPARE(QApplication::focusWidget(), editor);
    QTest::keyClicks(editor, QStringLiteral("# One label 1 2 3"));
    QTest::mouseClick(child<QAbstractButton>("saveGuideline"), Qt::LeftButton);
    QCOMPARE(*m_second->value()->guideline(), std::string("# One label 1 2 3"));
    QVERIFY(!stored(m_page->currentSample()).label);
}

void TestLabelPage::labelSetDialog() {
    openMade();
    QTest::mouseClick(child<QAbstractButton>("editLabels"), Qt::LeftButton);
    auto* dialog = m_window->findChild<dialogs::LabelSetDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    auto* save = dialog->findChild<QPushButton*>(QStringLiteral("saveLabels"));
    QVERIFY(!save->isEnabled());
    QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("addLabel")), Qt::LeftButton);
    QVERIFY(!save->isEnabled());  // it has no name yet
    QVERIFY(!dialog->findChild<QLabel*>(QStringLiteral("labelProblem"))->text().isEmpty());
    auto* editor = dialog->findChild<QTableView*>()->findChild<QLineEdit*>();
    QVERIFY(editor);
    QInputMethodEvent composed;
    composed.setCommitString(QString::fromUtf8("手续费"));
    QApplication::sendEvent(editor, &composed);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_VERIFY(save->isEnabled());
    auto* remove = dialog->findChild<QPushButton*>(QStringLiteral("removeLabel"));
    dialog->findChild<QTableView*>()->selectRow(0);
    QVERIFY(!remove->isEnabled());  // texts carry it
    QTest::mouseClick(save, Qt::LeftButton);
    QCOMPARE(m_session->labels().size(), std::size_t(4));
    QCOMPARE(m_session->labels().back().name, std::string("手续费"));
    const corpus::SampleId id = m_page->currentSample();
    m_page->activate({});
    key(Qt::Key_4);
    QCOMPARE(stored(id).label, std::optional(m_session->labels().back().id));
}

void TestLabelPage::labelSetDetailsAndFiles() {
    openMade();
    QTest::mouseClick(child<QAbstractButton>("editLabels"), Qt::LeftButton);
    auto* dialog = m_window->findChild<dialogs::LabelSetDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    const auto part = [&dialog](const char* name) { return dialog->findChild<QWidget*>(QString::fromLatin1(name)); };
    dialog->findChild<QTableView*>()->selectRow(1);
    auto* parent = qobject_cast<QComboBox*>(part("labelParent"));
    QCOMPARE(parent->findText(QStringLiteral("transfer")), -1);  // not a kind of itself
    parent->setFocus();
    QTest::keyClick(parent, Qt::Key_Down);
    QCOMPARE(parent->currentText(), QStringLiteral("lost card"));
    auto* examples = qobject_cast<QPlainTextEdit*>(part("labelExamples"));
    examples->setFocus();
    QTest::keyClicks(examples, QStringLiteral("Where is my money"));
    QTest::keyClick(examples, Qt::Key_Return);
    QTest::keyClicks(examples, QStringLiteral("It has not arrived "));
    auto* not_ = qobject_cast<QPlainTextEdit*>(part("labelCounterExamples"));
    QTest::keyClicks(not_, QStringLiteral("I want to transfer to another school"));
    // The parent may not go below its own kind.
    dialog->findChild<QTableView*>()->selectRow(0);
    QCOMPARE(parent->findText(QStringLiteral("transfer")), -1);
    const QString file = m_folder->filePath(QStringLiteral("labels.json"));
    dialogs::FileDialog::setNextFileName(file);
    QTest::mouseClick(part("saveLabelSet"), Qt::LeftButton);
    QTRY_VERIFY(QFile::exists(file));
    QTest::mouseClick(part("saveLabels"), Qt::LeftButton);
    const corpus::Label transfer = m_session->labels()[1];
    QCOMPARE(transfer.parent, std::optional(label(0)));
    QCOMPARE(transfer.examples, (std::vector<std::string>{"Where is my money", "It has not arrived"}));
    QCOMPARE(transfer.counterExamples.size(), std::size_t(1));
    // The kind stands under what it is a kind of.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    const auto buttons = m_page->findChildren<pages::LabelButton*>();
    QCOMPARE(buttons[0]->labelId(), label(0));
    QCOMPARE(buttons[1]->labelId(), label(1));
    QVERIFY(buttons[1]->toolTip().contains(QStringLiteral("Where is my money")));

    // Into a project with other labels; its key 1 is taken there.
    QVERIFY(m_session->openProject(test::makeProject(m_folder->filePath(QStringLiteral("q")), 2, {"fees"})));
    m_page->activate({});
    QTRY_VERIFY(!m_window->findChild<dialogs::LabelSetDialog*>());
    QTest::mouseClick(child<QAbstractButton>("editLabels"), Qt::LeftButton);
    dialog = m_window->findChild<dialogs::LabelSetDialog*>();
    dialogs::FileDialog::setNextFileName(file);
    QTest::mouseClick(part("openLabelSet"), Qt::LeftButton);
    QTRY_VERIFY(dialog->findChild<QLabel*>(QStringLiteral("labelProblem"))->text().contains(QStringLiteral("fees")));
    QTest::mouseClick(part("saveLabels"), Qt::LeftButton);
    QCOMPARE(m_session->labels().size(), std::size_t(4));
    QCOMPARE(m_session->labels()[2].parent, std::optional(m_session->labels()[1].id));
    QVERIFY(m_session->labels()[1].key != m_session->labels()[0].key);
}

void TestLabelPage::suggestionTakenByEnter() {
    openMade(30);
    auto* learn = child<QPushButton>("suggestButton");
    QTRY_VERIFY(m_session->jobs().isIdle());
    QVERIFY(learn->isEnabled());
    QTest::mouseClick(learn, Qt::LeftButton);
    auto* accept = child<QAction>("acceptSuggestion");
    QTRY_VERIFY_WITH_TIMEOUT(accept->isEnabled(), 30000);
    const QString shown = child<widgets::ElidedLabel>("suggestionText")->fullText();
    const corpus::SampleId id = m_page->currentSample();
    m_page->activate({});
    key(Qt::Key_Return);
    QVERIFY(stored(id).label);
    QCOMPARE(m_session->label(*stored(id).label)->name, shown.toStdString());
    // The model is kept: the project opened again suggests at once.
    QVERIFY(QFile::exists(m_session->projectFolder() + QStringLiteral("/models/suggestions/config.json")));
    QTRY_VERIFY(m_session->jobs().isIdle());
}

void TestLabelPage::chineseTextIsLaidOut() {
    openMade();
    corpus::NewSample sample;
    for (int i = 0; i < 60; ++i)
        sample.text += "我的卡丢了怎么办";
    QVERIFY(m_session->store().addSamples(1, std::span(&sample, 1)));
    m_session->notifySamplesChanged();
    choose("queueOrder", QStringLiteral("Long first"));
    auto* text = child<QTextEdit>("sampleText");
    child<QTableView>("queueList")->selectRow(0);
    QCOMPARE(text->toPlainText().toStdString(), sample.text);
    const int oneHan = QFontMetrics(text->font()).horizontalAdvance(QChar(0x56FD));
    QVERIFY2(text->viewport()->width() <= 41 * oneHan, qPrintable(QString::number(text->viewport()->width())));
}

void TestLabelPage::keyToNextTextIsFast_data() {
    QTest::addColumn<int>("samples");
    QTest::newRow("2 thousand") << 2'000;
    QTest::newRow("100 thousand") << 100'000;
}

void TestLabelPage::keyToNextTextIsFast() {
    QFETCH(int, samples);
    openMade(1);
    std::vector<corpus::NewSample> batch;
    for (int i = 0; i < samples; ++i) {
        corpus::NewSample sample;
        sample.text =
            "Message " + std::to_string(i) + ": my transfer of " + std::to_string(i * 7) + " has not arrived.";
        batch.push_back(std::move(sample));
    }
    QVERIFY(m_session->store().addSamples(1, batch));
    m_session->notifySamplesChanged();
    auto* list = child<QTableView>("queueList");
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), samples + 1, 30000);
    QTRY_VERIFY(m_session->jobs().isIdle());
    std::vector<double> ms;
    for (int i = 0; i < 60; ++i) {
        const corpus::SampleId id = m_page->currentSample();
        QElapsedTimer clock;
        clock.start();
        key(static_cast<Qt::Key>(Qt::Key_1 + i % 3));
        m_window->repaint();
        QCoreApplication::processEvents();
        ms.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        QVERIFY(stored(id).label);
        QVERIFY(m_page->currentSample() != id);
    }
    std::sort(ms.begin(), ms.end());
    qInfo("key to next text painted, %d samples: median %.1f ms, slowest %.1f ms", samples, ms[30], ms.back());
    QVERIFY2(ms[30] < 50, qPrintable(QString::number(ms[30])));
}

LATHE_GUI_TEST(TestLabelPage)
#include "tst_label_page.moc"
