// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/cross_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "assist/detail/choosing.h"

namespace lathe::assist {
namespace {

/// Each label's items in an order that the seed gives.
std::map<int, std::vector<std::size_t>> shuffledByLabel(std::span<const int> labels, std::uint64_t seed) {
    std::map<int, std::vector<std::size_t>> byLabel;
    for (std::size_t i = 0; i < labels.size(); ++i)
        byLabel[labels[i]].push_back(i);
    for (auto& [label, items] : byLabel)
        std::ranges::sort(items, {}, [&](std::size_t i) { return detail::scattered(seed, i); });
    return byLabel;
}

}  // namespace

std::vector<int> stratifiedFolds(std::span<const int> labels, int folds, std::uint64_t seed) {
    std::vector<int> foldOf(labels.size());
    int next = 0;  // goes on over the labels: folds of rare labels alone stay of one size too
    for (const auto& [label, items] : shuffledByLabel(labels, seed)) {
        for (const std::size_t item : items) {
            foldOf[item] = next;
            next = (next + 1) % folds;
        }
    }
    return foldOf;
}

Result<OutOfFold> predictOutOfFold(const TrainingTexts& data, const CrossValidation& how, JobContext& context) {
    const std::size_t labels = data.labelNames.size();
    if (how.folds < 2 || data.texts.size() < static_cast<std::size_t>(how.folds))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} labelled texts cannot be divided into {} parts; label more", data.texts.size(), how.folds));
    const auto foldOf = stratifiedFolds(data.labels, how.folds, how.seed);
    const auto byLabel = shuffledByLabel(data.labels, how.seed + 1);
    OutOfFold result;
    result.probabilities.resize(data.texts.size() * labels);
    const std::vector<std::string> names(data.labelNames.begin(), data.labelNames.end());
    for (int fold = 0; fold < how.folds; ++fold) {
        std::vector<std::string> texts;
        std::vector<int> given;
        for (const auto& [label, items] : byLabel) {
            std::vector<std::size_t> others;
            std::ranges::copy_if(items, std::back_inserter(others),
                                 [&](std::size_t item) { return foldOf[item] != fold; });
            const auto take = static_cast<std::size_t>(std::ceil(how.share * static_cast<double>(others.size())));
            for (std::size_t i = 0; i < std::min(take, others.size()); ++i) {
                texts.push_back(data.texts[others[i]]);
                given.push_back(label);
            }
        }
        result.trainedOn += static_cast<double>(texts.size()) / how.folds;
        LATHE_TRY(const auto model, linear::NgramClassifier::train(texts, given, names, {}, {}, how.model, context));
        for (std::size_t i = 0; i < data.texts.size(); ++i)
            if (foldOf[i] == fold)
                std::ranges::copy(model.predict(data.texts[i]),
                                  result.probabilities.begin() + static_cast<std::ptrdiff_t>(i * labels));
    }
    return result;
}

}  // namespace lathe::assist
