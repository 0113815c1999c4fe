// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/machine_labelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "corpus/machine_labels.h"

namespace lathe::assist {
namespace {

constexpr std::size_t kTextsAtOnce = 2000;
/// Rows in a transaction: some ten milliseconds, so that labelling goes on meanwhile.
constexpr std::size_t kLabelsAtOnce = 200;

/// The project's label of each of the scorer's, 0: none.
Result<std::vector<corpus::LabelId>> labelIdsOf(corpus::CorpusStore& store, const Scorer& scorer) {
    std::map<std::string, corpus::LabelId> known;
    LATHE_TRY(const auto labels, store.labels());
    for (const corpus::Label& label : labels)
        known[label.name] = label.id;
    std::vector<corpus::LabelId> ids;
    for (const std::string& name : scorer.labels)
        ids.push_back(known.contains(name) ? known[name] : 0);
    if (std::ranges::all_of(ids, [](corpus::LabelId id) { return id == 0; }))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the project has none of the labels that the model {} knows", scorer.name));
    return ids;
}

/// The likeliest label; none when the project does not have it.
std::optional<corpus::ModelScore> scoreOf(corpus::SampleId sample, const std::vector<float>& probabilities,
                                          const std::vector<corpus::LabelId>& ids) {
    const auto best = std::ranges::max_element(probabilities);
    const auto place = static_cast<std::size_t>(best - probabilities.begin());
    if (ids[place] == 0)
        return std::nullopt;
    float second = 0;
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        if (i != place)
            second = std::max(second, probabilities[i]);
    return corpus::ModelScore{sample, ids[place], *best, *best - second};
}

/// The samples that \p filter finds, some thousand at a time, with the scorer's word on each.
template <class Use>
Result<> scoreTexts(corpus::CorpusStore& store, const corpus::SampleFilter& filter, const Scorer& scorer, Use&& use,
                    JobContext& context) {
    LATHE_TRY(const auto ids, labelIdsOf(store, scorer));
    LATHE_TRY(const auto found, store.find(filter));
    for (std::size_t first = 0; first < found.size(); first += kTextsAtOnce) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "scoring was stopped");
        context.progress(static_cast<std::int64_t>(first), static_cast<std::int64_t>(found.size()), "scoring");
        LATHE_TRY(const auto samples,
                  store.samples(std::span(found).subspan(first, std::min(kTextsAtOnce, found.size() - first))));
        std::vector<std::string> texts;
        for (const corpus::Sample& sample : samples)
            texts.push_back(sample.text);
        LATHE_TRY(const auto probabilities, scorer.classify(texts, context));
        std::vector<corpus::ModelScore> scores;
        for (std::size_t i = 0; i < samples.size(); ++i)
            if (const auto score = scoreOf(samples[i].id, probabilities[i], ids))
                scores.push_back(*score);
        LATHE_CHECK(use(samples, scores));
    }
    return {};
}

Result<> giveInPieces(corpus::CorpusStore& store, std::span<const corpus::MachineLabel> labels, corpus::Origin origin,
                      const std::string& by, MachineLabelReport& report, JobContext& context) {
    for (std::size_t first = 0; first < labels.size(); first += kLabelsAtOnce) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "giving labels was stopped; those given can be taken back");
        const auto piece = labels.subspan(first, std::min(kLabelsAtOnce, labels.size() - first));
        LATHE_TRY(const auto given, corpus::machineLabels(store).giveLabels(piece, origin, by, report.step));
        report.step = given.step;
        report.given += given.given;
    }
    return {};
}

}  // namespace

Result<ScoreReport> scoreProject(corpus::CorpusStore& store, const Scorer& scorer, JobContext& context) {
    ScoreReport report;
    LATHE_CHECK(corpus::machineLabels(store).clearScores(scorer.name));
    LATHE_CHECK(scoreTexts(
        store, {}, scorer,
        [&](const std::vector<corpus::Sample>& samples, const std::vector<corpus::ModelScore>& scores) -> Result<> {
            std::map<corpus::SampleId, corpus::LabelId> given;
            for (const corpus::Sample& sample : samples)
                if (sample.label && isGiven(sample.labelOrigin))
                    given[sample.id] = *sample.label;
            for (const corpus::ModelScore& score : scores)
                report.disagree += given.contains(score.sample) && given[score.sample] != score.label ? 1 : 0;
            report.scored += static_cast<std::int64_t>(scores.size());
            return corpus::machineLabels(store).putScores(scorer.name, scores);
        },
        context));
    return report;
}

Result<MachineLabelReport> pseudoLabel(corpus::CorpusStore& store, const Scorer& scorer, double least,
                                       JobContext& context) {
    if (!(least > 0 && least <= 1))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the least probability of a pseudo-label is {}; give one above 0, up to 1", least));
    MachineLabelReport report;
    corpus::SampleFilter open;
    open.state = corpus::LabelState::Unlabelled;
    LATHE_CHECK(scoreTexts(
        store, open, scorer,
        [&](const std::vector<corpus::Sample>& samples, const std::vector<corpus::ModelScore>& scores) -> Result<> {
            report.open += std::ranges::count_if(samples, [](const corpus::Sample& sample) {
                return sample.split != corpus::Split::Dev && sample.split != corpus::Split::Test;
            });
            std::vector<corpus::MachineLabel> sure;
            for (const corpus::ModelScore& score : scores)
                if (static_cast<double>(score.probability) >= least)
                    sure.push_back({score.sample, score.label});
            return giveInPieces(store, sure, corpus::Origin::Model, scorer.name, report, context);
        },
        context));
    return report;
}

Result<MachineLabelReport> applyRuleLabels(corpus::CorpusStore& store, const RuleReport& report,
                                           const ProjectTexts& texts, double least, JobContext& context) {
    MachineLabelReport result;
    std::vector<corpus::MachineLabel> labels;
    std::vector<corpus::ModelScore> scores;
    for (const RuleLabel& said : ruleLabels(report, texts, least)) {
        const corpus::SampleId sample = texts.ids[said.text];
        const corpus::LabelId label = texts.labelIds[static_cast<std::size_t>(said.label)];
        labels.push_back({sample, label});
        scores.push_back({sample, label, static_cast<float>(said.probability), static_cast<float>(said.margin)});
    }
    result.open = static_cast<std::int64_t>(labels.size());
    LATHE_CHECK(corpus::machineLabels(store).clearScores(kRulesName));
    for (std::size_t first = 0; first < scores.size(); first += kTextsAtOnce)
        LATHE_CHECK(corpus::machineLabels(store).putScores(
            kRulesName, std::span(scores).subspan(first, std::min(kTextsAtOnce, scores.size() - first))));
    LATHE_CHECK(giveInPieces(store, labels, corpus::Origin::Rule, kRulesName, result, context));
    return result;
}

}  // namespace lathe::assist
