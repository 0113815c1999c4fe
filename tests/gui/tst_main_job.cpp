// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The main job through the real window, as a user does it: make a project, import banking77 through the dialog, label
// by keyboard, undo, train and watch the curves grow, stop, resume, open a confusion cell, ask the chat pane a
// question. The longest stall of the GUI thread during training is measured.
#include <QAbstractItemView>
#include <QComboBox>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>

#include "app/main_window.h"
#include "dialogs/file_dialog.h"
#include "dialogs/import_dialog.h"
#include "gui/support/gui_support.h"
#include "pages/chat/chat_page.h"
#include "pages/evaluate/confusion_matrix.h"
#include "pages/evaluate/evaluate_page.h"
#include "pages/label/label_page.h"
#include "pages/train/run_curves.h"
#include "pages/train/train_form.h"
#include "pages/train/train_page.h"
#include "plots/live_plot.h"
#include "session/session.h"
#include "widgets/option_form.h"

using namespace lathe;
using State = session::TrainController::State;

namespace {

/// The bound for the longest stall of the window while a run goes on.
constexpr double kLongestStallMs = 100;

std::size_t pointsOf(const plots::LivePlot& plot) {
    std::size_t points = 0;
    for (int series = 0; series < plot.seriesCount(); ++series)
        points += plot.points(series).size();
    return points;
}

}  // namespace

class MainJobTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_data = qEnvironmentVariable("LATHE_SHARED") + QStringLiteral("/data/banking77/train.csv");
        if (!QFile::exists(m_data))
            QSKIP("the shared material has no data/banking77/train.csv here");
        m_session = std::make_unique<session::Session>();
        m_window = std::make_unique<app::MainWindow>(*m_session, pages::makePageRegistry());
        m_window->resize(1440, 900);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void makesAProject() {
        dialogs::FileDialog::setNextFileName(m_folder.filePath(QStringLiteral("bank.lathe")));
        QTest::keyClick(m_window.get(), Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(m_session->hasProject());
        QVERIFY(QFile::exists(m_folder.filePath(QStringLiteral("bank.lathe/project.db"))));
    }

    void importsThroughTheDialog() {
        importFile(m_data);
        QTRY_COMPARE(m_session->counts().samples, 10003);
        QCOMPARE(m_session->counts().labelled, 10003);
        QCOMPARE(m_session->labels().size(), std::size_t{77});
        QFile fresh(m_folder.filePath(QStringLiteral("fresh.txt")));
        QVERIFY(fresh.open(QIODevice::WriteOnly));
        for (int i = 0; i < 20; ++i)
            fresh.write(
                QStringLiteral("Where is the card that I ordered %1 days ago? 我的卡呢？\n").arg(i + 3).toUtf8());
        fresh.close();
        importFile(fresh.fileName());
        QTRY_COMPARE(m_session->counts().samples, 10023);
        QTRY_COMPARE(m_session->counts().unlabelled, 20);
    }

    void labelsByKeyboardAndUndoes() {
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        QTRY_COMPARE(m_window->currentPage(), QStringLiteral("label"));
        auto* page = m_window->findChild<pages::LabelPage*>();
        QVERIFY(page);
        QTRY_VERIFY(page->currentSample() != 0);
        std::vector<corpus::SampleId> given;
        for (const Qt::Key key : {Qt::Key_1, Qt::Key_2, Qt::Key_1, Qt::Key_3, Qt::Key_2}) {
            const auto before = page->currentSample();
            QTest::keyClick(page, key);
            QTRY_VERIFY(page->currentSample() != before);
            const auto sample = m_session->store().sample(before);
            QVERIFY(sample.has_value() && sample->label.has_value());
            QCOMPARE(m_session->label(*sample->label)->key, std::string(1, static_cast<char>('0' + (key - Qt::Key_0))));
            given.push_back(before);
        }
        QTRY_COMPARE(m_session->counts().unlabelled, 15);
        QTest::keyClick(page, Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(!m_session->store().sample(given.back())->label.has_value());
        QTRY_COMPARE(page->currentSample(), given.back());
        QTest::keyClick(page, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(m_session->store().sample(given.back())->label.has_value());
    }

    void trainsStopsAndResumes() {
        QTest::keyClick(m_window.get(), Qt::Key_4, Qt::ControlModifier);
        auto* page = m_window->findChild<pages::TrainPage*>();
        QVERIFY(page);
        auto* form = page->findChild<pages::TrainForm*>();
        form->chooseModel(QStringLiteral("fresh-encoder"));
        form->optionForm().setValue({{"epochs", 4},
                                     {"learning_rate", 2e-3},
                                     {"pretrain_epochs", 1},
                                     {"layers", 2},
                                     {"hidden_size", 64},
                                     {"heads", 4},
                                     {"vocab_size", 2000},
                                     {"eval_every", 100}});
        auto* start = page->findChild<QPushButton*>(QStringLiteral("startButton"));
        QTRY_VERIFY(start->isEnabled());
        const auto& curves = *page->findChild<pages::RunCurves*>();
        test::StallMeter stalls;
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(page->controller().state(), State::Running, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(pointsOf(curves.loss()) > 20, 60000);
        const std::size_t early = pointsOf(curves.loss());
        QTRY_VERIFY_WITH_TIMEOUT(pointsOf(curves.loss()) > early + 20, 60000);
        // Into the labels' part of the run, past its first evaluation: that is where the accuracy curve begins.
        QTRY_VERIFY_WITH_TIMEOUT(pointsOf(curves.metric()) > 2, 120000);

        QTest::mouseClick(page->findChild<QPushButton*>(QStringLiteral("stopButton")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(page->controller().state(), State::Canceled, 30000);
        const QString run = page->controller().runId();
        const std::size_t stopped = pointsOf(curves.loss());
        page->selectRun(run);
        auto* resume = page->findChild<QPushButton*>(QStringLiteral("resumeButton"));
        QTRY_VERIFY(resume->isEnabled());
        QTest::mouseClick(resume, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(page->controller().state(), State::Finished, 180000);
        QCOMPARE(page->controller().runId(), run);
        QVERIFY(pointsOf(curves.loss()) > stopped);
        QVERIFY(page->controller().outcome().bestDevAccuracy > 0.05);
        qInfo("longest stall of the window during training: %.1f ms over %d turns", stalls.longestMs(), stalls.turns());
        QVERIFY2(stalls.longestMs() < kLongestStallMs, "the window stood still for too long");
    }

    void opensAConfusionCell() {
        QTest::keyClick(m_window.get(), Qt::Key_5, Qt::ControlModifier);
        auto* page = m_window->findChild<pages::EvaluatePage*>();
        QVERIFY(page);
        auto* start = page->findChild<QPushButton*>(QStringLiteral("evaluateButton"));
        QTRY_VERIFY(start->isEnabled());
        QTest::mouseClick(start, Qt::LeftButton);
        pages::ConfusionMatrix& matrix = page->matrix();
        QTRY_VERIFY_WITH_TIMEOUT(matrix.report().items > 900, 60000);
        const auto& report = matrix.report();
        QCOMPARE(report.labels.size(), std::size_t{77});
        // The fullest cell off the diagonal: what the model confuses most.
        std::size_t gold = 0, predicted = 1;
        for (std::size_t g = 0; g < 77; ++g)
            for (std::size_t p = 0; p < 77; ++p)
                if (g != p && report.at(g, p) > report.at(gold, predicted))
                    gold = g, predicted = p;
        QVERIFY(report.at(gold, predicted) > 0);
        const QRectF cell = matrix.cellRect(static_cast<int>(gold), static_cast<int>(predicted));
        QTest::mouseClick(matrix.viewport(), Qt::LeftButton, {}, cell.center().toPoint());
        auto* items = page->findChild<QListView*>(QStringLiteral("itemsList"));
        QTRY_COMPARE(items->model()->rowCount(), static_cast<int>(report.at(gold, predicted)));
    }

    void asksTheChatPane() {
        QTest::keyClick(m_window.get(), Qt::Key_6, Qt::ControlModifier);
        auto* page = m_window->findChild<pages::ChatPage*>();
        QVERIFY(page);
        auto* composer = page->findChild<QPlainTextEdit*>(QStringLiteral("composerText"));
        auto* send = page->findChild<QPushButton*>(QStringLiteral("sendButton"));
        QVERIFY(composer && send);
        QTRY_VERIFY_WITH_TIMEOUT(composer->isEnabled(), 20000);
        QTest::keyClicks(composer, QStringLiteral("My card has still not arrived"));
        QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled(), 20000);
        QTest::keyClick(composer, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!page->findChildren<QWidget*>(QStringLiteral("shareLabel")).isEmpty(), 30000);
        QTRY_COMPARE(page->findChildren<QWidget*>(QStringLiteral("userTurn")).size(), 1);
        QVERIFY(m_session->store().chat(10)->size() >= 2);
    }

    void cleanupTestCase() {
        m_window.reset();
        m_session.reset();
    }

private:
    /// Ctrl+I, the file through the dialog's seam, Import, and the report is closed again.
    void importFile(const QString& file) {
        dialogs::FileDialog::setNextFileName(file);
        QTest::keyClick(m_window.get(), Qt::Key_I, Qt::ControlModifier);
        QPointer<dialogs::ImportDialog> dialog;
        QTRY_VERIFY((dialog = m_window->findChild<dialogs::ImportDialog*>()) != nullptr);
        auto* go = dialog->findChild<QPushButton*>(QStringLiteral("importStart"));
        QTRY_VERIFY_WITH_TIMEOUT(go->isEnabled(), 10000);
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(dialog && dialog->step() == dialogs::ImportDialog::Step::Report, 60000);
        QVERIFY(dialog->results().front().problem.isEmpty());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog || !dialog->isVisible());
        delete dialog;
        m_window->activateWindow();
        QTRY_VERIFY(QApplication::activeWindow() == m_window.get());
    }

    QTemporaryDir m_folder;
    QString m_data;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<app::MainWindow> m_window;
};

LATHE_GUI_TEST(MainJobTest)
#include "tst_main_job.moc"
