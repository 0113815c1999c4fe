// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The one door to the system's file dialogs, with a seam for tests. Nothing here blocks: the answer comes to a
// function. Thread: GUI.
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace lathe::dialogs {

/// Called with the chosen path; not called when the user cancels, nor when \p parent of the request is gone.
using FileChosen = std::function<void(const QString& path)>;

class FileDialog {
public:
    /// \param filter as QFileDialog has it: "Text (*.csv *.tsv);;All files (*)".
    static void openFile(QWidget* parent, const QString& title, const QString& folder, const QString& filter,
                         FileChosen chosen);
    static void saveFile(QWidget* parent, const QString& title, const QString& suggestion, const QString& filter,
                         FileChosen chosen);
    static void openFolder(QWidget* parent, const QString& title, const QString& folder, FileChosen chosen);

    /// Tests: the next request is answered with \p path at once and no dialog is shown; empty means that it is
    /// cancelled.
    static void setNextFileName(const QString& path);
};

}  // namespace lathe::dialogs
