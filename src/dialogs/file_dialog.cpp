// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/file_dialog.h"

#include <QFileDialog>
#include <QWidget>

#include <optional>

namespace lathe::dialogs {
namespace {

std::optional<QString>& nextAnswer() {
    static std::optional<QString> answer;  // tests only
    return answer;
}

void ask(QWidget* parent, const QString& title, const QString& start, const QString& filter, QFileDialog::FileMode mode,
         QFileDialog::AcceptMode accept, FileChosen chosen) {
    if (nextAnswer()) {
        const QString path = *nextAnswer();
        nextAnswer().reset();
        if (!path.isEmpty())
            QMetaObject::invokeMethod(
                parent, [path, chosen = std::move(chosen)] { chosen(path); }, Qt::QueuedConnection);
        return;
    }
    auto* dialog = new QFileDialog(parent, title, {}, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    dialog->setAcceptMode(accept);
    if (mode == QFileDialog::Directory)
        dialog->setOption(QFileDialog::ShowDirsOnly);
    const QFileInfo info(start);
    if (info.isDir()) {
        dialog->setDirectory(start);
    } else if (!start.isEmpty()) {
        dialog->setDirectory(info.absolutePath());
        dialog->selectFile(info.fileName());
    }
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, [chosen = std::move(chosen)](const QString& path) {
        if (!path.isEmpty())
            chosen(path);
    });
    dialog->open();
}

}  // namespace

void FileDialog::openFile(QWidget* parent, const QString& title, const QString& folder, const QString& filter,
                          FileChosen chosen) {
    ask(parent, title, folder, filter, QFileDialog::ExistingFile, QFileDialog::AcceptOpen, std::move(chosen));
}

void FileDialog::saveFile(QWidget* parent, const QString& title, const QString& suggestion, const QString& filter,
                          FileChosen chosen) {
    ask(parent, title, suggestion, filter, QFileDialog::AnyFile, QFileDialog::AcceptSave, std::move(chosen));
}

void FileDialog::openFolder(QWidget* parent, const QString& title, const QString& folder, FileChosen chosen) {
    ask(parent, title, folder, {}, QFileDialog::Directory, QFileDialog::AcceptOpen, std::move(chosen));
}

void FileDialog::setNextFileName(const QString& path) {
    nextAnswer() = path;
}

}  // namespace lathe::dialogs
