// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/evaluate_controller.h"

#include <fmt/format.h>

#include <QFileInfo>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/files.h"
#include "core/json.h"
#include "core/log.h"
#include "session/error_text.h"
#include "session/job_runner.h"
#include "session/session.h"

namespace lathe::session {

namespace {

constexpr int kPollMs = 66;
constexpr int kSteps = 32;  ///< of the integral over gradients
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

EvaluateController::EvaluateController(Session& session, QObject* parent) : QObject(parent), m_session(session) {
    m_timer.setInterval(kPollMs);
    connect(&m_timer, &QTimer::timeout, this, &EvaluateController::progressed);
    connect(&session, &Session::projectChanged, this, [this] {
        stop();
        m_evaluation = {};
        Q_EMIT evaluationChanged();
    });
}

EvaluateController::~EvaluateController() {
    for (const auto& job : {m_job, m_question})
        if (job)
            job->control->requestStop();
}

Progress EvaluateController::progress() const {
    return m_job ? m_job->control->progress() : Progress{};
}

std::vector<EvalModel> EvaluateController::models() const {
    std::vector<EvalModel> models;
    if (!m_session.hasProject())
        return models;
    const auto runs = m_session.store().runs();
    for (auto& info : infer::listModels(m_session.project().modelsFolder())) {
        EvalModel model;
        model.title = QString::fromStdString(info.name);
        model.bestDevLoss = model.bestDevAccuracy = kUnknown;
        if (runs) {
            const auto run = std::ranges::find(*runs, info.name, &corpus::Run::id);
            if (run != runs->end()) {
                model.snapshot = run->snapshot;
                if (const auto summary = parseJson(run->summary.empty() ? "{}" : run->summary, "run summary")) {
                    model.bestDevLoss = jsonReal(*summary, "best_dev_loss", kUnknown).value_or(kUnknown);
                    model.bestDevAccuracy = jsonReal(*summary, "best_dev_accuracy", kUnknown).value_or(kUnknown);
                }
            }
        }
        model.info = std::move(info);
        models.push_back(std::move(model));
    }
    return models;
}

std::int64_t EvaluateController::itemCount(const EvalModel& model, EvalData data) const {
    if (!m_session.hasProject())
        return 0;
    if (data == EvalData::RunDev) {
        if (model.snapshot == 0)
            return 0;
        const auto items = m_session.store().snapshotItems(model.snapshot);
        return items ? std::ranges::count_if(
                           *items, [](const auto& item) { return item.split == corpus::Split::Dev && item.label; })
                     : 0;
    }
    corpus::SampleFilter filter;
    filter.state = corpus::LabelState::Labelled;
    if (data == EvalData::TestSplit)
        filter.split = corpus::Split::Test;
    const auto ids = m_session.store().find(filter);
    return ids ? static_cast<std::int64_t>(ids->size()) : 0;
}

std::vector<std::size_t> EvaluateController::itemsOf(int gold, int predicted) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < m_evaluation.items.size(); ++i) {
        const auto& item = m_evaluation.items[i];
        const bool wrong = item.gold != item.predicted;
        if ((item.gold == gold && item.predicted == predicted) || (predicted < 0 && item.gold == gold && wrong) ||
            (gold < 0 && item.predicted == predicted && wrong))
            found.push_back(i);
    }
    std::ranges::stable_sort(found, {}, [this](std::size_t i) { return m_evaluation.items[i].goldProbability; });
    return found;
}

bool EvaluateController::start(const EvalModel& model, EvalData data, const std::optional<EvalModel>& other) {
    if (isActive() || !m_session.hasProject())
        return false;
    m_error.clear();
    static const char* titles[] = {QT_TR_NOOP("the held-out dev part of its run"), QT_TR_NOOP("the test split"),
                                   QT_TR_NOOP("all labelled texts")};
    const QString dataTitle = tr(titles[static_cast<int>(data)]);
    m_job = m_session.jobs().start<Evaluation>(
        Lane::Compute, tr("Evaluating %1").arg(model.title),
        [project = m_session.project(), model, data, other](JobContext& job) {
            return evaluate(project, model, data, other, job);
        },
        this,
        [this, folder = model.info.folder, dataTitle](Result<Evaluation> result) {
            if (result) {
                result->dataTitle = dataTitle;
                m_folder = folder;
            }
            finish(std::move(result));
        });
    m_timer.start();
    setState(State::Running);
    return true;
}

void EvaluateController::stop() {
    if (m_state != State::Running)
        return;
    m_job->control->requestStop();
    setState(State::Stopping);
}

void EvaluateController::finish(Result<Evaluation> result) {
    m_timer.stop();
    m_job.reset();
    if (result) {
        m_evaluation = std::move(*result);
        setState(State::Finished);
        Q_EMIT evaluationChanged();
    } else if (result.error().code == ErrorCode::Canceled) {
        setState(State::Canceled);
    } else {
        m_error = session::errorText(result.error());
        logError("evaluate", "{} {}", result.error().message, result.error().detail);
        setState(State::Failed);
        Q_EMIT m_session.messagePosted(m_error, QString::fromStdString(result.error().detail), true);
    }
}

void EvaluateController::explain(std::size_t item) {
    if (item >= m_evaluation.items.size())
        return;
    if (m_question)
        m_question->control->requestStop();
    const auto& asked = m_evaluation.items[item];
    m_question = m_session.jobs().start<infer::Attribution>(
        Lane::Compute, tr("Explaining an answer"),
        [folder = m_folder, text = asked.text, label = asked.predicted](JobContext& job) -> Result<infer::Attribution> {
            LATHE_TRY(const auto model, infer::TextModel::load(folder));
            if (dynamic_cast<infer::Differentiable*>(model.get()))
                return infer::integratedGradients(*model, text, label, kSteps, job);
            return infer::leaveOneOut(*model, text, label, job);
        },
        this,
        [this, item, sample = asked.sample](Result<infer::Attribution> why) {
            // Another evaluation may have come in between.
            if (item >= m_evaluation.items.size() || m_evaluation.items[item].sample != sample)
                return;
            if (why)
                Q_EMIT explained(item, *why, {});
            else if (why.error().code != ErrorCode::Canceled)
                Q_EMIT explained(item, {}, session::errorText(why.error()));
        });
}

Result<> EvaluateController::correctLabel(std::size_t item, corpus::LabelId label) {
    const corpus::Label* chosen = m_session.label(label);
    if (item >= m_evaluation.items.size() || !chosen)
        return fail(ErrorCode::NotFound, "this label or item is not there any more: evaluate again");
    auto& changed = m_evaluation.items[item];
    corpus::Annotation annotation;
    annotation.sample = changed.sample;
    annotation.kind = corpus::AnnotationKind::Label;
    annotation.label = label;
    annotation.origin = corpus::Origin::Human;
    annotation.annotator = m_session.settings().text(Setting::Annotator).toStdString();
    annotation.timeMs = nowMs();
    LATHE_CHECK(m_session.store().annotate(annotation));
    const auto before = m_evaluation.report.labels.size();
    changed.gold = labelIndex(m_evaluation, chosen->name);
    // The model's probability of the new label is not kept: an item that is right now has its prediction's.
    changed.goldProbability = changed.gold == changed.predicted ? changed.probability : changed.goldProbability;
    m_evaluation.unknownLabels += static_cast<std::int64_t>(m_evaluation.report.labels.size() - before);
    m_evaluation.corrected += !changed.corrected;
    changed.corrected = true;
    const auto loss = m_evaluation.report.meanLoss;
    countAnew(m_evaluation);
    m_evaluation.report.meanLoss = loss;
    m_session.notifyAnnotation(changed.sample);
    Q_EMIT evaluationChanged();
    return {};
}

Result<> EvaluateController::save(const QString& path) const {
    const std::filesystem::path file(path.toStdString());
    const auto& report = m_evaluation.report;
    if (file.extension() == ".json") {
        Json json = eval::toJson(report);
        json["model"] = m_evaluation.model.toStdString();
        json["data"] = m_evaluation.dataTitle.toStdString();
        json["items_detail"] = Json::array();
        for (const auto& item : m_evaluation.items) {
            json["items_detail"].push_back({{"sample", item.sample},
                                            {"text", item.text},
                                            {"gold", report.labels[static_cast<std::size_t>(item.gold)]},
                                            {"predicted", report.labels[static_cast<std::size_t>(item.predicted)]},
                                            {"probability", item.probability}});
        }
        return writeJsonFile(file, json);
    }
    if (file.extension() != ".csv")
        return fail(ErrorCode::InvalidInput, "a report is saved as .json (everything) or .csv (the table): choose one");
    std::string out = "label,precision,recall,f1,support,predicted\n";
    for (std::size_t i = 0; i < report.labels.size(); ++i) {
        std::string name = "\"";
        for (const char c : report.labels[i])
            name += c == '"' ? std::string("\"\"") : std::string(1, c);
        const auto& row = report.perClass[i];
        out +=
            fmt::format("{}\",{},{},{},{},{}\n", name, row.precision, row.recall, row.f1, row.support, row.predicted);
    }
    return writeFileAtomically(file, out);
}

void EvaluateController::setState(State state) {
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged();
}

}  // namespace lathe::session
