// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/import_dialog.h"

#include "core/files.h"
#include "core/log.h"
#include "dialogs/import_preview_pane.h"
#include "dialogs/import_report_pane.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/controls.h"
#include "widgets/labels.h"
#include "widgets/option_form.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace lathe::dialogs {

using namespace widgets;

namespace {

constexpr QSize kSize{920, 620};
constexpr int kPollMs = 66;

struct Work {
    QString file;
    std::optional<corpus::ImportOptions> options;  ///< empty: as detected
    corpus::Split split = corpus::Split::None;
    bool skipDuplicates = true;
};

Result<corpus::ImportReport> importOne(corpus::CorpusStore& store, const corpus::ImporterRegistry& importers,
                                       const Work& work, JobContext& context) {
    const std::filesystem::path path(work.file.toStdString());
    corpus::ImportOptions options;
    if (work.options) {
        options = *work.options;
    } else {
        LATHE_TRY(auto preview, corpus::previewFile(importers, path));
        options = preview.options;
    }
    options.split = work.split;
    options.skipDuplicates = work.skipDuplicates;
    auto report = corpus::importFile(store, importers, path, options, context);
    if (report && work.options)
        if (const auto kept = corpus::rememberOptions(store, importers, path, options); !kept)
            logWarning("import", "the choices could not be kept: {}", kept.error().message);
    return report;
}

Result<std::vector<FileImport>> importAll(const corpus::Project& project, const std::vector<Work>& files,
                                          JobContext& context) {
    LATHE_TRY(auto store, project.connect());
    const corpus::ImporterRegistry importers = corpus::makeImporterRegistry();
    std::vector<FileImport> results;
    for (const Work& work : files) {
        FileImport result;
        result.file = work.file;
        if (context.stopRequested()) {
            result.canceled = true;
        } else if (auto report = importOne(*store, importers, work, context)) {
            result.report = std::move(*report);
        } else if (report.error().code == ErrorCode::Canceled) {
            result.canceled = true;
        } else {
            result.problem = session::errorText(report.error());
        }
        results.push_back(std::move(result));
    }
    return results;
}

}  // namespace

ImportDialog::ImportDialog(session::Session& session, const QStringList& files, QWidget* parent)
    : QDialog(parent), m_session(session), m_files(files) {
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(kSize);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::page, space::page, space::page, space::groups);
    column->setSpacing(space::groups);
    m_title = titleLabel(tr("Import"), this);
    column->addWidget(m_title);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(makeLook());
    m_stack->addWidget(makeRun());
    m_report = new ImportReportPane(m_stack);
    m_stack->addWidget(m_report);
    column->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    row->addStretch(1);
    m_cancel = plainButton(tr("Cancel"), {}, this);
    m_cancel->setObjectName(QStringLiteral("importCancel"));
    m_go = primaryButton(tr("Import"), QStringLiteral("import"), this);
    m_go->setObjectName(QStringLiteral("importStart"));
    m_go->setDefault(true);
    row->addWidget(m_cancel);
    row->addWidget(m_go);
    column->addLayout(row);
    connect(m_cancel, &QPushButton::clicked, this, &ImportDialog::reject);
    connect(m_go, &QPushButton::clicked, this, [this] {
        if (step() == Step::Look)
            start();
        else if (step() == Step::Report)
            accept();
    });
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &ImportDialog::showProgress);
    m_preview->showFile(m_files.value(0));
    refreshButtons();
    m_cancel->setFocus();
}

ImportDialog::~ImportDialog() {
    if (m_job)
        m_job->control->requestStop();
}

ImportDialog::Step ImportDialog::step() const {
    return static_cast<Step>(m_stack->currentIndex());
}

QString ImportDialog::fileFilter(const corpus::ImporterRegistry& importers) {
    QStringList all, each;
    for (const corpus::ImporterEntry& entry : importers.entries()) {
        QStringList patterns;
        for (const std::string& extension : entry.extensions)
            patterns << QStringLiteral("*.") + QString::fromStdString(extension);
        all << patterns;
        each << QCoreApplication::translate("options", entry.title.c_str()) + QStringLiteral(" (") +
                    patterns.join(QLatin1Char(' ')) + QLatin1Char(')');
    }
    const QStringList archives{QStringLiteral("*.zip"), QStringLiteral("*.gz")};
    all << archives;
    each << tr("Archives") + QStringLiteral(" (") + archives.join(QLatin1Char(' ')) + QLatin1Char(')');
    each.prepend(tr("Text data") + QStringLiteral(" (") + all.join(QLatin1Char(' ')) + QLatin1Char(')'));
    each.append(tr("All files") + QStringLiteral(" (*)"));
    return each.join(QStringLiteral(";;"));
}

QWidget* ImportDialog::makeLook() {
    auto* look = new QWidget(this);
    auto* column = new QVBoxLayout(look);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_fileBox = new QComboBox(look);
    m_fileBox->setObjectName(QStringLiteral("importFile"));
    m_fileBox->setAccessibleName(tr("File"));
    for (const QString& file : m_files)
        m_fileBox->addItem(QFileInfo(file).fileName(), file);
    auto* single = new ElidedLabel(m_files.size() == 1 ? m_files.front() : QString(), look);
    single->setElideMode(Qt::ElideMiddle);
    setTone(single, Tone::Muted);
    m_fileBox->setVisible(m_files.size() > 1);
    single->setVisible(m_files.size() == 1);
    column->addWidget(m_fileBox);
    column->addWidget(single);
    m_preview = new ImportPreviewPane(m_session, look);
    column->addWidget(m_preview, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    m_split = new QComboBox(look);
    m_split->setObjectName(QStringLiteral("importSplit"));
    m_split->setAccessibleName(tr("Split for all rows"));
    m_split->addItem(tr("Divide later, for training"), static_cast<int>(corpus::Split::None));
    m_split->addItem(tr("All for training"), static_cast<int>(corpus::Split::Train));
    m_split->addItem(tr("All for development"), static_cast<int>(corpus::Split::Dev));
    m_split->addItem(tr("All for the final test"), static_cast<int>(corpus::Split::Test));
    m_skipDuplicates = new Toggle(tr("Leave out texts that are there already"), look);
    m_skipDuplicates->setObjectName(QStringLiteral("skipDuplicates"));
    m_skipDuplicates->setCheckable(true);
    m_skipDuplicates->setChecked(true);
    row->addWidget(bodyLabel(tr("Split"), look));
    row->addWidget(m_split);
    row->addSpacing(space::groups);
    row->addWidget(m_skipDuplicates);
    row->addStretch(1);
    column->addLayout(row);
    connect(m_fileBox, &QComboBox::activated, this,
            [this] { m_preview->showFile(m_fileBox->currentData().toString()); });
    connect(m_preview, &ImportPreviewPane::changed, this, &ImportDialog::refreshButtons);
    return look;
}

QWidget* ImportDialog::makeRun() {
    auto* run = new QWidget(this);
    auto* column = new QVBoxLayout(run);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_stage = bodyLabel({}, run);
    m_stage->setObjectName(QStringLiteral("importStage"));
    m_bar = new ProbabilityBar(run);
    m_bar->setThickness(space::between);
    column->addStretch(1);
    column->addWidget(m_stage);
    column->addWidget(m_bar);
    column->addWidget(mutedLabel(tr("A file that is stopped half-way is taken out again as a whole."), run));
    column->addStretch(2);
    return run;
}

void ImportDialog::refreshButtons() {
    switch (step()) {
        case Step::Look: {
            const corpus::ImportOptions* options = m_preview->optionsOf(m_preview->file());
            m_split->setEnabled(!options || options->splitColumn.empty());
            m_split->setToolTip(m_split->isEnabled() ? tr("Split for all rows") : tr("A column says the split."));
            m_go->setEnabled(m_preview->isReady());
            m_go->setText(m_files.size() > 1 ? tr("Import %n file(s)", nullptr, static_cast<int>(m_files.size()))
                                             : tr("Import"));
            m_cancel->setText(tr("Cancel"));
            break;
        }
        case Step::Run:
            m_go->setEnabled(false);
            m_cancel->setText(tr("Stop"));
            m_cancel->setEnabled(m_job && !m_job->control->stopRequested());
            break;
        case Step::Report:
            m_cancel->hide();
            m_go->setEnabled(true);
            m_go->setText(tr("Done"));
            m_go->setIcon({});
            m_go->setFocus();
            break;
    }
}

void ImportDialog::start() {
    if (step() != Step::Look || !m_preview->isReady())
        return;
    std::vector<Work> files;
    for (const QString& file : m_files) {
        const corpus::ImportOptions* options = m_preview->optionsOf(file);
        files.push_back({file, options ? std::optional(*options) : std::nullopt,
                         static_cast<corpus::Split>(m_split->currentData().toInt()), m_skipDuplicates->isChecked()});
    }
    m_session.settings().set(session::Setting::LastImportFolder, QFileInfo(m_files.front()).absolutePath());
    const QString title = m_files.size() == 1 ? tr("Importing %1").arg(QFileInfo(m_files.front()).fileName())
                                              : tr("Importing %n file(s)", nullptr, static_cast<int>(m_files.size()));
    m_job = m_session.jobs().start<std::vector<FileImport>>(
        session::Lane::Io, title,
        [project = m_session.project(), files](JobContext& context) { return importAll(project, files, context); },
        &m_session,
        // The session is told even when the dialog is gone by then.
        [&session = m_session, dialog = QPointer<ImportDialog>(this), files](Result<std::vector<FileImport>> results) {
            session.notifySamplesChanged();
            session.notifyLabelsChanged();
            if (!dialog)
                return;
            if (results)
                return dialog->finish(std::move(*results));
            std::vector<FileImport> none;
            for (const Work& work : files) {
                const bool canceled = results.error().code == ErrorCode::Canceled;
                none.push_back({work.file, {}, canceled ? QString() : session::errorText(results.error()), canceled});
            }
            dialog->finish(std::move(none));
        });
    m_title->setText(title);
    m_stack->setCurrentIndex(static_cast<int>(Step::Run));
    m_poll.start();
    showProgress();
    refreshButtons();
}

void ImportDialog::stop() {
    if (m_job)
        m_job->control->requestStop();
    refreshButtons();
}

void ImportDialog::reject() {
    if (step() == Step::Run)
        return stop();
    QDialog::reject();
}

void ImportDialog::showProgress() {
    if (!m_job)
        return;
    const Progress progress = m_job->control->progress();
    const double share =
        progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0.0;
    m_bar->setValue(share);
    if (m_job->control->stopRequested())
        m_stage->setText(tr("Stopping…"));
    else if (progress.total > 0)
        m_stage->setText(tr("%1 of %2 read")
                             .arg(QString::fromStdString(humanBytes(static_cast<std::uint64_t>(progress.done))),
                                  QString::fromStdString(humanBytes(static_cast<std::uint64_t>(progress.total)))));
    else
        m_stage->setText(tr("Reading…"));
}

void ImportDialog::finish(std::vector<FileImport> results) {
    m_poll.stop();
    m_job.reset();
    m_results = std::move(results);
    m_title->setText(tr("Import: report"));
    m_report->showResults(m_results);
    m_stack->setCurrentIndex(static_cast<int>(Step::Report));
    refreshButtons();
    Q_EMIT finishedImport();
}

}  // namespace lathe::dialogs
