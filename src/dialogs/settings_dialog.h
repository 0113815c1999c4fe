// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The program's settings: look, language, who labels, threads. Each change takes effect at once. Thread: GUI.
#pragma once

#include <QDialog>

namespace lathe::session {
class Settings;
}

namespace lathe::dialogs {

class SettingsDialog : public QDialog {
    Q_OBJECT

public:
    explicit SettingsDialog(session::Settings& settings, QWidget* parent = nullptr);
};

}  // namespace lathe::dialogs
