// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A labelling run in the real window is killed with SIGKILL between key presses, a hundred times at random moments.
// After each kill, every label that the screen had confirmed (the next text was painted) must be in the project.
#include <QtTest>

#include <csignal>
#include <cstdio>
#include <map>

#include "app/application.h"
#include "app/main_window.h"
#include "corpus/project.h"
#include "pages/label/label_page.h"
#include "session/session.h"

using namespace lathe;

namespace {

constexpr int kKills = 100;
constexpr int kSamples = 20000;

QString projectFolder(const QTemporaryDir& folder) {
    return folder.filePath(QStringLiteral("kill.lathe"));
}

/// The labelling run: keys 1 to 3 at random until somebody ends it. Prints "sample label-key" once the screen shows the
/// next text.
int labelUntilKilled(app::Application& application, const QString& project, quint32 seed) {
    Q_UNUSED(application)
    session::Settings::useFile(project + QStringLiteral("/settings-%1.ini").arg(seed));
    session::Session session;
    app::MainWindow window(session, pages::makePageRegistry());
    window.resize(1280, 800);
    window.show();
    window.openProject(project, false, QStringLiteral("label"));
    pages::LabelPage* page = nullptr;
    if (!QTest::qWaitFor([&] {
            page = window.findChild<pages::LabelPage*>();
            return page && page->currentSample() != 0;
        }))
        return 3;
    QRandomGenerator random(seed);
    std::puts("ready");
    std::fflush(stdout);
    for (;;) {
        const auto before = page->currentSample();
        if (before == 0)
            return 4;
        const int key = 1 + static_cast<int>(random.bounded(3u));
        QTest::keyClick(page, static_cast<Qt::Key>(Qt::Key_0 + key));
        if (!QTest::qWaitFor([&] { return page->currentSample() != before; }))
            return 5;
        page->repaint();
        std::printf("%lld %d\n", static_cast<long long>(before), key);
        std::fflush(stdout);
    }
}

}  // namespace

class SigkillWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        auto project = corpus::Project::create(projectFolder(m_folder).toStdString());
        QVERIFY2(project.has_value(), project ? "" : project.error().message.c_str());
        auto store = project->connect();
        QVERIFY(store.has_value());
        for (const char* key : {"1", "2", "3"}) {
            corpus::Label label;
            label.name = std::string("label ") + key;
            label.key = key;
            const auto id = (*store)->addLabel(label);
            QVERIFY(id.has_value());
            m_keyOf[*id] = key[0] - '0';
        }
        const auto source = (*store)->addSource({});
        QVERIFY(source.has_value());
        std::vector<corpus::NewSample> batch(kSamples);
        for (int i = 0; i < kSamples; ++i)
            batch[static_cast<std::size_t>(i)].text = "text number " + std::to_string(i) + " 文本";
        QVERIFY((*store)->addSamples(*source, batch).has_value());
    }

    void confirmedLabelsSurvive() {
        QRandomGenerator random(20261121);
        std::map<corpus::SampleId, int> confirmed;
        int inTheMiddle = 0;
        for (int round = 0; round < kKills; ++round) {
            QProcess child;
            child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            child.start(QCoreApplication::applicationFilePath(),
                        {QStringLiteral("--label-until-killed"), projectFolder(m_folder), QString::number(round + 1)});
            QVERIFY(child.waitForStarted());
            QVERIFY2(waitForLine(child, "ready"), "the window did not come up");
            QTest::qSleep(static_cast<int>(random.bounded(120u)));
            QCOMPARE(child.state(), QProcess::Running);
            ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
            QVERIFY(child.waitForFinished());
            QCOMPARE(child.exitStatus(), QProcess::CrashExit);
            int labelled = 0;
            for (const QByteArray& line : child.readAllStandardOutput().split('\n')) {
                const QList<QByteArray> fields = line.trimmed().split(' ');
                if (fields.size() != 2)
                    continue;
                confirmed[fields[0].toLongLong()] = fields[1].toInt();
                ++labelled;
            }
            inTheMiddle += labelled > 0;
            checkProject(confirmed, round);
            if (QTest::currentTestFailed())
                return;
        }
        qInfo("%d kills, %zu confirmed labels, %d runs killed after their first label", kKills, confirmed.size(),
              inTheMiddle);
        QVERIFY2(inTheMiddle > kKills / 2, "most runs should have been killed in the middle of labelling");
    }

private:
    static bool waitForLine(QProcess& child, const QByteArray& line) {
        QDeadlineTimer deadline(30000);
        while (!deadline.hasExpired()) {
            if (child.canReadLine())
                return child.readLine().trimmed() == line;
            if (child.state() != QProcess::Running)
                return false;
            child.waitForReadyRead(100);
        }
        return false;
    }

    void checkProject(const std::map<corpus::SampleId, int>& confirmed, int round) {
        auto project = corpus::Project::open(projectFolder(m_folder).toStdString());
        QVERIFY2(project.has_value(), project ? "" : project.error().message.c_str());
        auto store = project->connect();
        QVERIFY(store.has_value());
        std::vector<corpus::SampleId> ids;
        for (const auto& [id, key] : confirmed)
            ids.push_back(id);
        const auto samples = (*store)->samples(ids);
        QVERIFY(samples.has_value());
        QCOMPARE(samples->size(), ids.size());
        for (const auto& sample : *samples) {
            QVERIFY2(sample.label.has_value(),
                     qPrintable(QStringLiteral("kill %1: label of sample %2 is lost").arg(round + 1).arg(sample.id)));
            QCOMPARE(m_keyOf[*sample.label], confirmed.at(sample.id));
        }
    }

    QTemporaryDir m_folder;
    std::map<corpus::LabelId, int> m_keyOf;
};

int main(int argc, char** argv) {
    app::Application application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() == 4 && arguments[1] == QStringLiteral("--label-until-killed"))
        return labelUntilKilled(application, arguments[2], arguments[3].toUInt());
    SigkillWindowTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_sigkill_window.moc"
