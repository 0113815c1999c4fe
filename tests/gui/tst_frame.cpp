// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The frame: start page, pages by shortcut, language and theme while it runs, a project that another program holds,
// messages, and closing while something runs.
#include <QtTest>

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>

#include <thread>

#include "app/job_bar.h"
#include "app/main_window.h"
#include "app/nav_rail.h"
#include "dialogs/file_dialog.h"
#include "dialogs/message_box.h"
#include "dialogs/settings_dialog.h"
#include "dialogs/shortcuts_dialog.h"
#include "gui/support/gui_support.h"
#include "session/session.h"
#include "widgets/message_bar.h"
#include "widgets/theme.h"

using namespace lathe;

namespace {

const QStringList kPages = {QStringLiteral("corpus"), QStringLiteral("label"),    QStringLiteral("review"),
                            QStringLiteral("train"),  QStringLiteral("evaluate"), QStringLiteral("chat")};

struct Frame {
    session::Session session;
    app::MainWindow window{session, pages::makePageRegistry()};

    Frame() {
        window.resize(1280, 800);
        window.show();
        if (!QTest::qWaitForWindowActive(&window))  // shortcuts only work in the active window
            qFatal("the window did not become active");
    }
    template <class T>
    T* find(const char* name) {
        return window.findChild<T*>(QString::fromLatin1(name));
    }
};

/// A job that ends when it is asked to.
std::shared_ptr<session::Job> startPatientJob(session::Session& session, QObject* context) {
    return session.jobs().start<int>(
        session::Lane::Compute, QStringLiteral("patient job"),
        [](JobContext& job) -> Result<int> {
            for (int i = 0; !job.stopRequested(); ++i) {
                job.progress(i % 1000, 1000, "working");
                job.boundary();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            return fail(ErrorCode::Canceled, "stopped");
        },
        context, [](const Result<int>&) {}, true);
}

QColor pixel(QWidget& widget, const QPoint& at) {
    return widget.grab().toImage().pixelColor(at);
}

}  // namespace

class TestFrame : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void startsOnTheWelcomePage();
    void pagesByShortcut();
    void pagesAreMadeOnFirstVisit();
    void projectStateInTheBar();
    void themeSwitchesWhileRunning();
    void languageSwitchesWhileRunning();
    void busyProjectOffersReading();
    void aFolderThatIsNoProject();
    void newProjectThroughTheDialog();
    void demoProject();
    void searchGoesToTheCorpus();
    void closingWhileAJobRunsAsks();
    void jobBarShowsAndStops();
    void timeLeft();
    void shortcutListHasEveryAction();
    void everyControlHasAName();
    void dialogsShowAllTheirText();
    void messageBar();
    void exceptionInASlot();

private:
    QTemporaryDir m_folder;
    int m_count = 0;
    QString m_project;
};

void TestFrame::init() {
    m_project = test::makeProject(m_folder.filePath(QStringLiteral("p%1").arg(++m_count)), 5);
}

void TestFrame::startsOnTheWelcomePage() {
    Frame frame;
    QVERIFY(frame.window.currentPage().isEmpty());
    QVERIFY(frame.find<QWidget>("welcomePage")->isVisible());
    QVERIFY(frame.find<QPushButton>("welcomeDemo")->isVisible());
    QVERIFY(!frame.find<QAbstractButton>("rail_label")->isEnabled());
    QTest::keyClick(&frame.window, Qt::Key_2, Qt::ControlModifier);
    QVERIFY(frame.window.currentPage().isEmpty());
}

void TestFrame::pagesByShortcut() {
    Frame frame;
    frame.window.openProject(m_project);
    QTRY_VERIFY(frame.session.hasProject());
    for (int i = 0; i < kPages.size(); ++i) {
        QTest::keyClick(&frame.window, static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
        QTRY_COMPARE(frame.window.currentPage(), kPages[i]);
        QVERIFY(frame.window.findChild<QWidget*>(kPages[i] + QStringLiteral("Page"))->isVisible());
        QVERIFY(frame.window.findChild<QAbstractButton*>(QStringLiteral("rail_") + kPages[i])->isChecked());
    }
    QTest::mouseClick(frame.find<QAbstractButton>("rail_label"), Qt::LeftButton);
    QCOMPARE(frame.window.currentPage(), QStringLiteral("label"));
}

void TestFrame::pagesAreMadeOnFirstVisit() {
    Frame frame;
    frame.window.openProject(m_project, false, QStringLiteral("label"));
    QCOMPARE(frame.window.currentPage(), QStringLiteral("label"));
    QVERIFY(!frame.find<QWidget>("trainPage"));
    Q_EMIT frame.session.pageRequested(QStringLiteral("train"), {});
    QVERIFY(frame.find<QWidget>("trainPage"));
    frame.window.actions().closeProject->trigger();
    QTRY_VERIFY(!frame.session.hasProject());
    QVERIFY(!frame.find<QWidget>("trainPage"));
    QVERIFY(frame.find<QWidget>("welcomePage")->isVisible());
    // The project that was open is offered again.
    bool offered = false;
    for (const auto* button : frame.find<QWidget>("welcomePage")->findChildren<QPushButton*>())
        offered = offered || button->toolTip() == m_project;
    QVERIFY(offered);
}

void TestFrame::projectStateInTheBar() {
    Frame frame;
    frame.window.openProject(m_project);
    QCOMPARE(frame.find<QLabel>("dataState")->text(), QStringLiteral("15 labelled of 20"));
    auto& store = frame.session.store();
    corpus::SampleFilter unlabelled;
    unlabelled.state = corpus::LabelState::Unlabelled;
    const auto left = store.find(unlabelled);
    QVERIFY(left.has_value());
    corpus::Annotation annotation;
    annotation.sample = left->front();
    annotation.label = frame.session.labels().front().id;
    QVERIFY(store.annotate(annotation).has_value());
    frame.session.notifyAnnotation(annotation.sample);
    QTRY_COMPARE(frame.find<QLabel>("dataState")->text(), QStringLiteral("16 labelled of 20"));
}

void TestFrame::themeSwitchesWhileRunning() {
    auto* application = qobject_cast<app::Application*>(qApp);
    Frame frame;
    frame.window.openProject(m_project);
    const QPoint onRail(4, 400);
    application->setThemeName(QStringLiteral("dark"));
    QVERIFY(widgets::theme().dark);
    QTRY_COMPARE(pixel(frame.window, onRail), widgets::theme().surface);
    QVERIFY(pixel(frame.window, onRail).lightness() < 64);
    application->setThemeName(QStringLiteral("light"));
    QTRY_COMPARE(pixel(frame.window, onRail), widgets::theme().surface);
    QVERIFY(pixel(frame.window, onRail).lightness() > 192);
}

void TestFrame::languageSwitchesWhileRunning() {
    auto* application = qobject_cast<app::Application*>(qApp);
    Frame frame;
    frame.window.openProject(m_project, false, QStringLiteral("train"));
    auto* before = frame.find<QWidget>("trainPage");
    QSignalSpy gone(before, &QObject::destroyed);
    application->setLanguage(QStringLiteral("zh_CN"));
    QTRY_VERIFY_WITH_TIMEOUT(gone.count() == 1, 10000);  // made anew, in the new language
    QTRY_COMPARE(frame.window.currentPage(), QStringLiteral("train"));
    QCOMPARE(application->language(), QStringLiteral("zh_CN"));
    QVERIFY(frame.find<QAbstractButton>("rail_train")->isChecked());
    application->setLanguage(QStringLiteral("en"));
    QTRY_COMPARE(frame.find<QAbstractButton>("rail_train")->text(), QStringLiteral("Train"));
    QTRY_COMPARE(frame.window.currentPage(), QStringLiteral("train"));
}

void TestFrame::busyProjectOffersReading() {
    const auto holder = corpus::Project::open(m_project.toStdString());
    QVERIFY(holder.has_value());
    Frame frame;
    frame.window.openProject(m_project, false, QStringLiteral("label"));
    QVERIFY(!frame.session.hasProject());
    QVERIFY(frame.window.messages().isVisible());
    QCOMPARE(frame.window.messages().kind(), widgets::MessageBar::Kind::Warning);
    auto* action = frame.find<QPushButton>("messageAction");
    QVERIFY(action->isVisible());
    QTest::mouseClick(action, Qt::LeftButton);
    QTRY_VERIFY(frame.session.hasProject());
    QVERIFY(frame.session.isReadOnly());
    QCOMPARE(frame.window.currentPage(), QStringLiteral("label"));
    QVERIFY(frame.find<QLabel>("readOnlyMark")->isVisible());
    QVERIFY(!frame.window.actions().importFile->isEnabled());
    QVERIFY(!frame.window.messages().isVisible());
}

void TestFrame::aFolderThatIsNoProject() {
    Frame frame;
    frame.window.openProject(m_project);
    const QString before = frame.session.projectFolder();
    frame.window.openProject(m_folder.filePath(QStringLiteral("nothing here")));
    QTRY_VERIFY(frame.window.messages().isVisible());
    QCOMPARE(frame.window.messages().kind(), widgets::MessageBar::Kind::Error);
    QCOMPARE(frame.session.projectFolder(), before);  // the old one stays open
    QVERIFY(!frame.window.currentPage().isEmpty());
}

void TestFrame::newProjectThroughTheDialog() {
    Frame frame;
    dialogs::FileDialog::setNextFileName(m_folder.filePath(QStringLiteral("mine.lathe")));
    QTest::keyClick(&frame.window, Qt::Key_N, Qt::ControlModifier);
    QTRY_COMPARE(frame.session.projectName(), QStringLiteral("mine"));
    QCOMPARE(frame.find<QPushButton>("projectMenuButton")->text(), QStringLiteral("mine"));
    dialogs::FileDialog::setNextFileName(m_project);
    QTest::keyClick(&frame.window, Qt::Key_O, Qt::ControlModifier);
    QTRY_COMPARE(frame.session.projectFolder(), m_project);
}

void TestFrame::demoProject() {
    Frame frame;
    test::StallMeter stalls;
    frame.window.openDemo(QStringLiteral("corpus"));
    QTRY_VERIFY_WITH_TIMEOUT(frame.session.hasProject(), 20000);
    QVERIFY(frame.session.counts().samples >= 1000);
    QVERIFY(frame.session.counts().labelled >= 700);
    QCOMPARE(frame.session.labels().size(), std::size_t{12});
    const QString folder = frame.session.projectFolder();
    frame.window.actions().closeProject->trigger();
    frame.window.openDemo();  // the same again, not a second one
    QTRY_COMPARE(frame.session.projectFolder(), folder);
    qInfo("longest stall of the window while the demo was made: %.0f ms", stalls.longestMs());
}

void TestFrame::searchGoesToTheCorpus() {
    Frame frame;
    frame.window.openProject(m_project, false, QStringLiteral("chat"));
    QTest::keyClick(&frame.window, Qt::Key_K, Qt::ControlModifier);
    auto* field = frame.find<QLineEdit>("searchField");
    QTRY_VERIFY(field->hasFocus() || frame.window.focusWidget() == field);
    QSignalSpy asked(&frame.session, &session::Session::pageRequested);
    QTest::keyClicks(field, QStringLiteral("transfer"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][1].toString(), QStringLiteral("transfer"));
    QCOMPARE(frame.window.currentPage(), QStringLiteral("corpus"));
}

void TestFrame::closingWhileAJobRunsAsks() {
    Frame frame;
    frame.window.openProject(m_project);
    const auto job = startPatientJob(frame.session, &frame.window);
    dialogs::MessageBox::setNextAnswer(dialogs::Answer::Cancel);
    QVERIFY(!frame.window.close());
    QTest::qWait(50);
    QVERIFY(frame.window.isVisible());
    QVERIFY(!job->control->stopRequested());
    QVERIFY(dialogs::MessageBox::lastText().contains(QStringLiteral("patient job")));
    dialogs::MessageBox::setNextAnswer(dialogs::Answer::Accept);
    QVERIFY(!frame.window.close());
    QTRY_VERIFY(!frame.window.isVisible());
    QVERIFY(job->control->stopRequested());
    QVERIFY(frame.session.jobs().isIdle());
}

void TestFrame::jobBarShowsAndStops() {
    Frame frame;
    auto* title = frame.find<QLabel>("jobTitle");
    auto* stop = frame.find<QAbstractButton>("jobStop");
    QVERIFY(!stop->isVisible());
    const auto job = startPatientJob(frame.session, &frame.window);
    QTRY_VERIFY(title->text().contains(QStringLiteral("patient job")));
    QTRY_VERIFY(frame.find<QLabel>("jobStatus")->text().contains(QStringLiteral("%")));
    QTest::mouseClick(frame.find<QAbstractButton>("jobPause"), Qt::LeftButton);
    QVERIFY(job->control->isPaused());
    QTest::mouseClick(frame.find<QAbstractButton>("jobPause"), Qt::LeftButton);
    QVERIFY(!job->control->isPaused());
    QTest::mouseClick(stop, Qt::LeftButton);
    QTRY_VERIFY(frame.session.jobs().isIdle());
    QTRY_VERIFY(!stop->isVisible());
}

void TestFrame::timeLeft() {
    app::TimeLeft left;
    QVERIFY(left.update(0, 100, 0) < 0);
    QVERIFY(left.update(1, 100, 0.5) < 0);  // too early
    const double later = left.update(10, 100, 10);
    QVERIFY(std::abs(later - 90) < 1);
    QVERIFY(left.update(3, 50, 11) < 0);  // another stage
    QVERIFY(std::abs(left.update(13, 50, 21) - 37) < 1);
    QVERIFY(left.update(5, 0, 30) < 0);  // unknown total
}

void TestFrame::shortcutListHasEveryAction() {
    Frame frame;
    frame.window.openProject(m_project);
    QTest::keyClick(&frame.window, Qt::Key_F1);
    auto* dialog = frame.window.findChild<dialogs::ShortcutsDialog*>();
    QVERIFY(dialog);
    QStringList words;
    for (const auto* row : dialog->findChildren<QWidget*>(QStringLiteral("shortcutRow")))
        words << row->property("words").toString();
    const QString all = words.join(QLatin1Char('\n'));
    for (const auto* action : frame.window.actions().all())
        if (!action->shortcut().isEmpty())
            QVERIFY2(all.contains(action->shortcut().toString(QKeySequence::NativeText)), qPrintable(action->text()));
    QVERIFY(all.contains(QStringLiteral("Corpus Ctrl+1")));
    auto* filter = dialog->findChild<QLineEdit*>();
    filter->setText(QStringLiteral("full scr"));
    int visible = 0;
    for (const auto* row : dialog->findChildren<QWidget*>(QStringLiteral("shortcutRow")))
        visible += row->isVisible() ? 1 : 0;
    QCOMPARE(visible, 1);
    dialog->close();
}

void TestFrame::everyControlHasAName() {
    Frame frame;
    frame.window.openProject(m_project);
    QStringList nameless;
    for (const QString& id : kPages) {
        frame.window.showPage(id);
        QTest::qWait(20);
        for (const auto* button : frame.window.findChildren<QAbstractButton*>()) {
            const QString kind = QString::fromLatin1(button->metaObject()->className());
            const bool qts = kind.startsWith(QLatin1String("QTable")) || kind.startsWith(QLatin1String("QLineEdit")) ||
                             button->objectName().startsWith(QLatin1String("qt_"));
            if (button->isVisible() && !qts && button->accessibleName().isEmpty() && button->text().isEmpty())
                nameless << QStringLiteral("%1 \"%2\" on %3").arg(kind, button->objectName(), id);
        }
    }
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QStringLiteral("; "))));
}

void TestFrame::dialogsShowAllTheirText() {
    auto* application = qobject_cast<app::Application*>(qApp);
    const QString pictures = qEnvironmentVariable("LATHE_PICTURES");  // a folder: to look at them
    for (const QString& language : {QStringLiteral("en"), QStringLiteral("zh_CN")}) {
        application->setLanguage(language);
        Frame frame;
        frame.window.openProject(m_project);
        for (QAction* action :
             {frame.window.actions().settings, frame.window.actions().about, frame.window.actions().shortcuts}) {
            action->trigger();
            auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
            QVERIFY2(dialog, qPrintable(action->objectName()));
            QTRY_VERIFY(frame.session.jobs().isIdle());
            QTest::qWait(30);
            for (const auto* label : dialog->findChildren<QLabel*>())
                if (label->isVisible() && label->pixmap().isNull()) {
                    const int needed =
                        label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
                    QVERIFY2(label->height() >= needed, qPrintable(label->text()));
                }
            if (!pictures.isEmpty())
                dialog->grab().save(QStringLiteral("%1/%2_%3.png").arg(pictures, action->objectName(), language));
            dialog->close();
            QTRY_VERIFY(!QApplication::activeModalWidget());
        }
    }
    application->setLanguage(QStringLiteral("en"));
}

void TestFrame::messageBar() {
    Frame frame;
    Q_EMIT frame.session.messagePosted(QStringLiteral("It went wrong"), QStringLiteral("line 7"), true);
    auto& bar = frame.window.messages();
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.text(), QStringLiteral("It went wrong"));
    QTest::mouseClick(frame.find<QPushButton>("messageDetails"), Qt::LeftButton);
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("line 7")));
    QTest::mouseClick(frame.find<QAbstractButton>("messageClose"), Qt::LeftButton);
    QVERIFY(!bar.isVisible());
}

void TestFrame::exceptionInASlot() {
    auto* application = qobject_cast<app::Application*>(qApp);
    QSignalSpy caught(application, &app::Application::exceptionCaught);
    QTimer::singleShot(0, this, [] { throw std::runtime_error("out of a slot"); });
    QTRY_COMPARE(caught.count(), 1);
    QCOMPARE(caught[0][0].toString(), QStringLiteral("out of a slot"));
}

LATHE_GUI_TEST(TestFrame)
#include "tst_frame.moc"
