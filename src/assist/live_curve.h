// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The accuracy on texts held back, against the number of labels, as labelling goes on. Kept in the project.
// Thread: any (the store's).
#pragma once

#include <optional>

#include "assist/project_texts.h"

namespace lathe::assist {

struct LivePoint {
    std::int64_t timeMs = 0;
    std::int64_t labels = 0;    ///< that people had given then
    std::int64_t measured = 0;  ///< texts held back
    double accuracy = 0;
    double low = 0, high = 1;  ///< 95 %
    friend bool operator==(const LivePoint&, const LivePoint&) = default;
};

/// The points in the project's setting "label_curve", oldest first. \returns Parse, Io.
Result<std::vector<LivePoint>> liveCurve(corpus::CorpusStore& store);
/// The newest kMostPoints stay.
Result<> addLivePoint(corpus::CorpusStore& store, const LivePoint& point);
inline constexpr std::size_t kMostPoints = 2000;

/// Whether a point is worth its training: there are enough labels, and a tenth more (or fewer) than at the last point.
bool isPointDue(const std::vector<LivePoint>& curve, std::int64_t labels);

/// Trains the n-gram classifier without the texts held back and measures it on these: the dev split's, or where fewer
/// than twenty of its texts are labelled every fifth labelled text, by its id, so that it is the same ones every time.
/// Nothing where there is too little of either part. \returns Canceled.
Result<std::optional<LivePoint>> measureLive(const ProjectTexts& labelled, JobContext& context);

}  // namespace lathe::assist
