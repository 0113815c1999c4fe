// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/phase.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "train/detail/loss_watch.h"
#include "train/detail/step_runner.h"
#include "train/detail/weight_average.h"

namespace lathe::train {
namespace {

/// A checkpoint may take one twentieth of the time at most; the first evaluation always writes one.
constexpr double kCheckpointShare = 0.05;
/// Trouble that is nothing passing: so many steps left out in a row, so many returns to a checkpoint.
constexpr int kMostLeftOut = 10, kMostReturns = 5;
/// Shorter waits between two steps are not worth a line.
constexpr double kShortPause = 0.05;

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
    bool outOfPatience() const { return m_plan.patience > 0 && m_run.state.evaluationsWithoutGain >= m_plan.patience; }

    nn::Network& m_network;
    const PhasePlan& m_plan;
    const RunServices& m_run;
    StepRunner m_steps;
    WeightAverage m_average;
    SmoothedRate m_rate;
    LossWatch m_watch;
    bool m_endsWithEpoch = false;
    int m_leftOut = 0;  ///< steps in a row
    int m_returns = 0;
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
    m_steps.setRateFactor(state.rateFactor);
    m_watch.remember(state.watch);
    std::int64_t current = -1;  // the epoch that batches holds
    std::vector<ItemList> batches;
    while (state.step < state.totalSteps && !outOfPatience()) {
        LATHE_CHECK(wait());
        const auto epoch = std::ranges::upper_bound(m_plan.epochEnds, state.step) -
                           m_plan.epochEnds.begin();  // going back is possible
        if (m_run.context.stopRequested() || (m_endsWithEpoch && current >= 0 && epoch != current))
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

/// A pause, if one was asked for, and everything else that was.
Result<> PhaseRunner::wait() {
    bool paused = m_run.context.control().isPaused();
    const double seconds = m_run.context.boundary();
    m_run.clock.pause(seconds);
    const std::vector<RunOrder> orders = m_run.control.takeAll();
    paused = paused || std::ranges::find(orders, RunCommand::Pause, &RunOrder::command) != orders.end();
    if (paused && seconds > kShortPause)
        LATHE_CHECK(tell("paused", fmt::format("paused for {:.1f} s", seconds)));
    for (const RunOrder& order : orders)
        LATHE_CHECK(obey(order));
    return {};
}

Result<> PhaseRunner::obey(const RunOrder& order) {
    switch (order.command) {
        case RunCommand::SaveNow:
            LATHE_CHECK(saveLast());
            return tell("saved", "saved when asked to");
        case RunCommand::EvaluateNow:
            return m_run.state.lastEvaluation == m_run.state.step ? Result<>() : evaluateNow();
        case RunCommand::StopAfterEpoch:
            m_endsWithEpoch = true;
            return tell("stop_after_epoch", "stops when this epoch is through");
        case RunCommand::SetLearningRate:
            m_run.state.rateFactor = order.value / m_plan.schedule.peak;
            m_steps.setRateFactor(m_run.state.rateFactor);
            return tell("learning_rate", fmt::format("the highest learning rate is {:g} from now on", order.value));
        case RunCommand::Pause:
        case RunCommand::Resume:
        case RunCommand::Stop:
            break;  // carried out at once, through JobControl
    }
    return {};
}

Result<> PhaseRunner::tell(const char* event, const std::string& note) {
    const RunState& state = m_run.state;
    m_run.recorder.log(LogLevel::Info, note);
    LATHE_CHECK(m_run.recorder.report({.phase = m_plan.name,
                                       .step = state.step,
                                       .totalSteps = state.totalSteps,
                                       .epoch = state.epoch,
                                       .elapsedSeconds = m_run.clock.elapsed(),
                                       .event = event,
                                       .note = note}));
    return m_run.recorder.flush();
}

Result<> PhaseRunner::step(const ItemList& items, std::int64_t epoch, double epochDone) {
    RunState& state = m_run.state;
    const double begin = m_run.clock.elapsed();
    if (std::ranges::find(state.leaveOut, state.step + 1) != state.leaveOut.end()) {
        ++state.step;
        return tell("skipped", fmt::format("step {} is left out, because it led to trouble", state.step));
    }
    const StepResult done = m_steps.run(items, state.step + 1, epoch);
    if (!done.trouble.empty())
        return trouble(done.trouble, items);
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
    const std::string warning = m_watch.step(done.loss);
    return warning.empty() ? Result<>() : tell("diverging", warning);
}

/// A step whose numbers are not finite changed no weight.
Result<> PhaseRunner::trouble(const std::string& what, const ItemList& items) {
    RunState& state = m_run.state;
    std::string where = what;
    if (m_plan.describeItems)
        where += ", " + m_plan.describeItems(items);
    switch (m_run.guard.onTrouble) {
        case OnTrouble::Stop:
            break;
        case OnTrouble::Skip:
            if (++m_leftOut > kMostLeftOut)
                return diverged(fmt::format("{}, as in the {} steps before", where, kMostLeftOut));
            ++state.step;
            state.leaveOut.push_back(state.step);
            return tell("skipped", fmt::format("step {} is left out: {}", state.step, where));
        case OnTrouble::RollBack:
            if (++m_returns <= kMostReturns)
                return rollBack(where);
            return diverged(fmt::format("{}, after {} returns to a checkpoint", where, kMostReturns));
    }
    return diverged(where);
}

Result<> PhaseRunner::rollBack(const std::string& what) {
    RunState& state = m_run.state;
    const std::int64_t bad = state.step + 1;
    const auto found = findCheckpoint(m_run.recorder.folder());
    if (!found || found->state.phase != state.phase)
        return diverged(what + ", before there was a checkpoint to go back to");
    LATHE_CHECK(m_run.restoreWeights(found->folder));
    LATHE_TRY(const StepMemory memory, loadStepMemory(found->folder));
    LATHE_CHECK(m_steps.remember(memory));
    const RunState before = state;
    state = found->state;
    // What was used up stays used up, and what was learnt about this run stays known.
    state.trainSeconds = before.trainSeconds;
    state.elapsedSeconds = m_run.clock.elapsed();
    state.rateFactor = before.rateFactor / 2;
    state.leaveOut = before.leaveOut;
    state.leaveOut.push_back(bad);
    m_steps.setRateFactor(state.rateFactor);
    LATHE_CHECK(tell("rolled_back", fmt::format("step {}: {}; back to step {}, on with a highest learning rate of {:g}",
                                                bad, what, state.step, m_plan.schedule.peak * state.rateFactor)));
    return saveLast();  // a run that is killed now must not come here again
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
        const auto scores = evaluate(m_network, *m_plan.dev, m_plan.metrics, m_plan.device, m_run.context);
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
    return m_run.checkpoints.saveModel(m_network, m_run.tokenizer, m_run.checkpoints.bestFolder());
}

Result<> PhaseRunner::tryAverage() {
    LATHE_TRY(const TrainedWeights mean, m_average.mean(m_run.state.step));
    if (mean.empty())
        return {};
    const TrainedWeights before = exchangeWeights(m_network, mean);
    const auto scores = [&] {
        const nn::PrecisionScope precision(m_plan.precision);
        return evaluate(m_network, *m_plan.dev, m_plan.metrics, m_plan.device, m_run.context);
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
    m_run.state.watch = m_watch.state();
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
    plan.schedule.warmupSteps = plan.recipe.warmupSteps > 0
                                    ? plan.recipe.warmupSteps
                                    : std::llround(plan.warmupRatio * static_cast<double>(steps));
    if (plan.evalEvery <= 0)
        plan.evalEvery = std::max<std::int64_t>(1, steps / 10);
}

Result<PhaseEnd> runPhase(nn::Network& network, const PhasePlan& plan, const RunServices& services,
                          const std::filesystem::path& optimizerFrom) {
    PhaseRunner runner(network, plan, services);
    return runner.run(optimizerFrom);
}

}  // namespace lathe::train
