// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Train page by hand: start, live curves, pause, stop, resume, the table of runs, and the window's stalls
// meanwhile.
#include <QtTest>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>

#include "dialogs/file_dialog.h"
#include "gui/support/train_support.h"
#include "pages/train/run_curves.h"
#include "pages/train/train_page.h"
#include "plots/live_plot.h"
#include "widgets/controls.h"
#include "widgets/option_form.h"

using namespace lathe;
using pages::TrainPage;
using State = session::TrainController::State;

namespace {

constexpr double kLongestStallMs = 100;

struct Fixture {
    QTemporaryDir folder;
    session::Session session;
    std::unique_ptr<TrainPage> page;

    explicit Fixture(const QString& projectFolder = {}) {
        const QString project =
            projectFolder.isEmpty() ? test::makeProject(folder.filePath(QStringLiteral("p"))) : projectFolder;
        if (const auto opened = session.openProject(project); !opened)
            qFatal("%s", opened.error().message.c_str());
        page = test::makePage<TrainPage>(session, "train");
    }
    template <class T>
    T* find(const char* name) {
        return page->findChild<T*>(QString::fromLatin1(name));
    }
    void click(const char* button) { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
    void choose(const char* model) {
        auto* box = find<QComboBox>("modelChoice");
        box->setCurrentIndex(box->findData(QString::fromLatin1(model)));
        Q_EMIT box->activated(box->currentIndex());
    }
    void setOptions(const Json& values) { find<widgets::OptionForm>("trainOptions")->setValue(values); }
    std::size_t lossPoints() { return page->findChild<pages::RunCurves*>()->loss().points(0).size(); }
    State state() { return page->controller().state(); }
};

}  // namespace

class TestTrainPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ngramFromOneClick();
    void withoutLabelsItSaysWhatIsMissing();
    void answersSuggestAModelThatWrites();
    void encoderPausesStopsAndResumes();
    void curvesAreThereAgain();
    void aWrongOptionBlocksStart();
};

void TestTrainPage::ngramFromOneClick() {
    Fixture f;
    QCOMPARE(f.find<QComboBox>("modelChoice")->currentData().toString(), QStringLiteral("ngram"));
    QVERIFY(f.find<QLabel>("dataLine")->text().contains(QStringLiteral("60")));
    f.click("startButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.state(), State::Finished, 60000);
    auto& curves = *f.page->findChild<pages::RunCurves*>();
    QVERIFY(curves.loss().points(0).size() >= 5);
    QVERIFY(curves.loss().points(1).size() >= 5);  // dev
    const auto runs = f.page->controller().history();
    QCOMPARE(runs.size(), std::size_t{1});
    QCOMPARE(runs[0].status, QStringLiteral("done"));
    QCOMPARE(runs[0].samples, 60);
    QVERIFY(runs[0].bestAccuracy > 0.9);  // the label's words are in the texts
    QCOMPARE(f.find<widgets::StatTile>("accuracyTile")->value(), QStringLiteral("100.0 %"));
    QCOMPARE(f.find<QTableView>("runsTable")->model()->rowCount(), 1);
    QVERIFY(f.find<QPushButton>("evaluateRunButton")->isEnabled());
    QSignalSpy asked(&f.session, &session::Session::pageRequested);
    f.click("chatRunButton");
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("chat"));
    QCOMPARE(asked[0][1].toString(), runs[0].id);
    // The run as one page for somebody who was not there.
    QTemporaryDir folder;
    const QString report = folder.filePath(QStringLiteral("run.html"));
    dialogs::FileDialog::setNextFileName(report);
    f.click("reportRunButton");
    QFile page(report);
    QTRY_VERIFY(page.exists());
    QVERIFY(page.open(QIODevice::ReadOnly));
    QVERIFY(page.readAll().contains("</html>"));
    QCoreApplication::processEvents();
    QSignalSpy posted(&f.session, &session::Session::messagePosted);
    dialogs::FileDialog::setNextFileName(folder.filePath(QStringLiteral("no/such/folder/run.csv")));
    f.click("reportRunButton");
    QTRY_COMPARE(posted.count(), 1);
    QVERIFY(posted[0][2].toBool());
}

void TestTrainPage::withoutLabelsItSaysWhatIsMissing() {
    QTemporaryDir folder;
    Fixture f(test::makeProject(folder.filePath(QStringLiteral("empty")), 3, {}));
    QVERIFY(!f.find<QPushButton>("startButton")->isEnabled());
    const auto findings = f.page->findChildren<QLabel*>(QStringLiteral("finding"));
    QCOMPARE(findings.size(), 1);
    QVERIFY2(findings[0]->text().contains(QStringLiteral("Nothing is labelled")), qPrintable(findings[0]->text()));
}

void TestTrainPage::answersSuggestAModelThatWrites() {
    QTemporaryDir folder;
    Fixture f(test::makeAnswerProject(folder.filePath(QStringLiteral("qa"))));
    QCOMPARE(f.find<QComboBox>("modelChoice")->currentData().toString(), QStringLiteral("fresh-decoder"));
    QVERIFY(f.find<QPushButton>("startButton")->isEnabled());
}

void TestTrainPage::encoderPausesStopsAndResumes() {
    Fixture f;
    f.choose("fresh-encoder");
    Json options = test::tinyShape();
    options["epochs"] = 400;
    options["batch_size"] = 8;
    options["pretrain_epochs"] = 2;
    f.setOptions(options);
    const test::StallMeter meter;
    f.click("startButton");
    QTRY_COMPARE(f.state(), State::Running);

    // Curves grow while it runs.
    QTRY_VERIFY_WITH_TIMEOUT(f.lossPoints() > 10, 60000);
    const auto before = f.lossPoints();
    QTRY_VERIFY_WITH_TIMEOUT(f.lossPoints() > before + 10, 30000);
    QVERIFY(f.page->findChild<pages::RunCurves*>()->hasPretraining());

    f.click("pauseButton");
    QTRY_COMPARE(f.state(), State::Paused);
    QTest::qWait(300);
    const auto paused = f.lossPoints();
    QTest::qWait(400);
    QCOMPARE(f.lossPoints(), paused);
    f.click("pauseButton");
    QTRY_VERIFY_WITH_TIMEOUT(f.lossPoints() > paused, 30000);

    f.click("stopButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.state(), State::Canceled, 30000);
    auto runs = f.page->controller().history();
    QCOMPARE(runs[0].status, QStringLiteral("stopped"));
    QVERIFY(runs[0].canResume);
    const auto stoppedAt = f.lossPoints();

    QVERIFY(f.find<QPushButton>("resumeButton")->isVisible());
    f.click("resumeButton");
    QTRY_VERIFY_WITH_TIMEOUT(f.lossPoints() > stoppedAt, 60000);
    // One run without a gap: every step once.
    const auto& points = f.page->findChild<pages::RunCurves*>()->loss().points(0);
    for (std::size_t i = 0; i < points.size(); ++i)
        QCOMPARE(points[i].x(), static_cast<double>(i + 1));
    f.click("stopButton");
    QTRY_COMPARE_WITH_TIMEOUT(f.state(), State::Canceled, 30000);
    QCOMPARE(f.page->controller().history().size(), std::size_t{1});
    qInfo("longest stall of the window while training: %.1f ms in %d turns", meter.longestMs(), meter.turns());
    QVERIFY(meter.turns() > 50);
    QVERIFY2(meter.longestMs() < kLongestStallMs, qPrintable(QString::number(meter.longestMs())));
}

void TestTrainPage::curvesAreThereAgain() {
    Fixture f;
    const QString id = test::trainAndWait(f.session, "ngram");
    QVERIFY(!id.isEmpty());
    f.page.reset();
    f.page = test::makePage<TrainPage>(f.session, "train");
    QCOMPARE(f.page->shownRun(), id);
    QTRY_VERIFY(f.lossPoints() >= 5);
    QVERIFY(!f.find<QPushButton>("resumeButton")->isVisible());
    // A second run, then the first again by the table.
    const QString second = test::trainAndWait(f.session, "ngram", {{"epochs", 7}});
    f.page->selectRun(second);
    QTRY_COMPARE(f.lossPoints(), std::size_t{7});
    f.page->selectRun(id);
    QTRY_COMPARE(f.lossPoints(), std::size_t{20});
}

void TestTrainPage::aWrongOptionBlocksStart() {
    Fixture f;
    auto* rate = f.page->findChild<QLineEdit*>(QStringLiteral("option_learning_rate"));
    QVERIFY(rate);
    rate->setText(QStringLiteral("fast"));
    QVERIFY(!f.find<QPushButton>("startButton")->isEnabled());
    rate->setText(QStringLiteral("0.3"));
    QVERIFY(f.find<QPushButton>("startButton")->isEnabled());
}

LATHE_GUI_TEST(TestTrainPage)
#include "tst_train_page.moc"
