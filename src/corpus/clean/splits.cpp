// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/splits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "corpus/clean/duplicates.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kBatch = 4096;

// The project's samples as the plan wants them.
struct Material {
    std::vector<SampleId> ids;
    std::vector<SplitItem> items;
    std::vector<Split> present;
    std::int64_t withoutTime = 0;
};

Result<> check(const SplitRequest& request) {
    const auto& shares = request.shares;
    const bool areShares = shares.train >= 0 && shares.dev >= 0 && shares.test >= 0 &&
                           std::abs(shares.train + shares.dev + shares.test - 1) < 1e-6;
    if (!areShares || shares.train <= 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the shares are {} train, {} dev and {} test; they must make 1 together, and train "
                                "more than 0",
                                shares.train, shares.dev, shares.test));
    if (request.grouping == SplitGrouping::Field && request.groupField.empty())
        return fail(ErrorCode::InvalidInput, "texts shall stay together by a metadata field, but none is named");
    return {};
}

std::vector<LabelId> labelsOf(const Sample& sample) {
    std::vector<LabelId> labels = labelsIn(sample.labelling);
    if (sample.label && std::ranges::find(labels, *sample.label) == labels.end())
        labels.push_back(*sample.label);
    std::ranges::sort(labels);
    return labels;
}

Result<Material> read(CorpusStore& store, const SplitRequest& request, JobContext& context) {
    Material material;
    LATHE_TRY(const auto ids, store.find({}));
    LATHE_TRY(const auto sources, store.sources());
    std::map<SourceId, std::int64_t> importedMs;
    for (const Source& source : sources)
        importedMs[source.id] = source.importedMs;
    const bool byField = request.grouping == SplitGrouping::Field;
    const bool byTimeField = request.method == SplitMethod::Time && !request.timeField.empty();
    std::unordered_map<std::string, std::int64_t> groups;
    std::int64_t dated = 0;
    for (std::size_t at = 0; at < ids.size(); at += kBatch) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "dividing the texts was stopped");
        context.progress(static_cast<std::int64_t>(at), static_cast<std::int64_t>(ids.size()), "read");
        LATHE_TRY(const auto samples, store.samples(std::span(ids).subspan(at, std::min(kBatch, ids.size() - at))));
        for (const Sample& sample : samples) {
            SplitItem item{.labels = labelsOf(sample)};
            Json metadata;
            if ((byField || byTimeField) && !sample.metadata.empty()) {
                LATHE_TRY(metadata, parseJson(sample.metadata, fmt::format("the metadata of sample {}", sample.id)));
            }
            if (byField && metadata.is_object() && metadata.contains(request.groupField))
                item.group =
                    groups.try_emplace(toLine(metadata[request.groupField]), static_cast<std::int64_t>(groups.size()))
                        .first->second;
            if (request.grouping == SplitGrouping::Source)
                item.group = sample.source;
            item.timeMs = importedMs[sample.source];
            if (byTimeField) {
                const auto time = metadata.is_object() && metadata.contains(request.timeField)
                                      ? timeFrom(metadata[request.timeField])
                                      : std::nullopt;
                item.timeMs = time.value_or(INT64_MIN + 1);
                ++(time ? dated : material.withoutTime);
            }
            material.ids.push_back(sample.id);
            material.items.push_back(std::move(item));
            material.present.push_back(sample.split);
        }
    }
    if (byField && groups.empty())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("no text has the metadata field \"{}\"; choose another one", request.groupField));
    if (byTimeField && dated == 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("no text has a date in the metadata field \"{}\" (such as 2024-03-05); choose another "
                                "one",
                                request.timeField));
    return material;
}

Result<> groupDuplicates(CorpusStore& store, const SplitRequest& request, Material& material, JobContext& context) {
    LATHE_TRY(const auto report,
              findDuplicates(store, {.similarity = request.similarity, .seed = request.seed, .filter = {}}, context));
    std::unordered_map<SampleId, std::int64_t> groupOf;
    for (std::size_t g = 0; g < report.groups.size(); ++g)
        for (const DuplicateMember& member : report.groups[g].members)
            groupOf[member.sample] = static_cast<std::int64_t>(g);
    for (std::size_t i = 0; i < material.ids.size(); ++i)
        if (const auto found = groupOf.find(material.ids[i]); found != groupOf.end())
            material.items[i].group = found->second;
    return {};
}

// Divides all, or all but a test split that stays.
void plan(const Material& material, const SplitRequest& request, SplitOutcome& outcome) {
    std::vector<std::size_t> open;
    std::set<std::int64_t> inTest;  // groups
    for (std::size_t i = 0; i < material.ids.size(); ++i) {
        const bool stays = outcome.keptTest && material.present[i] == Split::Test;
        outcome.samples.emplace_back(material.ids[i], Split::Test);
        if (!stays)
            open.push_back(i);
        else if (material.items[i].group >= 0)
            inTest.insert(material.items[i].group);
    }
    SplitShares shares = request.shares;
    if (outcome.keptTest) {
        shares.dev = shares.dev / (shares.train + shares.dev);
        shares.train = 1 - shares.dev;
        shares.test = 0;
    }
    std::vector<SplitItem> items;
    items.reserve(open.size());
    for (const std::size_t i : open) {
        items.push_back(material.items[i]);
        outcome.straddling += inTest.contains(material.items[i].group) ? 1 : 0;
    }
    const auto splits = planSplits(items, shares, request.method, request.seed);
    for (std::size_t n = 0; n < open.size(); ++n)
        outcome.samples[open[n]].second = splits[n];
}

std::size_t column(Split split) {
    return split == Split::Train ? 0 : split == Split::Dev ? 1 : 2;
}

}  // namespace

Json toJson(const SplitRequest& request) {
    static constexpr std::array kMethods{"stratified", "random", "time"};
    static constexpr std::array kGroupings{"none", "field", "source", "duplicates"};
    return {{"train", request.shares.train},
            {"dev", request.shares.dev},
            {"test", request.shares.test},
            {"method", kMethods[static_cast<std::size_t>(request.method)]},
            {"groups", kGroupings[static_cast<std::size_t>(request.grouping)]},
            {"group_field", request.groupField},
            {"time_field", request.timeField},
            {"similarity", request.similarity},
            {"seed", request.seed}};
}

Result<SplitOutcome> previewSplits(CorpusStore& store, const SplitRequest& request, JobContext& context) {
    LATHE_CHECK(check(request));
    LATHE_TRY(Material material, read(store, request, context));
    if (material.ids.empty())
        return fail(ErrorCode::InvalidInput, "the project has no texts to divide; import some first");
    if (request.grouping == SplitGrouping::Duplicates)
        LATHE_CHECK(groupDuplicates(store, request, material, context));
    SplitOutcome outcome;
    outcome.withoutTime = material.withoutTime;
    LATHE_TRY(const bool isFrozen, store.isTestFrozen());
    outcome.keptTest = isFrozen && !store.testChangesAllowed();
    plan(material, request, outcome);

    LATHE_TRY(const auto labels, store.labels());
    std::map<LabelId, SplitRow> rows;
    std::map<std::int64_t, std::int64_t> groupSizes;
    for (std::size_t i = 0; i < material.items.size(); ++i) {
        const SplitItem& item = material.items[i];
        const std::size_t split = column(outcome.samples[i].second);
        ++outcome.totals[split];
        for (const LabelId label : item.labels.empty() ? std::vector<LabelId>{0} : item.labels)
            ++rows[label].counts[split];
        if (item.group >= 0 && ++groupSizes[item.group] == 2)
            ++outcome.groups;
    }
    for (auto& [id, row] : rows) {
        row.label = id;
        const auto found = std::ranges::find(labels, id, &Label::id);
        row.name = found == labels.end() ? std::string() : found->name;
        outcome.rows.push_back(row);
    }
    return outcome;
}

Result<SplitOutcome> makeSplits(CorpusStore& store, const SplitRequest& request, const std::string& who,
                                JobContext& context) {
    LATHE_TRY(SplitOutcome outcome, previewSplits(store, request, context));
    LATHE_CHECK(store.assignSplits({.samples = outcome.samples,
                                    .freezesTest = request.freezesTest && outcome.totals[column(Split::Test)] > 0,
                                    .who = who,
                                    .request = toLine(toJson(request))}));
    return outcome;
}

Result<std::vector<std::string>> metadataFields(CorpusStore& store) {
    constexpr std::size_t kLooked = 1000;
    std::vector<SampleId> ids(
        kLooked);  // counted off rather than found: the window asks, and a million take their time
    std::iota(ids.begin(), ids.end(), SampleId{1});
    LATHE_TRY(auto samples, store.samples(ids));
    if (samples.empty()) {
        LATHE_TRY(ids, store.find({}));
        LATHE_TRY(samples, store.samples(std::span(ids).first(std::min(kLooked, ids.size()))));
    }
    std::set<std::string> fields;
    for (const Sample& sample : samples) {
        if (sample.metadata.empty())
            continue;
        LATHE_TRY(const Json metadata, parseJson(sample.metadata, "metadata"));
        if (metadata.is_object())
            for (const auto& [key, value] : metadata.items())
                fields.insert(key);
    }
    return std::vector<std::string>(fields.begin(), fields.end());
}

}  // namespace lathe::corpus
