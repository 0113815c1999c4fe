// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/live_curve.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "assist/detail/choosing.h"
#include "core/files.h"
#include "core/intervals.h"
#include "core/json.h"
#include "linear/ngram_classifier.h"

namespace lathe::assist {
namespace {

constexpr const char* kSetting = "label_curve";
constexpr std::int64_t kLeastLabels = 30, kLeastHeldBack = 5, kLeastDev = 20;
constexpr std::uint64_t kHeldBackSeed = 0x4C61746865, kHeldBackEvery = 5;
constexpr double kWorthMeasuring = 0.1;

}  // namespace

Result<std::vector<LivePoint>> liveCurve(corpus::CorpusStore& store) {
    LATHE_TRY(const std::string text, store.setting(kSetting));
    std::vector<LivePoint> curve;
    if (text.empty())
        return curve;
    LATHE_TRY(const Json json, parseJson(text, "the project's curve of accuracy"));
    if (!json.is_array())
        return fail(ErrorCode::Parse, "the project's curve of accuracy is no list");
    for (const Json& item : json) {
        LivePoint point;
        LATHE_TRY(point.timeMs, jsonInt(item, "time_ms", 0));
        LATHE_TRY(point.labels, jsonInt(item, "labels", 0));
        LATHE_TRY(point.measured, jsonInt(item, "measured", 0));
        LATHE_TRY(const std::int64_t correct, jsonInt(item, "correct", 0));
        point.accuracy = point.measured == 0 ? 0 : static_cast<double>(correct) / static_cast<double>(point.measured);
        const Interval interval = wilsonInterval(correct, point.measured);
        point.low = interval.low;
        point.high = interval.high;
        curve.push_back(point);
    }
    return curve;
}

Result<> addLivePoint(corpus::CorpusStore& store, const LivePoint& point) {
    LATHE_TRY(auto curve, liveCurve(store));
    curve.push_back(point);
    Json json = Json::array();
    for (std::size_t i = curve.size() > kMostPoints ? curve.size() - kMostPoints : 0; i < curve.size(); ++i)
        json.push_back({{"time_ms", curve[i].timeMs},
                        {"labels", curve[i].labels},
                        {"measured", curve[i].measured},
                        {"correct", std::llround(curve[i].accuracy * static_cast<double>(curve[i].measured))}});
    return store.setSetting(kSetting, toLine(json));
}

bool isPointDue(const std::vector<LivePoint>& curve, std::int64_t labels) {
    if (labels < kLeastLabels)
        return false;
    const auto last = curve.empty() ? 0.0 : static_cast<double>(curve.back().labels);
    return std::abs(static_cast<double>(labels) - last) >= kWorthMeasuring * last &&
           static_cast<double>(labels) != last;
}

Result<std::optional<LivePoint>> measureLive(const ProjectTexts& labelled, JobContext& context) {
    const bool hasDev = std::ranges::count(labelled.splits, corpus::Split::Dev) >= kLeastDev;
    std::vector<std::string> texts, heldTexts;
    std::vector<int> labels, heldLabels;
    for (std::size_t i = 0; i < labelled.size(); ++i) {
        const auto id = static_cast<std::uint64_t>(labelled.ids[i]);
        const bool held = hasDev ? labelled.splits[i] == corpus::Split::Dev
                                 : detail::scattered(kHeldBackSeed, id) % kHeldBackEvery == 0;
        (held ? heldTexts : texts).push_back(labelled.texts[i]);
        (held ? heldLabels : labels).push_back(labelled.labels[i]);
    }
    const std::set<int> used(labels.begin(), labels.end());
    if (static_cast<std::int64_t>(heldTexts.size()) < kLeastHeldBack || used.size() < 2)
        return std::optional<LivePoint>();
    linear::NgramOptions options;
    options.threads = 1;
    LATHE_TRY(const auto model,
              linear::NgramClassifier::train(texts, labels, labelled.names, {}, {}, options, context));
    std::int64_t correct = 0;
    for (std::size_t i = 0; i < heldTexts.size(); ++i) {
        const auto p = model.predict(heldTexts[i]);
        correct += std::ranges::max_element(p) - p.begin() == heldLabels[i] ? 1 : 0;
    }
    const auto measured = static_cast<std::int64_t>(heldTexts.size());
    const Interval interval = wilsonInterval(correct, measured);
    return std::optional(LivePoint{nowMs(), static_cast<std::int64_t>(labelled.size()), measured,
                                   static_cast<double>(correct) / static_cast<double>(measured), interval.low,
                                   interval.high});
}

}  // namespace lathe::assist
