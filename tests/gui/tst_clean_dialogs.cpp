// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cleaning, dividing and duplicates in the window, by mouse and by keyboard.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTableWidget>

#include "dialogs/clean_dialog.h"
#include "dialogs/clean_preview.h"
#include "dialogs/file_dialog.h"
#include "dialogs/split_dialog.h"
#include "dialogs/text_diff.h"
#include "gui/support/gui_support.h"
#include "pages/corpus/corpus_page.h"
#include "pages/review/duplicates_pane.h"
#include "session/session.h"

using namespace lathe;
using dialogs::CleanDialog;
using dialogs::SplitDialog;

class TestCleanDialogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void differences();
    void cleanByMouse();
    void cleanByKeyboard();
    void optionsChangeThePreview();
    void recipesAreKept();
    void buttonsOfTheCorpusPage();
    void splitAndFreeze();
    void splitSharesByKeyboard();
    void duplicatesByMouse();
    void conflictsByKeyboard();

private:
    void open(const std::vector<std::string>& texts, const std::vector<std::string>& labels = {});
    CleanDialog* showClean();
    SplitDialog* showSplit();
    std::vector<std::string> texts() {
        std::vector<std::string> all;
        const auto samples = m_session->store().samples(m_session->store().find({}).value()).value();
        for (const corpus::Sample& sample : samples)
            all.push_back(sample.text);
        return all;
    }
    template <class T>
    static T* part(QWidget* in, const char* name) {
        T* found = in->findChild<T*>(QString::fromUtf8(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    /// A check box is clicked where its mark is.
    static void tick(QCheckBox* box) { QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(10, box->height() / 2)); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<QWidget> m_window;
};

void TestCleanDialogs::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_session = std::make_unique<session::Session>();
    m_window = std::make_unique<QWidget>();
    m_window->resize(1200, 760);
    m_window->show();
}

void TestCleanDialogs::cleanup() {
    m_window.reset();
    QTRY_VERIFY(m_session->jobs().isIdle());
    m_session.reset();
    m_folder.reset();
}

void TestCleanDialogs::open(const std::vector<std::string>& texts, const std::vector<std::string>& labels) {
    const QString folder = test::makeProject(m_folder->filePath(QStringLiteral("p")), 0);
    QVERIFY(m_session->openProject(folder));
    std::vector<corpus::NewSample> batch(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        batch[i].text = texts[i];
        batch[i].label = i < labels.size() ? labels[i] : "";
    }
    QVERIFY(m_session->store().addSamples(1, batch));
    m_session->notifySamplesChanged();
}

CleanDialog* TestCleanDialogs::showClean() {
    auto* dialog =
        new CleanDialog(*m_session, m_session->store().find({}).value(), QStringLiteral("all"), m_window.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->open();
    return dialog;
}

SplitDialog* TestCleanDialogs::showSplit() {
    auto* dialog = new SplitDialog(*m_session, m_window.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->open();
    return dialog;
}

void TestCleanDialogs::differences() {
    using Kind = dialogs::TextRun::Kind;
    const auto runs = dialogs::textDiff(QStringLiteral("a  b👩‍💻c"), QStringLiteral("a b👩‍💻d"));
    const std::vector<dialogs::TextRun> expected{{Kind::Same, QStringLiteral("a ")},
                                                 {Kind::Removed, QStringLiteral(" ")},
                                                 {Kind::Same, QStringLiteral("b👩‍💻")},
                                                 {Kind::Removed, QStringLiteral("c")},
                                                 {Kind::Added, QStringLiteral("d")}};
    QVERIFY(runs == expected);
    QVERIFY(dialogs::textDiff({}, {}).empty());
    const auto cut = dialogs::textDiff(QString(1000, u'x'), QString(1000, u'x'));
    QCOMPARE(cut.size(), std::size_t(1));
    QCOMPARE(cut.front().text, QString(400, u'x') + QStringLiteral("…"));
}

void TestCleanDialogs::cleanByMouse() {
    const std::vector<std::string> original{"ＡＢＣ", "stays", "电话13812345678"};
    open(original);
    auto* dialog = showClean();
    QVERIFY(!part<QPushButton>(dialog, "cleanApply")->isEnabled());
    tick(part<QCheckBox>(dialog, "step_width"));
    tick(part<QCheckBox>(dialog, "step_mask_phone"));
    QTRY_VERIFY(dialog->isPreviewComplete());
    QCOMPARE(part<QLabel>(dialog, "cleanSummary")->text(), QStringLiteral("2 of 3 texts change · 1 places are masked"));
    QCOMPARE(part<QLabel>(dialog, "count_mask_phone")->text(), QStringLiteral("1 masked"));
    auto* preview = part<dialogs::CleanPreview>(dialog, "cleanPreview");
    QVERIFY(preview->toPlainText().contains(QStringLiteral("13812345678[PHONE]")));
    QVERIFY(preview->toHtml().contains(QStringLiteral("line-through")));
    QCOMPARE(texts(), original);
    QSignalSpy cleaned(dialog, &CleanDialog::cleaned);
    QTest::mouseClick(part<QPushButton>(dialog, "cleanApply"), Qt::LeftButton);
    QVERIFY(cleaned.wait(10000));
    QCOMPARE(texts(), (std::vector<std::string>{"ABC", "stays", "电话[PHONE]"}));
    // It is in the history, where it can be taken back.
    auto* history = part<QTableWidget>(dialog, "cleanHistory");
    QTRY_COMPARE(history->rowCount(), 1);
    QVERIFY(history->isVisible());
    auto* masked = part<QTableWidget>(dialog, "cleanMasked");
    QTRY_COMPARE(masked->rowCount(), 1);
    QCOMPARE(masked->item(0, 1)->text(), QStringLiteral("2 to 13"));
    QCOMPARE(masked->item(0, 3)->text(), QStringLiteral("电话13812345678"));
    QTest::mouseClick(part<QPushButton>(dialog, "undoCleaning"), Qt::LeftButton);
    QTRY_COMPARE(texts(), original);
    QTRY_COMPARE(history->item(0, 5)->text(), QStringLiteral("undone"));
    QVERIFY(!part<QPushButton>(dialog, "undoCleaning")->isEnabled());
    QTest::mouseClick(part<QPushButton>(dialog, "cleanClose"), Qt::LeftButton);
    QVERIFY(!dialog->isVisible());
}

void TestCleanDialogs::cleanByKeyboard() {
    open({"a  b", "c"});
    auto* dialog = showClean();
    auto* box = part<QCheckBox>(dialog, "step_whitespace");
    box->setFocus();
    QTest::keyClick(box, Qt::Key_Space);
    QTRY_VERIFY(dialog->isPreviewComplete());
    auto* apply = part<QPushButton>(dialog, "cleanApply");
    for (int tab = 0; tab < 80 && !apply->hasFocus(); ++tab)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(apply->hasFocus());
    QTest::keyClick(apply, Qt::Key_Space);
    QTRY_COMPARE(texts(), (std::vector<std::string>{"a b", "c"}));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog->isVisible());
}

void TestCleanDialogs::optionsChangeThePreview() {
    open({"ab", "abcdef", "abcdefghij"});
    auto* dialog = showClean();
    tick(part<QCheckBox>(dialog, "step_length"));
    QTRY_VERIFY(dialog->isPreviewComplete());
    QVERIFY(!part<QPushButton>(dialog, "cleanApply")->isEnabled());  // nothing is shorter than 2
    auto* least = part<QSpinBox>(dialog, "option_min");
    least->setFocus();
    least->selectAll();
    QTest::keyClicks(least, QStringLiteral("7"));
    QTest::keyClick(least, Qt::Key_Tab);
    QTRY_VERIFY(!dialog->isPreviewComplete() || part<QPushButton>(dialog, "cleanApply")->isEnabled());
    QTRY_VERIFY(dialog->isPreviewComplete() && part<QPushButton>(dialog, "cleanApply")->isEnabled());
    QCOMPARE(part<QLabel>(dialog, "count_length")->text(), QStringLiteral("2 taken out"));
    QTest::mouseClick(part<QPushButton>(dialog, "cleanApply"), Qt::LeftButton);
    QTRY_COMPARE(texts(), std::vector<std::string>{"abcdefghij"});
    QTRY_COMPARE(m_session->counts().samples, 1);
}

void TestCleanDialogs::recipesAreKept() {
    open({"ａ  b"});
    auto* dialog = showClean();
    tick(part<QCheckBox>(dialog, "step_width"));
    const QString file = m_folder->filePath(QStringLiteral("recipe.json"));
    dialogs::FileDialog::setNextFileName(file);
    QTest::mouseClick(part<QPushButton>(dialog, "saveRecipe"), Qt::LeftButton);
    QTRY_VERIFY(QFile::exists(file));
    tick(part<QCheckBox>(dialog, "step_width"));
    tick(part<QCheckBox>(dialog, "step_whitespace"));
    dialogs::FileDialog::setNextFileName(file);
    QTest::mouseClick(part<QPushButton>(dialog, "openRecipe"), Qt::LeftButton);
    QTRY_VERIFY(part<QCheckBox>(dialog, "step_width")->isChecked());
    QVERIFY(!part<QCheckBox>(dialog, "step_whitespace")->isChecked());
    QTRY_VERIFY(dialog->isPreviewComplete());
    QSignalSpy cleaned(dialog, &CleanDialog::cleaned);
    QTest::mouseClick(part<QPushButton>(dialog, "cleanApply"), Qt::LeftButton);
    QVERIFY(cleaned.wait(10000));
    dialog->close();
    // The project remembers what it was cleaned with.
    auto* next = showClean();
    QVERIFY(part<QCheckBox>(next, "step_width")->isChecked());
}

void TestCleanDialogs::buttonsOfTheCorpusPage() {
    open({"a", "b"});
    pages::CorpusPage page(*m_session, m_window.get());
    page.resize(1200, 700);
    page.show();
    page.activate({});
    QTRY_VERIFY(m_session->jobs().isIdle());
    QTest::mouseClick(part<QPushButton>(&page, "cleanButton"), Qt::LeftButton);
    auto* clean = m_window->findChild<CleanDialog*>();
    QVERIFY(clean && clean->isVisible());
    clean->close();
    QTest::mouseClick(part<QPushButton>(&page, "splitButton"), Qt::LeftButton);
    auto* split = m_window->findChild<SplitDialog*>();
    QVERIFY(split && split->isVisible());
    split->close();
}

void TestCleanDialogs::splitAndFreeze() {
    std::vector<std::string> many, labels;
    for (int i = 0; i < 100; ++i) {
        many.push_back("text " + std::to_string(i));
        labels.push_back(i % 4 == 0 ? "rare" : "usual");
    }
    open(many, labels);
    auto* dialog = showSplit();
    QTRY_VERIFY(dialog->isPreviewComplete());
    auto* table = part<QTableWidget>(dialog, "splitTable");
    QCOMPARE(table->rowCount(), 3);
    QCOMPARE(table->item(0, 3)->text(), QStringLiteral("10"));
    QCOMPARE(m_session->store().counts()->test, 0);
    QSignalSpy divided(dialog, &SplitDialog::divided);
    QTest::mouseClick(part<QPushButton>(dialog, "splitApply"), Qt::LeftButton);
    QVERIFY(divided.wait(10000));
    QCOMPARE(m_session->store().counts()->test, 10);
    QVERIFY(m_session->store().isTestFrozen().value());
    dialog->close();
    // Frozen from now on: another seed moves only the others, unless a reason is given.
    auto* again = showSplit();
    QTRY_VERIFY(again->isPreviewComplete());
    QVERIFY(part<QLabel>(again, "splitFrozen")->text().contains(QStringLiteral("is frozen")));
    auto* reason = part<QLineEdit>(again, "splitReason");
    QVERIFY(reason->isVisible());
    part<QSpinBox>(again, "shareDev")->setValue(0);
    QTRY_VERIFY(!again->isPreviewComplete());
    QTRY_VERIFY(again->isPreviewComplete());
    QCOMPARE(part<QTableWidget>(again, "splitTable")->item(0, 3)->text(), QStringLiteral("10"));
    QTest::keyClicks(reason, QStringLiteral("too few"));
    QTRY_VERIFY(again->isPreviewComplete());
    QTRY_COMPARE(part<QTableWidget>(again, "splitTable")->item(0, 3)->text(), QStringLiteral("20"));
    QSignalSpy anew(again, &SplitDialog::divided);
    QTest::mouseClick(part<QPushButton>(again, "splitApply"), Qt::LeftButton);
    QVERIFY(anew.wait(10000));
    QCOMPARE(m_session->store().counts()->test, 20);
    QCOMPARE(m_session->store().splitLog()->front().reason, std::string("too few"));
}

void TestCleanDialogs::splitSharesByKeyboard() {
    open({"a", "b", "c", "d"});
    auto* dialog = showSplit();
    auto* train = part<QSpinBox>(dialog, "shareTrain");
    train->setFocus();
    train->selectAll();
    QTest::keyClicks(train, QStringLiteral("95"));
    QTest::keyClick(train, Qt::Key_Tab);
    QVERIFY(part<QLabel>(dialog, "splitMessage")->text().contains(QStringLiteral("more than all")));
    QVERIFY(!part<QPushButton>(dialog, "splitApply")->isEnabled());
    QTest::keyClick(part<QSpinBox>(dialog, "shareDev"), Qt::Key_Down);
    for (int i = 0; i < 9; ++i)
        QTest::keyClick(part<QSpinBox>(dialog, "shareDev"), Qt::Key_Down);
    QCOMPARE(part<QLabel>(dialog, "shareTest")->text(), QStringLiteral("5 %"));
    QTRY_VERIFY(part<QPushButton>(dialog, "splitApply")->isEnabled());
    auto* method = part<QComboBox>(dialog, "splitMethod");
    QTest::keyClick(method, Qt::Key_End);
    QCOMPARE(dialog->request().method, corpus::SplitMethod::Time);
    QVERIFY(part<QComboBox>(dialog, "splitTimeField")->isVisible());
}

void TestCleanDialogs::duplicatesByMouse() {
    open({"Where is my card?", "where is my CARD?", "other", "please tell me where my new card is",
          "please tell me where my new card is!"},
         {"a", "b", "", "", ""});
    pages::DuplicatesPane pane(*m_session, m_window.get());
    pane.resize(1000, 640);
    pane.show();
    QSignalSpy waiting(&pane, &pages::ReviewPane::waitingChanged);
    pane.activate({});
    auto* table = part<QTableView>(&pane, "duplicateGroups");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(waiting.last().first().toLongLong(), 1);
    QCOMPARE(part<QTableWidget>(&pane, "duplicateMembers")->rowCount(), 2);
    QCOMPARE(table->model()->index(0, 3).data().toString(), QStringLiteral("labels differ"));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(1, 0)).center());
    QTRY_VERIFY(part<QPushButton>(&pane, "keepOne")->isEnabled());
    QTest::mouseClick(part<QPushButton>(&pane, "keepOne"), Qt::LeftButton);
    QTRY_COMPARE(m_session->store().counts()->samples, 4);
    QTRY_COMPARE(table->model()->rowCount(), 1);
    QTRY_VERIFY(m_session->jobs().isIdle());
    QCOMPARE(m_session->store().cleanings()->front().kind, std::string("duplicates"));
}

void TestCleanDialogs::conflictsByKeyboard() {
    open({"same", "Same", "SAME", "twice", "Twice"}, {"a", "a", "b", "c", "c"});
    pages::DuplicatesPane pane(*m_session, m_window.get());
    pane.resize(1000, 640);
    pane.show();
    pane.activate({});
    auto* table = part<QTableView>(&pane, "duplicateGroups");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    auto* which = part<QComboBox>(&pane, "duplicatesWhich");
    which->setFocus();
    QTest::keyClick(which, Qt::Key_Down);
    QTRY_COMPARE(table->model()->rowCount(), 1);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_A, Qt::ControlModifier);
    auto* majority = part<QPushButton>(&pane, "majorityLabel");
    QTRY_VERIFY(majority->isEnabled());
    majority->setFocus();
    QTest::keyClick(majority, Qt::Key_Space);
    QTRY_COMPARE(table->model()->rowCount(), 0);
    QTRY_VERIFY(m_session->jobs().isIdle());
    const auto samples = m_session->store().samples(std::vector<corpus::SampleId>{1, 3}).value();
    QCOMPARE(samples[1].label, samples[0].label);
    QTRY_COMPARE(part<QComboBox>(&pane, "duplicatesWhich")->currentIndex(), 1);
}

LATHE_GUI_TEST(TestCleanDialogs)
#include "tst_clean_dialogs.moc"
