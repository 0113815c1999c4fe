// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Orders, trouble and what is told of them.
#include "train/detail/phase_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "train/detail/bytes.h"
#include "train/detail/shared_run.h"

namespace lathe::train {
namespace {

/// Trouble that is nothing passing: so many steps left out in a row, so many returns to a checkpoint.
constexpr int kMostLeftOut = 10, kMostReturns = 5;
/// Shorter waits between two steps are not worth a line.
constexpr double kShortPause = 0.05;

}  // namespace

/// A pause, if one was asked for, and everything else that was.
Result<> PhaseRunner::wait() {
    bool paused = m_run.context.control().isPaused();
    const double seconds = m_run.context.boundary();
    m_run.clock.pause(seconds);
    std::vector<RunOrder> orders = m_run.control.takeAll();
    m_stops = m_run.context.stopRequested();
    if (m_plan.workers)
        agreeOn(orders);
    paused = paused || std::ranges::find(orders, RunCommand::Pause, &RunOrder::command) != orders.end();
    if (paused && seconds > kShortPause)
        LATHE_CHECK(tell("paused", fmt::format("paused for {:.1f} s", seconds)));
    for (const RunOrder& order : orders)
        LATHE_CHECK(obey(order));
    return {};
}

void PhaseRunner::agreeOn(std::vector<RunOrder>& orders) {
    WorkerGroup& workers = *m_plan.workers;
    const double own = workers.isFirst() ? static_cast<double>(orders.size()) : 0;
    const auto all = sumOver(workers, {m_stops ? 1.0 : 0.0, own});
    m_stops = all[0] > 0;
    if (all[1] == 0)
        return;
    ByteWriter writer;
    for (const RunOrder& order : orders)
        writer(order.command, order.value);
    const std::string bytes = workers.fromFirst(writer.bytes());
    ByteReader reader(bytes);
    orders.assign(static_cast<std::size_t>(all[1]), {});
    for (RunOrder& order : orders)
        reader(order.command, order.value);
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
    if (m_plan.workers)
        LATHE_CHECK(shareRunFolder(*m_plan.workers, m_run.recorder.folder()));
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
    state.mostPartTokens = before.mostPartTokens;
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

}  // namespace lathe::train
