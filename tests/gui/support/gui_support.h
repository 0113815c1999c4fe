// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's tests share: a home of their own, small projects, a meter for stalls of the GUI thread.
// Thread: GUI.
#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTimer>
#include <QtTest>

#include <algorithm>
#include <string>
#include <vector>

#include "app/application.h"
#include "corpus/project.h"
#include "session/settings.h"

namespace lathe::test {

/// A home folder and a settings file that are gone afterwards. Make it before any Session.
class Sandbox {
public:
    Sandbox() {
        qputenv("HOME", m_folder.path().toUtf8());
        qputenv("XDG_CONFIG_HOME", path("config").toUtf8());
        qputenv("XDG_DATA_HOME", path("data").toUtf8());
        session::Settings::useFile(path("settings.ini"));
        // The test program lies where the program lies in the build tree; installed resources must not win.
        qputenv("LATHE_RESOURCES", LATHE_SOURCE_DIR "/resources");
    }
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }

private:
    QTemporaryDir m_folder;
};

/// A project with \p perLabel texts for each of \p labels, and as many without a label. \returns its folder.
inline QString makeProject(const QString& folder, int perLabel = 20,
                           const std::vector<std::string>& labels = {"lost card", "transfer", "opening hours"}) {
    auto project = corpus::Project::create(folder.toStdString());
    if (!project)
        qFatal("%s", project.error().message.c_str());
    auto store = project->connect();
    if (!store)
        qFatal("%s", store.error().message.c_str());
    std::vector<corpus::NewSample> batch;
    for (int i = 0; i < perLabel; ++i) {
        for (const std::string& label : labels)
            batch.push_back({.text = "A customer asks about " + label + ", case " + std::to_string(i),
                             .label = label,
                             .answer = {},
                             .metadata = {},
                             .line = static_cast<std::int64_t>(batch.size()) + 1,
                             .split = corpus::Split::None});
        batch.push_back({.text = "Nobody has read message " + std::to_string(i) + " yet",
                         .label = {},
                         .answer = {},
                         .metadata = {},
                         .line = static_cast<std::int64_t>(batch.size()) + 1,
                         .split = corpus::Split::None});
    }
    const auto source = (*store)->addSource(
        {.id = 0, .path = "made.csv", .format = "csv", .encoding = "UTF-8", .importedMs = 0, .samples = 0});
    if (!source)
        qFatal("%s", source.error().message.c_str());
    if (const auto added = (*store)->addSamples(*source, batch); !added)
        qFatal("%s", added.error().message.c_str());
    return QString::fromStdString(project->folder().string());
}

/// Longest time between two turns of the event loop while it lives.
class StallMeter {
public:
    StallMeter() {
        m_clock.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(2);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            const qint64 now = m_clock.nsecsElapsed();
            if (m_last > 0)
                m_longestMs = std::max(m_longestMs, static_cast<double>(now - m_last) / 1e6);
            m_last = now;
            ++m_turns;
        });
        m_timer.start();
    }
    double longestMs() const { return m_longestMs; }
    int turns() const { return m_turns; }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_last = 0;
    double m_longestMs = 0;
    int m_turns = 0;
};

/// Runs all of Test under the program's own Application object, English and light.
template <class Test>
int runGuiTest(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", qgetenv("QT_QPA_PLATFORM").isEmpty() ? "offscreen" : qgetenv("QT_QPA_PLATFORM"));
    const Sandbox sandbox;
    app::Application application(argc, argv);
    application.setThemeName(QStringLiteral("light"));
    application.setLanguage(QStringLiteral("en"));
    Test test;
    return QTest::qExec(&test, argc, argv);
}

}  // namespace lathe::test

/// The main function of a gui test: a sandbox, then the program's own Application object.
#define LATHE_GUI_TEST(Test)                              \
    int main(int argc, char** argv) {                     \
        return lathe::test::runGuiTest<Test>(argc, argv); \
    }
