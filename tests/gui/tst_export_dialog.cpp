// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The export dialog: what goes, how the file begins, what it cannot hold before it is written; by mouse and by
// keyboard.
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>

#include <future>

#include "dialogs/export_dialog.h"
#include "dialogs/file_dialog.h"
#include "gui/support/gui_support.h"
#include "session/session.h"

using namespace lathe;
using dialogs::ExportDialog;

class TestExportDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void keyboardAlone();
    void mouseAlone();
    void lossesAreToldBefore();
    void annotatorAndLabels();
    void stoppedLeavesNoFile();
    void unwritableSaysWhy();

private:
    ExportDialog* show(std::vector<corpus::SampleId> selected = {}, bool filtered = false);
    template <class T>
    static T* child(ExportDialog* dialog, const char* name) {
        return dialog->findChild<T*>(QString::fromLatin1(name));
    }
    static QString facts(ExportDialog* dialog) { return child<QLabel>(dialog, "exportFacts")->text(); }
    static void choose(QComboBox* box, const QString& text) {
        const int index = box->findText(text);
        QVERIFY2(index >= 0, qPrintable(text));
        box->setCurrentIndex(index);
    }
    QByteArray read(const QString& path) const {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<QWidget> m_window;
};

void TestExportDialog::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_session = std::make_unique<session::Session>();
    QVERIFY(m_session->openProject(test::makeProject(m_folder->filePath(QStringLiteral("p")), 5)));
    m_window = std::make_unique<QWidget>();
    m_window->show();
}

void TestExportDialog::cleanup() {
    m_window.reset();
    m_session.reset();
    m_folder.reset();
}

ExportDialog* TestExportDialog::show(std::vector<corpus::SampleId> selected, bool filtered) {
    dialogs::ExportScope scope;
    scope.selected = std::move(selected);
    scope.shown.state = filtered ? corpus::LabelState::Unlabelled : corpus::LabelState::Any;
    scope.shownCount = filtered ? 5 : m_session->counts().samples;
    scope.isFiltered = filtered;
    auto* dialog = new ExportDialog(*m_session, std::move(scope), m_window.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->open();
    return dialog;
}

void TestExportDialog::keyboardAlone() {
    ExportDialog* dialog = show({}, true);
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    auto* format = child<QComboBox>(dialog, "exportFormat");
    QTRY_VERIFY(format->hasFocus());
    for (int i = 0; i < 2; ++i)
        QTest::keyClick(format, Qt::Key_Down);
    QCOMPARE(dialog->choices().request().format, std::string("jsonl"));
    // What is shown comes first, then everything.
    QTRY_COMPARE(facts(dialog), QStringLiteral("5 of 5 texts go into the file."));
    QVERIFY(child<QPlainTextEdit>(dialog, "exportPreview")->toPlainText().startsWith(QStringLiteral("{\"text\":")));
    const QString path = m_folder->filePath(QStringLiteral("out.jsonl"));
    dialogs::FileDialog::setNextFileName(path);
    QSignalSpy finished(dialog, &ExportDialog::finishedExport);
    QTest::keyClick(dialog, Qt::Key_Return);
    QVERIFY(finished.wait(10000));
    QCOMPARE(read(path).count('\n'), 5);
    QCOMPARE(dialog->step(), ExportDialog::Step::Done);
    QVERIFY(child<QLabel>(dialog, "exportOutcome")->text().contains(QStringLiteral("out.jsonl")));
    QVERIFY(child<QPushButton>(dialog, "exportShowFolder")->isVisible());
    QTest::keyClick(dialog, Qt::Key_Return);
    QVERIFY(!dialog->isVisible());
}

void TestExportDialog::mouseAlone() {
    ExportDialog* dialog = show({1, 2, 3}, true);
    auto* what = child<QComboBox>(dialog, "exportWhat");
    QCOMPARE(what->count(), 3);
    QCOMPARE(dialog->choices().request().ids->size(), std::size_t{3});
    what->setCurrentIndex(2);
    QTRY_COMPARE(facts(dialog), QStringLiteral("20 of 20 texts go into the file."));
    const QString path = m_folder->filePath(QStringLiteral("out.csv"));
    dialogs::FileDialog::setNextFileName(path);
    QSignalSpy finished(dialog, &ExportDialog::finishedExport);
    auto* go = child<QPushButton>(dialog, "exportStart");
    QTest::mouseClick(go, Qt::LeftButton);
    QVERIFY(finished.wait(10000));
    QCOMPARE(read(path).count('\n'), 21);
    QTest::mouseClick(go, Qt::LeftButton);
    QVERIFY(!dialog->isVisible());
}

void TestExportDialog::lossesAreToldBefore() {
    ExportDialog* dialog = show();
    choose(child<QComboBox>(dialog, "exportFormat"), QStringLiteral("Alpaca instructions"));
    QTRY_COMPARE(facts(dialog), QStringLiteral("0 of 20 texts go into the file."));
    auto* losses = child<QLabel>(dialog, "exportLosses");
    QVERIFY(losses->isVisible() && losses->text().contains(QStringLiteral("20 left out")));
    choose(child<QComboBox>(dialog, "exportFormat"), QStringLiteral("CoNLL (a token a line)"));
    QVERIFY(child<QWidget>(dialog, "option_scheme"));
    QTRY_VERIFY(losses->isVisible() && losses->text().contains(QStringLiteral("15 not as they are")));
    QTRY_VERIFY(child<QPlainTextEdit>(dialog, "exportPreview")->toPlainText().contains(QStringLiteral("\tO\n")));
    dialog->reject();
}

void TestExportDialog::annotatorAndLabels() {
    corpus::Annotation row;
    row.sample = 4;
    row.label = m_session->labels().front().id;
    row.annotator = "ann";
    QVERIFY(m_session->store().annotate(row));
    ExportDialog* dialog = show();
    choose(child<QComboBox>(dialog, "exportWhose"), QStringLiteral("By ann"));
    QTRY_COMPARE(facts(dialog), QStringLiteral("1 of 20 texts go into the file."));
    child<QComboBox>(dialog, "exportWhose")->setCurrentIndex(0);
    auto* labels = child<QPushButton>(dialog, "exportLabels");
    QCOMPARE(labels->text(), QStringLiteral("All labels"));
    labels->menu()->actions().front()->trigger();
    QCOMPARE(dialog->choices().request().labels.size(), m_session->labels().size() - 1);
    QTRY_VERIFY(child<QLabel>(dialog, "exportLosses")->text().contains(QStringLiteral("not chosen")));
    dialog->reject();
}

void TestExportDialog::stoppedLeavesNoFile() {
    ExportDialog* dialog = show();
    const QString path = m_folder->filePath(QStringLiteral("out.csv"));
    QSignalSpy finished(dialog, &ExportDialog::finishedExport);
    // The lane is busy, so that the stop comes before the end.
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    for (int i = 0; i < 4; ++i)
        m_session->jobs().start<bool>(
            session::Lane::Io, QStringLiteral("busy"),
            [released](JobContext&) -> Result<bool> {
                released.wait();
                return true;
            },
            m_window.get(), [](Result<bool>) {});
    dialog->exportTo(path);
    dialog->reject();  // as Escape and Cancel: stop, not close
    QVERIFY(dialog->isVisible());
    QCOMPARE(child<QPushButton>(dialog, "exportCancel")->isEnabled(), false);  // asked once
    release.set_value();
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!QFile::exists(path));
    QCOMPARE(child<QLabel>(dialog, "exportOutcome")->text(), QStringLiteral("The export was stopped."));
}

void TestExportDialog::unwritableSaysWhy() {
    ExportDialog* dialog = show();
    QSignalSpy finished(dialog, &ExportDialog::finishedExport);
    dialog->exportTo(m_folder->filePath(QStringLiteral("no/such/folder/out.csv")));
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!child<QLabel>(dialog, "exportOutcome")->text().isEmpty());
    QVERIFY(!child<QPushButton>(dialog, "exportShowFolder")->isVisible());
}

LATHE_GUI_TEST(TestExportDialog)
#include "tst_export_dialog.moc"
