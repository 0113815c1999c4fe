// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/labelling_simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "assist/detail/choosing.h"

namespace lathe::assist {
namespace {

double accuracyOn(const linear::NgramClassifier& model, const KnownTexts& known) {
    std::size_t correct = 0;
    for (std::size_t i = 0; i < known.texts.size(); ++i) {
        const auto p = model.predict(known.texts[i]);
        correct += std::ranges::max_element(p) - p.begin() == known.labels[i] ? 1 : 0;
    }
    return known.texts.empty() ? 0 : static_cast<double>(correct) / static_cast<double>(known.texts.size());
}

}  // namespace

Result<std::vector<SimulatedPoint>> simulateLabelling(const AcquisitionEntry& order, const SimulationData& data,
                                                      const TextSketches* sketches, const SimulationPlan& plan,
                                                      JobContext& context) {
    if (plan.budgets.empty() || !std::ranges::is_sorted(plan.budgets))
        return fail(ErrorCode::InvalidInput, "a simulation needs ascending numbers of labels to stop at");
    if (order.ofLabelled)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the order \"{}\" chooses labelled texts; there is nothing to simulate", order.id));
    const auto registry = makeAcquisitionRegistry();
    std::vector<int> given(data.pool.texts.size(), kOpen);
    KnownTexts labelled;
    std::vector<float> probabilities;
    std::vector<SimulatedPoint> points;
    for (const std::size_t budget : plan.budgets) {
        if (budget > given.size())
            break;
        const Pool pool{given, probabilities, data.labelNames.size(), sketches};
        const AcquisitionEntry& now = points.empty() ? *registry.find("random") : order;
        LATHE_TRY(const auto chosen,
                  chooseNext(now, pool, budget - labelled.texts.size(), plan.seed + points.size(), context));
        for (const std::size_t text : chosen) {
            given[text] = data.pool.labels[text];
            labelled.texts.push_back(data.pool.texts[text]);
            labelled.labels.push_back(given[text]);
        }
        linear::NgramOptions options = plan.model;
        options.seed = plan.seed;
        LATHE_TRY(const auto model, linear::NgramClassifier::train(labelled.texts, labelled.labels, data.labelNames, {},
                                                                   {}, options, context));
        points.push_back({budget, accuracyOn(model, data.dev), accuracyOn(model, data.test)});
        if (!order.needsModel)
            continue;
        probabilities.assign(given.size() * data.labelNames.size(), 0.0f);
        for (std::size_t i = 0; i < given.size(); ++i)
            if (given[i] == kOpen)
                std::ranges::copy(model.predict(data.pool.texts[i]),
                                  probabilities.begin() + static_cast<std::ptrdiff_t>(i * data.labelNames.size()));
    }
    return points;
}

std::pair<KnownTexts, KnownTexts> setAside(const KnownTexts& all, double share, std::uint64_t seed) {
    std::map<int, std::vector<std::size_t>> byLabel;
    for (std::size_t i = 0; i < all.labels.size(); ++i)
        byLabel[all.labels[i]].push_back(i);
    std::vector<bool> aside(all.labels.size(), false);
    for (auto& [label, texts] : byLabel) {
        std::ranges::sort(texts, {}, [&](std::size_t i) { return detail::scattered(seed, i); });
        auto take = static_cast<std::size_t>(std::lround(share * static_cast<double>(texts.size())));
        take = std::clamp<std::size_t>(take, share > 0 && texts.size() > 1 ? 1 : 0, texts.size());
        for (std::size_t i = 0; i < take; ++i)
            aside[texts[i]] = true;
    }
    std::pair<KnownTexts, KnownTexts> parts;
    for (std::size_t i = 0; i < all.labels.size(); ++i) {
        KnownTexts& part = aside[i] ? parts.second : parts.first;
        part.texts.push_back(all.texts[i]);
        part.labels.push_back(all.labels[i]);
    }
    return parts;
}

FlippedLabels flipLabels(std::span<const int> labels, int count, double share, std::uint64_t seed) {
    FlippedLabels result{{labels.begin(), labels.end()},
                         static_cast<std::size_t>(std::lround(share * static_cast<double>(labels.size())))};
    std::vector<std::size_t> order(labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return detail::scattered(seed, i); });
    for (std::size_t i = 0; i < result.flipped; ++i) {
        const auto others = static_cast<std::uint64_t>(count - 1);
        const int step = 1 + static_cast<int>(detail::scattered(seed + 1, order[i]) % others);
        result.labels[order[i]] = (labels[order[i]] + step) % count;
    }
    return result;
}

}  // namespace lathe::assist
