// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// PhaseRunner: the loop of a phase (phase.cpp), what it does when asked or in trouble (phase_guard.cpp), and its
// evaluations and checkpoints (phase_evaluation.cpp). Thread: compute lane.
#pragma once

#include "train/detail/loss_watch.h"
#include "train/detail/step_runner.h"
#include "train/detail/weight_average.h"

namespace lathe::train {

class PhaseRunner {
public:
    PhaseRunner(nn::Network& network, const PhasePlan& plan, const RunServices& services)
        : m_network(network),
          m_plan(plan),
          m_run(services),
          m_steps(network, plan),
          m_average(services.recorder.folder() / "average", plan.recipe.averageLast) {}

    Result<PhaseEnd> run(const std::filesystem::path& optimizerFrom);

private:
    Result<> wait();
    Result<> obey(const RunOrder& order);
    Result<> step(const ItemList& items, std::int64_t epoch, double epochDone);
    Result<> trouble(const std::string& what, const ItemList& items);
    Result<> rollBack(const std::string& what);
    Result<> tell(const char* event, const std::string& note);
    Result<> evaluateNow();
    Result<> noteEvaluation(const Scores& scores);
    void noteBest(const Scores& scores);
    Result<> saveBest();
    Result<> tryAverage();  ///< keeps the mean of the last evaluations' weights if it does better
    Result<> saveLast();
    Result<PhaseEnd> stop();
    Result<> diverged(const std::string& what) const;
    bool evaluationDue() const {
        const RunState& state = m_run.state;
        return state.lastEvaluation != state.step &&
               (state.step % m_plan.evalEvery == 0 || state.step == m_plan.schedule.totalSteps);
    }
    /// Of several processes one does.
    bool writes() const { return !m_plan.workers || m_plan.workers->isFirst(); }
    /// What all processes do at this step boundary: rank 0's orders, and a stop that any was asked for.
    void tellOfIdleWorkers();
    void agreeOn(std::vector<RunOrder>& orders);
    bool outOfPatience() const { return m_plan.patience > 0 && m_run.state.evaluationsWithoutGain >= m_plan.patience; }

    nn::Network& m_network;
    const PhasePlan& m_plan;
    const RunServices& m_run;
    StepRunner m_steps;
    WeightAverage m_average;
    SmoothedRate m_rate;
    LossWatch m_watch;
    bool m_endsWithEpoch = false;
    bool m_stops = false;  ///< was asked to
    int m_leftOut = 0;     ///< steps in a row
    int m_returns = 0;
    MetricRegistry m_metrics = makeMetricRegistry();
    double m_checkpointCost = 0;
    double m_lastCheckpoint = -1;  ///< clock; -1 = none yet
};

}  // namespace lathe::train
