// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/phase.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "train/detail/phase_runner.h"
#include "train/detail/shared_run.h"

namespace lathe::train {

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
    m_steps.setRateFactor(state.rateFactor);
    m_steps.setMostPartTokens(state.mostPartTokens);
    tellOfIdleWorkers();
    m_watch.remember(state.watch);
    std::int64_t current = -1;  // the epoch that batches holds
    std::vector<ItemList> batches;
    while (state.step < state.totalSteps && !outOfPatience()) {
        LATHE_CHECK(wait());
        const auto epoch = std::ranges::upper_bound(m_plan.epochEnds, state.step) -
                           m_plan.epochEnds.begin();  // going back is possible
        if (m_stops || (m_endsWithEpoch && current >= 0 && epoch != current))
            return stop();
        if (epoch != current)
            batches = epochBatches(m_plan.train->lengths(), m_plan.order, epoch);
        current = epoch;
        const auto count = static_cast<std::int64_t>(batches.size());
        const std::int64_t position = state.step - (m_plan.epochEnds[static_cast<std::size_t>(epoch)] - count);
        const double epochDone =
            static_cast<double>(epoch) + static_cast<double>(position + 1) / static_cast<double>(count);
        LATHE_CHECK(step(batches[static_cast<std::size_t>(position)], epoch, epochDone));
        if (evaluationDue())
            LATHE_CHECK(evaluateNow());
        if (evaluationDue())
            return stop();  // the evaluation was cut short: it is made up for when the run goes on
        if (m_run.guard.saveEvery > 0 && state.step % m_run.guard.saveEvery == 0)
            LATHE_CHECK(saveLast());
    }
    if (m_plan.keepBest && !m_plan.dev)
        LATHE_CHECK(saveBest());
    if (m_average.isOn() && m_plan.dev)
        LATHE_CHECK(tryAverage());
    return m_endsWithEpoch && m_plan.name == "pretrain" ? stop() : PhaseEnd::Finished;
}

void PhaseRunner::tellOfIdleWorkers() {
    if (!m_plan.workers || m_plan.train->objective(m_plan.recipe.loss)->isSumOverTexts())
        return;
    const std::int64_t parts = m_plan.partTexts > 0 ? m_plan.order.batchSize / m_plan.partTexts : 1;
    if (parts < m_plan.workers->size())
        m_run.recorder.log(
            LogLevel::Warning,
            fmt::format("this task compares the texts of a batch with each other, so that a batch is not "
                        "divided: {} of {} processes have nothing to do; set accumulation to a multiple "
                        "of {}",
                        m_plan.workers->size() - parts, m_plan.workers->size(), m_plan.workers->size()));
}

Result<> PhaseRunner::step(const ItemList& items, std::int64_t epoch, double epochDone) {
    RunState& state = m_run.state;
    const double begin = m_run.clock.elapsed();
    if (std::ranges::find(state.leaveOut, state.step + 1) != state.leaveOut.end()) {
        ++state.step;
        return tell("skipped", fmt::format("step {} is left out, because it led to trouble", state.step));
    }
    const StepResult done = m_steps.run(items, state.step + 1, epoch);
    if (!done.smallerParts.empty()) {
        state.mostPartTokens = m_steps.mostPartTokens();
        LATHE_CHECK(tell("smaller_batch", fmt::format("step {}: {}", state.step + 1, done.smallerParts)));
    }
    if (!done.trouble.empty())
        return trouble(done.trouble, done.troubleItems.empty() ? items : done.troubleItems);
    m_leftOut = 0;
    ++state.step;
    if (done.skipped)
        LATHE_CHECK(tell("skipped", fmt::format("step {} is left out: its gradient was too large for the number "
                                                "format; the loss is scaled by half as much from now on",
                                                state.step)));
    state.epoch = epochDone;
    state.tokens += done.tokens;
    const double seconds = m_run.clock.elapsed() - begin;
    state.trainSeconds += seconds;
    state.elapsedSeconds = m_run.clock.elapsed();
    m_rate.add(static_cast<double>(done.tokens), seconds);
    m_run.context.progress(state.step, m_plan.schedule.totalSteps, m_plan.stage);
    LATHE_CHECK(m_run.recorder.report({.phase = m_plan.name,
                                       .step = state.step,
                                       .totalSteps = m_plan.schedule.totalSteps,
                                       .epoch = epochDone,
                                       .trainLoss = done.loss,
                                       .trainAccuracy = done.accuracy,
                                       .learningRate = done.learningRate,
                                       .gradNorm = done.gradNorm,
                                       .tokensPerSecond = m_rate.perSecond(),
                                       .elapsedSeconds = state.elapsedSeconds}));
    if (const std::string warning = m_watch.step(done.loss); !warning.empty())
        LATHE_CHECK(tell("diverging", warning));
    // A run that is killed for want of memory must not run into the same wall again.
    return done.smallerParts.empty() ? Result<>() : saveLast();
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
    plan.schedule.warmupSteps = plan.recipe.warmupSteps > 0
                                    ? plan.recipe.warmupSteps
                                    : std::llround(plan.warmupRatio * static_cast<double>(steps));
    if (plan.evalEvery <= 0)
        plan.evalEvery = std::max<std::int64_t>(1, steps / 10);
}

Result<PhaseEnd> runPhase(nn::Network& network, const PhasePlan& plan, const RunServices& services,
                          const std::filesystem::path& optimizerFrom) {
    if (plan.workers)
        LATHE_CHECK(agree(*plan.workers, network, plan));
    PhaseRunner runner(network, plan, services);
    return runner.run(optimizerFrom);
}

}  // namespace lathe::train
