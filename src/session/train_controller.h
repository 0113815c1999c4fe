// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TrainController: one training run at a time, from Start to its row in the history. The state that buttons bind to.
// Thread: GUI. The run itself works on the compute lane; its metrics are pulled, never pushed.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/job_context.h"
#include "core/option_spec.h"
#include "corpus/types.h"
#include "train/trainer.h"

namespace lathe::session {

class Session;
struct Job;

/// One row of the runs table, read from the store; times in seconds, shares 0..1, NaN where not known.
struct RunInfo {
    QString id;
    QString model;  ///< choice id or folder name
    QString method;
    QString status;  ///< running, done, stopped, failed, interrupted (it says running, but nothing runs it)
    std::int64_t createdMs = 0;
    std::int64_t samples = 0;  ///< of the snapshot
    corpus::SnapshotId snapshot = 0;
    double bestAccuracy = train::kNoValue;
    double bestLoss = train::kNoValue;
    double bestMacroF1 = train::kNoValue;
    double seconds = train::kNoValue;
    std::int64_t bestStep = 0;
    std::filesystem::path runFolder;
    std::filesystem::path modelFolder;  ///< empty while there is none
    QString error;
    bool canResume = false;
};

/// What a run started now would train on.
struct DataSummary {
    std::int64_t usable = 0;  ///< labelled texts (Classify) or question/answer pairs (Generate), without the test split
    std::int64_t dev = 0;     ///< of them held back for the dev set
    std::int64_t test = 0;    ///< put aside, never trained on
    std::int64_t labels = 0;  ///< labels in use
    std::int64_t unlabelled = 0;
    std::vector<QString> thinLabels;  ///< labels with fewer than two texts
};

class TrainController : public QObject {
    Q_OBJECT

public:
    enum class State { Idle, Running, Paused, Stopping, Finished, Canceled, Failed };
    Q_ENUM(State)

    explicit TrainController(Session& session, QObject* parent = nullptr);
    ~TrainController() override;

    State state() const { return m_state; }
    bool isActive() const;                     ///< Running, Paused or Stopping
    QString runId() const { return m_runId; }  ///< of the run that is active or was last; empty until it is prepared
    /// All reports of the run that is active or was last, resumed part included.
    const std::vector<train::StepReport>& reports() const { return m_reports; }
    Progress progress() const;
    double secondsLeft() const;  ///< of the present phase; NaN = not known yet
    double stepsPerSecond() const { return m_rate; }
    QString errorText() const { return m_error; }
    const train::TrainOutcome& outcome() const { return m_outcome; }  ///< of the run that ended last

    std::vector<RunInfo> history() const;
    DataSummary dataSummary(train::DataKind kind, double devShare) const;
    /// The curves of a run from its folder. A file that takes long is read on the io lane; \p done runs in the GUI
    /// thread, at once or later, unless the controller is gone.
    void loadCurves(const RunInfo& run, std::function<void(Result<std::vector<train::StepReport>>)> done);

    /// False (and a message posted) when a run is active or the project is read-only.
    bool start(const QString& model, const QString& method, const Json& options, const QString& title);
    bool resume(const QString& runId);
    void setPaused(bool paused);
    void stop();  ///< ends at the next step; the run can be resumed

Q_SIGNALS:
    void stateChanged();
    void runPrepared(const QString& runId);  ///< the run has its id and its snapshot
    void reportsReset();                     ///< another run begins; reports() is what it starts with
    void reportsArrived(const std::vector<lathe::train::StepReport>& reports);
    void progressed();

private:
    struct Shared;
    bool launch(const QString& title, std::function<Result<train::TrainOutcome>(Shared&, JobContext&)> work);
    void pull();
    void take(std::vector<train::StepReport> reports);
    void finish(Result<train::TrainOutcome> outcome);
    void setState(State state);

    Session& m_session;
    State m_state = State::Idle;
    std::shared_ptr<Shared> m_shared;
    std::shared_ptr<Job> m_job;
    QTimer m_timer;
    QString m_runId;
    QString m_error;
    std::vector<train::StepReport> m_reports;
    train::TrainOutcome m_outcome;
    double m_rate = train::kNoValue;  ///< steps per second, smoothed
};

}  // namespace lathe::session
