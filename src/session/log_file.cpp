// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/log_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include "core/log.h"

namespace lathe::session {

struct LogFile::State {
    QFile file;
    QString path;
    qint64 maxBytes = 0;

    bool open() {
        if (QFileInfo(path).size() > maxBytes) {
            QFile::remove(path + QStringLiteral(".1"));
            QFile::rename(path, path + QStringLiteral(".1"));
        }
        file.setFileName(path);
        return file.open(QIODevice::Append | QIODevice::Text);
    }

    void write(const LogLine& line) {
        file.write(QByteArray::fromStdString(formatLogLine(line)) + '\n');
        file.flush();  // a crash is when the last lines are wanted
        if (file.size() > maxBytes) {
            file.close();
            open();
        }
    }
};

QString LogFile::defaultPath() {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/lathe/log.txt");
}

LogFile::LogFile(const QString& path, qint64 maxBytes) : m_state(std::make_shared<State>()) {
    m_state->path = path;
    m_state->maxBytes = maxBytes;
    QDir().mkpath(QFileInfo(path).absolutePath());
    if (!m_state->open()) {
        logWarning("log", "{} cannot be written; this run is not logged to disk", path.toStdString());
        return;
    }
    m_sink = addLogSink([state = m_state](const LogLine& line) {
        if (line.level != LogLevel::Debug)
            state->write(line);
    });
}

LogFile::~LogFile() {
    if (m_sink != 0)
        removeLogSink(m_sink);
}

}  // namespace lathe::session
