// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/duplicates.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "core/hash.h"
#include "corpus/clean/similar_texts.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kBatch = 4096;

// What is kept of a sample while the texts are compared.
struct Facts {
    Split split = Split::None;
    bool isLabelled = false;
    std::optional<LabelId> label;
    std::uint64_t labelling = 0;  // hash of what else it is labelled with
};

DuplicateGroup groupOf(const SimilarGroup& similar, std::span<const SampleId> ids, std::span<const Facts> facts,
                       const std::function<bool(std::uint32_t, std::uint32_t)>& areEqual) {
    DuplicateGroup group;
    group.isExact = true;
    std::set<Split> splits;
    const Facts* labelled = nullptr;
    for (std::size_t m = 0; m < similar.members.size(); ++m) {
        const std::uint32_t i = similar.members[m];
        const Facts& fact = facts[i];
        group.members.push_back({ids[i], similar.similarity[m], fact.split, fact.isLabelled, fact.label});
        group.isExact = group.isExact && areEqual(similar.members.front(), i);
        if (fact.split != Split::None)
            splits.insert(fact.split);
        if (!fact.isLabelled)
            continue;
        if (labelled && (labelled->label != fact.label || labelled->labelling != fact.labelling))
            group.conflicts = true;
        labelled = &fact;
    }
    group.leaks = splits.size() > 1;
    return group;
}

}  // namespace

Result<DuplicateReport> findDuplicates(CorpusStore& store, const DuplicateRequest& request, JobContext& context) {
    const auto begin = std::chrono::steady_clock::now();
    SampleFilter filter = request.filter;
    filter.order = Order::Id;  // the first of a group is the one that came first
    LATHE_TRY(const auto ids, store.find(filter));
    SimilarTexts similar(request.similarity, request.seed);
    std::vector<Facts> facts;
    facts.reserve(ids.size());
    std::vector<std::uint64_t> equalTo;
    equalTo.reserve(ids.size());
    std::vector<SampleId> present;
    present.reserve(ids.size());
    for (std::size_t at = 0; at < ids.size(); at += kBatch) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "looking for duplicates was stopped");
        context.progress(static_cast<std::int64_t>(at), static_cast<std::int64_t>(ids.size()), "read");
        LATHE_TRY(const auto samples, store.samples(std::span(ids).subspan(at, std::min(kBatch, ids.size() - at))));
        for (const Sample& sample : samples) {
            const std::string text = comparableText(sample.text);
            similar.add(text);
            equalTo.push_back(hash64(text));
            present.push_back(sample.id);
            facts.push_back({sample.split, sample.isLabelled(), sample.label, hash64(toValue(sample.labelling))});
        }
    }
    const auto textsOf = [&](std::span<const std::uint32_t> indices) -> Result<std::vector<std::string>> {
        std::vector<SampleId> wanted(indices.size());
        std::ranges::transform(indices, wanted.begin(), [&](std::uint32_t i) { return present[i]; });
        LATHE_TRY(const auto samples, store.samples(wanted));
        std::vector<std::string> texts(samples.size());
        std::ranges::transform(samples, texts.begin(), [](const Sample& s) { return comparableText(s.text); });
        return texts;
    };
    LATHE_TRY(const auto groups, similar.groups(textsOf, context));

    DuplicateReport report;
    report.similarity = request.similarity;
    report.texts = static_cast<std::int64_t>(present.size());
    const auto areEqual = [&](std::uint32_t a, std::uint32_t b) { return equalTo[a] == equalTo[b]; };
    for (const SimilarGroup& group : groups) {
        report.groups.push_back(groupOf(group, present, facts, areEqual));
        const DuplicateGroup& found = report.groups.back();
        report.surplus += static_cast<std::int64_t>(found.members.size()) - 1;
        std::set<std::uint64_t> texts;
        for (const std::uint32_t i : group.members)
            texts.insert(equalTo[i]);
        report.exactSurplus += static_cast<std::int64_t>(found.members.size() - texts.size());
        report.conflicting += found.conflicts ? 1 : 0;
        report.leaking += found.leaks ? 1 : 0;
        const bool trains = std::ranges::any_of(
            found.members, [](const auto& m) { return m.split == Split::Train || m.split == Split::Dev; });
        if (trains)
            report.testInTrain += std::ranges::count(found.members, Split::Test, &DuplicateMember::split);
    }
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return report;
}

}  // namespace lathe::corpus
