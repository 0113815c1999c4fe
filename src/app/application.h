// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Application: what has to be so before any window: C numbers, log, language, no exception out of a slot. Thread: GUI.
#pragma once

#include <QApplication>
#include <QTranslator>

#include "session/settings.h"

namespace lathe::app {

class Application : public QApplication {
    Q_OBJECT

public:
    Application(int& argc, char** argv);
    ~Application() override;

    /// An exception must not travel through Qt's event loop: it is logged and announced instead.
    bool notify(QObject* receiver, QEvent* event) override;
    /// "en", "zh_CN", or "" for the system's. Widgets hear of it through QEvent::LanguageChange.
    void setLanguage(const QString& language);
    /// Of the texts that are shown now: "en" or "zh_CN".
    QString language() const { return m_language; }
    void setThemeName(const QString& name);  ///< system, light, dark

Q_SIGNALS:
    void exceptionCaught(const QString& detail);

private:
    QTranslator m_ours;
    QTranslator m_qts;
    QString m_language;  ///< empty until setLanguage()
    QString m_theme;
    int m_stderrSink = 0;
};

/// Milliseconds since the kernel started this process; loading libraries is in it.
qint64 processAgeMs();

}  // namespace lathe::app
