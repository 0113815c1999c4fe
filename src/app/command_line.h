// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line asks of the window. Thread: GUI, before the first event.
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace lathe::app {

struct CommandLine {
    QString project;     ///< folder
    QString page;        ///< page id, empty: the first
    QString argument;    ///< given to the page (--show)
    QString screenshot;  ///< PNG to write; the program ends then
    QSize size{1440, 900};
    QString theme;     ///< empty: as in the settings
    QString language;  ///< empty: as in the settings
    bool demo = false;
    bool startupTime = false;
    bool sizeGiven = false;
};

/// Reads the arguments; --help and --version print and end the program, and so does wrong usage (status 2).
CommandLine parseCommandLine(const QStringList& arguments, const QStringList& pageIds);

}  // namespace lathe::app
