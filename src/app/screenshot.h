// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// --screenshot: waits until the window has come to rest, draws it into a PNG and ends the program. Thread: GUI.
#pragma once

#include <QObject>
#include <QString>

namespace lathe::app {

class MainWindow;

class Screenshot : public QObject {
    Q_OBJECT

public:
    Screenshot(MainWindow& window, const QString& file);

private:
    void look();

    MainWindow& m_window;
    QString m_file;
    int m_quietTicks = 0;
    int m_ticks = 0;
};

}  // namespace lathe::app
