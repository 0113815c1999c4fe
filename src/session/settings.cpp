// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of settings and the one place that knows QSettings.
#include "session/settings.h"

#include <QDir>
#include <QSettings>
#include <QStandardPaths>
#include <QStringList>

#include <array>

namespace lathe::session {
namespace {

struct Row {
    Setting key;
    const char* name;  ///< group/name in the file
    QVariant (*fallback)();
};

QVariant noText() {
    return QString();
}

QVariant loginName() {
    const QString name = qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME"));
    return name.isEmpty() ? QStringLiteral("annotator") : name;
}

const std::array<Row, 9> kRows = {{
    {Setting::Theme, "window/theme", [] { return QVariant(QStringLiteral("system")); }},  // system, light, dark
    {Setting::Language, "window/language", noText},                                       // "" = the system's
    {Setting::RecentProjects, "window/recentProjects", [] { return QVariant(QStringList()); }},
    {Setting::WindowGeometry, "window/geometry", [] { return QVariant(QByteArray()); }},
    {Setting::Annotator, "label/annotator", loginName},
    {Setting::ComputeThreads, "compute/threads", [] { return QVariant(0); }},  // 0 = all cores
    {Setting::LastImportFolder, "import/folder", [] { return QVariant(QDir::homePath()); }},
    {Setting::LastExportFolder, "export/folder", [] { return QVariant(QDir::homePath()); }},
    {Setting::LastPage, "window/page", noText},
}};

const Row& row(Setting key) {
    for (const Row& each : kRows)
        if (each.key == key)
            return each;
    Q_UNREACHABLE();
}

QString& fileOverride() {
    static QString path;  // tests only
    return path;
}

QString settingsFile() {
    if (!fileOverride().isEmpty())
        return fileOverride();
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QStringLiteral("/lathe/lathe.ini");
}

}  // namespace

Settings::Settings() : m_settings(std::make_unique<QSettings>(settingsFile(), QSettings::IniFormat)) {
}

Settings::~Settings() = default;

void Settings::useFile(const QString& path) {
    fileOverride() = path;
}

QVariant Settings::value(Setting key) const {
    const Row& found = row(key);
    const QVariant fallback = found.fallback();
    QVariant stored = m_settings->value(QString::fromLatin1(found.name), fallback);
    // A file edited by hand may hold anything; what does not convert counts as unset.
    return stored.convert(fallback.metaType()) ? stored : fallback;
}

void Settings::set(Setting key, const QVariant& value) {
    if (this->value(key) == value)
        return;
    m_settings->setValue(QString::fromLatin1(row(key).name), value);
    Q_EMIT changed(key);
}

}  // namespace lathe::session
