// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/project_errors.h"

#include <map>

#include "core/json.h"
#include "core/utf8.h"

namespace lathe::assist {
namespace {

constexpr const char* kSetting = "kept_labels";
constexpr std::size_t kTextBytes = 2000;
using Kept = std::map<corpus::SampleId, corpus::LabelId>;

Result<Kept> keptLabels(corpus::CorpusStore& store) {
    LATHE_TRY(const std::string text, store.setting(kSetting));
    Kept kept;
    if (text.empty())
        return kept;
    LATHE_TRY(const Json json, parseJson(text, "the project's list of labels that were kept"));
    for (const Json& pair : json)
        if (pair.is_array() && pair.size() == 2 && pair[0].is_number_integer() && pair[1].is_number_integer())
            kept[pair[0].get<std::int64_t>()] = pair[1].get<std::int64_t>();
    return kept;
}

Result<> setKept(corpus::CorpusStore& store, const Kept& kept) {
    Json json = Json::array();
    for (const auto& [sample, label] : kept)
        json.push_back(Json::array({sample, label}));
    return store.setSetting(kSetting, kept.empty() ? std::string() : toLine(json));
}

}  // namespace

Result<SuspectLabels> suspectLabels(corpus::CorpusStore& store, const CrossValidation& how, std::size_t most,
                                    JobContext& context) {
    LATHE_TRY(const auto texts, readTexts(store, {.most = most, .seed = how.seed}, context));
    LATHE_TRY(const auto kept, keptLabels(store));
    LATHE_TRY(const auto errors, findLabelErrors({texts.texts, texts.labels, texts.names}, how, context));
    SuspectLabels suspects{.ranked = {}, .estimatedShare = errors.estimatedShare, .items = errors.items};
    for (const LikelyError& error : errors.ranked) {
        SuspectLabel suspect{.sample = texts.ids[error.item],
                             .text = std::string(clipUtf8(texts.texts[error.item], kTextBytes)),
                             .given = texts.labelIds[static_cast<std::size_t>(error.given)],
                             .suggested = texts.labelIds[static_cast<std::size_t>(error.suggested)],
                             .givenProbability = error.givenProbability,
                             .suggestedProbability = error.suggestedProbability,
                             .usualForSuggested = error.usualForSuggested};
        const auto found = kept.find(suspect.sample);
        if (found != kept.end() && found->second == suspect.given)
            ++suspects.kept;
        else
            suspects.ranked.push_back(std::move(suspect));
    }
    return suspects;
}

Result<> keepLabel(corpus::CorpusStore& store, corpus::SampleId sample, corpus::LabelId label) {
    LATHE_TRY(auto kept, keptLabels(store));
    kept[sample] = label;
    return setKept(store, kept);
}

Result<> forgetKept(corpus::CorpusStore& store, corpus::SampleId sample) {
    LATHE_TRY(auto kept, keptLabels(store));
    if (kept.erase(sample) == 0)
        return {};
    return setKept(store, kept);
}

}  // namespace lathe::assist
