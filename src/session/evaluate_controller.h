// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// EvaluateController: a model against labelled texts, and the items behind every number.
// Thread: GUI. Loading and classifying happen on the compute lane; the model lives no longer than the job.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "corpus/types.h"
#include "eval/classification_report.h"
#include "infer/text_model.h"

namespace lathe::session {

class Session;
struct Job;

enum class EvalData { RunDev, TestSplit, AllLabelled };

struct EvaluatedItem {
    corpus::SampleId sample = 0;
    std::string text;
    int gold = 0;               ///< index into the report's labels
    int predicted = 0;          ///< likewise
    float probability = 0;      ///< of the predicted label
    float goldProbability = 0;  ///< of the gold label
    bool truncated = false;
    bool corrected = false;  ///< its label was changed since the evaluation ran
};

struct Evaluation {
    QString model;
    QString dataTitle;
    eval::ClassificationReport report;
    std::vector<EvaluatedItem> items;
    std::int64_t truncated = 0;
    std::int64_t unknownLabels = 0;  ///< labels of the data that the model does not know; their items count as wrong
    std::int64_t corrected = 0;
    double seconds = 0;
};

/// A model that may be evaluated, and what its run left.
struct EvalModel {
    infer::ModelInfo info;
    QString title;
    corpus::SnapshotId snapshot = 0;  ///< of its run, 0 = not from a run here
    double bestDevLoss = 0;           ///< nats; NaN = not known
    double bestDevAccuracy = 0;       ///< likewise
};

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

    bool start(const EvalModel& model, EvalData data);
    void stop();
    /// Writes an annotation and counts the item anew under its new label. \returns NotFound, Io.
    Result<> correctLabel(std::size_t item, corpus::LabelId label);
    /// .json: report and items; .csv: the per-class table. \returns InvalidInput (another extension), Io.
    Result<> save(const QString& path) const;

Q_SIGNALS:
    void stateChanged();
    void progressed();
    void evaluationChanged();

private:
    void setState(State state);
    void finish(Result<Evaluation> result);

    Session& m_session;
    State m_state = State::Idle;
    std::shared_ptr<Job> m_job;
    QTimer m_timer;
    QString m_error;
    Evaluation m_evaluation;
};

}  // namespace lathe::session
