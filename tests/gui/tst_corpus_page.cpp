// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Corpus page: filters, pictures, import by argument, export, and what the context menu does to many texts.
#include <QAction>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDropEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

#include "dialogs/export_dialog.h"
#include "dialogs/file_dialog.h"
#include "dialogs/import_dialog.h"
#include "dialogs/message_box.h"
#include "gui/support/gui_support.h"
#include "itemmodels/sample_model.h"
#include "pages/corpus/bar_list.h"
#include "pages/corpus/corpus_page.h"
#include "pages/corpus/day_bars.h"
#include "pages/corpus/length_histogram.h"
#include "session/session.h"
#include "widgets/controls.h"
#include "widgets/empty_state.h"

using namespace lathe;
using pages::CorpusPage;

class TestCorpusPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void emptyStateOffersImport();
    void chipsAndSearchFilter();
    void barsShowTheBalanceAndFilter();
    void everyBarFilters();
    void conditionsAreChips();
    void filtersAreKept();
    void patternsAreSaidToBeWrong();
    void headersSort();
    void lengthsAreMeasured();
    void statisticsOfLengths();
    void importByArgumentAndDrop();
    void exportWritesWhatIsShown();
    void menuMarksMany();
    void removalAsks();
    void openOnTheLabelPage();
    void readOnly();

private:
    void openMade(int perLabel = 10);
    QTableView* table() const { return m_page->findChild<QTableView*>(QStringLiteral("corpusTable")); }
    widgets::Chip* chip(int state) const {
        return m_page->findChild<widgets::Chip*>(QStringLiteral("state_%1").arg(state));
    }
    QAction* menuAction(const QString& submenu, const QString& text);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<QWidget> m_window;
    CorpusPage* m_page = nullptr;
};

void TestCorpusPage::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_session = std::make_unique<session::Session>();
    m_window = std::make_unique<QWidget>();
    m_window->resize(1280, 800);
    auto* layout = new QVBoxLayout(m_window.get());
    m_page = new CorpusPage(*m_session, m_window.get());
    layout->addWidget(m_page);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestCorpusPage::cleanup() {
    QTRY_VERIFY(m_session->jobs().isIdle());
    m_window.reset();
    m_session.reset();
    m_folder.reset();
}

void TestCorpusPage::openMade(int perLabel) {
    QVERIFY(m_session->openProject(test::makeProject(m_folder->filePath(QStringLiteral("p")), perLabel)));
    m_page->activate({});
    QTRY_VERIFY(m_session->jobs().isIdle());
}

QAction* TestCorpusPage::menuAction(const QString& submenu, const QString& text) {
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(5, 5), QPoint(5, 5));
    QApplication::sendEvent(m_page, &event);
    auto* menu = m_page->findChild<QMenu*>(QStringLiteral("corpusMenu"));
    if (!menu)
        return nullptr;
    menu->setObjectName(QString());  // it deletes itself later; the next one is found anew
    for (QAction* action : menu->actions()) {
        if (submenu.isEmpty() && action->text() == text)
            return action;
        if (!submenu.isEmpty() && action->menu() && action->text() == submenu) {
            for (QAction* inner : action->menu()->actions()) {
                if (inner->text() == text)
                    return inner;
            }
        }
    }
    return nullptr;
}

void TestCorpusPage::emptyStateOffersImport() {
    auto* empty = m_page->findChild<widgets::EmptyState*>();
    QVERIFY(empty->isVisible());
    QVERIFY(m_session->createProject(m_folder->filePath(QStringLiteral("bare"))));
    QFile file(m_folder->filePath(QStringLiteral("a.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("one\ntwo\n");
    file.close();
    dialogs::FileDialog::setNextFileName(file.fileName());
    QTest::mouseClick(empty->action(), Qt::LeftButton);
    auto* dialog = m_window->findChild<dialogs::ImportDialog*>();
    QTRY_VERIFY(dialog || (dialog = m_window->findChild<dialogs::ImportDialog*>()));
    QPointer<dialogs::ImportDialog> shown(dialog);
    QSignalSpy finished(dialog, &dialogs::ImportDialog::finishedImport);
    QTRY_VERIFY(dialog->findChild<QAbstractButton*>(QStringLiteral("importStart"))->isEnabled());
    dialog->start();
    QVERIFY(finished.wait(20000));
    QCOMPARE(table()->model()->rowCount(), 2);
    QVERIFY(!empty->isVisible());
    shown->accept();
}

void TestCorpusPage::chipsAndSearchFilter() {
    openMade();
    QCOMPARE(table()->model()->rowCount(), 40);
    QTest::mouseClick(chip(1), Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 10);
    QTest::mouseClick(chip(2), Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 30);
    auto* search = m_page->findChild<QLineEdit*>(QStringLiteral("corpusSearch"));
    QTest::keyClick(m_page, Qt::Key_F, Qt::ControlModifier);
    QTRY_COMPARE(QApplication::focusWidget(), search);
    QTest::keyClicks(search, QStringLiteral("CASE 3"));
    QTRY_COMPARE(table()->model()->rowCount(), 3);
    QTest::mouseClick(m_page->findChild<QAbstractButton*>(QStringLiteral("clearFilter")), Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 40);
    m_page->activate(QStringLiteral("message 7"));
    QCOMPARE(table()->model()->rowCount(), 1);
    m_page->activate(QStringLiteral("no such words"));
    QCOMPARE(table()->model()->rowCount(), 0);
    auto* nothing = m_page->findChildren<widgets::EmptyState*>().back();
    QVERIFY(nothing->isVisible());
    QTest::mouseClick(nothing->action(), Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 40);
}

void TestCorpusPage::barsShowTheBalanceAndFilter() {
    openMade();
    auto* bars = m_page->findChild<pages::BarList*>();
    QCOMPARE(bars->bars().size(), std::size_t(3));
    QCOMPARE(bars->bars().front().count, 10);
    QTest::mouseClick(bars, Qt::LeftButton, Qt::NoModifier, QPoint(20, 40));  // the second line
    QCOMPARE(table()->model()->rowCount(), 10);
    const int label = static_cast<int>(itemmodels::SampleModel::Column::Label);
    QCOMPARE(table()->model()->index(0, label).data().toString(), bars->bars()[1].name);
}

void TestCorpusPage::everyBarFilters() {
    openMade();
    const auto chips = [&] {
        return m_page->findChild<QWidget*>(QStringLiteral("filterChips"))
            ->findChildren<widgets::Chip*>(QRegularExpression(QStringLiteral("^activeFilter_")));
    };
    const auto visibleChips = [&] { return std::ranges::count_if(chips(), &QWidget::isVisible); };
    const auto clear = [&] {
        QTest::mouseClick(m_page->findChild<QAbstractButton*>(QStringLiteral("clearFilter")), Qt::LeftButton);
        QCOMPARE(table()->model()->rowCount(), 40);
        QCOMPARE(visibleChips(), 0);
    };
    auto* sources = m_page->findChild<pages::BarList*>(QStringLiteral("sourceBars"));
    QCOMPARE(sources->bars().front().count, 40);
    sources->setFocus();
    QTest::keyClick(sources, Qt::Key_Down);
    QTest::keyClick(sources, Qt::Key_Return);
    QCOMPARE(visibleChips(), 1);
    QCOMPARE(table()->model()->rowCount(), 40);
    clear();
    auto* lengths = m_page->findChild<pages::LengthHistogram*>();
    const auto& statistics = lengths->statistics();
    const auto fullest = std::ranges::max_element(statistics.bins) - statistics.bins.begin();
    const int x =
        static_cast<int>((static_cast<double>(fullest) + 0.5) * lengths->width() / pages::LengthHistogram::kBins);
    QTest::mouseClick(lengths, Qt::LeftButton, Qt::NoModifier, QPoint(x, lengths->height() / 2));
    QCOMPARE(table()->model()->rowCount(), static_cast<int>(statistics.bins[static_cast<std::size_t>(fullest)]));
    clear();
    auto* days = m_page->findChild<pages::DayBars*>();
    QCOMPARE(days->days().size(), std::size_t(1));
    QCOMPARE(days->days().front().labelled, 30);
    QTest::mouseClick(days, Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 30);
    clear();
    auto* terms = m_page->findChild<pages::BarList*>(QStringLiteral("terms"));
    auto* of = m_page->findChild<QComboBox*>(QStringLiteral("termsOf"));
    of->setCurrentIndex(of->findText(QStringLiteral("lost card")));
    QStringList words;
    for (const auto& bar : terms->bars())
        words << bar.name;
    QVERIFY2(words.contains(QStringLiteral("lost")) && words.contains(QStringLiteral("card")),
             qPrintable(words.join(QLatin1Char(' '))));
    QVERIFY(!words.contains(QStringLiteral("transfer")));  // only in the others
    QTest::mouseClick(terms, Qt::LeftButton, Qt::NoModifier, QPoint(20, 10));
    QCOMPARE(table()->model()->rowCount(), 10);
    clear();
}

void TestCorpusPage::conditionsAreChips() {
    openMade();
    auto* button = m_page->findChild<QPushButton*>(QStringLiteral("moreFilters"));
    auto* menu = button->menu();
    const auto choose = [&](const char* part, const QString& text) {
        menu->popup(QPoint(0, 0));
        auto* inner = menu->findChild<QMenu*>(QString::fromLatin1(part));
        QVERIFY2(inner, part);
        const auto actions = inner->actions();
        const auto action = std::ranges::find(actions, text, &QAction::text);
        QVERIFY2(action != actions.end(), qPrintable(text));
        (*action)->trigger();
        menu->close();
    };
    choose("filterAnyLabels", QStringLiteral("transfer"));
    QCOMPARE(table()->model()->rowCount(), 10);
    choose("filterAnyLabels", QStringLiteral("lost card"));
    QCOMPARE(table()->model()->rowCount(), 20);
    choose("filterSplit", QStringLiteral("Test"));
    QCOMPARE(table()->model()->rowCount(), 0);
    auto* second = m_page->findChild<widgets::Chip*>(QStringLiteral("activeFilter_1"));
    QVERIFY(second->isVisible() && second->text().contains(QStringLiteral("Test")));
    QTest::mouseClick(second, Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 20);
    choose("filterNoLabels", QStringLiteral("transfer"));
    QCOMPARE(table()->model()->rowCount(), 10);
    menu->popup(QPoint(0, 0));
    auto* least = menu->findChild<QSpinBox*>(QStringLiteral("leastLength"));
    least->setValue(1000);
    QTest::mouseClick(menu->findChild<QPushButton*>(QStringLiteral("applyLength")), Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 0);
    choose("filterOrder", QStringLiteral("Shuffled"));
    QTest::mouseClick(m_page->findChild<QAbstractButton*>(QStringLiteral("clearFilter")), Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 40);
    const auto* model = static_cast<itemmodels::SampleModel*>(table()->model());
    QCOMPARE(model->filter().order, corpus::Order::Random);
    QVERIFY(!std::ranges::is_sorted(model->ids()));
}

void TestCorpusPage::filtersAreKept() {
    openMade();
    m_page->activate(QStringLiteral("case 3"));
    QCOMPARE(table()->model()->rowCount(), 3);
    auto* menu = m_page->findChild<QPushButton*>(QStringLiteral("savedFilters"))->menu();
    menu->popup(QPoint(0, 0));
    auto* name = menu->findChild<QLineEdit*>(QStringLiteral("filterName"));
    QVERIFY(name->isEnabled());
    name->setFocus();
    QTest::keyClicks(name, QStringLiteral("threes"));
    QTest::keyClick(name, Qt::Key_Return);
    m_page->activate(QStringLiteral("message"));
    QCOMPARE(table()->model()->rowCount(), 10);
    menu->popup(QPoint(0, 0));
    QCOMPARE(menu->actions().front()->text(), QStringLiteral("threes"));
    menu->actions().front()->trigger();
    menu->close();
    QCOMPARE(table()->model()->rowCount(), 3);
    QCOMPARE(m_page->findChild<QLineEdit*>(QStringLiteral("corpusSearch"))->text(), QStringLiteral("case 3"));
}

void TestCorpusPage::patternsAreSaidToBeWrong() {
    openMade();
    auto* search = m_page->findChild<QLineEdit*>(QStringLiteral("corpusSearch"));
    QTest::mouseClick(m_page->findChild<QAbstractButton*>(QStringLiteral("searchPattern")), Qt::LeftButton);
    search->setText(QStringLiteral("case [34]$"));
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_COMPARE(table()->model()->rowCount(), 6);
    QSignalSpy posted(m_session.get(), &session::Session::messagePosted);
    search->setText(QStringLiteral("case [34"));
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_COMPARE(posted.count(), 1);
    QVERIFY2(posted.front().front().toString().contains(QStringLiteral("8")),
             qPrintable(posted.front().front().toString()));
}

void TestCorpusPage::headersSort() {
    openMade();
    auto* header = table()->horizontalHeader();
    const auto click = [&](itemmodels::SampleModel::Column column) {
        const int section = static_cast<int>(column);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, Qt::NoModifier,
                          QPoint(header->sectionViewportPosition(section) + 12, header->height() / 2));
    };
    const auto texts = [&] {
        QStringList all;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            all << table()->model()->index(row, 0).data().toString();
        return all;
    };
    const QStringList imported = texts();
    click(itemmodels::SampleModel::Column::Text);
    QVERIFY(std::ranges::is_sorted(texts()));
    QVERIFY(texts() != imported);
    click(itemmodels::SampleModel::Column::Text);
    QVERIFY(std::ranges::is_sorted(texts(), std::ranges::greater()));
    click(itemmodels::SampleModel::Column::Text);
    QCOMPARE(texts(), imported);
    click(itemmodels::SampleModel::Column::Label);
    QCOMPARE(table()->model()->index(0, 1).data().toString(), QStringLiteral("lost card"));
    QVERIFY(table()->model()->index(39, 1).data().toString().isEmpty());
}

void TestCorpusPage::lengthsAreMeasured() {
    openMade();
    const auto& statistics = m_page->findChild<pages::LengthHistogram*>()->statistics();
    QCOMPARE(statistics.measured, 40);
    QCOMPARE(std::accumulate(statistics.bins.begin(), statistics.bins.end(), std::int64_t(0)), 40);
    QVERIFY(statistics.median > 20 && statistics.median < 60);
}

void TestCorpusPage::statisticsOfLengths() {
    QCOMPARE(pages::lengthStatistics({}, 0).measured, 0);
    std::vector<std::int64_t> lengths(1000, 10);
    lengths.push_back(1'000'000);
    const auto statistics = pages::lengthStatistics(lengths, 1001);
    QCOMPARE(statistics.median, 10);
    QCOMPARE(statistics.longest, 1'000'000);
    QCOMPARE(statistics.binWidth, 1);  // one giant does not flatten the picture
    QCOMPARE(statistics.bins.at(10), 1000);
    QCOMPARE(statistics.bins.back(), 1);
}

void TestCorpusPage::importByArgumentAndDrop() {
    openMade();
    const QString path = m_folder->filePath(QStringLiteral("b.csv"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("text,label\nhello there,x\n");
    file.close();
    m_page->activate(QStringLiteral("import:") + path);
    auto* dialog = m_window->findChild<dialogs::ImportDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QTRY_VERIFY(m_session->jobs().isIdle());
    dialog->setObjectName(QString());
    dialog->reject();
    QTRY_VERIFY(!m_window->findChild<dialogs::ImportDialog*>());
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_page, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_page, &drop);
    dialog = m_window->findChild<dialogs::ImportDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    dialog->reject();
}

void TestCorpusPage::exportWritesWhatIsShown() {
    openMade();
    QTest::mouseClick(chip(1), Qt::LeftButton);
    const QString path = m_folder->filePath(QStringLiteral("out.csv"));
    QTest::keyClick(m_page, Qt::Key_E, Qt::ControlModifier);
    auto* dialog = m_window->findChild<dialogs::ExportDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QSignalSpy finished(dialog, &dialogs::ExportDialog::finishedExport);
    dialogs::FileDialog::setNextFileName(path);
    QTest::keyClick(dialog, Qt::Key_Return);
    QVERIFY(finished.wait(10000));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count('\n'), 11);  // the names, and the ten that are shown
    dialog->accept();
}

void TestCorpusPage::menuMarksMany() {
    openMade();
    QTest::mouseClick(chip(1), Qt::LeftButton);
    table()->selectAll();
    QCOMPARE(m_page->selectedSamples().size(), std::size_t(10));
    QAction* give = menuAction(QStringLiteral("Give a label"), QStringLiteral("transfer"));
    QVERIFY(give);
    give->trigger();
    QTRY_COMPARE(m_session->counts().labelled, 40);
    QTRY_VERIFY(m_session->jobs().isIdle());
    QCOMPARE(table()->model()->rowCount(), 0);  // none without a label is left
    QTest::keyClick(m_page, Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(m_session->counts().labelled, 30);
    QTRY_COMPARE(table()->model()->rowCount(), 10);
    table()->selectRow(0);
    QAction* split = menuAction(QStringLiteral("Set the split"), QStringLiteral("Test"));
    QVERIFY(split);
    split->trigger();
    QTRY_COMPARE(m_session->counts().test, 1);
    QTRY_VERIFY(m_session->jobs().isIdle());
    table()->selectRow(1);
    menuAction({}, QStringLiteral("Flag"))->trigger();
    QTRY_COMPARE(m_session->counts().flagged, 1);
}

void TestCorpusPage::removalAsks() {
    openMade();
    table()->selectRow(0);
    const corpus::SampleId id = m_page->selectedSamples().front();
    dialogs::MessageBox::setNextAnswer(dialogs::Answer::Cancel);
    QTest::keyClick(table(), Qt::Key_Delete);
    QTest::qWait(100);
    QCOMPARE(m_session->counts().samples, 40);
    dialogs::MessageBox::setNextAnswer(dialogs::Answer::Accept);
    QTest::keyClick(table(), Qt::Key_Delete);
    QTRY_COMPARE(m_session->counts().samples, 39);
    QVERIFY(dialogs::MessageBox::lastText().contains(QStringLiteral("1")));
    const auto left = *m_session->store().find({});
    QVERIFY(std::find(left.begin(), left.end(), id) == left.end());
}

void TestCorpusPage::openOnTheLabelPage() {
    openMade();
    QSignalSpy asked(m_session.get(), &session::Session::pageRequested);
    const QRect cell = table()->visualRect(table()->model()->index(2, 0));
    QTest::mouseClick(table()->viewport(), Qt::LeftButton, Qt::NoModifier, cell.center());
    QTest::mouseDClick(table()->viewport(), Qt::LeftButton, Qt::NoModifier, cell.center());
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().at(0).toString(), QStringLiteral("label"));
    const auto* model = static_cast<itemmodels::SampleModel*>(table()->model());
    QCOMPARE(asked.front().at(1).toString(), QString::number(model->idAt(2)));
}

void TestCorpusPage::readOnly() {
    QVERIFY(m_session->openProject(test::makeProject(m_folder->filePath(QStringLiteral("p")), 5), true));
    QVERIFY(!m_page->findChild<QAbstractButton*>(QStringLiteral("importButton"))->isEnabled());
    QVERIFY(m_page->findChild<QAbstractButton*>(QStringLiteral("exportButton"))->isEnabled());
    QSignalSpy posted(m_session.get(), &session::Session::messagePosted);
    m_page->importFiles({QStringLiteral("x.csv")});
    QCOMPARE(posted.count(), 1);
    QVERIFY(!m_window->findChild<dialogs::ImportDialog*>());
}

LATHE_GUI_TEST(TestCorpusPage)
#include "tst_corpus_page.moc"
