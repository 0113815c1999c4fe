// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/export_dialog.h"

#include "dialogs/export_choices_pane.h"
#include "dialogs/file_dialog.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace lathe::dialogs {

using namespace widgets;

namespace {

constexpr QSize kSize{920, 620};
constexpr int kPollMs = 66;
constexpr int kWaitMs = 150;
constexpr std::size_t kHeadBytes = 4000;

QString optionText(const std::string& text) {
    return QCoreApplication::translate("options", text.c_str());
}

/// "12 left out: texts without an answer ..." a line.
QString lossText(const std::vector<corpus::ExportLoss>& losses) {
    QStringList lines;
    for (const corpus::ExportLoss& loss : losses) {
        const QString reason = QCoreApplication::translate("losses", loss.reason.c_str());
        const QString count = QLocale().toString(static_cast<qlonglong>(loss.samples));
        lines << (loss.isLeftOut ? ExportDialog::tr("%1 left out: %2") : ExportDialog::tr("%1 not as they are: %2"))
                     .arg(count, reason);
    }
    return lines.join(QLatin1Char('\n'));
}

QLabel* wrapped(QLabel* label, const char* name) {
    label->setObjectName(QString::fromLatin1(name));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

}  // namespace

ExportDialog::ExportDialog(session::Session& session, ExportScope scope, QWidget* parent)
    : QDialog(parent), m_session(session), m_scope(std::move(scope)) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(kSize);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::page, space::page, space::page, space::groups);
    column->setSpacing(space::groups);
    m_title = titleLabel(tr("Export"), this);
    column->addWidget(m_title);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(makeChoices());
    m_stack->addWidget(makeRun());
    m_stack->addWidget(makeDone());
    column->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    row->addStretch(1);
    m_cancel = plainButton(tr("Cancel"), {}, this);
    m_cancel->setObjectName(QStringLiteral("exportCancel"));
    m_go = primaryButton(tr("Export…"), QStringLiteral("export"), this);
    m_go->setObjectName(QStringLiteral("exportStart"));
    m_go->setDefault(true);
    row->addWidget(m_cancel);
    row->addWidget(m_go);
    column->addLayout(row);
    connect(m_cancel, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(m_go, &QPushButton::clicked, this, [this] {
        if (step() == Step::Choose)
            start();
        else if (step() == Step::Done)
            accept();
    });
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &ExportDialog::showProgress);
    m_wait.setSingleShot(true);
    m_wait.setInterval(kWaitMs);
    connect(&m_wait, &QTimer::timeout, this, &ExportDialog::lookAhead);
    choiceChanged();
    refreshButtons();
    m_choices->setFocus();
}

ExportDialog::~ExportDialog() {
    if (m_look)
        m_look->control->requestStop();
    if (m_job)
        m_job->control->requestStop();
}

ExportDialog::Step ExportDialog::step() const {
    return static_cast<Step>(m_stack->currentIndex());
}

QWidget* ExportDialog::makeChoices() {
    auto* choices = new QWidget(this);
    auto* sides = new QHBoxLayout(choices);
    sides->setContentsMargins(0, 0, 0, 0);
    sides->setSpacing(space::page);
    m_choices = new ExportChoicesPane(m_session, m_scope, choices);
    auto* right = new QVBoxLayout;
    right->setSpacing(space::between);
    right->addWidget(sectionLabel(tr("How the file begins"), choices));
    m_preview = new QPlainTextEdit(choices);
    m_preview->setObjectName(QStringLiteral("exportPreview"));
    m_preview->setAccessibleName(tr("How the file begins"));
    m_preview->setReadOnly(true);
    m_preview->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_preview->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_preview->setTabChangesFocus(true);
    right->addWidget(m_preview, 1);
    m_facts = wrapped(bodyLabel({}, choices), "exportFacts");
    m_losses = wrapped(mutedLabel({}, choices), "exportLosses");
    right->addWidget(m_facts);
    right->addWidget(m_losses);
    sides->addWidget(m_choices);
    sides->addLayout(right, 1);
    connect(m_choices, &ExportChoicesPane::changed, this, &ExportDialog::choiceChanged);
    return choices;
}

QWidget* ExportDialog::makeRun() {
    auto* run = new QWidget(this);
    auto* column = new QVBoxLayout(run);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_stage = bodyLabel({}, run);
    m_stage->setObjectName(QStringLiteral("exportStage"));
    m_bar = new ProbabilityBar(run);
    m_bar->setThickness(space::between);
    column->addStretch(1);
    column->addWidget(m_stage);
    column->addWidget(m_bar);
    column->addWidget(mutedLabel(tr("The file appears when it is whole; stopped half-way, there is none."), run));
    column->addStretch(2);
    return run;
}

QWidget* ExportDialog::makeDone() {
    auto* done = new QWidget(this);
    auto* column = new QVBoxLayout(done);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::groups);
    m_outcome = wrapped(bodyLabel({}, done), "exportOutcome");
    m_outcomeLosses = wrapped(mutedLabel({}, done), "exportOutcomeLosses");
    m_folder = plainButton(tr("Show in folder"), QStringLiteral("folder"), done);
    m_folder->setObjectName(QStringLiteral("exportShowFolder"));
    column->addWidget(m_outcome);
    column->addWidget(m_outcomeLosses);
    column->addWidget(m_folder, 0, Qt::AlignLeft);
    column->addStretch(1);
    connect(m_folder, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_file).absolutePath())); });
    return done;
}

void ExportDialog::choiceChanged() {
    m_facts->setText(tr("Counting…"));
    m_losses->hide();
    if (m_look)
        m_look->control->requestStop();
    m_wait.start();
}

void ExportDialog::lookAhead() {
    const int number = ++m_request;
    m_look = m_session.jobs().start<corpus::ExportPreview>(
        session::Lane::Io, tr("Looking at the export"),
        [project = m_session.project(),
         request = m_choices->request()](JobContext& context) -> Result<corpus::ExportPreview> {
            LATHE_TRY(auto store, project.connect());
            return corpus::previewExport(*store, corpus::makeExporterRegistry(), request, kHeadBytes, context);
        },
        this,
        [this, number](Result<corpus::ExportPreview> preview) {
            if (number != m_request)
                return;
            m_look.reset();
            if (preview)
                return showPreview(*preview);
            if (preview.error().code == ErrorCode::Canceled)
                return;
            m_preview->clear();
            m_facts->setText(session::errorText(preview.error()));
        });
    m_look->background = true;
}

void ExportDialog::showPreview(const corpus::ExportPreview& preview) {
    m_preview->setPlainText(QString::fromUtf8(preview.head.data(), static_cast<qsizetype>(preview.head.size())));
    m_facts->setText(tr("%1 of %2 texts go into the file.")
                         .arg(QLocale().toString(static_cast<qlonglong>(preview.report.written)),
                              QLocale().toString(static_cast<qlonglong>(preview.report.samples))));
    const QString losses = lossText(preview.report.losses);
    m_losses->setText(losses);
    m_losses->setVisible(!losses.isEmpty());
    setTone(m_losses, preview.report.written < preview.report.samples ? Tone::Warn : Tone::Muted);
}

void ExportDialog::refreshButtons() {
    m_cancel->setVisible(step() != Step::Done);
    m_cancel->setText(step() == Step::Run ? tr("Stop") : tr("Cancel"));
    m_cancel->setEnabled(step() != Step::Run || (m_job && !m_job->control->stopRequested()));
    m_go->setEnabled(step() != Step::Run);
    if (step() == Step::Done) {
        m_go->setText(tr("Done"));
        m_go->setIcon({});
        m_go->setFocus();
    }
}

void ExportDialog::start() {
    if (step() != Step::Choose)
        return;
    const QString extension = QString::fromStdString(m_choices->entry().extensions.front());
    const QString folder = m_session.settings().text(session::Setting::LastExportFolder);
    FileDialog::saveFile(this, tr("Export"),
                         QDir(folder).filePath(m_session.projectName() + QLatin1Char('.') + extension),
                         optionText(m_choices->entry().title) + QStringLiteral(" (*.") + extension + QLatin1Char(')'),
                         [this](const QString& file) { exportTo(file); });
}

void ExportDialog::exportTo(const QString& file) {
    if (step() != Step::Choose || file.isEmpty())
        return;
    if (m_look)
        m_look->control->requestStop();
    m_wait.stop();
    m_session.settings().set(session::Setting::LastExportFolder, QFileInfo(file).absolutePath());
    const QString title = tr("Exporting to %1").arg(QFileInfo(file).fileName());
    m_job = m_session.jobs().start<corpus::ExportReport>(
        session::Lane::Io, title,
        [project = m_session.project(), request = m_choices->request(),
         path = file.toStdString()](JobContext& context) -> Result<corpus::ExportReport> {
            LATHE_TRY(auto store, project.connect());
            return corpus::exportSamples(*store, corpus::makeExporterRegistry(), request, path, context);
        },
        &m_session,
        [dialog = QPointer<ExportDialog>(this), file](Result<corpus::ExportReport> report) {
            if (dialog)
                dialog->finish(file, std::move(report));
        });
    m_title->setText(title);
    m_stack->setCurrentIndex(static_cast<int>(Step::Run));
    m_poll.start();
    showProgress();
    refreshButtons();
}

void ExportDialog::reject() {
    if (step() != Step::Run)
        return QDialog::reject();
    if (m_job)
        m_job->control->requestStop();
    refreshButtons();
}

void ExportDialog::showProgress() {
    if (!m_job)
        return;
    const Progress progress = m_job->control->progress();
    m_bar->setValue(progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0);
    m_stage->setText(m_job->control->stopRequested() ? tr("Stopping…") : tr("Writing…"));
}

void ExportDialog::finish(const QString& file, Result<corpus::ExportReport> report) {
    m_poll.stop();
    m_job.reset();
    m_file = file;
    m_folder->setVisible(report.has_value());
    m_stack->setCurrentIndex(static_cast<int>(Step::Done));
    if (report) {
        m_title->setText(tr("Exported"));
        m_outcome->setText(tr("%1 of %2 texts are in %3.")
                               .arg(QLocale().toString(static_cast<qlonglong>(report->written)),
                                    QLocale().toString(static_cast<qlonglong>(report->samples)),
                                    QDir::toNativeSeparators(file)));
        m_outcomeLosses->setText(lossText(report->losses));
    } else {
        m_title->setText(tr("Nothing was written"));
        m_outcome->setText(report.error().code == ErrorCode::Canceled ? tr("The export was stopped.")
                                                                      : session::errorText(report.error()));
        setTone(m_outcome, report.error().code == ErrorCode::Canceled ? Tone::Text : Tone::Bad);
    }
    m_outcomeLosses->setVisible(!m_outcomeLosses->text().isEmpty());
    refreshButtons();
    Q_EMIT finishedExport();
}

}  // namespace lathe::dialogs
