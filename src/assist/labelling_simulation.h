// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an acquisition order would have been worth: labelling played through on texts whose labels are known, with the
// n-gram classifier trained anew after each batch. Thread: any.
#pragma once

#include "assist/acquisition.h"
#include "linear/ngram_classifier.h"

namespace lathe::assist {

/// Texts with an index into SimulationData::labelNames each.
struct KnownTexts {
    std::vector<std::string> texts;
    std::vector<int> labels;
};

struct SimulationData {
    KnownTexts pool;  ///< to choose from
    KnownTexts dev;   ///< for whoever has to choose between orders
    KnownTexts test;  ///< measured, never looked at otherwise
    std::vector<std::string> labelNames;
};

struct SimulationPlan {
    /// Numbers of labels at which a model is trained, ascending. The first batch is drawn by chance: there is no model.
    std::vector<std::size_t> budgets;
    std::uint64_t seed = 42;
    linear::NgramOptions model;
};

struct SimulatedPoint {
    std::size_t labels = 0;
    double devAccuracy = 0, testAccuracy = 0;  ///< 0 where there are no such texts
};

/// \p sketches of the pool's texts; may be null for orders that need none. One point for each budget that the pool can
/// fill. \returns InvalidInput (no budgets, an order of labelled texts), and what training does.
Result<std::vector<SimulatedPoint>> simulateLabelling(const AcquisitionEntry& order, const SimulationData& data,
                                                      const TextSketches* sketches, const SimulationPlan& plan,
                                                      JobContext& context);

/// Sets \p share of the texts of each label aside, one at least where a label has two, drawn by the seed.
/// \returns what stays and what was set aside.
std::pair<KnownTexts, KnownTexts> setAside(const KnownTexts& all, double share, std::uint64_t seed);

struct FlippedLabels {
    std::vector<int> labels;
    std::size_t flipped = 0;
};
/// \p share of the labels replaced by another of \p count labels, each as likely; both drawn by the seed.
FlippedLabels flipLabels(std::span<const int> labels, int count, double share, std::uint64_t seed);

}  // namespace lathe::assist
