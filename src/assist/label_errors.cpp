// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/label_errors.h"

#include <algorithm>

namespace lathe::assist {

LabelErrors confidentLearning(std::span<const int> given, std::span<const float> probabilities, std::size_t labels) {
    const auto of = [&](std::size_t item, std::size_t label) {
        return static_cast<double>(probabilities[item * labels + label]);
    };
    std::vector<double> thresholds(labels, 0), items(labels, 0);
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto label = static_cast<std::size_t>(given[i]);
        thresholds[label] += of(i, label);
        items[label] += 1;
    }
    for (std::size_t label = 0; label < labels; ++label)
        thresholds[label] = items[label] > 0 ? thresholds[label] / items[label] : 2;  // a label of none is out of reach

    LabelErrors errors;
    errors.items = static_cast<std::int64_t>(given.size());
    std::vector<double> counted(labels, 0), agreed(labels, 0);  // rows of the confident joint and its diagonal
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto own = static_cast<std::size_t>(given[i]);
        std::size_t confident = labels;
        for (std::size_t label = 0; label < labels; ++label)
            if (of(i, label) >= thresholds[label] && (confident == labels || of(i, label) > of(i, confident)))
                confident = label;
        if (confident < labels) {
            counted[own] += 1;
            agreed[own] += confident == own ? 1 : 0;
        }
        // Confident of another label; or of none, but another one is likelier all the same.
        std::size_t other = confident;
        if (confident == labels || confident == own) {
            other = 0;
            for (std::size_t label = 1; label < labels; ++label)
                if (of(i, label) > of(i, other))
                    other = label;
        }
        if (other != own && confident != own)
            errors.ranked.push_back({i, given[i], static_cast<int>(other), of(i, own), of(i, other), thresholds[other],
                                     confident != labels});
    }
    // Each row of the joint is brought to the number of texts that carry its label.
    for (std::size_t label = 0; label < labels; ++label)
        if (counted[label] > 0)
            errors.estimatedShare +=
                (1 - agreed[label] / counted[label]) * items[label] / static_cast<double>(given.size());
    std::ranges::stable_sort(errors.ranked, {}, &LikelyError::givenProbability);
    return errors;
}

Result<LabelErrors> findLabelErrors(const TrainingTexts& data, const CrossValidation& how, JobContext& context) {
    LATHE_TRY(const OutOfFold predicted, predictOutOfFold(data, how, context));
    return confidentLearning(data.labels, predicted.probabilities, data.labelNames.size());
}

}  // namespace lathe::assist
