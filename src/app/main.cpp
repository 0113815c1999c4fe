// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe: the window. Reads the command line, shows the frame, and opens the project once the frame is on the screen.
#include <QFileInfo>

#include <cstdio>
#include <cstdlib>

#include "app/application.h"
#include "app/command_line.h"
#include "app/main_window.h"
#include "app/screenshot.h"
#include "core/log.h"
#include "session/log_file.h"
#include "session/session.h"
#include "widgets/message_bar.h"
#include "widgets/theme.h"

namespace {

using namespace lathe;

/// Pictures can be drawn without a screen; everything else needs one, and Qt's own way of saying so is an abort.
void choosePlatform(int argc, char** argv) {
    if (std::getenv("QT_QPA_PLATFORM") || std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY"))
        return;
    bool headless = false;
    for (int i = 1; i < argc; ++i)
        for (const char* option : {"--screenshot", "--help", "--version", "-h", "-v"})
            headless = headless || std::string_view(argv[i]).substr(0, std::string_view(option).size()) == option;
    if (!headless) {
        std::fputs(
            "error: there is no display; lathe-cli does the same work without one, and lathe --screenshot draws "
            "pages\n",
            stderr);
        std::exit(1);
    }
    ::setenv("QT_QPA_PLATFORM", "offscreen", 1);
}

QStringList pageIds(const pages::PageRegistry& registry) {
    QStringList ids;
    for (const auto& entry : registry.entries())
        ids << QString::fromStdString(entry.id);
    return ids;
}

}  // namespace

int main(int argc, char** argv) {
    choosePlatform(argc, argv);
    app::Application application(argc, argv);
    const session::LogFile log;
    const pages::PageRegistry registry = pages::makePageRegistry();
    const app::CommandLine line = app::parseCommandLine(application.arguments(), pageIds(registry));

    session::Session session;
    session::Settings& settings = session.settings();
    application.setThemeName(line.theme.isEmpty() ? settings.text(session::Setting::Theme) : line.theme);
    application.setLanguage(line.language.isEmpty() ? settings.text(session::Setting::Language) : line.language);
    QObject::connect(&settings, &session::Settings::changed, &application, [&](session::Setting key) {
        if (key == session::Setting::Theme)
            application.setThemeName(settings.text(key));
        else if (key == session::Setting::Language)
            application.setLanguage(settings.text(key));
    });

    logInfo("app", "Lathe {} begins", application.applicationVersion().toStdString());

    app::MainWindow window(session, registry);
    QObject::connect(&application, &app::Application::exceptionCaught, &window, [&window](const QString& detail) {
        window.showError({ErrorCode::Internal, "this step was not carried out", detail.toStdString()});
    });
    QObject::connect(&window, &app::MainWindow::firstPainted, &window, [&] {
        if (line.startupTime)
            std::printf("window shown after %lld ms\n", static_cast<long long>(app::processAgeMs())),
                std::fflush(stdout);
        if (!line.project.isEmpty())
            window.openProject(line.project, false, line.page, line.argument);
        else if (line.demo)
            window.openDemo(line.page, line.argument);
        if (!line.screenshot.isEmpty())
            new app::Screenshot(window, line.screenshot);
    });
    if (line.sizeGiven || !line.screenshot.isEmpty() ||
        settings.value(session::Setting::WindowGeometry).toByteArray().isEmpty())
        window.resize(line.size);
    window.show();
    return application.exec();
}
