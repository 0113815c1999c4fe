// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// EvaluateController: a model against labelled texts, and the items behind every number.
// Thread: GUI. Loading and classifying happen on the compute lane; the model lives no longer than the job.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

#include "infer/attribution.h"
#include "session/evaluation.h"

namespace lathe::session {

class Session;
struct Job;

class EvaluateController : public QObject {
    Q_OBJECT

public:
    enum class State { Idle, Running, Stopping, Finished, Canceled, Failed };
    Q_ENUM(State)

    explicit EvaluateController(Session& session, QObject* parent = nullptr);
    ~EvaluateController() override;

    State state() const { return m_state; }
    bool isActive() const { return m_state == State::Running || m_state == State::Stopping; }
    Progress progress() const;
    QString errorText() const { return m_error; }
    const Evaluation& evaluation() const { return m_evaluation; }
    bool hasEvaluation() const { return !m_evaluation.report.labels.empty(); }

    std::vector<EvalModel> models() const;  ///< newest first
    /// How many items an evaluation on \p data would have.
    std::int64_t itemCount(const EvalModel& model, EvalData data) const;
    /// Indices into evaluation().items of one cell of the confusion matrix, least probable gold first. predicted -1:
    /// all items of that label that were taken for another; gold -1: all that were wrongly taken for `predicted`.
    std::vector<std::size_t> itemsOf(int gold, int predicted) const;

    /// \p other: a model to compare with on the same texts.
    bool start(const EvalModel& model, EvalData data, const std::optional<EvalModel>& other = std::nullopt);
    void stop();
    /// Asks the evaluated model why it answered an item as it did; explained() tells. A question that is open is
    /// dropped for the new one.
    void explain(std::size_t item);
    /// Writes an annotation and counts the item anew under its new label. \returns NotFound, Io.
    Result<> correctLabel(std::size_t item, corpus::LabelId label);
    /// .json: report and items; .csv: the per-class table. \returns InvalidInput (another extension), Io.
    Result<> save(const QString& path) const;

Q_SIGNALS:
    void stateChanged();
    void progressed();
    void evaluationChanged();
    /// Shares of the predicted label; empty \p problem: it could be told.
    void explained(std::size_t item, const lathe::infer::Attribution& why, const QString& problem);

private:
    void setState(State state);
    void finish(Result<Evaluation> result);

    Session& m_session;
    State m_state = State::Idle;
    std::shared_ptr<Job> m_job;
    QTimer m_timer;
    QString m_error;
    Evaluation m_evaluation;
    std::filesystem::path m_folder;  ///< of the evaluated model
    std::shared_ptr<Job> m_question;
};

}  // namespace lathe::session
