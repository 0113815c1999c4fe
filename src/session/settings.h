// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of the program (not of runs: those live in the project). One table key -> default; the only user of
// QSettings. Thread: GUI.
#pragma once

#include <QObject>
#include <QString>
#include <QVariant>

#include <memory>

class QSettings;

namespace lathe::session {

enum class Setting {
    Theme,
    Language,
    RecentProjects,
    WindowGeometry,
    Annotator,
    ComputeThreads,
    LastImportFolder,
    LastExportFolder,
    LastPage
};

class Settings : public QObject {
    Q_OBJECT

public:
    Settings();
    ~Settings() override;
    /// An instance on a temporary file, for tests; call before any Session is made.
    static void useFile(const QString& path);

    QVariant value(Setting key) const;
    QString text(Setting key) const { return value(key).toString(); }
    void set(Setting key, const QVariant& value);

Q_SIGNALS:
    void changed(lathe::session::Setting key);

private:
    std::unique_ptr<QSettings> m_settings;
};

}  // namespace lathe::session
