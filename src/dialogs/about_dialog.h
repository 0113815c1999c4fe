// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// About Lathe: version, licence, what it is built on, and the facts that a bug report needs. Thread: GUI.
#pragma once

#include <QDialog>

namespace lathe::session {
class JobRunner;
}

namespace lathe::dialogs {

class AboutDialog : public QDialog {
    Q_OBJECT

public:
    /// The devices are listed on the compute lane, because asking may create a CUDA context.
    explicit AboutDialog(session::JobRunner& jobs, QWidget* parent = nullptr);
};

}  // namespace lathe::dialogs
