// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/pipeline.h"

#include <algorithm>
#include <functional>

#include "corpus/clean/detail/recorded_changes.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kBatch = 1000;

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Runs the recipe over the samples and hands over those that it changes or takes out.
Result<CleaningCounts> clean(CorpusStore& store, const Cleaner& cleaner, std::span<const SampleId> ids,
                             JobContext& context, const std::function<Result<>(const Sample&, CleanedText&&)>& hit) {
    LATHE_TRY(const bool isFrozen, store.isTestFrozen());
    const bool leavesTest = isFrozen && !store.testChangesAllowed();
    CleaningCounts counts;
    counts.steps.resize(cleaner.size());
    for (std::size_t at = 0; at < ids.size(); at += kBatch) {
        context.progress(static_cast<std::int64_t>(at), static_cast<std::int64_t>(ids.size()), "clean");
        LATHE_TRY(const auto samples, store.samples(ids.subspan(at, std::min(kBatch, ids.size() - at))));
        for (const Sample& sample : samples) {
            if (context.stopRequested())
                return fail(ErrorCode::Canceled, "cleaning was stopped");
            ++counts.texts;
            if (!sample.content.turns.empty()) {
                ++counts.conversations;
                continue;
            }
            auto cleaned = cleaner.clean(sample.text);
            if (!cleaned) {
                ++counts.unreadable;
                if (counts.firstProblem.empty())
                    counts.firstProblem = cleaned.error().message;
                continue;
            }
            if (!cleaned->removedBy && cleaned->text == sample.text)
                continue;
            if (leavesTest && sample.split == Split::Test) {
                ++counts.frozen;
                continue;
            }
            if (!cleaned->removedBy && isBlank(cleaned->text)) {
                ++counts.emptied;
                cleaned->removedBy = cleaned->changedBy.back();
            }
            for (const std::size_t step : cleaned->changedBy)
                ++counts.steps[step].changed;
            for (const MaskedPart& part : cleaned->masked)
                ++counts.steps[part.step].masked;
            if (cleaned->removedBy) {
                ++counts.removed;
                ++counts.steps[*cleaned->removedBy].removed;
            } else {
                ++counts.changed;
                counts.masked += static_cast<std::int64_t>(cleaned->masked.size());
            }
            LATHE_CHECK(hit(sample, std::move(*cleaned)));
        }
    }
    return counts;
}

// Without the originals: they are in the imported text already.
std::string maskedAsJson(const std::vector<MaskedPart>& parts) {
    if (parts.empty())
        return {};
    Json json = Json::array();
    for (const MaskedPart& part : parts)
        json.push_back({part.begin, part.end, part.placeholder, part.step});
    return toLine(json);
}

}  // namespace

Json toJson(const CleaningCounts& counts) {
    Json steps = Json::array();
    for (const StepCount& step : counts.steps)
        steps.push_back({{"changed", step.changed}, {"removed", step.removed}, {"masked", step.masked}});
    return {{"texts", counts.texts},   {"changed", counts.changed},       {"removed", counts.removed},
            {"masked", counts.masked}, {"emptied", counts.emptied},       {"conversations", counts.conversations},
            {"frozen", counts.frozen}, {"unreadable", counts.unreadable}, {"steps", std::move(steps)}};
}

Result<CleaningPreview> previewCleaning(CorpusStore& store, const Cleaner& cleaner, std::span<const SampleId> ids,
                                        std::size_t maxExamples, JobContext& context) {
    CleaningPreview preview;
    LATHE_TRY(preview.counts,
              clean(store, cleaner, ids, context, [&](const Sample& sample, CleanedText&& cleaned) -> Result<> {
                  if (preview.examples.size() < maxExamples)
                      preview.examples.push_back({sample.id, sample.text, std::move(cleaned)});
                  return {};
              }));
    return preview;
}

Result<CleaningOutcome> applyCleaning(CorpusStore& store, const Cleaner& cleaner, std::span<const SampleId> ids,
                                      const std::string& who, JobContext& context) {
    detail::RecordedChanges changes(store, "recipe", toJson(cleaner.recipe()), who);
    auto counts = clean(store, cleaner, ids, context, [&](const Sample& sample, CleanedText&& cleaned) -> Result<> {
        if (cleaned.removedBy)
            return changes.remove(sample.id);
        CleaningChange change;
        change.row.sample = sample.id;
        change.row.kind = AnnotationKind::Text;
        change.row.origin = Origin::Rule;
        change.masked = maskedAsJson(cleaned.masked);
        change.row.value = std::move(cleaned.text);
        return changes.change(std::move(change));
    });
    if (!counts)
        return fail(changes.takeBack(std::move(counts.error())));
    auto id = changes.finish(toJson(*counts));
    if (!id)
        return fail(changes.takeBack(std::move(id.error())));
    return CleaningOutcome{*id, std::move(*counts)};
}

}  // namespace lathe::corpus
