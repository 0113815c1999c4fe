// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExportDialog: which samples in which format, how the file begins and what it cannot hold, then the writing (with
// stop). Window-modal; the work runs in the io lane and the window stays alive. Thread: GUI.
#pragma once

#include <QDialog>
#include <QTimer>

#include <memory>
#include <vector>

#include "corpus/exporter.h"
#include "dialogs/export_choices_pane.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace lathe::session {
class Session;
struct Job;
}  // namespace lathe::session
namespace lathe::widgets {
class ProbabilityBar;
}  // namespace lathe::widgets

namespace lathe::dialogs {

class ExportDialog : public QDialog {
    Q_OBJECT

public:
    enum class Step { Choose, Run, Done };

    ExportDialog(session::Session& session, ExportScope scope, QWidget* parent = nullptr);
    ~ExportDialog() override;

    Step step() const;
    const ExportChoicesPane& choices() const { return *m_choices; }

public Q_SLOTS:
    /// Asks where to write, and writes.
    void start();
    void exportTo(const QString& file);
    /// Escape and Cancel: while a file is written they stop it, and no file is there.
    void reject() override;

Q_SIGNALS:
    void finishedExport();

private:
    QWidget* makeChoices();
    QWidget* makeRun();
    QWidget* makeDone();
    void choiceChanged();
    void lookAhead();
    void showPreview(const corpus::ExportPreview& preview);
    void showProgress();
    void finish(const QString& file, Result<corpus::ExportReport> report);
    void refreshButtons();

    session::Session& m_session;
    const ExportScope m_scope;
    std::shared_ptr<session::Job> m_look;  ///< the preview's
    std::shared_ptr<session::Job> m_job;   ///< the writing's
    QTimer m_poll;
    QTimer m_wait;  ///< several choices in a row are looked at once
    int m_request = 0;
    QString m_file;
    QLabel* m_title = nullptr;
    QStackedWidget* m_stack = nullptr;
    ExportChoicesPane* m_choices = nullptr;
    QPlainTextEdit* m_preview = nullptr;
    QLabel* m_facts = nullptr;
    QLabel* m_losses = nullptr;
    QLabel* m_stage = nullptr;
    widgets::ProbabilityBar* m_bar = nullptr;
    QLabel* m_outcome = nullptr;
    QLabel* m_outcomeLosses = nullptr;
    QPushButton* m_folder = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_go = nullptr;
};

}  // namespace lathe::dialogs
