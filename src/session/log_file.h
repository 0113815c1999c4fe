// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The program's log on disk: one file and the one before it. Thread: any (the log calls its sinks one at a time).
#pragma once

#include <QString>

#include <memory>

namespace lathe::session {

class LogFile {
public:
    /// Appends from now on to what is logged anywhere. A file beyond \p maxBytes becomes PATH.1 first.
    /// When it cannot be written, the program runs on without; the log's other sinks hear of it.
    explicit LogFile(const QString& path = defaultPath(), qint64 maxBytes = 2 << 20);
    ~LogFile();
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    static QString defaultPath();  ///< ~/.local/share/lathe/log.txt

private:
    struct State;
    std::shared_ptr<State> m_state;
    int m_sink = 0;
};

}  // namespace lathe::session
