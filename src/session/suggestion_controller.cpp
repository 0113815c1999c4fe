// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/suggestion_controller.h"

#include <algorithm>
#include <map>

#include "core/utf8.h"
#include "infer/text_model.h"
#include "linear/ngram_classifier.h"
#include "session/error_text.h"
#include "session/session.h"

namespace lathe::session {

namespace {

/// Folder below models/ of the model that the Label page trains for itself.
constexpr const char* kOwnModel = "suggestions";
constexpr std::int64_t kLeastLabelled = 10;
constexpr std::size_t kPiece = 2000;

struct LoadedModel {
    std::shared_ptr<const linear::NgramClassifier> model;  ///< null: the project has none
    std::string name;
};

Result<LoadedModel> loadNewestModel(const corpus::Project& project) {
    std::optional<Error> problem;
    for (const infer::ModelInfo& info : infer::listModels(project.modelsFolder())) {
        if (info.architecture != "ngram" || !info.problem.empty())
            continue;
        auto model = linear::NgramClassifier::load(info.folder);
        if (model)
            return LoadedModel{std::make_shared<linear::NgramClassifier>(std::move(*model)), info.name};
        problem = problem ? problem : model.error();
    }
    if (problem)
        return fail(*problem);
    return LoadedModel{};
}

struct TrainingTexts {
    std::vector<std::string> texts;
    std::vector<int> labels;
    std::vector<std::string> names;
};

Result<TrainingTexts> readLabelled(corpus::CorpusStore& store, JobContext& context) {
    TrainingTexts data;
    std::map<corpus::LabelId, int> indexOf;
    LATHE_TRY(auto labels, store.labels());
    for (const corpus::Label& label : labels) {
        if (label.count > 0) {
            indexOf[label.id] = static_cast<int>(data.names.size());
            data.names.push_back(label.name);
        }
    }
    corpus::SampleFilter filter;
    filter.state = corpus::LabelState::Labelled;
    LATHE_TRY(auto ids, store.find(filter));
    for (std::size_t first = 0; first < ids.size(); first += kPiece) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "training was stopped");
        LATHE_TRY(auto samples, store.samples(std::span(ids).subspan(first, std::min(kPiece, ids.size() - first))));
        for (corpus::Sample& sample : samples) {
            // Test data stays unseen, here too.
            if (!sample.label || sample.split == corpus::Split::Test || !indexOf.contains(*sample.label))
                continue;
            data.labels.push_back(indexOf[*sample.label]);
            data.texts.push_back(std::move(sample.text));
        }
    }
    return data;
}

Result<LoadedModel> trainOwnModel(const corpus::Project& project, JobContext& context) {
    LATHE_TRY(auto store, project.connect());
    LATHE_TRY(auto data, readLabelled(*store, context));
    linear::NgramOptions options;
    const int epochs = options.epochs;
    auto model = linear::NgramClassifier::train(
        data.texts, data.labels, data.names, {}, {}, options, context,
        [&](const linear::EpochReport& report) { context.progress(report.epoch, epochs, "training"); });
    if (!model)
        return fail(model.error());
    LATHE_CHECK(model->save(project.modelsFolder() / kOwnModel));
    return LoadedModel{std::make_shared<linear::NgramClassifier>(std::move(*model)), kOwnModel};
}

}  // namespace

SuggestionController::SuggestionController(Session& session, QObject* parent) : QObject(parent), m_session(session) {
    connect(&session, &Session::projectChanged, this, [this] {
        ++m_request;
        if (m_job)
            m_job->requestStop();
        m_job.reset();
        m_model.reset();
        m_modelName.clear();
        m_labelledAtTraining = -1;
        setState(State::NoModel);
        loadNewest();
    });
    connect(&session, &Session::runsChanged, this, &SuggestionController::loadNewest);
    connect(&session, &Session::labelsChanged, this, [this] {
        matchLabels();
        Q_EMIT changed();
    });
}

SuggestionController::~SuggestionController() {
    if (m_job)
        m_job->requestStop();
}

std::vector<Suggestion> SuggestionController::suggest(std::string_view text) const {
    std::vector<Suggestion> ranked;
    if (!m_model)
        return ranked;
    const std::vector<float> probabilities = m_model->predict(clipUtf8(text, kTextBytes));
    for (std::size_t i = 0; i < probabilities.size() && i < m_labelOf.size(); ++i) {
        if (m_labelOf[i] != 0)
            ranked.push_back({m_labelOf[i], probabilities[i]});
    }
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const Suggestion& a, const Suggestion& b) { return a.probability > b.probability; });
    return ranked;
}

std::int64_t SuggestionController::labelsSinceTraining() const {
    return m_labelledAtTraining < 0 ? 0 : std::max<std::int64_t>(0, m_session.counts().labelled - m_labelledAtTraining);
}

bool SuggestionController::canTrain() const {
    if (!m_session.hasProject() || m_session.isReadOnly() || m_state == State::Training)
        return false;
    const auto used = std::count_if(m_session.labels().begin(), m_session.labels().end(),
                                    [](const corpus::Label& label) { return label.count > 0; });
    return used >= 2 && m_session.counts().labelled >= kLeastLabelled;
}

void SuggestionController::train() {
    if (!canTrain())
        return;
    const int request = ++m_request;
    const std::int64_t labelled = m_session.counts().labelled;
    auto job = m_session.jobs().start<LoadedModel>(
        Lane::Compute, tr("Learning to suggest"),
        [project = m_session.project()](JobContext& context) { return trainOwnModel(project, context); }, this,
        [this, request, labelled](Result<LoadedModel> result) {
            if (request != m_request)
                return;
            m_job.reset();
            if (result) {
                m_labelledAtTraining = labelled;
                return use(result->model, QString::fromStdString(result->name));
            }
            setState(m_model ? State::Ready : State::NoModel);
            if (result.error().code != ErrorCode::Canceled)
                Q_EMIT failed(errorText(result.error()), QString::fromStdString(result.error().detail));
        });
    job->background = true;  // a hint: nobody is asked before it is stopped
    m_job = job->control;
    setState(State::Training);
}

void SuggestionController::loadNewest() {
    if (!m_session.hasProject() || m_state == State::Training)
        return;
    const int request = ++m_request;
    auto job = m_session.jobs().start<LoadedModel>(
        Lane::Io, tr("Loading the suggestion model"),
        [project = m_session.project()](JobContext&) { return loadNewestModel(project); }, this,
        [this, request](Result<LoadedModel> result) {
            if (request != m_request)
                return;
            m_job.reset();
            if (result && result->model) {
                m_labelledAtTraining = -1;
                return use(result->model, QString::fromStdString(result->name));
            }
            setState(m_model ? State::Ready : State::NoModel);
            if (!result)
                Q_EMIT failed(errorText(result.error()), QString::fromStdString(result.error().detail));
        });
    job->background = true;  // a hint: nobody is asked before it is stopped
    m_job = job->control;
    if (!m_model)
        setState(State::Loading);
}

void SuggestionController::use(std::shared_ptr<const linear::NgramClassifier> model, const QString& name) {
    m_model = std::move(model);
    m_modelName = name;
    matchLabels();
    m_state = State::Ready;
    Q_EMIT changed();
}

void SuggestionController::matchLabels() {
    m_labelOf.clear();
    if (!m_model)
        return;
    // By name: a model knows nothing of the project's ids, and may come from another project.
    for (const std::string& name : m_model->labelNames()) {
        const auto& labels = m_session.labels();
        const auto found =
            std::find_if(labels.begin(), labels.end(), [&](const corpus::Label& label) { return label.name == name; });
        m_labelOf.push_back(found == labels.end() ? 0 : found->id);
    }
}

void SuggestionController::setState(State state) {
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT changed();
}

}  // namespace lathe::session
