// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of a rehearsal, and TransformerRun's part in it.
#include "train/detail/rehearsal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/files.h"
#include "core/peak_memory.h"
#include "core/program.h"
#include "nn/blocks/init.h"
#include "train/detail/fresh_model.h"
#include "train/detail/step_runner.h"
#include "train/detail/tensor_peak.h"
#include "train/detail/transformer_run.h"

namespace lathe::train {
namespace {

/// A step is repeated until so much time is measured: what takes milliseconds varies.
constexpr double kMeasureSeconds = 0.25;
constexpr int kMostRepeats = 5;
/// Two batches tell how a step's time grows when one is so many times the other.
constexpr double kApart = 1.2;

/// Padded tokens that a step over \p items puts through the network.
double stepTokens(const PhasePlan& plan, const ItemList& items) {
    const auto& lengths = plan.train->lengths();
    const auto texts = plan.partTexts > 0 ? plan.partTexts : static_cast<std::int64_t>(items.size());
    double tokens = 0;
    for (const ItemList& part : splitBatch(items, lengths, texts, plan.partTokens))
        tokens += static_cast<double>(paddedTokens(part, lengths));
    return tokens;
}

/// The batch with the most padded tokens that any epoch can have: like lengths stand together in some shuffle.
ItemList longestBatch(const PhasePlan& plan) {
    const std::int64_t limit =
        plan.order.batchTokens > 0 ? plan.order.batchTokens : std::numeric_limits<std::int64_t>::max();
    auto batches = evaluationBatches(plan.train->lengths(), plan.order.batchSize, limit);
    const auto most =
        std::ranges::max_element(batches, {}, [&](const ItemList& items) { return stepTokens(plan, items); });
    return std::move(*most);
}

BatchShape shapeOf(const PhasePlan& plan, const ItemList& items) {
    const auto texts = plan.partTexts > 0 ? plan.partTexts : static_cast<std::int64_t>(items.size());
    const auto parts = splitBatch(items, plan.train->lengths(), texts, plan.partTokens);
    const TrainBatch batch = plan.train->make(parts.front(), 0);
    const std::int64_t answers = batch.input.decoderIds.defined() ? batch.input.decoderIds.size(1) : 0;
    return {batch.input.ids.size(0), batch.input.ids.size(1) + answers};
}

/// Some items of another source.
class SomeItems final : public BatchSource {
public:
    SomeItems(const BatchSource& all, ItemList items) : m_all(all), m_items(std::move(items)) {
        for (const auto item : m_items)
            m_lengths.push_back(all.lengths()[static_cast<std::size_t>(item)]);
    }
    const std::vector<std::int32_t>& lengths() const override { return m_lengths; }
    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t salt) const override {
        ItemList mine;
        for (const auto item : items)
            mine.push_back(m_items[static_cast<std::size_t>(item)]);
        return m_all.make(mine, salt);
    }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override { return m_all.objective(options); }

private:
    const BatchSource& m_all;
    ItemList m_items;
    std::vector<std::int32_t> m_lengths;
};

std::int64_t sum(const std::vector<std::int32_t>& lengths) {
    std::int64_t all = 0;
    for (const auto length : lengths)
        all += length;
    return all;
}

Result<> heard(JobContext& context) {
    return context.stopRequested() ? fail(ErrorCode::Canceled, "stopped while the run was checked") : Result<>();
}

}  // namespace

void noteFacts(std::vector<TextFacts>& facts, const EncodedSet& each, const text::SpecialTokens& special) {
    const bool first = facts.empty();
    facts.resize(std::max(facts.size(), each.size()));
    for (std::size_t i = 0; i < each.size(); ++i) {
        std::int32_t content = 0, unknown = 0;
        for (const auto id : each.ids(i)) {
            const bool isEdge =
                id == special.pad || id == special.bos || id == special.eos || id == special.cls || id == special.sep;
            content += !isEdge;
            unknown += id == special.unknown;
        }
        TextFacts& text = facts[i];
        text.tokens = std::max(text.tokens, each.wholeTokens(i));
        text.lost += each.wholeTokens(i) - each.lengths()[i];
        text.content = first ? content : std::min(text.content, content);
        text.words += content;
        text.unknown += unknown;
        text.remarks |= each.remarks(i);
    }
}

StepCost::StepCost(Point typical, Point longest) : m_typical(typical), m_longest(longest) {
    if (longest.tokens > kApart * typical.tokens && longest.seconds > typical.seconds)
        m_perToken = (longest.seconds - typical.seconds) / (longest.tokens - typical.tokens);
}

double StepCost::seconds(double tokens) const {
    if (m_perToken <= 0)  // two steps of about the same size
        return m_longest.seconds * tokens / std::max(1.0, m_longest.tokens);
    const double onLine = m_typical.seconds + m_perToken * (tokens - m_typical.tokens);
    const bool crossesZero = m_perToken * m_typical.tokens > m_typical.seconds;
    return crossesZero && tokens < m_typical.tokens ? m_typical.seconds * tokens / m_typical.tokens : onLine;
}

Result<Rehearsal> TransformerRun::rehearse(bool measure) {
    Rehearsal result;
    m_rehearsal = &result;
    m_measures = measure;
    const std::optional<PeakMemory> peak = measure ? std::make_optional<PeakMemory>() : std::nullopt;
    LATHE_TRY(const torch::Device device, deviceFor(m_settings.device));
    std::optional<TensorPeak> devicePeak;
    if (!device.is_cpu())
        devicePeak.emplace(device);
    LATHE_CHECK(measure ? rehearseSteps() : rehearseReading());
    if (measure && result.notMeasured.empty()) {
        if (devicePeak)
            result.peakBytes = devicePeak->bytes();
        else if (peak->works())
            result.peakBytes = peak->bytes();
    }
    m_rehearsal = nullptr;
    return result;
}

Result<> TransformerRun::rehearseSteps() {
    LATHE_CHECK(prepare());
    LATHE_CHECK(prepareDevice());
    if (!pretrains() && m_settings.origin != ModelOrigin::Folder && keepsBase())
        LATHE_CHECK(settleBase());
    if (pretrains()) {
        Pretraining pretraining;
        LATHE_CHECK(setUpPretraining(pretraining));
        if (!pretraining.train->lengths().empty())
            LATHE_CHECK(rehearsePhase(pretraining.plan));
        LATHE_CHECK(beginFineTuning());
    }
    Tuning tuning;
    LATHE_CHECK(setUpTuning(tuning));
    LATHE_CHECK(prepareMethod(tuning.plan));
    return rehearsePhase(tuning.plan);
}

Result<> TransformerRun::rehearseReading() {
    const nn::UnsetWeights unset;
    LATHE_CHECK(prepare());
    if (pretrains()) {
        Pretraining pretraining;
        LATHE_CHECK(setUpPretraining(pretraining));
        if (!pretraining.train->lengths().empty())
            LATHE_CHECK(rehearsePhase(pretraining.plan));
        LATHE_TRY(m_network, makeFreshNetwork(m_settings, *m_tokenizer, m_task.head, m_task.problem, headLabels(),
                                              m_method->virtualTokens()));
    }
    Tuning tuning;
    LATHE_CHECK(setUpTuning(tuning));
    return rehearsePhase(tuning.plan);
}

void TransformerRun::noteReading() {
    m_rehearsal->maxTokens = m_maxTokens;
    m_rehearsal->positions = m_network->config().maxPositions;
    if (!usesChatFormat(m_task.data))
        return;
    const auto kind = m_chat.kind();
    m_rehearsal->asksByTemplate = kind == infer::ChatFormat::Kind::Template || kind == infer::ChatFormat::Kind::Fresh;
    m_rehearsal->chatNote = m_chat.note();
}

/// Notes how the examples came out as tokens; a run does not look.
std::function<void(const EncodedSet&)> TransformerRun::watchFor(Part part) {
    if (!m_rehearsal)
        return {};
    std::vector<TextFacts>& facts = part == Part::Train ? m_rehearsal->train : m_rehearsal->dev;
    return [&facts, special = m_tokenizer->special()](const EncodedSet& each) { noteFacts(facts, each, special); };
}

/// A rehearsal does not ask about every text, and reads no other model's weights unless they are needed for a step.
bool TransformerRun::asksTeacher(const PhasePlan& plan) {
    if (!m_rehearsal || plan.recipe.teacher.empty())
        return true;
    if (m_measures && m_data.labels.empty())
        return true;
    if (m_measures)
        m_rehearsal->notes.emplace_back("the time in which the teacher answers once to each text is not counted");
    return false;
}

/// What the phase would do, and one step of it.
Result<> TransformerRun::rehearsePhase(const PhasePlan& plan) {
    PhaseRehearsal phase;
    phase.name = plan.name;
    phase.steps = plan.schedule.totalSteps;
    phase.warmupSteps = plan.schedule.warmupSteps;
    phase.evalEvery = plan.evalEvery;
    if (plan.dev)
        phase.evaluations = (phase.steps + plan.evalEvery - 1) / plan.evalEvery;
    std::vector<ItemList> batches = epochBatches(plan.train->lengths(), plan.order, 0);
    double epochTokens = 0;
    for (const auto& items : batches)
        epochTokens += stepTokens(plan, items);
    const double epochs = static_cast<double>(phase.steps) / static_cast<double>(batches.size());
    phase.paddedTokens = std::llround(epochTokens * epochs);
    const ItemList longest = longestBatch(plan);
    phase.longest = shapeOf(plan, longest);
    LATHE_CHECK(heard(m_context));
    if (plan.name == "train")
        noteReading();
    if (m_measures && m_rehearsal->notMeasured.empty() && plan.name == "train") {
        LATHE_TRY(m_rehearsal->notMeasured, whyNotMeasured(phase.longest));
    }
    if (!m_measures || !m_rehearsal->notMeasured.empty()) {
        m_rehearsal->phases.push_back(std::move(phase));
        return {};
    }
    m_rehearsal->preparationSeconds = m_clock.elapsed() - m_measuringSeconds;
    const double begin = m_clock.elapsed();
    // The middle of the steps by their size.
    std::ranges::nth_element(batches, batches.begin() + static_cast<std::ptrdiff_t>(batches.size() / 2), {},
                             [&](const ItemList& items) { return stepTokens(plan, items); });
    LATHE_TRY(const StepCost cost, measureSteps(plan, longest, batches[batches.size() / 2], phase));
    if (phase.trouble.empty()) {
        double epochSeconds = 0;
        for (const auto& items : batches)
            epochSeconds += cost.seconds(stepTokens(plan, items));
        phase.stepSeconds = epochSeconds / static_cast<double>(batches.size());
        LATHE_TRY(phase.evaluationSeconds, measureEvaluation(plan));
        phase.seconds = epochSeconds * epochs + phase.evaluationSeconds * static_cast<double>(phase.evaluations);
    }
    m_measuringSeconds += m_clock.elapsed() - begin;
    m_rehearsal->phases.push_back(std::move(phase));
    return {};
}

/// Work that cannot fit is not begun: the system would end the program.
Result<std::string> TransformerRun::whyNotMeasured(const BatchShape& longest) const {
    if (!m_device.is_cpu())
        return std::string();  // a device says by itself when it is full
    LATHE_TRY(const TrainEstimate estimate, estimateTraining(m_request, m_data, longest));
    const double more = estimate.totalBytes() - estimate.weightBytes;
    const auto available = static_cast<double>(availableMemory());
    if (available == 0 || more <= available)
        return std::string();
    return fmt::format("a step would take about {} beside the weights, and {} are free",
                       humanBytes(static_cast<std::uint64_t>(more)), humanBytes(static_cast<std::uint64_t>(available)));
}

Result<StepCost> TransformerRun::measureSteps(const PhasePlan& plan, const ItemList& longest, const ItemList& typical,
                                              PhaseRehearsal& phase) {
    StepRunner steps(*m_network, plan);
    m_network->train();
    std::int64_t number = 0;
    m_context.progress(0, 0, "Measuring a step");
    const auto measured = [&](const ItemList& items) -> Result<double> {
        double best = std::numeric_limits<double>::infinity(), all = 0;
        for (int i = 0; i < kMostRepeats && all < kMeasureSeconds; ++i) {
            LATHE_CHECK(heard(m_context));
            const RunClock clock(0);
            const StepResult done = steps.run(items, ++number, 0);
            all += clock.elapsed();
            best = std::min(best, clock.elapsed());
            phase.loss = done.loss;
            if (!done.trouble.empty()) {
                phase.trouble = done.trouble;
                break;
            }
        }
        return best;
    };
    // The first step makes what later ones find: moments, buffers, code paths.
    LATHE_CHECK(heard(m_context));
    const StepResult first = steps.run(longest, ++number, 0);
    phase.loss = first.loss;
    phase.trouble = first.trouble;
    phase.smallerParts = first.smallerParts;
    if (!phase.trouble.empty())
        return StepCost();
    LATHE_TRY(phase.longestSeconds, measured(longest));
    if (!phase.trouble.empty())
        return StepCost();
    LATHE_TRY(const double typicalSeconds, measured(typical));
    return StepCost({stepTokens(plan, typical), typicalSeconds}, {stepTokens(plan, longest), phase.longestSeconds});
}

/// Seconds of one evaluation, from its longest batch.
Result<double> TransformerRun::measureEvaluation(const PhasePlan& plan) {
    if (!plan.dev)
        return 0.0;
    const auto& lengths = plan.dev->lengths();
    const SomeItems some(*plan.dev, evaluationBatches(lengths, kEvaluationTexts, kEvaluationTokens).front());
    const nn::PrecisionScope precision(m_precision);
    const RunClock clock(0);
    static_cast<void>(evaluate(*m_network, some, plan.metrics, m_device, m_context));
    LATHE_CHECK(heard(m_context));
    return clock.elapsed() * static_cast<double>(sum(lengths)) / static_cast<double>(sum(some.lengths()));
}

}  // namespace lathe::train
