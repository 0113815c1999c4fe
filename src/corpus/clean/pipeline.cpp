// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/pipeline.h"

#include <algorithm>
#include <functional>
#include <set>

#include "corpus/clean/detail/recorded_changes.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kBatch = 1000;

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// What changes of a sample.
struct Hit {
    std::optional<CleanedText> text, answer;
};

void count(const Hit& hit, CleaningCounts& counts) {
    std::set<std::size_t> steps;
    std::int64_t masked = 0;
    for (const auto* part : {&hit.text, &hit.answer}) {
        if (!*part)
            continue;
        steps.insert((*part)->changedBy.begin(), (*part)->changedBy.end());
        masked += static_cast<std::int64_t>((*part)->masked.size());
        for (const MaskedPart& each : (*part)->masked)
            ++counts.steps[each.step].masked;
    }
    for (const std::size_t step : steps)
        ++counts.steps[step].changed;
    if (hit.text && hit.text->removedBy) {
        ++counts.removed;
        ++counts.steps[*hit.text->removedBy].removed;
    } else {
        ++counts.changed;
        counts.masked += masked;
    }
}

Result<Hit> cleanOne(const Cleaner& cleaner, const Sample& sample, CleaningCounts& counts) {
    Hit hit;
    LATHE_TRY(CleanedText text, cleaner.clean(sample.text));
    if (!text.removedBy && text.text != sample.text && isBlank(text.text)) {
        ++counts.emptied;
        text.removedBy = text.changedBy.back();
    }
    const bool isRemoved = text.removedBy.has_value();
    if (isRemoved || text.text != sample.text)
        hit.text = std::move(text);
    if (sample.answer.empty() || isRemoved)
        return hit;
    LATHE_TRY(CleanedText answer, cleaner.clean(sample.answer, false));
    if (answer.text != sample.answer && !isBlank(answer.text))
        hit.answer = std::move(answer);
    return hit;
}

// Runs the recipe over the samples and hands over those that it changes or takes out.
Result<CleaningCounts> clean(CorpusStore& store, const Cleaner& cleaner, std::span<const SampleId> ids,
                             JobContext& context, const std::function<Result<>(const Sample&, Hit&&)>& take) {
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
            const std::int64_t emptied = counts.emptied;
            auto hit = cleanOne(cleaner, sample, counts);
            if (!hit) {
                ++counts.unreadable;
                if (counts.firstProblem.empty())
                    counts.firstProblem = hit.error().message;
                continue;
            }
            if (!hit->text && !hit->answer)
                continue;
            if (leavesTest && sample.split == Split::Test) {
                ++counts.frozen;
                counts.emptied = emptied;
                continue;
            }
            count(*hit, counts);
            LATHE_CHECK(take(sample, std::move(*hit)));
        }
    }
    return counts;
}

// Without the originals: they are in the imported text already.
std::string maskedAsJson(const Hit& hit) {
    Json json = Json::array();
    if (hit.text)
        for (const MaskedPart& part : hit.text->masked)
            json.push_back({part.begin, part.end, part.placeholder, part.step});
    if (hit.answer)
        for (const MaskedPart& part : hit.answer->masked)
            json.push_back({part.begin, part.end, part.placeholder, part.step, "answer"});
    return json.empty() ? std::string() : toLine(json);
}

Result<> record(const Sample& sample, Hit&& hit, detail::RecordedChanges& changes) {
    if (hit.text && hit.text->removedBy)
        return changes.remove(sample.id);
    CleaningChange change;
    change.masked = maskedAsJson(hit);
    change.row.sample = sample.id;
    change.row.origin = Origin::Rule;
    if (hit.text) {
        change.row.kind = AnnotationKind::Text;
        change.row.value = std::move(hit.text->text);
        LATHE_CHECK(changes.change(change));
        change.masked.clear();
    }
    if (hit.answer) {
        change.row.kind = AnnotationKind::Answer;
        change.row.value = std::move(hit.answer->text);
        LATHE_CHECK(changes.change(std::move(change)));
    }
    return {};
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
    LATHE_TRY(preview.counts, clean(store, cleaner, ids, context, [&](const Sample& sample, Hit&& hit) -> Result<> {
                  if (hit.text && preview.examples.size() < maxExamples)
                      preview.examples.push_back({sample.id, sample.text, std::move(*hit.text)});
                  if (hit.answer && preview.examples.size() < maxExamples)
                      preview.examples.push_back({sample.id, sample.answer, std::move(*hit.answer), true});
                  return {};
              }));
    return preview;
}

Result<CleaningOutcome> applyCleaning(CorpusStore& store, const Cleaner& cleaner, std::span<const SampleId> ids,
                                      const std::string& who, JobContext& context) {
    detail::RecordedChanges changes(store, "recipe", toJson(cleaner.recipe()), who);
    auto counts = clean(store, cleaner, ids, context,
                        [&](const Sample& sample, Hit&& hit) { return record(sample, std::move(hit), changes); });
    if (!counts)
        return fail(changes.takeBack(std::move(counts.error())));
    auto id = changes.finish(toJson(*counts));
    if (!id)
        return fail(changes.takeBack(std::move(id.error())));
    return CleaningOutcome{*id, std::move(*counts)};
}

}  // namespace lathe::corpus
