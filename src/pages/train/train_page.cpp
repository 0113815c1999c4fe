// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/train/train_page.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "dialogs/file_dialog.h"
#include "pages/train/headline.h"
#include "pages/train/run_curves.h"
#include "pages/train/runs_model.h"
#include "pages/train/train_form.h"
#include "session/error_text.h"
#include "session/run_report.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/card.h"
#include "widgets/controls.h"
#include "widgets/empty_state.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

namespace lathe::pages {

namespace space = widgets::space;
using State = session::TrainController::State;

namespace {

constexpr int kFormWidth = 340;

}  // namespace

TrainPage::TrainPage(session::Session& session, QWidget* parent)
    : Page(parent), m_session(session), m_controller(session) {
    setObjectName(QStringLiteral("trainPage"));
    m_form = new TrainForm(m_session, m_controller, this);
    m_form->setFixedWidth(kFormWidth);

    m_curves = new RunCurves(this);
    m_empty = new widgets::EmptyState(
        QStringLiteral("curve"), tr("No run yet"),
        tr("Choose a model at the left and press Start. Its loss and accuracy are drawn here while it learns."), {},
        this);
    m_empty->setObjectName(QStringLiteral("trainEmpty"));
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_curves);

    auto* runCard = new widgets::Card({}, this);
    runCard->setObjectName(QStringLiteral("runCard"));
    runCard->body()->addWidget(buildHeader());
    runCard->body()->addWidget(m_stack, 1);

    auto* split = new QSplitter(Qt::Vertical, this);
    split->setObjectName(QStringLiteral("trainSplit"));
    split->setHandleWidth(space::groups);
    split->setChildrenCollapsible(false);
    split->addWidget(runCard);
    split->addWidget(buildRuns());
    split->setStretchFactor(0, 4);
    split->setStretchFactor(1, 1);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::page, space::groups, space::page, space::groups);
    row->setSpacing(space::groups);
    row->addWidget(m_form);
    row->addWidget(split, 1);

    connect(m_form, &TrainForm::startRequested, this, &TrainPage::start);
    connect(m_curves, &RunCurves::exportFailed, this,
            [this](const QString& reason) { Q_EMIT m_session.messagePosted(reason, {}, true); });
    connectController();
    updateButtons();
    updateHeadline();
}

TrainPage::~TrainPage() = default;

QWidget* TrainPage::buildHeader() {
    auto* header = new QWidget(this);
    auto* column = new QVBoxLayout(header);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::between);
    m_title = widgets::sectionLabel({}, header);
    m_title->setObjectName(QStringLiteral("runTitle"));
    m_stage = new widgets::ElidedLabel({}, header);
    m_stage->setObjectName(QStringLiteral("runStage"));
    widgets::setTone(m_stage, widgets::Tone::Muted);
    m_pause = widgets::plainButton(tr("Pause"), QStringLiteral("pause"), header);
    m_pause->setObjectName(QStringLiteral("pauseButton"));
    m_stop = widgets::dangerButton(tr("Stop"), QStringLiteral("stop"), header);
    m_stop->setObjectName(QStringLiteral("stopButton"));
    widgets::setShortcut(m_pause, tr("Pause training"), QKeySequence(Qt::CTRL | Qt::Key_P));
    widgets::setShortcut(m_stop, tr("Stop training; the run can be resumed"), QKeySequence(Qt::CTRL | Qt::Key_Period));
    auto* top = new QHBoxLayout;
    top->setSpacing(space::between);
    top->addWidget(m_title);
    top->addWidget(m_stage, 1);
    m_pretraining = new widgets::Chip(tr("Pre-training"), header);
    m_pretraining->setObjectName(QStringLiteral("pretrainingChip"));
    m_pretraining->setCheckable(true);
    m_pretraining->setToolTip(tr("Show the curves of pre-training beside those of training"));
    connect(m_pretraining, &widgets::Chip::toggled, m_curves, &RunCurves::showPretraining);
    top->addWidget(m_pretraining);
    top->addWidget(m_pause);
    top->addWidget(m_stop);
    m_progress = new QProgressBar(header);
    m_progress->setObjectName(QStringLiteral("runProgress"));
    m_progress->setTextVisible(false);
    m_progress->setRange(0, 1000);
    m_progress->setFixedHeight(space::inner);
    m_progress->setAccessibleName(tr("Progress of the run"));

    m_accuracy = new widgets::StatTile(tr("best dev accuracy"), header);
    m_loss = new widgets::StatTile(tr("dev loss"), header);
    m_speed = new widgets::StatTile(tr("tokens per second"), header);
    m_time = new widgets::StatTile(tr("time left"), header);
    m_accuracy->setObjectName(QStringLiteral("accuracyTile"));
    m_loss->setObjectName(QStringLiteral("lossTile"));
    m_speed->setObjectName(QStringLiteral("speedTile"));
    m_time->setObjectName(QStringLiteral("timeTile"));
    auto* tiles = new QHBoxLayout;
    tiles->setSpacing(space::page);
    for (auto* tile : {m_accuracy, m_loss, m_speed, m_time}) {
        tile->setCompact(true);
        tiles->addWidget(tile, 1);
    }
    column->addLayout(top);
    column->addWidget(m_progress);
    column->addLayout(tiles);
    return header;
}

QWidget* TrainPage::buildRuns() {
    auto* card = new widgets::Card(tr("Runs"), this);
    card->setObjectName(QStringLiteral("runsCard"));
    card->setFlush(true);
    auto* buttons = new QWidget(card);
    auto* line = new QHBoxLayout(buttons);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::between);
    m_resume = widgets::plainButton(tr("Resume"), QStringLiteral("resume"), buttons);
    m_evaluate = widgets::plainButton(tr("Evaluate"), QStringLiteral("evaluate"), buttons);
    m_chat = widgets::plainButton(tr("Chat"), QStringLiteral("chat"), buttons);
    m_report = widgets::plainButton(tr("Report…"), QStringLiteral("export"), buttons);
    m_report->setObjectName(QStringLiteral("reportRunButton"));
    widgets::setShortcut(m_report, tr("Save the chosen run as one page, or its curves as a table"),
                         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
    m_resume->setObjectName(QStringLiteral("resumeButton"));
    m_evaluate->setObjectName(QStringLiteral("evaluateRunButton"));
    m_chat->setObjectName(QStringLiteral("chatRunButton"));
    widgets::setShortcut(m_resume, tr("Go on with the chosen run"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R));
    widgets::setShortcut(m_evaluate, tr("Judge the chosen run's model"), QKeySequence(Qt::CTRL | Qt::Key_E));
    widgets::setShortcut(m_chat, tr("Talk to the chosen run's model"), QKeySequence(Qt::CTRL | Qt::Key_T));
    for (auto* button : {m_resume, m_evaluate, m_chat, m_report})
        line->addWidget(button);
    card->setTrailing(buttons);

    m_runs = new RunsModel(this);
    m_sorted = new QSortFilterProxyModel(this);
    m_sorted->setSourceModel(m_runs);
    m_sorted->setSortRole(RunsModel::kSortRole);
    m_table = new QTableView(card);
    m_table->setObjectName(QStringLiteral("runsTable"));
    m_table->setAccessibleName(tr("Runs of this project"));
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(static_cast<int>(RunsModel::Column::When), Qt::DescendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(space::dense);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(static_cast<int>(RunsModel::Column::Model), QHeaderView::Stretch);
    m_table->setMinimumHeight(3 * space::dense);
    card->body()->addWidget(m_table);
    card->body()->setContentsMargins(space::between, space::between, space::between, space::inner);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (const auto* run = m_refreshing ? nullptr : selected())
            showRun(*run);
        updateButtons();
    });
    connect(m_resume, &QPushButton::clicked, this, [this] {
        if (const auto* run = selected()) {
            m_followLive = true;
            m_controller.resume(run->id);
        }
    });
    connect(m_evaluate, &QPushButton::clicked, this, [this] { request(QStringLiteral("evaluate")); });
    connect(m_chat, &QPushButton::clicked, this, [this] { request(QStringLiteral("chat")); });
    connect(m_report, &QPushButton::clicked, this, &TrainPage::saveReport);
    return card;
}

void TrainPage::connectController() {
    using session::TrainController;
    connect(m_pause, &QPushButton::clicked, this,
            [this] { m_controller.setPaused(m_controller.state() != State::Paused); });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_controller.stop(); });
    connect(&m_controller, &TrainController::stateChanged, this, [this] {
        m_form->setRunning(m_controller.isActive());
        updateButtons();
        updateHeadline();
        updateProgress();
        if (!m_controller.isActive() && m_controller.state() != State::Idle)
            runEnded();
    });
    connect(&m_controller, &TrainController::runPrepared, this, [this](const QString& id) {
        refreshRuns();
        if (m_followLive) {
            m_shown = id;
            selectRun(id);
        }
    });
    connect(&m_controller, &TrainController::reportsReset, this, &TrainPage::resetLive);
    connect(&m_controller, &TrainController::reportsArrived, this, &TrainPage::appendLive);
    connect(&m_controller, &TrainController::progressed, this, &TrainPage::updateProgress);
    connect(&m_session, &session::Session::runsChanged, this, &TrainPage::refreshRuns);
    connect(&m_session, &session::Session::projectChanged, this, [this] {
        m_shown.clear();
        m_reports.clear();
        m_curves->clear();
        m_followLive = true;
        refreshRuns();
        m_form->refresh();
        updateButtons();
        updateHeadline();
        updateProgress();
    });
}

void TrainPage::activate(const QString& argument) {
    m_form->refresh();
    refreshRuns();
    if (!argument.isEmpty())
        selectRun(argument);
    else if (m_shown.isEmpty() && m_sorted->rowCount() > 0)
        m_table->selectRow(0);
    updateButtons();
    updateHeadline();
    setFocus();
}

void TrainPage::start() {
    if (!m_form->canStart())
        return;
    m_followLive = true;
    m_shown.clear();
    m_controller.start(m_form->model(), m_form->method(), m_form->options(), m_form->title());
}

bool TrainPage::showsLive() const {
    return m_controller.isActive() && (m_shown.isEmpty() || m_shown == m_controller.runId());
}

const session::RunInfo* TrainPage::selected() const {
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? &m_runs->run(m_sorted->mapToSource(current).row()) : nullptr;
}

void TrainPage::selectRun(const QString& id) {
    const int row = m_runs->rowOf(id);
    if (row < 0)
        return;
    const QModelIndex index = m_sorted->mapFromSource(m_runs->index(row, 0));
    if (m_table->currentIndex().row() != index.row())
        m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
}

void TrainPage::refreshRuns() {
    const auto* before = selected();
    const QString id = before ? before->id : m_shown;
    m_refreshing = true;
    m_runs->setRuns(m_controller.history());
    for (int column = 0; column < m_runs->columnCount(); ++column)
        if (column != static_cast<int>(RunsModel::Column::Model))
            m_table->setColumnWidth(column,
                                    std::max(static_cast<QAbstractItemView*>(m_table)->sizeHintForColumn(column),
                                             m_table->horizontalHeader()->sectionSizeHint(column)) +
                                        space::between);
    if (!id.isEmpty())
        selectRun(id);
    m_refreshing = false;
    updateButtons();
}

void TrainPage::showRun(const session::RunInfo& run) {
    m_followLive = m_controller.isActive() && run.id == m_controller.runId();
    if (m_shown == run.id && !m_curves->isEmpty())
        return;
    m_shown = run.id;
    if (m_followLive)
        return resetLive();
    m_reports.clear();
    m_curves->clear();
    m_curves->setBestStep(run.bestStep);
    updateHeadline();
    updateProgress();
    m_controller.loadCurves(run, [this, id = run.id](Result<std::vector<train::StepReport>> reports) {
        if (m_shown != id)
            return;  // another one was chosen meanwhile
        if (reports) {
            m_reports = std::move(*reports);
            m_curves->append(m_reports);
        }
        if (const int row = m_runs->rowOf(id); row >= 0)
            m_curves->setBestStep(m_runs->run(row).bestStep);
        updateHeadline();
    });
}

void TrainPage::resetLive() {
    if (!showsLive() && m_controller.isActive())
        return;
    m_reports = m_controller.reports();
    m_curves->clear();
    m_curves->append(m_reports);
    updateHeadline();
}

void TrainPage::appendLive(const std::vector<train::StepReport>& reports) {
    if (!showsLive())
        return;
    m_reports.insert(m_reports.end(), reports.begin(), reports.end());
    m_curves->append(reports);
    m_curves->setBestStep(updateHeadline());
}

void TrainPage::updateButtons() {
    const auto state = m_controller.state();
    const bool active = m_controller.isActive();
    m_pause->setVisible(active);
    m_stop->setVisible(active);
    m_pause->setEnabled(state == State::Running || state == State::Paused);
    m_stop->setEnabled(state == State::Running || state == State::Paused);
    const bool paused = state == State::Paused;
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(widgets::icon(paused ? QStringLiteral("play") : QStringLiteral("pause")));
    const auto* run = selected();
    m_resume->setVisible(run && run->canResume);
    m_resume->setEnabled(run && run->canResume && !active);
    const bool model = run && !run->modelFolder.empty();
    m_evaluate->setEnabled(model);
    m_chat->setEnabled(model);
    m_report->setEnabled(run != nullptr);
    m_stack->setCurrentWidget(m_curves->isEmpty() && !active && m_shown.isEmpty() ? static_cast<QWidget*>(m_empty)
                                                                                  : m_curves);
}

std::int64_t TrainPage::updateHeadline() {
    const int row = m_runs->rowOf(m_shown);
    const bool live = showsLive();
    const auto* run = row >= 0 ? &m_runs->run(row) : nullptr;
    const Headline numbers = headline(m_reports, run && !live ? run->bestStep : 0);
    m_pretraining->setVisible(m_curves->hasPretraining() && !numbers.pretraining);
    m_title->setText(live ? tr("Training %1").arg(run ? run->id : m_form->title())
                          : (run ? tr("Run %1").arg(run->id) : tr("Curves")));
    m_accuracy->setValue(std::isfinite(numbers.bestAccuracy) ? session::percent(numbers.bestAccuracy) : QString());
    m_accuracy->setNote(
        std::isfinite(numbers.bestMacroF1) ? tr("macro-F1 %1").arg(session::percent(numbers.bestMacroF1)) : QString());
    const bool dev = std::isfinite(numbers.devLoss);
    const double loss = dev ? numbers.devLoss : numbers.trainLoss;
    m_loss->setCaption(dev ? tr("dev loss") : tr("training loss"));
    m_loss->setValue(std::isfinite(loss) ? QLocale().toString(loss, 'f', 3) : QString());
    m_speed->setValue(std::isfinite(numbers.tokensPerSecond) ? session::compactNumber(numbers.tokensPerSecond)
                                                             : QString());
    if (live) {
        m_time->setCaption(numbers.pretraining ? tr("left of pre-training") : tr("time left"));
        const double left = m_controller.secondsLeft();
        m_time->setValue(std::isfinite(left) ? session::duration(left) : QString());
    } else {
        m_time->setCaption(tr("time taken"));
        m_time->setValue(numbers.seconds > 0 ? session::duration(numbers.seconds) : QString());
    }
    m_time->setNote(numbers.steps > 0 ? tr("step %1 of %2").arg(numbers.steps).arg(numbers.totalSteps) : QString());
    return numbers.bestStep;
}

void TrainPage::updateProgress() {
    const bool live = showsLive();
    m_progress->setVisible(m_controller.isActive());
    if (!m_controller.isActive()) {
        const int row = m_runs->rowOf(m_shown);
        m_stage->setFullText(row >= 0 ? m_runs->run(row).error : QString());
        return;
    }
    const auto progress = m_controller.progress();
    const double share =
        progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0;
    m_progress->setRange(0, progress.total > 0 ? 1000 : 0);
    m_progress->setValue(static_cast<int>(share * 1000));
    const QString percent = progress.total > 0 ? session::percent(share) : QString();
    m_runs->setLiveProgress(m_controller.runId(), percent);
    QString stage = stageText(progress.stage);
    if (m_controller.state() == State::Paused)
        stage = tr("paused");
    else if (m_controller.state() == State::Stopping)
        stage = tr("stopping after this step…");
    m_stage->setFullText(live ? QStringList({stage, percent}).join(QStringLiteral("  ")).trimmed()
                              : tr("Another run is going on: %1").arg(m_controller.runId()));
    if (live)
        updateHeadline();
}

void TrainPage::runEnded() {
    refreshRuns();
    m_form->refresh();
    const auto& outcome = m_controller.outcome();
    if (m_shown == m_controller.runId() && outcome.bestStep > 0)
        m_curves->setBestStep(outcome.bestStep);
    updateHeadline();
    if (m_controller.state() == State::Failed)
        return;
    QString text = m_controller.state() == State::Canceled
                       ? tr("Run %1 is stopped. It can be resumed.").arg(m_controller.runId())
                       : tr("Run %1 is done.").arg(m_controller.runId());
    if (std::isfinite(outcome.bestDevAccuracy))
        text += QLatin1Char(' ') + tr("Best dev accuracy %1.").arg(session::percent(outcome.bestDevAccuracy));
    if (outcome.truncatedTexts > 0)
        text += QLatin1Char(' ') + tr("%n text(s) were longer than the model reads and were cut.", nullptr,
                                      static_cast<int>(outcome.truncatedTexts));
    Q_EMIT m_session.messagePosted(text, {}, false);
}

void TrainPage::request(const QString& page) {
    if (const auto* run = selected(); run && !run->modelFolder.empty())
        Q_EMIT m_session.pageRequested(page, run->id);
}

void TrainPage::saveReport() {
    if (m_shown.isEmpty())
        return;
    dialogs::FileDialog::saveFile(this, tr("Save the run"), m_shown + QStringLiteral(".html"),
                                  tr("Report (*.html);;Curves (*.csv)"), [this, id = m_shown](const QString& path) {
                                      if (const auto saved = session::saveRun(m_session, id, path); !saved)
                                          Q_EMIT m_session.messagePosted(session::errorText(saved.error()),
                                                                         QString::fromStdString(saved.error().detail),
                                                                         true);
                                      else
                                          Q_EMIT m_session.messagePosted(tr("Saved %1.").arg(path), {}, false);
                                  });
}

PageEntry trainPage() {
    return {
        .id = "train",
        .title = QT_TRANSLATE_NOOP("pages", "Train"),
        .icon = "train",
        .create = [](session::Session& session, QWidget* parent) -> Page* { return new TrainPage(session, parent); }};
}

}  // namespace lathe::pages
