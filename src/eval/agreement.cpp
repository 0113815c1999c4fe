// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/agreement.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace lathe::eval {
namespace {

/// Values as numbers 0 to K - 1 in their order, and how often they occur in each unit with at least two.
struct Counted {
    std::vector<std::vector<std::pair<std::size_t, double>>> units;  ///< (value, times) with the sum of times > 1
    std::vector<double> totals;                                      ///< n_c
    double all = 0;                                                  ///< n

    void add(const std::map<std::size_t, double>& unit) {
        double inUnit = 0;
        for (const auto& [value, times] : unit)
            inUnit += times;
        if (inUnit < 2)
            return;
        for (const auto& [value, times] : unit)
            totals[value] += times;
        all += inUnit;
        units.emplace_back(unit.begin(), unit.end());
    }
};

template <class Value>
std::map<Value, std::size_t> numbered(std::span<const std::vector<std::optional<Value>>> units) {
    std::map<Value, std::size_t> numbers;
    for (const auto& unit : units)
        for (const auto& value : unit)
            if (value)
                numbers.emplace(*value, 0);
    std::size_t next = 0;
    for (auto& [value, number] : numbers)
        number = next++;
    return numbers;
}

template <class Value>
Counted counted(std::span<const std::vector<std::optional<Value>>> units, const std::map<Value, std::size_t>& numbers) {
    Counted result;
    result.totals.assign(numbers.size(), 0);
    for (const auto& unit : units) {
        std::map<std::size_t, double> times;
        for (const auto& value : unit)
            if (value)
                ++times[numbers.at(*value)];
        result.add(times);
    }
    return result;
}

/// \p disagreement: delta squared of two values by their numbers, symmetrical and 0 for the same.
Alpha alphaOf(const Counted& counted, const std::function<double(std::size_t, std::size_t)>& disagreement) {
    Alpha alpha;
    alpha.units = static_cast<std::int64_t>(counted.units.size());
    alpha.values = std::llround(counted.all);
    if (counted.all < 2)
        return alpha;
    double observed = 0, expected = 0;
    for (const auto& unit : counted.units) {
        double inUnit = 0, pairs = 0;
        for (std::size_t i = 0; i < unit.size(); ++i) {
            inUnit += unit[i].second;
            for (std::size_t j = 0; j < i; ++j)
                pairs += 2 * unit[i].second * unit[j].second * disagreement(unit[i].first, unit[j].first);
        }
        observed += pairs / (inUnit - 1);
    }
    for (std::size_t c = 0; c < counted.totals.size(); ++c)
        for (std::size_t k = 0; k < c; ++k)
            if (counted.totals[c] > 0 && counted.totals[k] > 0)
                expected += 2 * counted.totals[c] * counted.totals[k] * disagreement(c, k);
    alpha.observedDisagreement = observed / counted.all;
    alpha.expectedDisagreement = expected / (counted.all * (counted.all - 1));
    if (alpha.expectedDisagreement > 0)
        alpha.value = 1 - alpha.observedDisagreement / alpha.expectedDisagreement;
    return alpha;
}

double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

}  // namespace

CohenKappa cohenKappa(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
    CohenKappa result;
    const std::size_t items = std::min(a.size(), b.size());
    result.items = static_cast<std::int64_t>(items);
    if (items == 0)
        return result;
    std::map<std::pair<std::int64_t, std::int64_t>, double> both;
    std::map<std::int64_t, double> byA, byB;
    const double each = 1.0 / static_cast<double>(items);
    for (std::size_t i = 0; i < items; ++i) {
        both[{a[i], b[i]}] += each;
        byA[a[i]] += each;
        byB[b[i]] += each;
    }
    const auto of = [](const std::map<std::int64_t, double>& shares, std::int64_t category) {
        const auto found = shares.find(category);
        return found == shares.end() ? 0.0 : found->second;
    };
    for (const auto& [pair, part] : both)
        result.observed += pair.first == pair.second ? part : 0;
    for (const auto& [category, part] : byA)
        result.expected += part * of(byB, category);
    const double rest = 1 - result.expected;
    if (rest < 1e-12)
        return result;
    const double kappa = (result.observed - result.expected) / rest;
    result.kappa = kappa;
    double onDiagonal = 0, offDiagonal = 0;
    for (const auto& [pair, part] : both) {
        const double margins = of(byB, pair.first) + of(byA, pair.second);
        if (pair.first == pair.second)
            onDiagonal += part * std::pow(1 - margins * (1 - kappa), 2);
        else
            offDiagonal += part * margins * margins;
    }
    const double chance = kappa - result.expected * (1 - kappa);
    const double variance = onDiagonal + std::pow(1 - kappa, 2) * offDiagonal - chance * chance;
    result.standardError = std::sqrt(std::max(0.0, variance) * each) / rest;
    return result;
}

Alpha krippendorffAlpha(std::span<const std::vector<std::optional<double>>> units, Scale scale) {
    const auto numbers = numbered(units);
    const Counted values = counted(units, numbers);
    std::vector<double> sorted;
    for (const auto& [value, number] : numbers)
        sorted.push_back(value);
    std::vector<double> upTo(sorted.size() + 1, 0);  // n_0 + ... + n_(c - 1)
    for (std::size_t c = 0; c < sorted.size(); ++c)
        upTo[c + 1] = upTo[c] + values.totals[c];
    return alphaOf(values, [&](std::size_t c, std::size_t k) {
        double apart = 1;
        if (scale == Scale::Interval)
            apart = sorted[c] - sorted[k];
        else if (scale == Scale::Ordinal)
            apart = upTo[std::max(c, k) + 1] - upTo[std::min(c, k)] - (values.totals[c] + values.totals[k]) / 2;
        return apart * apart;
    });
}

double masiDistance(const LabelSet& a, const LabelSet& b) {
    if (a == b)
        return 0;
    LabelSet common;
    std::ranges::set_intersection(a, b, std::back_inserter(common));
    const auto both = static_cast<double>(common.size());
    const double either = static_cast<double>(a.size() + b.size()) - both;
    const bool contained = common.size() == std::min(a.size(), b.size());
    return 1 - both / either * (contained ? 2.0 / 3 : 1.0 / 3);
}

Alpha krippendorffAlpha(std::span<const std::vector<std::optional<LabelSet>>> units) {
    const auto numbers = numbered(units);
    std::vector<const LabelSet*> sets;
    for (const auto& [set, number] : numbers)
        sets.push_back(&set);
    return alphaOf(counted(units, numbers),
                   [&](std::size_t c, std::size_t k) { return masiDistance(*sets[c], *sets[k]); });
}

SpanAgreement& SpanAgreement::operator+=(const SpanAgreement& other) {
    a += other.a;
    b += other.b;
    same += other.same;
    foundA += other.foundA;
    foundB += other.foundB;
    return *this;
}

std::optional<double> SpanAgreement::strictF1() const {
    if (a + b == 0)
        return std::nullopt;
    return 2 * static_cast<double>(same) / static_cast<double>(a + b);
}

std::optional<double> SpanAgreement::partialF1() const {
    if (a + b == 0)
        return std::nullopt;
    const double ofA = share(static_cast<double>(foundA), static_cast<double>(a));
    const double ofB = share(static_cast<double>(foundB), static_cast<double>(b));
    return share(2 * ofA * ofB, ofA + ofB);
}

SpanAgreement spanAgreement(std::span<const LabelledPart> a, std::span<const LabelledPart> b,
                            std::optional<std::int64_t> label) {
    SpanAgreement result;
    const auto counts = [&](const LabelledPart& part) { return !label || part.label == *label; };
    const auto overlapsAny = [](const LabelledPart& part, std::span<const LabelledPart> others) {
        return std::ranges::any_of(others, [&](const LabelledPart& other) {
            return other.label == part.label && other.begin < part.end && part.begin < other.end;
        });
    };
    for (const LabelledPart& part : a) {
        if (!counts(part))
            continue;
        ++result.a;
        result.same += std::ranges::find(b, part) != b.end() ? 1 : 0;
        result.foundA += overlapsAny(part, b) ? 1 : 0;
    }
    for (const LabelledPart& part : b) {
        if (!counts(part))
            continue;
        ++result.b;
        result.foundB += overlapsAny(part, a) ? 1 : 0;
    }
    return result;
}

}  // namespace lathe::eval
