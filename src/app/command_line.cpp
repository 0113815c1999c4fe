// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"

#include <QCommandLineParser>
#include <QRegularExpression>

#include <cstdio>
#include <cstdlib>

namespace lathe::app {
namespace {

[[noreturn]] void wrongUsage(const QString& text) {
    std::fprintf(stderr, "error: %s; lathe --help lists the options\n", qUtf8Printable(text));
    std::exit(2);
}

QSize parseSize(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^(\\d{3,5})x(\\d{3,5})$"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        wrongUsage(QStringLiteral("--size takes WIDTHxHEIGHT in pixels, e.g. 1440x900, not \"%1\"").arg(text));
    return {match.captured(1).toInt(), match.captured(2).toInt()};
}

}  // namespace

CommandLine parseCommandLine(const QStringList& arguments, const QStringList& pageIds) {
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("From raw text to a tuned language model, in one window."));
    const auto option = [&](const char* name, const QString& help, const char* value = "") {
        QCommandLineOption made(QString::fromLatin1(name), help, QString::fromLatin1(value));
        parser.addOption(made);
        return made;
    };
    const auto help = parser.addHelpOption();
    const auto version = parser.addVersionOption();
    const auto project = option("project", QStringLiteral("Open this project folder."), "folder");
    const auto page =
        option("page", QStringLiteral("Show this page first: %1.").arg(pageIds.join(QStringLiteral(", "))), "id");
    const auto show =
        option("show", QStringLiteral("What the page should show, e.g. a run or a text to search."), "what");
    const auto screenshot = option("screenshot", QStringLiteral("Draw the window into a PNG file and end."), "file");
    const auto size = option("size", QStringLiteral("Size of the window in pixels."), "WxH");
    const auto theme = option("theme", QStringLiteral("light, dark or system."), "name");
    const auto language = option("lang", QStringLiteral("en or zh_CN."), "language");
    const auto demo = option("demo", QStringLiteral("Open the demo project, making it first if need be."));
    const auto startup = option("startup-time", QStringLiteral("Print how long it took until the window was shown."));
    parser.addPositionalArgument(QStringLiteral("project"), QStringLiteral("Project folder."),
                                 QStringLiteral("[project]"));
    if (!parser.parse(arguments))
        wrongUsage(parser.errorText());
    if (parser.isSet(help))
        parser.showHelp(0);
    if (parser.isSet(version))
        parser.showVersion();

    CommandLine line;
    line.project = parser.value(project);
    if (line.project.isEmpty() && !parser.positionalArguments().isEmpty())
        line.project = parser.positionalArguments().constFirst();
    line.page = parser.value(page);
    line.argument = parser.value(show);
    line.screenshot = parser.value(screenshot);
    line.theme = parser.value(theme);
    line.language = parser.value(language);
    line.demo = parser.isSet(demo);
    line.startupTime = parser.isSet(startup);
    if (!line.page.isEmpty() && !pageIds.contains(line.page))
        wrongUsage(
            QStringLiteral("there is no page \"%1\"; pages are %2").arg(line.page, pageIds.join(QStringLiteral(", "))));
    static const QStringList themes = {{}, QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("system")};
    if (!themes.contains(line.theme))
        wrongUsage(QStringLiteral("--theme takes light, dark or system, not \"%1\"").arg(line.theme));
    static const QStringList languages = {{}, QStringLiteral("en"), QStringLiteral("zh_CN")};
    if (!languages.contains(line.language))
        wrongUsage(QStringLiteral("--lang takes en or zh_CN, not \"%1\"").arg(line.language));
    if (parser.isSet(size)) {
        line.size = parseSize(parser.value(size));
        line.sizeGiven = true;
    }
    return line;
}

}  // namespace lathe::app
