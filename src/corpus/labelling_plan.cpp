// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/labelling_plan.h"

#include <algorithm>
#include <cmath>

#include "core/json.h"

namespace lathe::corpus {
namespace {

constexpr const char* kKey = "labelling_kinds";
constexpr std::size_t kLookedAt = 200;
constexpr double kTolerance = 1e-6;  ///< of a step: 0.1 is no sum of halves
constexpr double kMostSteps = 100'000;

std::optional<double> number(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number())
        return {};
    return found->get<double>();
}

std::optional<bool> truth(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_boolean())
        return {};
    return found->get<bool>();
}

/// Nothing is labelled yet: what is there to be labelled?
Result<LabellingPlan> planOfContent(CorpusStore& store) {
    LATHE_TRY(const auto ids, store.find({}));
    LATHE_TRY(const auto samples, store.samples(std::span(ids).first(std::min<std::size_t>(1, ids.size()))));
    LabellingPlan plan;
    if (!samples.empty() && !samples.front().content.candidates.empty())
        plan.kind = LabellingKind::Preference;
    else if (!samples.empty() && !samples.front().content.turns.empty())
        plan.kind = LabellingKind::Turns;
    return plan;
}

RatingScale scaleFrom(const Json& json) {
    const RatingScale fallback;
    if (!json.is_object())
        return fallback;
    const RatingScale scale{number(json, "low").value_or(fallback.low), number(json, "high").value_or(fallback.high),
                            number(json, "step").value_or(fallback.step)};
    return scale.isValid() ? scale : fallback;
}

}  // namespace

const char* labellingKindId(LabellingKind kind) {
    switch (kind) {
        case LabellingKind::Single:
            return "single";
        case LabellingKind::Labels:
            return "labels";
        case LabellingKind::Rating:
            return "rating";
        case LabellingKind::Spans:
            return "spans";
        case LabellingKind::Preference:
            return "preference";
        case LabellingKind::Answer:
            return "answer";
        case LabellingKind::Turns:
            return "turns";
    }
    return "";
}

bool usesLabels(LabellingKind kind) {
    return kind == LabellingKind::Single || kind == LabellingKind::Labels || kind == LabellingKind::Spans ||
           kind == LabellingKind::Turns;
}

std::optional<LabellingKind> labellingKindFrom(std::string_view id) {
    for (const LabellingKind kind : kLabellingKinds)
        if (id == labellingKindId(kind))
            return kind;
    return {};
}

bool RatingScale::isValid() const {
    if (!std::isfinite(low) || !std::isfinite(high) || !(step > 0) || !(high > low))
        return false;
    const double count = (high - low) / step;
    return count <= kMostSteps && std::abs(count - std::round(count)) < kTolerance;
}

int RatingScale::steps() const {
    return static_cast<int>(std::lround((high - low) / step)) + 1;
}

double RatingScale::value(int index) const {
    return index + 1 >= steps() ? high : low + step * index;
}

double RatingScale::nearest(double value) const {
    const double index = std::round((std::clamp(value, low, high) - low) / step);
    return this->value(static_cast<int>(index));
}

std::string toSetting(const LabellingPlan& plan) {
    return toLine(Json{{"kinds", {labellingKindId(plan.kind)}},
                       {"rating", {{"low", plan.scale.low}, {"high", plan.scale.high}, {"step", plan.scale.step}}},
                       {"overlap", plan.overlap},
                       {"snap", plan.snapsToWords ? "words" : "characters"}});
}

Result<LabellingPlan> labellingPlanFrom(std::string_view setting) {
    LATHE_TRY(const Json json, parseJson(setting, "the setting labelling_kinds"));
    if (!json.is_object())
        return fail(ErrorCode::Parse, "the setting labelling_kinds is no JSON object");
    LabellingPlan plan;
    if (const auto kinds = json.find("kinds"); kinds != json.end() && kinds->is_array())
        for (const Json& kind : *kinds)
            if (const auto known = kind.is_string() ? labellingKindFrom(kind.get<std::string>()) : std::nullopt) {
                plan.kind = *known;
                break;
            }
    if (const auto scale = json.find("rating"); scale != json.end())
        plan.scale = scaleFrom(*scale);
    plan.overlap = truth(json, "overlap").value_or(plan.overlap);
    if (const auto snap = json.find("snap"); snap != json.end())
        plan.snapsToWords = *snap != "characters";
    return plan;
}

Result<std::optional<LabellingPlan>> storedLabellingPlan(CorpusStore& store) {
    LATHE_TRY(const std::string value, store.setting(kKey));
    if (value.empty())
        return std::optional<LabellingPlan>();
    LATHE_TRY(const LabellingPlan plan, labellingPlanFrom(value));
    return std::optional(plan);
}

Result<> storeLabellingPlan(CorpusStore& store, const LabellingPlan& plan) {
    return store.setSetting(kKey, toSetting(plan));
}

Result<LabellingPlan> guessLabellingPlan(CorpusStore& store) {
    SampleFilter labelled;
    labelled.state = LabelState::Labelled;
    LATHE_TRY(const auto ids, store.find(labelled));
    if (ids.empty())
        return planOfContent(store);
    LATHE_TRY(const auto samples, store.samples(std::span(ids).first(std::min(kLookedAt, ids.size()))));
    std::array<std::int64_t, kLabellingKinds.size()> carried{};
    const auto count = [&](LabellingKind kind, bool carries) { carried[static_cast<std::size_t>(kind)] += carries; };
    LabellingPlan plan;
    double highest = 0;
    bool scaleFits = true;
    for (const Sample& sample : samples) {
        count(LabellingKind::Single, sample.label.has_value());
        count(LabellingKind::Labels, sample.labelling.labels.has_value());
        count(LabellingKind::Spans, sample.labelling.spans.has_value());
        count(LabellingKind::Rating, sample.labelling.rating.has_value());
        count(LabellingKind::Preference, sample.labelling.preferred.has_value());
        count(LabellingKind::Turns, sample.labelling.turns.has_value());
        if (const auto rating = sample.labelling.rating) {
            highest = std::max(highest, *rating);
            scaleFits = scaleFits && plan.scale.nearest(*rating) == *rating;
        }
    }
    // The richer kind wins a tie: it is later in the list.
    for (std::size_t i = 0; i < carried.size(); ++i)
        if (carried[i] > 0 && carried[i] >= carried[static_cast<std::size_t>(plan.kind)])
            plan.kind = static_cast<LabellingKind>(i);
    if (!scaleFits)
        plan.scale = highest <= 10 ? RatingScale{0, 10, 0.5} : RatingScale{0, highest <= 100 ? 100.0 : highest, 1};
    if (!plan.scale.isValid())
        plan.scale = RatingScale();
    return plan;
}

}  // namespace lathe::corpus
