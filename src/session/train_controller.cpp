// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/train_controller.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/log.h"
#include "session/error_text.h"
#include "session/job_runner.h"
#include "session/session.h"
#include "train/project_training.h"

namespace lathe::session {

namespace {

constexpr int kPullMs = 66;
/// Metrics files larger than this are read on the io lane.
constexpr qint64 kReadAtOnceBytes = 512 * 1024;
constexpr double kRateWindowSeconds = 8;

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

double real(const Json& object, const char* key) {
    const auto it = object.find(key);
    return it != object.end() && it->is_number() ? it->get<double>() : train::kNoValue;
}

QString string(const Json& object, const char* key) {
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? text(it->get<std::string>()) : QString();
}

Json parsed(const std::string& json, const char* where) {
    auto value = parseJson(json.empty() ? "{}" : json, where);
    return value && value->is_object() ? std::move(*value) : Json::object();
}

}  // namespace

/// What the lane and the window share while a run lasts. Thread: any (mutex; MetricBuffer has its own).
struct TrainController::Shared {
    train::MetricBuffer metrics;
    std::mutex mutex;
    std::string runId;                       // guarded by mutex
    std::vector<train::StepReport> earlier;  // guarded by mutex; of the run that is resumed
    bool prepared = false;                   // guarded by mutex
};

TrainController::TrainController(Session& session, QObject* parent) : QObject(parent), m_session(session) {
    m_timer.setInterval(kPullMs);
    connect(&m_timer, &QTimer::timeout, this, &TrainController::pull);
    connect(&session, &Session::projectChanged, this, [this] {
        if (isActive())
            return;
        m_reports.clear();
        m_runId.clear();
        m_outcome = {};
        setState(State::Idle);
        Q_EMIT reportsReset();
    });
}

TrainController::~TrainController() = default;

bool TrainController::isActive() const {
    return m_state == State::Running || m_state == State::Paused || m_state == State::Stopping;
}

Progress TrainController::progress() const {
    return m_job ? m_job->control->progress() : Progress{};
}

double TrainController::secondsLeft() const {
    if (m_reports.empty() || !(m_rate > 0))
        return train::kNoValue;
    const auto& last = m_reports.back();
    return static_cast<double>(std::max<std::int64_t>(0, last.totalSteps - last.step)) / m_rate;
}

std::vector<RunInfo> TrainController::history() const {
    std::vector<RunInfo> rows;
    if (!m_session.hasProject())
        return rows;
    auto runs = m_session.store().runs();
    auto snapshots = m_session.store().snapshots();
    if (!runs || !snapshots) {
        logWarning("train", "the runs could not be read: {}", runs ? snapshots.error().message : runs.error().message);
        return rows;
    }
    for (const corpus::Run& run : *runs) {
        RunInfo row;
        const Json config = parsed(run.config, "run config");
        const Json summary = parsed(run.summary, "run summary");
        row.id = text(run.id);
        row.model = QFileInfo(string(config, "model")).fileName();
        row.method = string(config, "method");
        row.status = text(run.status);
        row.createdMs = run.createdMs;
        row.snapshot = run.snapshot;
        if (const auto it = std::ranges::find(*snapshots, run.snapshot, &corpus::Snapshot::id); it != snapshots->end())
            row.samples = it->samples;
        row.bestAccuracy = real(summary, "best_dev_accuracy");
        row.bestLoss = real(summary, "best_dev_loss");
        row.bestMacroF1 = real(summary, "best_dev_macro_f1");
        row.seconds = real(summary, "seconds");
        if (const double step = real(summary, "best_step"); std::isfinite(step))
            row.bestStep = std::llround(step);
        row.error = string(summary, "error");
        row.runFolder = m_session.project().runsFolder() / run.id;
        const auto model = m_session.project().modelsFolder() / run.id;
        if (std::error_code ignored; std::filesystem::exists(model / "config.json", ignored))
            row.modelFolder = model;
        if (row.status == QLatin1String("running") && !(isActive() && row.id == m_runId))
            row.status = QStringLiteral("interrupted");
        std::error_code ignored;
        row.canResume = (row.status == QLatin1String("stopped") || row.status == QLatin1String("interrupted")) &&
                        std::filesystem::exists(row.runFolder / "checkpoints" / "last", ignored);
        rows.push_back(std::move(row));
    }
    return rows;
}

DataSummary TrainController::dataSummary(train::DataKind kind, double devShare) const {
    DataSummary data;
    if (!m_session.hasProject())
        return data;
    const bool labels = kind == train::DataKind::Label;
    corpus::SampleFilter filter;
    filter.state = labels ? corpus::LabelState::Labelled : corpus::LabelState::Any;
    filter.onlyAnswers = !labels;
    const auto count = [&](corpus::Split split, std::int64_t inSplit) -> std::int64_t {
        if (inSplit == 0)
            return 0;
        filter.split = split;
        const auto ids = m_session.store().find(filter);
        return ids ? static_cast<std::int64_t>(ids->size()) : 0;
    };
    const auto& totals = m_session.counts();
    const std::int64_t fixedDev = count(corpus::Split::Dev, totals.dev);
    const std::int64_t fixedTrain = count(corpus::Split::Train, totals.train);
    data.test = count(corpus::Split::Test, totals.test);
    data.usable = (labels ? totals.labelled : totals.answered) - data.test;
    data.dev = fixedDev + std::llround(static_cast<double>(data.usable - fixedDev - fixedTrain) * devShare);
    data.unlabelled = totals.unlabelled;
    for (const corpus::Label& label : m_session.labels()) {
        data.labels += label.count > 0;
        if (label.count == 1)
            data.thinLabels.push_back(text(label.name));
    }
    return data;
}

void TrainController::loadCurves(const RunInfo& run, std::function<void(Result<std::vector<train::StepReport>>)> done) {
    const QFileInfo file(text((run.runFolder / "metrics.jsonl").string()));
    if (file.size() <= kReadAtOnceBytes)
        return done(train::readMetrics(run.runFolder));
    m_session.jobs().start<std::vector<train::StepReport>>(
        Lane::Io, tr("Reading the curves of %1").arg(run.id),
        [folder = run.runFolder](JobContext&) { return train::readMetrics(folder); }, this, std::move(done));
}

bool TrainController::start(const QString& model, const QString& method, const Json& options, const QString& title) {
    const auto project = m_session.hasProject() ? std::optional(m_session.project()) : std::nullopt;
    return launch(tr("Training: %1").arg(title),
                  [project, model = model.toStdString(), method = method.toStdString(), options](
                      Shared& shared, JobContext& job) -> Result<train::TrainOutcome> {
                      LATHE_TRY(auto store, project->connect());
                      LATHE_TRY(auto run, train::prepareProjectRun(*project, *store, model, method, options));
                      {
                          const std::lock_guard lock(shared.mutex);
                          shared.runId = run.id;
                          shared.prepared = true;
                      }
                      return train::executeProjectRun(*store, run, shared.metrics, job);
                  });
}

bool TrainController::resume(const QString& runId) {
    const auto project = m_session.hasProject() ? std::optional(m_session.project()) : std::nullopt;
    return launch(tr("Training run %1, resumed").arg(runId),
                  [project, id = runId.toStdString()](Shared& shared, JobContext& job) -> Result<train::TrainOutcome> {
                      LATHE_TRY(auto store, project->connect());
                      LATHE_TRY(auto run, train::resumeProjectRun(*project, *store, id));
                      auto earlier = train::readMetrics(run.request.runFolder);
                      {
                          const std::lock_guard lock(shared.mutex);
                          shared.runId = run.id;
                          if (earlier)
                              shared.earlier = std::move(*earlier);
                          shared.prepared = true;
                      }
                      return train::executeProjectRun(*store, run, shared.metrics, job);
                  });
}

bool TrainController::launch(const QString& title,
                             std::function<Result<train::TrainOutcome>(Shared&, JobContext&)> work) {
    if (isActive()) {
        Q_EMIT m_session.messagePosted(tr("A run is going on. Stop it first, or wait until it is done."), {}, true);
        return false;
    }
    if (!m_session.hasProject() || m_session.isReadOnly()) {
        Q_EMIT m_session.messagePosted(
            tr("This project is open for reading only: a run could not be kept. Close it in the other program first."),
            {}, true);
        return false;
    }
    m_shared = std::make_shared<Shared>();
    m_reports.clear();
    m_runId.clear();
    m_error.clear();
    m_outcome = {};
    m_rate = train::kNoValue;
    m_job = m_session.jobs().start<train::TrainOutcome>(
        Lane::Compute, title,
        [work = std::move(work), shared = m_shared](JobContext& job) { return work(*shared, job); }, this,
        [this](Result<train::TrainOutcome> outcome) { finish(std::move(outcome)); }, true);
    m_timer.start();
    setState(State::Running);
    Q_EMIT reportsReset();
    return true;
}

void TrainController::setPaused(bool paused) {
    if (m_state != State::Running && m_state != State::Paused)
        return;
    m_job->control->setPaused(paused);
    setState(paused ? State::Paused : State::Running);
}

void TrainController::stop() {
    if (!isActive() || m_state == State::Stopping)
        return;
    m_job->control->requestStop();
    setState(State::Stopping);
}

void TrainController::pull() {
    if (!m_shared)
        return;
    std::vector<train::StepReport> earlier;
    std::string id;
    {
        const std::lock_guard lock(m_shared->mutex);
        if (m_runId.isEmpty() && m_shared->prepared) {
            id = m_shared->runId;
            earlier = std::move(m_shared->earlier);
        }
    }
    if (!id.empty()) {
        m_runId = text(id);
        m_reports = std::move(earlier);
        Q_EMIT runPrepared(m_runId);
        if (!m_reports.empty())
            Q_EMIT reportsReset();
    }
    take(m_shared->metrics.takeAll());
    // The job bar has its own pause and stop buttons: what they did shows here too.
    if (isActive() && m_state != State::Stopping) {
        if (m_job->control->stopRequested())
            setState(State::Stopping);
        else
            setState(m_job->control->isPaused() ? State::Paused : State::Running);
    }
    Q_EMIT progressed();
}

void TrainController::take(std::vector<train::StepReport> reports) {
    if (reports.empty())
        return;
    for (const auto& report : reports) {
        const auto* before = m_reports.empty() ? nullptr : &m_reports.back();
        const double seconds = before ? report.elapsedSeconds - before->elapsedSeconds : 0;
        if (before && before->phase != report.phase)
            m_rate = train::kNoValue;
        else if (before && report.step > before->step && seconds > 0) {
            const double now = static_cast<double>(report.step - before->step) / seconds;
            const double keep = std::exp(-seconds / kRateWindowSeconds);
            m_rate = std::isfinite(m_rate) ? keep * m_rate + (1 - keep) * now : now;
        }
        m_reports.push_back(report);
    }
    Q_EMIT reportsArrived(reports);
}

void TrainController::finish(Result<train::TrainOutcome> outcome) {
    pull();
    m_timer.stop();
    m_job.reset();
    m_shared.reset();
    if (outcome) {
        m_outcome = *outcome;
        setState(outcome->stopped ? State::Canceled : State::Finished);
    } else if (outcome.error().code == ErrorCode::Canceled) {
        setState(State::Canceled);
    } else {
        m_error = session::errorText(outcome.error());
        logError("train", "{} {}", outcome.error().message, outcome.error().detail);
        setState(State::Failed);
        Q_EMIT m_session.messagePosted(m_error, text(outcome.error().detail), true);
    }
    m_session.notifyRunsChanged();
}

void TrainController::setState(State state) {
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged();
}

}  // namespace lathe::session
