// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The rehearsal in a folder that is thrown away, what follows from it, and the checks.
#include "train/preflight.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "core/files.h"
#include "core/program.h"
#include "core/scratch_folder.h"
#include "core/utf8.h"
#include "nn/torch_guard.h"
#include "train/detail/compute.h"
#include "train/detail/method.h"
#include "train/detail/preflight_check.h"
#include "train/detail/random_state.h"
#include "train/detail/run_recorder.h"
#include "train/detail/task.h"
#include "train/detail/transformer_run.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;

constexpr double kFloatBytes = 4;

struct Plan {
    const TrainRequest& request;
    const Dataset& data;
    const Settings& settings;
    const Json& options;
    JobContext& context;
};

Result<Rehearsal> rehearse(const Plan& plan, bool measure) {
    LATHE_TRY(const ScratchFolder scratch, ScratchFolder::make("check"));
    TrainRequest request = plan.request;
    request.runFolder = scratch.path() / "run";
    request.modelFolder = scratch.path() / "model";
    request.resume = false;
    request.workers = {};  // a check is this process's own
    LATHE_TRY(const torch::Device device, deviceFor(plan.settings.device));
    return nn::guardTorch("checking the run", [&]() -> Result<Rehearsal> {
        const RandomStateGuard unchanged(device);
        MetricBuffer metrics;
        RunControl control;
        LATHE_TRY(RunRecorder recorder, RunRecorder::open(request, plan.options, plan.data, metrics));
        recorder.keepToItself();
        TransformerRun run(request, plan.settings, plan.options, plan.data, recorder, plan.context, control);
        return run.rehearse(measure);
    });
}

/// Weights and what belongs to them alone, before any text is read: more than there is need not be tried.
std::string tooLarge(const TrainEstimate& estimate, double available) {
    const double least = estimate.weightBytes + estimate.gradientBytes + estimate.optimizerBytes;
    if (!(available > 0) || least <= available)
        return {};
    return fmt::format("weights, gradients and moments alone take {}, and {} are free",
                       humanBytes(static_cast<std::uint64_t>(least)),
                       humanBytes(static_cast<std::uint64_t>(available)));
}

Result<Rehearsal> rehearseWhatFits(const Plan& plan, bool measure, const std::string& tooMuch) {
    if (measure && tooMuch.empty()) {
        auto rehearsal = rehearse(plan, true);
        if (rehearsal || rehearsal.error().code != ErrorCode::OutOfMemory)
            return rehearsal;
        LATHE_TRY(Rehearsal read, rehearse(plan, false));
        read.notMeasured = rehearsal.error().message;
        return read;
    }
    LATHE_TRY(Rehearsal read, rehearse(plan, false));
    read.notMeasured = tooMuch;
    return read;
}

std::vector<LabelCount> labelCounts(const Dataset& data) {
    const auto train = countLabels(data.train, data.labels.size()), dev = countLabels(data.dev, data.labels.size());
    std::vector<LabelCount> counts;
    for (std::size_t i = 0; i < data.labels.size(); ++i)
        counts.push_back({.label = data.labels[i], .train = train[i], .dev = dev[i]});
    return counts;
}

LengthHistogram tokenLengths(const Rehearsal& rehearsal, DataKind kind) {
    std::vector<std::int64_t> lengths;
    std::int64_t cut = 0, lost = 0;
    for (const TextFacts& text : rehearsal.train) {
        lengths.push_back(text.tokens);
        cut += text.lost > 0;
        lost += text.lost;
    }
    LengthHistogram histogram = histogramOf(std::move(lengths));
    histogram.limit = kind == DataKind::Text ? 0 : rehearsal.maxTokens;  // texts alone are divided, not cut
    histogram.cutTexts = cut;
    histogram.lost = lost;
    return histogram;
}

LengthHistogram characterLengths(const Dataset& data) {
    std::vector<std::int64_t> lengths;
    for (const auto& example : data.train)
        lengths.push_back(static_cast<std::int64_t>(countCodePoints(example.text)));
    LengthHistogram histogram = histogramOf(std::move(lengths));
    histogram.unit = "characters";
    return histogram;
}

/// The deepest folder of the path that is there.
fs::path existing(fs::path path) {
    std::error_code code;
    path = fs::absolute(path, code);
    while (!fs::exists(path, code) && path.has_relative_path())
        path = path.parent_path();
    return path;
}

double freeAt(const fs::path& path) {
    std::error_code code;
    const auto space = fs::space(existing(path), code);
    return code ? kNoValue : static_cast<double>(space.available);
}

bool onSameDisk(const fs::path& one, const fs::path& other) {
    struct stat a = {}, b = {};
    return ::stat(existing(one).c_str(), &a) == 0 && ::stat(existing(other).c_str(), &b) == 0 && a.st_dev == b.st_dev;
}

/// checkpoints/last with the moments, best, one of them a second time while it is written, and what is averaged.
DiskNeed diskNeedOf(const Plan& plan, const std::optional<TrainEstimate>& estimate) {
    DiskNeed need;
    need.runFree = freeAt(plan.request.runFolder);
    need.modelFree = freeAt(plan.request.modelFolder);
    need.sameDisk = onSameDisk(plan.request.runFolder, plan.request.modelFolder);
    if (!estimate)
        return need;
    const auto method = makeMethodRegistry().find(plan.request.method)->make(plan.options);
    const bool besideBase = method->baseWeights() != BaseWeights::Trained;
    const double trained = kFloatBytes * static_cast<double>(estimate->trainable);
    const double whole = kFloatBytes * static_cast<double>(estimate->parameters);
    const double best = besideBase ? trained : whole;
    const double last = best + estimate->optimizerBytes;
    const double averaged = trained * static_cast<double>(plan.settings.recipe.averageLast);
    const double pretrained = besideBase && plan.settings.origin != ModelOrigin::Folder ? whole : 0;
    need.runBytes = last + best + std::max(last, best) + averaged + pretrained;
    need.modelBytes = best;
    return need;
}

/// Once through all pairs, by the model as it is before training.
double referenceSeconds(const Plan& plan, const PhaseRehearsal& phase) {
    if (plan.options.value("preference_loss", std::string()) != "dpo" || plan.data.dev.empty())
        return 0;
    const double all = static_cast<double>(plan.data.train.size() + plan.data.dev.size());
    return phase.evaluationSeconds * all / static_cast<double>(plan.data.dev.size());
}

void takeOver(const Plan& plan, const Rehearsal& rehearsal, DataKind kind, PreflightReport& report) {
    report.lengths = tokenLengths(rehearsal, kind);
    report.peakBytes = rehearsal.peakBytes;
    report.notMeasured = rehearsal.notMeasured;
    double seconds = 0;
    for (const PhaseRehearsal& phase : rehearsal.phases) {
        report.phases.push_back({.name = phase.name,
                                 .steps = phase.steps,
                                 .evaluations = phase.evaluations,
                                 .longest = phase.longest,
                                 .longestSeconds = phase.longestSeconds,
                                 .stepSeconds = phase.stepSeconds,
                                 .evaluationSeconds = phase.evaluationSeconds,
                                 .seconds = phase.seconds});
        seconds += phase.seconds + referenceSeconds(plan, phase);
    }
    if (!std::isfinite(seconds))
        return;
    report.preparationSeconds = rehearsal.preparationSeconds;
    report.secondsToEnd = rehearsal.preparationSeconds + seconds;
}

Result<> lookAtTexts(const Plan& plan, const PreflightOptions& options, DataKind kind, PreflightReport& report,
                     std::optional<Rehearsal>& rehearsal) {
    LATHE_TRY(report.estimate, estimateTraining(plan.request, plan.data));
    LATHE_TRY(const torch::Device device, deviceFor(plan.settings.device));
    report.onDevice = !device.is_cpu();
    const std::string tooMuch = report.onDevice ? "" : tooLarge(*report.estimate, report.availableBytes);
    LATHE_TRY(rehearsal, rehearseWhatFits(plan, options.measure, tooMuch));
    takeOver(plan, *rehearsal, kind, report);
    if (!rehearsal->phases.empty()) {
        LATHE_TRY(report.estimate, estimateTraining(plan.request, plan.data, rehearsal->phases.back().longest));
    }
    return {};
}

}  // namespace

const char* severityName(Severity severity) {
    return severity == Severity::Problem ? "problem" : severity == Severity::Warning ? "warning" : "note";
}

bool PreflightReport::hasProblem() const {
    return std::ranges::any_of(findings, [](const Finding& each) { return each.severity == Severity::Problem; });
}

const Finding* PreflightReport::find(std::string_view code) const {
    const auto found = std::ranges::find(findings, code, &Finding::code);
    return found == findings.end() ? nullptr : &*found;
}

Result<PreflightReport> checkRun(const TrainRequest& request, const Dataset& data, JobContext& context,
                                 const PreflightOptions& options) {
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    LATHE_TRY(const Json complete, completeRequest(choice, request));
    const Settings settings = settingsFrom(choice, complete);
    const auto tasks = makeTaskRegistry();
    const DataKind kind = tasks.find(settings.task)->data;
    const Plan plan{request, data, settings, complete, context};
    PreflightReport report;
    report.task = settings.task;
    report.trainTexts = static_cast<std::int64_t>(data.train.size());
    report.devTexts = static_cast<std::int64_t>(data.dev.size());
    report.unlabelledTexts = static_cast<std::int64_t>(data.unlabelled.size());
    report.labels = labelCounts(data);
    report.availableBytes = static_cast<double>(availableMemory());

    std::optional<Rehearsal> rehearsal;
    std::string refusal;
    if (const auto accepted = checkRequest(request, data); !accepted) {
        refusal = accepted.error().message;
    } else if (settings.origin != ModelOrigin::Ngram) {
        const auto looked = lookAtTexts(plan, options, kind, report, rehearsal);
        if (!looked && looked.error().code == ErrorCode::Canceled)
            return fail(looked.error());
        if (!looked)
            refusal = looked.error().message;
    }
    if (!rehearsal)
        report.lengths = characterLengths(data);
    report.disk = diskNeedOf(plan, report.estimate);

    context.progress(0, 0, "Checking");
    const CheckInput input{.request = request,
                           .data = data,
                           .options = complete,
                           .settings = settings,
                           .kind = kind,
                           .report = report,
                           .refusal = refusal,
                           .rehearsal = rehearsal ? &*rehearsal : nullptr};
    Findings findings;
    const CheckRegistry checks = makeCheckRegistry();
    for (const CheckEntry& check : checks.entries()) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "stopped while the run was checked");
        check.run(input, findings);
    }
    std::ranges::stable_sort(findings, std::greater{}, &Finding::severity);
    report.findings = std::move(findings);
    return report;
}

}  // namespace lathe::train
