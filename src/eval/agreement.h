// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Figures of how far people agree on labels. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lathe::eval {

/// Cohen's kappa of two raters who both rated all items: (observed - expected) / (1 - expected), where expected is what
/// two raters with their frequencies would agree on by chance.
struct CohenKappa {
    std::int64_t items = 0;
    double observed = 0;  ///< share of items with the same category; 0 without items
    double expected = 0;
    std::optional<double> kappa;  ///< empty without items, or when chance alone agrees on everything
    /// Large-sample standard error of kappa.
    /// \source Fleiss, Cohen and Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological
    /// Bulletin 72 (1969), eq. 13; kappa: Cohen, Educational and Psychological Measurement 20 (1960).
    std::optional<double> standardError;
};
/// \param a, b categories of the same items, any numbers; of equal length.
CohenKappa cohenKappa(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// What two values are apart: equal or not; by rank; by their difference.
enum class Scale { Nominal, Ordinal, Interval };

/// Krippendorff's alpha, 1 - observed / expected disagreement: 1 = perfect, 0 = as by chance, below: worse than that.
struct Alpha {
    std::int64_t units = 0;   ///< with at least two values
    std::int64_t values = 0;  ///< in those units
    double observedDisagreement = 0, expectedDisagreement = 0;
    std::optional<double> value;  ///< empty when all values are the same, or no unit has two: nothing can be said
};
/// \param units each with one entry an observer; empty = this observer did not say. Units with fewer than two values
/// count for nothing. For Nominal the numbers are names.
/// \source Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part D.
Alpha krippendorffAlpha(std::span<const std::vector<std::optional<double>>> units, Scale scale);

using LabelSet = std::vector<std::int64_t>;  ///< sorted, each once

/// 1 - Jaccard * monotonicity (1 equal, 2/3 one in the other, 1/3 some in common, 0 none); two empty sets are equal.
/// \source Passonneau, "Measuring Agreement on Set-valued Items (MASI)", LREC 2006.
double masiDistance(const LabelSet& a, const LabelSet& b);
/// Alpha over sets of labels with masiDistance() as the disagreement.
Alpha krippendorffAlpha(std::span<const std::vector<std::optional<LabelSet>>> units);

struct LabelledPart {
    std::int32_t begin = 0, end = 0;  ///< half-open
    std::int64_t label = 0;
    friend auto operator<=>(const LabelledPart&, const LabelledPart&) = default;
};

/// Labelled parts of two people, neither of them the truth: symmetrical.
struct SpanAgreement {
    std::int64_t a = 0, b = 0;            ///< parts of each
    std::int64_t same = 0;                ///< with the same borders and label
    std::int64_t foundA = 0, foundB = 0;  ///< parts that overlap one of the other with the same label

    SpanAgreement& operator+=(const SpanAgreement& other);
    std::optional<double> strictF1() const;   ///< 2 same / (a + b); empty without parts
    std::optional<double> partialF1() const;  ///< of foundA / a and foundB / b
};
/// \p label: only parts with it.
SpanAgreement spanAgreement(std::span<const LabelledPart> a, std::span<const LabelledPart> b,
                            std::optional<std::int64_t> label = {});

}  // namespace lathe::eval
