// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/application.h"

#include <QFile>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QLocale>
#include <QStyleHints>
#include <QWidget>

#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <ctime>

#include "core/log.h"
#include "widgets/theme.h"

namespace lathe::app {
namespace {

void toLog(QtMsgType type, const QMessageLogContext& context, const QString& text) {
    const LogLevel level = type == QtDebugMsg     ? LogLevel::Debug
                           : type == QtInfoMsg    ? LogLevel::Info
                           : type == QtWarningMsg ? LogLevel::Warning
                                                  : LogLevel::Error;
    // The offscreen platform says this once for every window; it is no news.
    if (text.startsWith(QLatin1String("This plugin does not support")))
        return;
    logLine(level, context.category ? context.category : "qt", text.toStdString());
}

}  // namespace

Application::Application(int& argc, char** argv) : QApplication(argc, argv) {
    // QApplication has just taken the user's locale; strtod in libraries must not read decimal commas.
    std::setlocale(LC_NUMERIC, "C");
    setApplicationName(QStringLiteral("lathe"));
    setApplicationDisplayName(QStringLiteral("Lathe"));
    setApplicationVersion(QStringLiteral(LATHE_VERSION));
    setDesktopFileName(QStringLiteral("lathe"));
    m_stderrSink = addLogSink([](const LogLine& line) {
        if (line.level >= LogLevel::Warning)
            std::fprintf(stderr, "%s\n", formatLogLine(line).c_str());
    });
    qInstallMessageHandler(toLog);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(styleHints(), &QStyleHints::colorSchemeChanged, this, [this] { setThemeName(m_theme); });
#endif
}

Application::~Application() {
    qInstallMessageHandler(nullptr);
    removeLogSink(m_stderrSink);
}

bool Application::notify(QObject* receiver, QEvent* event) {
    std::string what;
    try {
        return QApplication::notify(receiver, event);
    } catch (const std::exception& exception) {
        what = exception.what();
    } catch (...) {
        what = "an exception of unknown type";
    }
    logError("gui", "{} was not handled in {}: {}", static_cast<int>(event->type()),
             receiver ? receiver->metaObject()->className() : "nothing", what);
    Q_EMIT exceptionCaught(QString::fromStdString(what));
    return true;
}

void Application::setLanguage(const QString& language) {
    const QString wanted = language.isEmpty() ? QLocale::system().name() : language;
    const bool chinese = wanted.startsWith(QLatin1String("zh"));
    const QString now = chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
    if (now == m_language)
        return;
    m_language = now;
    removeTranslator(&m_ours);
    removeTranslator(&m_qts);
    QLocale::setDefault(chinese ? QLocale(QLocale::Chinese, QLocale::China)
                                : QLocale(QLocale::English, QLocale::UnitedStates));
    setFont(widgets::font(widgets::Type::Body));  // the faces' order depends on the language
    // removeTranslator() and installTranslator() tell the widgets only when a translator has texts.
    for (QWidget* window : topLevelWidgets())
        postEvent(window, new QEvent(QEvent::LanguageChange));
    if (!m_ours.load(QStringLiteral(":/i18n/lathe_%1.qm").arg(now)))
        logWarning("gui", "the texts for {} are missing from this build", now.toStdString());
    else
        installTranslator(&m_ours);
    if (!chinese)
        return;
    if (m_qts.load(QStringLiteral("qtbase_zh_CN"), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        installTranslator(&m_qts);
    else
        logInfo("gui", "Qt's own Chinese texts are not installed; a few buttons of system dialogs stay English");
}

void Application::setThemeName(const QString& name) {
    m_theme = name;
    widgets::applyTheme(*this, name == QLatin1String("dark")    ? widgets::ThemeMode::Dark
                               : name == QLatin1String("light") ? widgets::ThemeMode::Light
                                                                : widgets::ThemeMode::System);
    if (windowIcon().isNull())  // the icons are registered with the theme
        setWindowIcon(QIcon(QStringLiteral(":/icons/lathe.svg")));
}

qint64 processAgeMs() {
    // Field 22 of /proc/self/stat: start in clock ticks since boot. The program's name may hold spaces and brackets.
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray line = stat.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    if (fields.size() < 20)
        return -1;
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const qint64 startMs = fields[19].toLongLong() * 1000 / ::sysconf(_SC_CLK_TCK);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000 - startMs;
}

}  // namespace lathe::app
