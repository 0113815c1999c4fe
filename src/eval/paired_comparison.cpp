// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/paired_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "core/random.h"
#include "eval/detail/scores_table.h"

namespace lathe::eval {
namespace {

/// Probability of at most \p hits heads among \p trials of a fair coin.
double fairCoinTail(std::int64_t hits, std::int64_t trials) {
    const auto n = static_cast<double>(trials);
    double sum = 0;
    for (std::int64_t k = 0; k <= hits; ++k) {
        const auto i = static_cast<double>(k);
        sum += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) - n * std::log(2.0));
    }
    return sum;
}

double percentile(const std::vector<double>& sorted, double share) {
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double rest = at - static_cast<double>(below);
    return below + 1 < sorted.size() ? sorted[below] * (1 - rest) + sorted[below + 1] * rest : sorted[below];
}

/// Macro-F1 of one model over drawn items; the counters are kept, since thousands of draws follow each other.
class MacroF1 {
public:
    MacroF1(std::size_t labels, std::span<const int> gold) : m_gold(gold), m_counts(labels) {}

    double over(std::span<const int> predicted, std::span<const std::uint32_t> indices) {
        std::ranges::fill(m_counts, Counts());
        for (const std::uint32_t i : indices) {
            const auto gold = static_cast<std::size_t>(m_gold[i]);
            const auto answer = static_cast<std::size_t>(predicted[i]);
            ++m_counts[gold].gold;
            ++m_counts[answer].predicted;
            m_counts[gold].correct += gold == answer ? 1 : 0;
        }
        double sum = 0;
        int seen = 0;
        for (const Counts& counts : m_counts) {
            if (counts.gold + counts.predicted == 0)
                continue;
            sum += scoresFrom(counts.correct, counts.gold, counts.predicted).f1;
            ++seen;
        }
        return seen == 0 ? 0 : sum / seen;
    }

private:
    struct Counts {
        std::int64_t gold = 0, predicted = 0, correct = 0;
    };
    std::span<const int> m_gold;
    std::vector<Counts> m_counts;
};

std::string sentence(const char* metric, double a, double b, const BootstrapComparison& comparison) {
    const char* verdict = comparison.p >= 0.05        ? "no difference that chance does not explain"
                          : comparison.difference > 0 ? "B is better"
                                                      : "A is better";
    return fmt::format("{}  A {:.4f}  B {:.4f}  B - A {:+.4f}  (95 % {:+.4f} to {:+.4f}; p {:.4f}): {}\n", metric, a, b,
                       comparison.difference, comparison.interval.low, comparison.interval.high, comparison.p, verdict);
}

}  // namespace

McNemarTest mcNemar(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    if (a.size() != b.size())
        throw std::logic_error("mcNemar: the answers differ in number");
    McNemarTest test;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != 0)
            ++(b[i] != 0 ? test.bothRight : test.broken);
        else
            ++(b[i] != 0 ? test.fixed : test.bothWrong);
    }
    const std::int64_t changed = test.fixed + test.broken;
    if (changed > 0)
        test.p = std::min(1.0, 2 * fairCoinTail(std::min(test.fixed, test.broken), changed));
    return test;
}

BootstrapComparison pairedBootstrap(std::size_t items, const PairedMetric& metric, int resamples, std::uint64_t seed) {
    BootstrapComparison result;
    result.resamples = resamples;
    result.interval = {0, 0};
    if (items == 0 || resamples < 1)
        return result;
    std::vector<std::uint32_t> indices(items);
    std::iota(indices.begin(), indices.end(), 0u);
    const MetricPair whole = metric(indices);
    result.difference = whole.b - whole.a;
    std::vector<double> differences;
    differences.reserve(static_cast<std::size_t>(resamples));
    int notAbove = 0;
    int notBelow = 0;
    for (int r = 0; r < resamples; ++r) {
        Random random(mixSeed(seed, static_cast<std::uint64_t>(r)));
        for (std::uint32_t& index : indices)
            index = static_cast<std::uint32_t>(random.below(items));
        const MetricPair drawn = metric(indices);
        const double difference = drawn.b - drawn.a;
        notAbove += difference <= 0 ? 1 : 0;
        notBelow += difference >= 0 ? 1 : 0;
        differences.push_back(difference);
    }
    std::ranges::sort(differences);
    result.interval = {percentile(differences, 0.025), percentile(differences, 0.975)};
    // One more of each than was seen: a p of 0 would claim more than so many draws can tell (Davison, Hinkley 1997).
    result.p = std::min(1.0, 2.0 * (std::min(notAbove, notBelow) + 1) / (resamples + 1));
    return result;
}

ClassifierComparison compareClassifiers(std::size_t labels, std::span<const int> gold, std::span<const int> a,
                                        std::span<const int> b, int resamples, std::uint64_t seed) {
    if (gold.size() != a.size() || gold.size() != b.size())
        throw std::logic_error("compareClassifiers: the answers differ in number");
    ClassifierComparison result;
    result.items = static_cast<std::int64_t>(gold.size());
    std::vector<std::uint8_t> rightA(gold.size());
    std::vector<std::uint8_t> rightB(gold.size());
    for (std::size_t i = 0; i < gold.size(); ++i) {
        rightA[i] = a[i] == gold[i];
        rightB[i] = b[i] == gold[i];
        if (rightA[i] != rightB[i])
            (rightB[i] != 0 ? result.fixed : result.broken).push_back(static_cast<std::uint32_t>(i));
    }
    result.mcNemar = mcNemar(rightA, rightB);
    std::vector<std::uint32_t> all(gold.size());
    std::iota(all.begin(), all.end(), 0u);
    const auto accuracy = [](std::span<const std::uint8_t> right, std::span<const std::uint32_t> indices) {
        std::int64_t hits = 0;
        for (const std::uint32_t i : indices)
            hits += right[i];
        return share(hits, static_cast<std::int64_t>(indices.size()));
    };
    MacroF1 macroF1(labels, gold);
    result.accuracyA = accuracy(rightA, all);
    result.accuracyB = accuracy(rightB, all);
    result.macroF1A = macroF1.over(a, all);
    result.macroF1B = macroF1.over(b, all);
    result.accuracy = pairedBootstrap(
        gold.size(),
        [&](std::span<const std::uint32_t> indices) {
            return MetricPair{accuracy(rightA, indices), accuracy(rightB, indices)};
        },
        resamples, seed);
    result.macroF1 = pairedBootstrap(
        gold.size(),
        [&](std::span<const std::uint32_t> indices) {
            return MetricPair{macroF1.over(a, indices), macroF1.over(b, indices)};
        },
        resamples, seed);
    return result;
}

Json toJson(const McNemarTest& test) {
    return {{"both_right", test.bothRight},
            {"fixed", test.fixed},
            {"broken", test.broken},
            {"both_wrong", test.bothWrong},
            {"p", test.p}};
}

Json toJson(const BootstrapComparison& comparison) {
    return {{"difference", comparison.difference},
            {"interval_95", {comparison.interval.low, comparison.interval.high}},
            {"p", comparison.p},
            {"resamples", comparison.resamples}};
}

Json toJson(const ClassifierComparison& comparison) {
    return {{"items", comparison.items},
            {"accuracy", {{"a", comparison.accuracyA}, {"b", comparison.accuracyB}}},
            {"macro_f1", {{"a", comparison.macroF1A}, {"b", comparison.macroF1B}}},
            {"mcnemar", toJson(comparison.mcNemar)},
            {"accuracy_bootstrap", toJson(comparison.accuracy)},
            {"macro_f1_bootstrap", toJson(comparison.macroF1)},
            {"fixed", comparison.fixed},
            {"broken", comparison.broken}};
}

std::string toText(const ClassifierComparison& comparison) {
    std::string text = fmt::format("texts     {}\n", comparison.items);
    text += sentence("accuracy ", comparison.accuracyA, comparison.accuracyB, comparison.accuracy);
    text += sentence("macro F1 ", comparison.macroF1A, comparison.macroF1B, comparison.macroF1);
    text += fmt::format("B has {} right that A has wrong, and {} wrong that A has right (McNemar, exact: p {:.4f})\n",
                        comparison.mcNemar.fixed, comparison.mcNemar.broken, comparison.mcNemar.p);
    return text;
}

}  // namespace lathe::eval
