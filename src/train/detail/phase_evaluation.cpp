// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluations, the best weights, checkpoints.
#include "train/detail/phase_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lathe::train {
namespace {

/// A checkpoint may take one twentieth of the time at most; the first evaluation always writes one.
constexpr double kCheckpointShare = 0.05;

}  // namespace

Result<> PhaseRunner::evaluateNow() {
    const double begin = m_run.clock.elapsed();
    if (m_plan.dev) {
        const nn::PrecisionScope precision(m_plan.precision);
        const auto scores =
            evaluate(m_network, *m_plan.dev, m_plan.metrics, m_plan.device, m_run.context, m_plan.workers);
        if (!scores)
            return {};
        LATHE_CHECK(noteEvaluation(*scores));
        if (m_average.isOn())
            LATHE_CHECK(m_average.note(m_network, m_run.state.step));
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
    const double accuracy = score(scores.contains("accuracy") ? "accuracy" : "token_accuracy");
    LATHE_CHECK(m_run.recorder.report({.phase = m_plan.name,
                                       .step = state.step,
                                       .totalSteps = m_plan.schedule.totalSteps,
                                       .epoch = state.epoch,
                                       .devLoss = score("loss"),
                                       .devAccuracy = accuracy,
                                       .devMacroF1 = score("macro_f1"),
                                       .devScores = scores,
                                       .elapsedSeconds = m_run.clock.elapsed()}));
    if (!m_plan.keepBest)
        return {};
    const MetricEntry* decides = m_metrics.find(m_plan.bestBy);
    const double value = score(m_plan.bestBy.c_str());
    if (const std::string still = m_watch.evaluation(value, decides && decides->higherIsBetter); !still.empty())
        LATHE_CHECK(tell("plateau", still));
    if (decides)
        m_steps.noteEvaluation(value, decides->higherIsBetter);
    const bool tie = value == state.best.value && score("loss") < state.best.devLoss;
    if (!decides || !(isBetter(*decides, value, state.best.value) || tie)) {
        ++state.evaluationsWithoutGain;
        return {};
    }
    state.evaluationsWithoutGain = 0;
    noteBest(scores);
    return saveBest();
}

void PhaseRunner::noteBest(const Scores& scores) {
    const auto score = [&](const std::string& id) {
        const auto found = scores.find(id);
        return found == scores.end() ? kNoValue : found->second;
    };
    m_run.state.best = {.step = m_run.state.step,
                        .value = score(m_plan.bestBy),
                        .devLoss = score("loss"),
                        .devAccuracy = score(scores.contains("accuracy") ? "accuracy" : "token_accuracy"),
                        .devMacroF1 = score("macro_f1"),
                        .scores = scores};
}

Result<> PhaseRunner::saveBest() {
    if (!writes())
        return {};
    return m_run.checkpoints.saveModel(m_network, m_run.tokenizer, m_run.checkpoints.bestFolder());
}

Result<> PhaseRunner::tryAverage() {
    LATHE_TRY(const TrainedWeights mean, m_average.mean(m_run.state.step));
    if (mean.empty())
        return {};
    const TrainedWeights before = exchangeWeights(m_network, mean);
    const auto scores = [&] {
        const nn::PrecisionScope precision(m_plan.precision);
        return evaluate(m_network, *m_plan.dev, m_plan.metrics, m_plan.device, m_run.context, m_plan.workers);
    }();
    const MetricEntry* decides = m_metrics.find(m_plan.bestBy);
    if (scores && decides && isBetter(*decides, scores->at(m_plan.bestBy), m_run.state.best.value)) {
        m_run.recorder.log(LogLevel::Info,
                           fmt::format("the mean of the last {} evaluations' weights is kept: {} {:.4f}",
                                       m_plan.recipe.averageLast, m_plan.bestBy, scores->at(m_plan.bestBy)));
        noteBest(*scores);
        LATHE_CHECK(saveBest());
    }
    exchangeWeights(m_network, before);
    return {};
}

Result<> PhaseRunner::saveLast() {
    if (!writes())
        return {};
    m_run.state.watch = m_watch.state();
    const double begin = m_run.clock.elapsed();
    LATHE_CHECK(m_run.checkpoints.saveLast(m_network, m_run.tokenizer, m_steps.memory(), m_run.state));
    m_lastCheckpoint = m_run.clock.elapsed();
    m_checkpointCost = m_lastCheckpoint - begin;
    return {};
}

}  // namespace lathe::train
