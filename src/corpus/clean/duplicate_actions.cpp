// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/clean/duplicate_actions.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "corpus/clean/detail/recorded_changes.h"
#include "corpus/clean/similar_texts.h"

namespace lathe::corpus {
namespace {

const char* nameOf(DuplicateAction action) {
    return action == DuplicateAction::KeepOne ? "keep_one" : action == DuplicateAction::Review ? "review" : "majority";
}

Result<std::vector<Sample>> samplesOf(CorpusStore& store, const DuplicateGroup& group, double similarity) {
    std::vector<SampleId> ids;
    for (const DuplicateMember& member : group.members)
        if (member.similarity >= similarity)
            ids.push_back(member.sample);
    return store.samples(ids);
}

class Actor {
public:
    Actor(CorpusStore& store, double similarity, DuplicateAction action, const std::string& who, bool leavesTest)
        : m_store(store),
          m_similarity(similarity),
          m_action(action),
          m_leavesTest(leavesTest),
          m_changes(store, "duplicates", {{"action", nameOf(action)}}, who) {}

    Result<> act(const DuplicateGroup& group) {
        switch (m_action) {
            case DuplicateAction::KeepOne:
                return keepOne(group);
            case DuplicateAction::MajorityLabel:
                return spreadLabel(group);
            case DuplicateAction::Review:
                break;
        }
        return flag(group);
    }
    Result<DuplicateActionOutcome> finish() {
        LATHE_TRY(m_outcome.id, m_changes.finish({{"changed", m_outcome.changed},
                                                  {"removed", m_outcome.removed},
                                                  {"left_alone", m_outcome.leftAlone}}));
        return m_outcome;
    }
    Error takeBack(Error why) { return m_changes.takeBack(std::move(why)); }

private:
    Result<> keepOne(const DuplicateGroup& group) {
        std::vector<DuplicateMember> members = group.members;
        std::ranges::sort(members, {}, [](const DuplicateMember& member) {
            return std::tuple(member.split != Split::Test, !member.isLabelled, member.sample);
        });
        std::vector<std::vector<std::uint32_t>> kept;
        for (const DuplicateMember& member : members) {
            std::vector<std::uint32_t> set;
            if (!group.isExact) {
                LATHE_TRY(const Sample sample, m_store.sample(member.sample));
                set = shingles(comparableText(sample.text));
            }
            const bool isLikeAKeptOne =
                std::ranges::any_of(kept, [&](const auto& other) { return jaccard(set, other) >= m_similarity; });
            if (!isLikeAKeptOne) {
                kept.push_back(std::move(set));
            } else if (m_leavesTest && member.split == Split::Test) {
                ++m_outcome.leftAlone;
            } else {
                LATHE_CHECK(m_changes.remove(member.sample));
                ++m_outcome.removed;
            }
        }
        return {};
    }

    Result<> spreadLabel(const DuplicateGroup& group) {
        LATHE_TRY(const auto samples, samplesOf(m_store, group, m_similarity));
        // The labels' parts belong to their own texts, so samples with labelled parts are not spoken for by others.
        std::map<std::pair<LabelId, std::string>, std::int64_t> votes;
        for (const Sample& sample : samples)
            if (sample.isLabelled())
                ++votes[{sample.label.value_or(0), toValue(sample.labelling)}];
        std::vector<std::pair<std::int64_t, const std::pair<LabelId, std::string>*>> ranked;
        for (const auto& [what, count] : votes)
            ranked.emplace_back(count, &what);
        std::ranges::sort(ranked, std::ranges::greater(), [](const auto& vote) { return vote.first; });
        const bool hasParts = std::ranges::any_of(
            samples, [](const Sample& sample) { return sample.labelling.spans || sample.labelling.turns; });
        if (ranked.empty() || hasParts || (ranked.size() > 1 && ranked[0].first == ranked[1].first)) {
            ++m_outcome.leftAlone;
            return {};
        }
        const auto& [label, value] = *ranked.front().second;
        for (const Sample& sample : samples) {
            if (sample.label.value_or(0) == label && toValue(sample.labelling) == value)
                continue;
            CleaningChange change;
            change.row.sample = sample.id;
            change.row.kind = AnnotationKind::Label;
            change.row.origin = Origin::Rule;
            change.row.label = label == 0 ? std::nullopt : std::optional(label);
            change.row.value = value.empty() ? "{}" : value;
            change.row.note = "the label of most of its duplicates";
            LATHE_CHECK(m_changes.change(std::move(change)));
            ++m_outcome.changed;
        }
        return {};
    }

    Result<> flag(const DuplicateGroup& group) {
        LATHE_TRY(const auto samples, samplesOf(m_store, group, 0));
        for (const Sample& sample : samples) {
            if (sample.flagged)
                continue;
            CleaningChange change;
            change.row.sample = sample.id;
            change.row.kind = AnnotationKind::Flag;
            change.row.value = "1";
            LATHE_CHECK(m_changes.change(std::move(change)));
            ++m_outcome.changed;
        }
        return {};
    }

    CorpusStore& m_store;
    double m_similarity;
    DuplicateAction m_action;
    bool m_leavesTest;
    detail::RecordedChanges m_changes;
    DuplicateActionOutcome m_outcome;
};

}  // namespace

Result<DuplicateActionOutcome> applyDuplicateAction(CorpusStore& store, std::span<const DuplicateGroup> groups,
                                                    double similarity, DuplicateAction action, const std::string& who,
                                                    JobContext& context) {
    LATHE_TRY(const bool isFrozen, store.isTestFrozen());
    Actor actor(store, similarity, action, who, isFrozen && !store.testChangesAllowed());
    std::int64_t done = 0;
    for (const DuplicateGroup& group : groups) {
        context.progress(done++, static_cast<std::int64_t>(groups.size()), "duplicates");
        if (context.stopRequested())
            return fail(actor.takeBack({ErrorCode::Canceled, "working on the duplicates was stopped", {}}));
        if (auto acted = actor.act(group); !acted)
            return fail(actor.takeBack(std::move(acted.error())));
    }
    auto outcome = actor.finish();
    if (!outcome)
        return fail(actor.takeBack(std::move(outcome.error())));
    return outcome;
}

}  // namespace lathe::corpus
