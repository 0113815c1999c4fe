// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ImportDialog: from files to samples in three steps: look and correct, import (with stop), report. Window-modal; the
// work runs in the io lane and the window stays alive. Thread: GUI.
#pragma once

#include <QDialog>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <vector>

#include "corpus/importer.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace lathe::session {
class Session;
struct Job;
}  // namespace lathe::session
namespace lathe::widgets {
class ProbabilityBar;
class Toggle;
}  // namespace lathe::widgets

namespace lathe::dialogs {

class ImportPreviewPane;
class ImportReportPane;

/// What became of one file.
struct FileImport {
    QString file;
    corpus::ImportReport report;
    QString problem;        ///< not empty: nothing of it was taken
    bool canceled = false;  ///< stopped: nothing of it was taken
};

class ImportDialog : public QDialog {
    Q_OBJECT

public:
    enum class Step { Look, Run, Report };

    /// The project must be open for writing.
    ImportDialog(session::Session& session, const QStringList& files, QWidget* parent = nullptr);
    ~ImportDialog() override;

    Step step() const;
    const std::vector<FileImport>& results() const { return m_results; }
    /// The filter for file dialogs: what the importers read.
    static QString fileFilter(const corpus::ImporterRegistry& importers);

public Q_SLOTS:
    void start();
    /// Asks the running import to stop: the file it is at is taken out again.
    void stop();
    /// Escape and Cancel: while an import runs they stop it, and the report says what was taken.
    void reject() override;

Q_SIGNALS:
    void finishedImport();

private:
    QWidget* makeLook();
    QWidget* makeRun();
    void refreshButtons();
    void showProgress();
    void finish(std::vector<FileImport> results);

    session::Session& m_session;
    const QStringList m_files;
    std::vector<FileImport> m_results;
    std::shared_ptr<session::Job> m_job;
    QTimer m_poll;
    QLabel* m_title = nullptr;
    QStackedWidget* m_stack = nullptr;
    QComboBox* m_fileBox = nullptr;
    ImportPreviewPane* m_preview = nullptr;
    QComboBox* m_split = nullptr;
    widgets::Toggle* m_skipDuplicates = nullptr;
    QLabel* m_stage = nullptr;
    widgets::ProbabilityBar* m_bar = nullptr;
    ImportReportPane* m_report = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_go = nullptr;
};

}  // namespace lathe::dialogs
