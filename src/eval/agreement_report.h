// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How far the annotators of a project agree, by what they label, by pair and by label. Pure, any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "corpus/opinions.h"
#include "corpus/types.h"
#include "eval/agreement.h"

namespace lathe::eval {

/// What is compared: a single label, several labels, a rating, the better candidate, labels of turns, labelled parts.
enum class AgreementOf { Label, Labels, Rating, Preferred, Turns, Spans };
const char* agreementName(AgreementOf of);  ///< "label", "labels", "rating", "preferred", "turns", "spans"

/// One label: given or not, by everybody who spoke of the item.
struct LabelAgreement {
    corpus::LabelId label = 0;
    std::int64_t given = 0;                     ///< items (for Spans: parts) that it was given, by anybody
    std::optional<double> alpha;                ///< nominal, given or not; not for Spans
    std::optional<CohenKappa> kappa;            ///< given or not, of a pair; not for Spans
    std::optional<double> strictF1, partialF1;  ///< Spans only
};

struct PairAgreement {
    std::string a, b;
    bool self = false;                          ///< b is a's own blind repeat
    std::int64_t items = 0;                     ///< that both spoke of: samples, for Turns turns
    double observed = 0;                        ///< share of items where both said the same
    std::optional<CohenKappa> kappa;            ///< Label and Preferred
    Alpha alpha;                                ///< of this pair; as in KindAgreement
    std::optional<double> strictF1, partialF1;  ///< Spans only
    std::vector<LabelAgreement> labels;         ///< with what the pair gave
};

struct KindAgreement {
    AgreementOf of = AgreementOf::Label;
    std::int64_t items = 0;  ///< with at least two opinions
    double observed = 0;     ///< over all pairs, by their items
    /// Of all annotators: nominal for Label and Preferred, MASI for Labels and Turns, interval for Rating; for Spans
    /// without a value.
    Alpha alpha;
    std::optional<double> ordinalAlpha;         ///< Rating only
    std::optional<double> strictF1, partialF1;  ///< Spans only: over all pairs
    std::vector<PairAgreement> pairs;           ///< by names; self-agreement last
    std::vector<LabelAgreement> labels;         ///< by id
};

struct AgreementReport {
    std::vector<std::string> annotators;  ///< who share items with somebody, or with themselves
    std::vector<KindAgreement> kinds;     ///< that two opinions speak of
};

/// \param opinions as CorpusStore::sharedOpinions() gives them. Turns that neither of two labelled are not counted: how
/// many there are is not part of an opinion.
AgreementReport agreementReport(std::span<const corpus::Opinion> opinions);

/// Labels by their names; a figure that cannot be had is null.
Json toJson(const AgreementReport& report, std::span<const corpus::Label> labels);
std::string toText(const AgreementReport& report, std::span<const corpus::Label> labels);

}  // namespace lathe::eval
