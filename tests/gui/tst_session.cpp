// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, the words for errors and numbers, and the opened project with its news.
#include <QSettings>
#include <QtTest>

#include "core/log.h"
#include "gui/support/gui_support.h"
#include "session/error_text.h"
#include "session/log_file.h"
#include "session/session.h"

using namespace lathe;
using namespace lathe::session;

class TestSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settingsKeepWhatFits();
    void numbers_data();
    void numbers();
    void durations_data();
    void durations();
    void everyErrorHasWords();
    void projectComesAndGoes();
    void annotationsAreCounted();
    void failedOpenKeepsTheOldProject();
    void readOnlyBesideAWriter();
    void recentProjectsThatAreGoneAreLeftOut();
    void resourcesAreFound();
    void logIsKeptAndTurnedOver();

private:
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
};

void TestSession::settingsKeepWhatFits() {
    Settings::useFile(path("one.ini"));
    {
        Settings settings;
        QCOMPARE(settings.text(Setting::Theme), QStringLiteral("system"));
        QCOMPARE(settings.value(Setting::ComputeThreads).toInt(), 0);
        QVERIFY(!settings.text(Setting::Annotator).isEmpty());
        QSignalSpy changed(&settings, &Settings::changed);
        settings.set(Setting::Theme, QStringLiteral("dark"));
        settings.set(Setting::Theme, QStringLiteral("dark"));
        QCOMPARE(changed.count(), 1);
        settings.set(Setting::ComputeThreads, 3);
        settings.set(Setting::RecentProjects, QStringList{QStringLiteral("/a, b"), QStringLiteral("/银行.lathe")});
    }
    const Settings again;
    QCOMPARE(again.text(Setting::Theme), QStringLiteral("dark"));
    QCOMPARE(again.value(Setting::ComputeThreads), QVariant(3));
    QCOMPARE(again.value(Setting::RecentProjects).toStringList().last(), QStringLiteral("/银行.lathe"));
    QCOMPARE(again.value(Setting::RecentProjects).toStringList().first(), QStringLiteral("/a, b"));
    QSettings(path("one.ini"), QSettings::IniFormat)
        .setValue(QStringLiteral("compute/threads"), QStringLiteral("many"));
    QCOMPARE(Settings().value(Setting::ComputeThreads).toInt(), 0);
    Settings::useFile(path("settings.ini"));
}

void TestSession::numbers_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    const QChar thin(0x202F);
    QTest::newRow("none") << 0.0 << "0";
    QTest::newRow("whole") << 42.0 << "42";
    QTest::newRow("small") << 0.251 << "0.25";
    QTest::newRow("below the unit") << 999.0 << "999";
    QTest::newRow("rounds up into the unit") << 999.6 << "1.0" + QString(thin) + "k";
    QTest::newRow("thousands") << 4100.0 << "4.1" + QString(thin) + "k";
    QTest::newRow("hundred thousands") << 123456.0 << "123" + QString(thin) + "k";
    QTest::newRow("rounds up to millions") << 999999.0 << "1.0" + QString(thin) + "M";
    QTest::newRow("negative") << -4100.0 << "-4.1" + QString(thin) + "k";
    QTest::newRow("not a number") << std::nan("") << QStringLiteral("–");
}

void TestSession::numbers() {
    QFETCH(double, value);
    QTEST(compactNumber(value), "text");
}

void TestSession::durations_data() {
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("short") << 1.23 << "1.2 s";
    QTest::newRow("no 10.0") << 9.97 << "10 s";
    QTest::newRow("no 60 s") << 59.7 << "1 min";
    QTest::newRow("minutes") << 95.0 << "1 min 35 s";
    QTest::newRow("no 60 min") << 3599.8 << "1 h";
    QTest::newRow("hours") << 7890.0 << "2 h 12 min";
    QTest::newRow("unknown") << -1.0 << QStringLiteral("–");
}

void TestSession::durations() {
    QFETCH(double, seconds);
    QTEST(duration(seconds), "text");
    QCOMPARE(percent(0.8731), QStringLiteral("87.3 %"));
}

void TestSession::everyErrorHasWords() {
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
        const Error error{static_cast<ErrorCode>(code), "x.csv has no column \"text\"", "stack"};
        const QString text = errorText(error);
        QVERIFY(text.size() > 10);
        QVERIFY2(text.endsWith(QLatin1Char('.')), qPrintable(text));
        QVERIFY(!text.contains(QStringLiteral("stack")));
        QVERIFY2(!errorText({static_cast<ErrorCode>(code), "", ""}).contains(QStringLiteral("%1")), qPrintable(text));
    }
}

void TestSession::projectComesAndGoes() {
    Session session;
    QSignalSpy projects(&session, &Session::projectChanged);
    QVERIFY(!session.hasProject());
    QVERIFY(session.createProject(path("fresh.lathe")).has_value());
    QCOMPARE(session.projectName(), QStringLiteral("fresh"));
    QCOMPARE(session.counts().samples, 0);
    QCOMPARE(projects.count(), 1);
    QVERIFY(session.openProject(path("fresh.lathe")).has_value());  // it is open: no lock against itself
    QCOMPARE(projects.count(), 1);
    session.closeProject();
    QVERIFY(!session.hasProject());
    QCOMPARE(projects.count(), 2);
    QVERIFY(corpus::Project::open(path("fresh.lathe").toStdString()).has_value());  // the lock is free again
    QCOMPARE(session.recentProjects().first(), path("fresh.lathe"));
}

void TestSession::annotationsAreCounted() {
    Session session;
    QVERIFY(session.openProject(test::makeProject(path("count"), 4)).has_value());
    QCOMPARE(session.counts().labelled, 12);
    QCOMPARE(session.labels().size(), std::size_t{3});
    QCOMPARE(session.labels().front().count, 4);
    corpus::SampleFilter unlabelled;
    unlabelled.state = corpus::LabelState::Unlabelled;
    const auto left = session.store().find(unlabelled);
    QCOMPARE(left->size(), std::size_t{4});
    QSignalSpy annotated(&session, &Session::annotationChanged);
    corpus::Annotation annotation;
    annotation.sample = left->front();
    annotation.label = session.labels().front().id;
    QVERIFY(session.store().annotate(annotation).has_value());
    session.notifyAnnotation(annotation.sample);
    QCOMPARE(annotated.count(), 1);
    QTRY_COMPARE(session.counts().labelled, 13);
    QCOMPARE(session.label(*annotation.label)->count, 5);
    QVERIFY(!session.label(999999));
}

void TestSession::failedOpenKeepsTheOldProject() {
    Session session;
    QVERIFY(session.createProject(path("kept.lathe")).has_value());
    const auto opened = session.openProject(path("not there"));
    QVERIFY(!opened.has_value());
    QCOMPARE(session.projectName(), QStringLiteral("kept"));
    QVERIFY(session.store().counts().has_value());
}

void TestSession::readOnlyBesideAWriter() {
    const QString folder = test::makeProject(path("shared"), 2);
    Session writer;
    QVERIFY(writer.openProject(folder).has_value());
    Session reader;
    const auto refused = reader.openProject(folder);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::Busy);
    QVERIFY(reader.openProject(folder, true).has_value());
    QVERIFY(reader.isReadOnly());
    QCOMPARE(reader.counts().samples, writer.counts().samples);
}

void TestSession::recentProjectsThatAreGoneAreLeftOut() {
    Session session;
    QVERIFY(session.createProject(path("gone.lathe")).has_value());
    session.closeProject();
    QCOMPARE(session.recentProjects().first(), path("gone.lathe"));
    QVERIFY(QDir(path("gone.lathe")).removeRecursively());
    QVERIFY(!session.recentProjects().contains(path("gone.lathe")));
}

void TestSession::resourcesAreFound() {
    QVERIFY(QFileInfo::exists(Session::resourcesFolder() + QStringLiteral("/demo/questions.csv")));
    qputenv("LATHE_RESOURCES", "");  // as a build tree without an environment has it
    QVERIFY(QFileInfo::exists(Session::resourcesFolder() + QStringLiteral("/demo/questions.csv")));
}

void TestSession::logIsKeptAndTurnedOver() {
    const QString file = path("logs/log.txt");
    const auto text = [](const QString& name) {
        QFile in(name);
        return in.open(QIODevice::ReadOnly) ? QString::fromUtf8(in.readAll()) : QString();
    };
    {
        const LogFile log(file, 2000);
        logInfo("test", "first line, 银行");
        QVERIFY(text(file).contains(QStringLiteral("first line, 银行")));
        for (int i = 0; i < 60; ++i)
            logInfo("test", "line {} of many that fill the file", i);
    }
    logInfo("test", "after the end");
    QVERIFY(QFileInfo(file).size() <= 2100);
    QVERIFY(QFileInfo(file + QStringLiteral(".1")).size() <= 2100);
    QVERIFY(text(file).contains(QStringLiteral("line 59")));
    QVERIFY(!text(file).contains(QStringLiteral("after the end")));
    const LogFile nowhere(QStringLiteral("/proc/no/log.txt"));  // does not keep the program from running
    logInfo("test", "still alive");
}

LATHE_GUI_TEST(TestSession)
#include "tst_session.moc"
