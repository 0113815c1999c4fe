// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/phase.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "train/detail/step_runner.h"

namespace lathe::train {
namespace {

/// A checkpoint may take one twentieth of the time at most; the first evaluation always writes one.
constexpr double kCheckpointShare = 0.05;

class PhaseRunner {
public:
    PhaseRunner(nn::Network& network, const PhasePlan& plan, const RunServices& services)
        : m_network(network), m_plan(plan), m_run(services), m_steps(network, plan) {}

    Result<PhaseEnd> run(const std::filesystem::path& optimizerFrom);

private:
    Result<> step(const ItemList& items, std::int64_t epoch, double epochDone);
    Result<> evaluateNow();
    Result<> noteEvaluation(const Scores& scores);
    Result<> saveBest();
    Result<> saveLast();
    Result<PhaseEnd> stop();
    Result<> diverged(const std::string& what) const;
    bool evaluationDue() const {
        const RunState& state = m_run.state;
        return state.lastEvaluation != state.step &&
               (state.step % m_plan.evalEvery == 0 || state.step == m_plan.schedule.totalSteps);
    }
    bool outOfPatience() const { return m_plan.patience > 0 && m_run.state.evaluationsWithoutGain >= m_plan.patience; }

    nn::Network& m_network;
    const PhasePlan& m_plan;
    const RunServices& m_run;
    StepRunner m_steps;
    SmoothedRate m_rate;
    MetricRegistry m_metrics = makeMetricRegistry();
    double m_checkpointCost = 0;
    double m_lastCheckpoint = -1;  ///< clock; -1 = none yet
};

Result<PhaseEnd> PhaseRunner::run(const std::filesystem::path& optimizerFrom) {
    if (!optimizerFrom.empty()) {
        LATHE_TRY(const StepMemory memory, loadStepMemory(optimizerFrom));
        LATHE_CHECK(m_steps.remember(memory));
    }
    RunState& state = m_run.state;
    state.phase = m_plan.name;
    state.totalSteps = m_plan.schedule.totalSteps;
    m_network.train();
    if (state.step > 0 && evaluationDue())
        LATHE_CHECK(evaluateNow());
    for (std::int64_t epoch = 0; epoch < m_plan.epochs; ++epoch) {
        const auto end = m_plan.epochEnds[static_cast<std::size_t>(epoch)];
        if (state.step >= end || outOfPatience())
            continue;
        const auto batches = epochBatches(m_plan.train->lengths(), m_plan.order, epoch);
        const auto count = static_cast<std::int64_t>(batches.size());
        while (state.step < end && !outOfPatience()) {
            m_run.clock.pause(m_run.context.boundary());
            if (m_run.context.stopRequested())
                return stop();
            const std::int64_t position = state.step - (end - count);
            const double epochDone =
                static_cast<double>(epoch) + static_cast<double>(position + 1) / static_cast<double>(count);
            LATHE_CHECK(step(batches[static_cast<std::size_t>(position)], epoch, epochDone));
            if (evaluationDue())
                LATHE_CHECK(evaluateNow());
            if (evaluationDue())
                return stop();  // the evaluation was cut short: it is made up for when the run goes on
        }
    }
    if (m_plan.keepBest && !m_plan.dev)
        LATHE_CHECK(saveBest());
    return PhaseEnd::Finished;
}

Result<> PhaseRunner::step(const ItemList& items, std::int64_t epoch, double epochDone) {
    RunState& state = m_run.state;
    const double begin = m_run.clock.elapsed();
    const StepResult done = m_steps.run(items, state.step + 1, epoch);
    if (!done.trouble.empty())
        return diverged(done.trouble);
    ++state.step;
    state.epoch = epochDone;
    state.tokens += done.tokens;
    const double seconds = m_run.clock.elapsed() - begin;
    state.trainSeconds += seconds;
    state.elapsedSeconds = m_run.clock.elapsed();
    m_rate.add(static_cast<double>(done.tokens), seconds);
    m_run.context.progress(state.step, m_plan.schedule.totalSteps, m_plan.stage);
    return m_run.recorder.report({.phase = m_plan.name,
                                  .step = state.step,
                                  .totalSteps = m_plan.schedule.totalSteps,
                                  .epoch = epochDone,
                                  .trainLoss = done.loss,
                                  .trainAccuracy = done.accuracy,
                                  .learningRate = done.learningRate,
                                  .gradNorm = done.gradNorm,
                                  .tokensPerSecond = m_rate.perSecond(),
                                  .elapsedSeconds = state.elapsedSeconds});
}

Result<> PhaseRunner::diverged(const std::string& what) const {
    const RunState& state = m_run.state;
    const std::string kept =
        state.best.step > 0 ? fmt::format("; the best model, of step {}, is kept", state.best.step) : "";
    return fail(ErrorCode::Diverged,
                fmt::format("{} at step {} of {} ({}){}; lower learning_rate (now {:g}) or raise warmup_ratio", what,
                            state.step + 1, m_plan.schedule.totalSteps, m_plan.name, kept, m_plan.schedule.peak));
}

Result<> PhaseRunner::evaluateNow() {
    const double begin = m_run.clock.elapsed();
    if (m_plan.dev) {
        const nn::PrecisionScope precision(m_plan.precision);
        const auto scores = evaluate(m_network, *m_plan.dev, m_plan.task, m_plan.device, m_run.context);
        if (!scores)
            return {};
        LATHE_CHECK(noteEvaluation(*scores));
    }
    m_run.state.lastEvaluation = m_run.state.step;
    m_run.state.trainSeconds += m_run.clock.elapsed() - begin;
    m_run.state.elapsedSeconds = m_run.clock.elapsed();
    LATHE_CHECK(m_run.recorder.flush());
    const bool due =
        m_lastCheckpoint < 0 || (m_run.clock.elapsed() - m_lastCheckpoint) * kCheckpointShare >= m_checkpointCost;
    return due ? saveLast() : Result<>();
}

Result<> PhaseRunner::noteEvaluation(const Scores& scores) {
    RunState& state = m_run.state;
    const auto score = [&](const char* id) {
        const auto found = scores.find(id);
        return found == scores.end() ? kNoValue : found->second;
    };
    const double accuracy = m_plan.task == Task::Classify ? score("accuracy") : score("token_accuracy");
    LATHE_CHECK(m_run.recorder.report({.phase = m_plan.name,
                                       .step = state.step,
                                       .totalSteps = m_plan.schedule.totalSteps,
                                       .epoch = state.epoch,
                                       .devLoss = score("loss"),
                                       .devAccuracy = accuracy,
                                       .devMacroF1 = score("macro_f1"),
                                       .elapsedSeconds = m_run.clock.elapsed()}));
    if (!m_plan.keepBest)
        return {};
    const MetricEntry* decides = m_metrics.find(m_plan.bestBy);
    const double value = score(m_plan.bestBy.c_str());
    const bool tie = value == state.best.value && score("loss") < state.best.devLoss;
    if (!decides || !(isBetter(*decides, value, state.best.value) || tie)) {
        ++state.evaluationsWithoutGain;
        return {};
    }
    state.evaluationsWithoutGain = 0;
    state.best = {.step = state.step,
                  .value = value,
                  .devLoss = score("loss"),
                  .devAccuracy = accuracy,
                  .devMacroF1 = score("macro_f1")};
    return saveBest();
}

Result<> PhaseRunner::saveBest() {
    return m_run.checkpoints.saveModel(m_network, m_run.tokenizer, m_run.checkpoints.bestFolder());
}

Result<> PhaseRunner::saveLast() {
    const double begin = m_run.clock.elapsed();
    LATHE_CHECK(m_run.checkpoints.saveLast(m_network, m_run.tokenizer, m_steps.memory(), m_run.state));
    m_lastCheckpoint = m_run.clock.elapsed();
    m_checkpointCost = m_lastCheckpoint - begin;
    return {};
}

Result<PhaseEnd> PhaseRunner::stop() {
    m_run.state.elapsedSeconds = m_run.clock.elapsed();
    LATHE_CHECK(m_run.recorder.flush());
    LATHE_CHECK(saveLast());
    if (m_plan.keepBest && m_run.state.best.step == 0 && m_run.state.step > 0)
        LATHE_CHECK(saveBest());
    m_run.recorder.log(LogLevel::Info, fmt::format("stopped at step {} of {} ({})", m_run.state.step,
                                                   m_plan.schedule.totalSteps, m_plan.name));
    return PhaseEnd::Stopped;
}

}  // namespace

void planSteps(PhasePlan& plan) {
    std::int64_t steps = 0;
    plan.epochEnds.clear();
    for (std::int64_t epoch = 0; epoch < plan.epochs; ++epoch) {
        // A fixed number of texts a batch gives every epoch the same number of batches; a token budget does not.
        if (epoch == 0 || plan.order.batchTokens > 0)
            steps += static_cast<std::int64_t>(epochBatches(plan.train->lengths(), plan.order, epoch).size());
        else
            steps += plan.epochEnds.front();
        plan.epochEnds.push_back(steps);
    }
    plan.schedule.totalSteps = steps;
    plan.schedule.warmupSteps = std::llround(plan.warmupRatio * static_cast<double>(steps));
    if (plan.evalEvery <= 0)
        plan.evalEvery = std::max<std::int64_t>(1, steps / 10);
}

Result<PhaseEnd> runPhase(nn::Network& network, const PhasePlan& plan, const RunServices& services,
                          const std::filesystem::path& optimizerFrom) {
    PhaseRunner runner(network, plan, services);
    return runner.run(optimizerFrom);
}

}  // namespace lathe::train
