// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The import dialog: what it detects, what a person corrects, what it reports; hostile files; stop half-way.
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStringEncoder>
#include <QTableView>

#include "dialogs/import_dialog.h"
#include "dialogs/import_report_pane.h"
#include "gui/support/gui_support.h"
#include "session/session.h"
#include "support/small_workbook.h"
#include "widgets/controls.h"

using namespace lathe;
using dialogs::ImportDialog;

class TestImportDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tableWithHeader();
    void rolesAreGivenOnce();
    void withoutHeader();
    void gb18030();
    void wrongEncodingCanBeCorrected();
    void refusedRowsAreListed();
    void duplicatesAreCounted();
    void severalFiles();
    void unreadableFileSaysWhy();
    void stopTakesTheFileOut();
    void closingTheDialogEarlyIsHarmless();
    void sheetsCanBeChosen();
    void textUnitsCanBeChosen();
    void archivesReportTheirFiles();
    void choicesAreRemembered();
    void banking77();

private:
    QString write(const char* name, const QByteArray& bytes);
    ImportDialog* show(const QStringList& files);
    bool ready(ImportDialog* dialog) const { return go(dialog)->isEnabled(); }
    static QPushButton* go(ImportDialog* dialog) {
        return dialog->findChild<QPushButton*>(QStringLiteral("importStart"));
    }
    static QComboBox* box(ImportDialog* dialog, const char* name) {
        return dialog->findChild<QComboBox*>(QString::fromLatin1(name));
    }
    static void choose(QComboBox* box, const QString& text);
    corpus::ImportReport run(ImportDialog* dialog);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<QWidget> m_window;
};

void TestImportDialog::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_session = std::make_unique<session::Session>();
    QVERIFY(m_session->createProject(m_folder->filePath(QStringLiteral("p"))));
    m_window = std::make_unique<QWidget>();
    m_window->show();
}

void TestImportDialog::cleanup() {
    m_window.reset();
    m_session.reset();
    m_folder.reset();
}

QString TestImportDialog::write(const char* name, const QByteArray& bytes) {
    const QString path = m_folder->filePath(QString::fromLatin1(name));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
    return path;
}

ImportDialog* TestImportDialog::show(const QStringList& files) {
    auto* dialog = new ImportDialog(*m_session, files, m_window.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->open();
    return dialog;
}

void TestImportDialog::choose(QComboBox* box, const QString& text) {
    const int index = box->findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
}

corpus::ImportReport TestImportDialog::run(ImportDialog* dialog) {
    QSignalSpy finished(dialog, &ImportDialog::finishedImport);
    QTest::mouseClick(go(dialog), Qt::LeftButton);
    if (!finished.wait(60000) || dialog->results().empty())
        return {};
    if (!dialog->results().front().problem.isEmpty())
        qWarning("%s", qPrintable(dialog->results().front().problem));
    return dialog->results().front().report;
}

void TestImportDialog::tableWithHeader() {
    auto* dialog =
        show({write("a.csv", "text,label,page\nWhere is my card?,lost,3\n\"He said \"\"no\"\", twice\",other,4\n")});
    QTRY_VERIFY(ready(dialog));
    QCOMPARE(box(dialog, "importEncoding")->currentText(), QStringLiteral("UTF-8"));
    QCOMPARE(box(dialog, "importDelimiter")->currentText(), QStringLiteral("Comma"));
    QCOMPARE(box(dialog, "role_0")->currentText(), QStringLiteral("Text"));
    QCOMPARE(box(dialog, "role_1")->currentText(), QStringLiteral("Label"));
    QCOMPARE(box(dialog, "role_2")->currentText(), QStringLiteral("Other"));
    auto* table = dialog->findChild<QTableView*>(QStringLiteral("previewTable"));
    QCOMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(1, 0).data().toString(), QStringLiteral("He said \"no\", twice"));
    choose(box(dialog, "importSplit"), QStringLiteral("All for the final test"));
    const corpus::ImportReport report = run(dialog);
    QCOMPARE(report.taken, 2);
    QCOMPARE(report.labelled, 2);
    QCOMPARE(m_session->counts().samples, 2);
    QCOMPARE(m_session->counts().test, 2);
    QCOMPARE(m_session->labels().size(), std::size_t(2));
    QCOMPARE(dialog->step(), ImportDialog::Step::Report);
    QTest::mouseClick(go(dialog), Qt::LeftButton);
    QVERIFY(!dialog->isVisible());
}

void TestImportDialog::rolesAreGivenOnce() {
    auto* dialog = show({write("a.csv", "text,label,title\nlong text here,x,short one\nanother text,y,short two\n")});
    QTRY_VERIFY(ready(dialog));
    choose(box(dialog, "role_2"), QStringLiteral("Text"));
    QCOMPARE(box(dialog, "role_0")->currentText(), QStringLiteral("Other"));
    choose(box(dialog, "role_2"), QStringLiteral("Other"));
    QVERIFY(!ready(dialog));  // nothing holds the text now
    choose(box(dialog, "role_2"), QStringLiteral("Text"));
    QVERIFY(ready(dialog));
    QCOMPARE(run(dialog).taken, 2);
    const auto ids = *m_session->store().find({});
    QCOMPARE((*m_session->store().sample(ids[0])).text, std::string("short one"));
}

void TestImportDialog::withoutHeader() {
    auto* dialog = show({write("a.csv", "text,label\nfirst one,a\nsecond one,b\n")});
    QTRY_VERIFY(ready(dialog));
    auto* header = dialog->findChild<widgets::Toggle*>(QStringLiteral("importHeader"));
    QVERIFY(header->isChecked());
    header->click();
    QTRY_VERIFY(ready(dialog));
    QCOMPARE(box(dialog, "role_0")->currentText(), QStringLiteral("Text"));
    QCOMPARE(box(dialog, "role_1")->currentText(), QStringLiteral("Label"));
    QCOMPARE(run(dialog).taken, 3);
}

void TestImportDialog::gb18030() {
    // "text,label\n" and lines of Chinese in GB18030 bytes.
    QByteArray bytes = "text,label\n";
    for (int i = 0; i < 40; ++i)
        bytes += "\xCE\xD2\xB5\xC4\xBF\xA8\xB6\xAA\xC1\xCB\xD4\xF5\xC3\xB4\xB0\xEC,\xB9\xD2\xCA\xA7\n";
    auto* dialog = show({write("gb.csv", bytes)});
    QTRY_VERIFY(ready(dialog));
    QCOMPARE(box(dialog, "importEncoding")->currentText(), QStringLiteral("GB18030"));
    const QString shown =
        dialog->findChild<QTableView*>(QStringLiteral("previewTable"))->model()->index(0, 0).data().toString();
    QCOMPARE(shown, QString::fromUtf8("我的卡丢了怎么办"));
    const corpus::ImportReport report = run(dialog);
    QCOMPARE(report.taken, 1);
    QCOMPARE(report.duplicates, 39);
    QCOMPARE(m_session->labels().front().name, std::string("挂失"));
}

void TestImportDialog::wrongEncodingCanBeCorrected() {
    auto* dialog = show({write("u.csv", QByteArray("text,label\n") + QByteArray("挂失我的卡,急\n").repeated(3))});
    QTRY_VERIFY(ready(dialog));
    auto* model = dialog->findChild<QTableView*>(QStringLiteral("previewTable"))->model();
    choose(box(dialog, "importEncoding"), QStringLiteral("windows-1252"));
    QTRY_VERIFY(model->rowCount() > 0 && model->index(0, 0).data().toString() != QString::fromUtf8("挂失我的卡"));
    choose(box(dialog, "importEncoding"), QStringLiteral("UTF-8"));
    QTRY_COMPARE(model->index(0, 0).data().toString(), QString::fromUtf8("挂失我的卡"));
    QTRY_VERIFY(ready(dialog));
}

void TestImportDialog::refusedRowsAreListed() {
    auto* dialog = show({write("bad.jsonl",
                               "{\"text\": \"good one\", \"label\": \"a\"}\n"
                               "{\"text\": \"broken\n"
                               "{\"text\": \"good two\", \"label\": \"b\"}\n"
                               "not json at all\n")});
    QTRY_VERIFY(ready(dialog));
    const corpus::ImportReport report = run(dialog);
    QCOMPARE(report.taken, 2);
    QCOMPARE(report.rejected, 2);
    auto* table = dialog->findChild<QTableView*>(QStringLiteral("issueTable"));
    QCOMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(0, 1).data().toInt(), 2);
    QCOMPARE(table->model()->index(1, 1).data().toInt(), 4);
    QVERIFY(!table->model()->index(0, 2).data().toString().isEmpty());
    QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("copyReport")), Qt::LeftButton);
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.contains(QStringLiteral("bad.jsonl:4")), qPrintable(copied));
    QVERIFY2(copied.contains(QStringLiteral("not json at all")), qPrintable(copied));
}

void TestImportDialog::duplicatesAreCounted() {
    const QString file = write("a.txt", "one line\nanother line\none line\n");
    auto* first = show({file});
    QTRY_VERIFY(ready(first));
    QCOMPARE(run(first).duplicates, 1);
    first->close();
    auto* second = show({file});
    QTRY_VERIFY(ready(second));
    second->findChild<widgets::Toggle*>(QStringLiteral("skipDuplicates"))->click();
    const corpus::ImportReport report = run(second);
    QCOMPARE(report.duplicates, 0);
    QCOMPARE(report.taken, 3);
    QCOMPARE(m_session->counts().samples, 5);
}

void TestImportDialog::severalFiles() {
    auto* dialog = show({write("a.txt", "one\ntwo\n"), write("zero.bin", QByteArray(5000, '\0')),
                         write("c.csv", "text;label\nthree;x\n")});
    QTRY_VERIFY(ready(dialog));
    run(dialog);
    const auto& results = dialog->results();
    QCOMPARE(results.size(), std::size_t(3));
    QCOMPARE(results[0].report.taken, 2);
    QVERIFY(!results[1].problem.isEmpty());
    QCOMPARE(results[2].report.taken, 1);
    QCOMPARE(m_session->counts().samples, 3);
}

void TestImportDialog::unreadableFileSaysWhy() {
    auto* dialog = show({write("zero.bin", QByteArray(5000, '\0'))});
    auto* notes = dialog->findChild<QLabel*>(QStringLiteral("importNotes"));
    QTRY_VERIFY(!notes->text().isEmpty());
    QVERIFY(!ready(dialog));
    dialog->close();
    auto* gone = show({m_folder->filePath(QStringLiteral("nowhere.csv"))});
    notes = gone->findChild<QLabel*>(QStringLiteral("importNotes"));
    QTRY_VERIFY2(notes->text().contains(QStringLiteral("nowhere.csv")), qPrintable(notes->text()));
    QVERIFY(!ready(gone));
}

void TestImportDialog::stopTakesTheFileOut() {
    QByteArray bytes = "text,label\n";
    for (int i = 0; i < 400'000; ++i)
        bytes += "message number " + QByteArray::number(i) + " about a card,x\n";
    auto* dialog = show({write("big.csv", bytes)});
    QTRY_VERIFY(ready(dialog));
    QSignalSpy finished(dialog, &ImportDialog::finishedImport);
    test::StallMeter meter;
    QTest::mouseClick(go(dialog), Qt::LeftButton);
    QTRY_VERIFY(dialog->findChild<widgets::ProbabilityBar*>()->value() > 0.02);
    QCOMPARE(dialog->step(), ImportDialog::Step::Run);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(finished.wait(60000));
    QVERIFY(dialog->results().front().canceled);
    QCOMPARE(m_session->counts().samples, 0);
    QVERIFY(dialog->isVisible());
    qInfo("longest stall of the window while importing: %.1f ms", meter.longestMs());
    QVERIFY2(meter.longestMs() < 500, qPrintable(QString::number(meter.longestMs())));
}

void TestImportDialog::closingTheDialogEarlyIsHarmless() {
    const QString file = write("a.txt", "one\ntwo\n");
    auto* dialog = show({file});
    delete dialog;  // while the preview is being read
    QTRY_VERIFY(m_session->jobs().isIdle());
    dialog = show({file});
    QTRY_VERIFY(ready(dialog));
    dialog->start();
    delete dialog;  // while the import runs
    QTRY_VERIFY(m_session->jobs().isIdle());
    // Stopped before it began, or done: the project is whole either way, and the session knows.
    QTRY_VERIFY(m_session->counts().samples == 0 || m_session->counts().samples == 2);
}

void TestImportDialog::sheetsCanBeChosen() {
    const auto sheet = [](const std::string& name, const std::string& text) {
        return "<row><c t=\"inlineStr\"><is><t>" + name + "</t></is></c></row><row><c t=\"inlineStr\"><is><t>" + text +
               "</t></is></c></row></sheetData>";
    };
    test::SmallWorkbook book;
    book.sheets = {{"One", sheet("text", "first")}, {"Two", sheet("content", "second")}};
    const QString path = m_folder->filePath(QStringLiteral("b.xlsx"));
    book.write(path.toStdString());
    auto* dialog = show({path});
    QTRY_VERIFY(ready(dialog));
    QVERIFY(!box(dialog, "importEncoding")->isVisible());
    QVERIFY(!box(dialog, "importUnit")->isVisible());
    QCOMPARE(box(dialog, "importTable")->currentText(), QStringLiteral("One"));
    choose(box(dialog, "importTable"), QStringLiteral("Two"));
    QTRY_VERIFY(ready(dialog));
    QCOMPARE(box(dialog, "importTable")->currentText(), QStringLiteral("Two"));
    QCOMPARE(run(dialog).taken, 1);
    QCOMPARE((*m_session->store().sample(1)).text, std::string("second"));
}

void TestImportDialog::textUnitsCanBeChosen() {
    auto* dialog = show({write("t.txt", "one\ntwo\n\nthree\n")});
    QTRY_VERIFY(ready(dialog));
    QVERIFY(!box(dialog, "importTable")->isVisible());
    QCOMPARE(box(dialog, "importUnit")->currentText(), QStringLiteral("A line is a sample"));
    choose(box(dialog, "importUnit"), QStringLiteral("A paragraph is a sample"));
    QTRY_VERIFY(ready(dialog));
    QCOMPARE(dialog->findChild<QTableView*>(QStringLiteral("previewTable"))->model()->rowCount(), 2);
    QCOMPARE(run(dialog).taken, 2);
}

void TestImportDialog::archivesReportTheirFiles() {
    const QString path = m_folder->filePath(QStringLiteral("a.zip"));
    test::writeZip(path.toStdString(),
                   {{"in/a.csv", "text,label\none,x\n"}, {"p.png", std::string("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16)}});
    auto* dialog = show({path});
    QTRY_VERIFY(ready(dialog));
    QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("importNotes"))->text().contains(QStringLiteral("in/a.csv")));
    const corpus::ImportReport report = run(dialog);
    QCOMPARE(report.taken, 1);
    QCOMPARE(report.leftOut, 1);
    auto* issues = dialog->findChild<QTableView*>(QStringLiteral("issueTable"));
    QVERIFY(!issues->isColumnHidden(0));
    QCOMPARE(issues->model()->index(0, 0).data().toString(), QStringLiteral("a.zip/p.png"));
}

void TestImportDialog::choicesAreRemembered() {
    auto* first = show({write("a.csv", "a,b,label\nlong enough,the text,x\n")});
    QTRY_VERIFY(ready(first));
    choose(box(first, "role_1"), QStringLiteral("Text"));
    choose(box(first, "role_2"), QStringLiteral("Other"));
    QCOMPARE(run(first).taken, 1);
    auto* second = show({write("b.csv", "a,b,label\nlong enough too,another text,y\n")});
    QTRY_VERIFY(ready(second));
    QCOMPARE(box(second, "role_1")->currentText(), QStringLiteral("Text"));
    QCOMPARE(box(second, "role_2")->currentText(), QStringLiteral("Other"));
}

void TestImportDialog::banking77() {
    const QString shared = qEnvironmentVariable("LATHE_SHARED");
    const QString file = shared + QStringLiteral("/data/banking77/train.csv");
    if (shared.isEmpty() || !QFile::exists(file))
        QSKIP("the shared corpora are not here (LATHE_SHARED)");
    auto* dialog = show({file});
    QTRY_VERIFY(ready(dialog));
    const corpus::ImportReport report = run(dialog);
    QCOMPARE(report.rows, 10'003);
    QCOMPARE(report.taken + report.duplicates + report.rejected, 10'003);
    QCOMPARE(report.rejected, 0);
    QCOMPARE(m_session->labels().size(), std::size_t(77));
}

LATHE_GUI_TEST(TestImportDialog)
#include "tst_import_dialog.moc"
