// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/agreement_report.h"

#include <algorithm>
#include <map>
#include <set>

namespace lathe::eval {
namespace {

using corpus::Opinion;
using Item = std::pair<corpus::SampleId, std::int32_t>;  ///< the second: the turn, else 0

/// What an opinion says of one item; which member is used is the kind's.
struct Said {
    double number = 0;                ///< Label, Rating, Preferred
    LabelSet set;                     ///< Label, Labels, Turns: the labels given
    std::vector<LabelledPart> parts;  ///< Spans
    friend bool operator==(const Said&, const Said&) = default;
};

/// A rater: an annotator, or the annotator's blind repeat.
struct Rater {
    std::string name;
    bool blind = false;
    std::map<Item, Said> said;
};

LabelSet turnLabels(const corpus::Labelling& labelling, std::int32_t turn) {
    LabelSet set;
    for (const corpus::TurnLabel& each : *labelling.turns)
        if (each.turn == turn)
            set.push_back(each.label);
    return set;
}

void put(Rater& rater, const Opinion& opinion, AgreementOf of) {
    const corpus::Labelling& labelling = opinion.labelling;
    const Item item{opinion.sample, 0};
    switch (of) {
        case AgreementOf::Label:
            if (opinion.label)
                rater.said[item] = {static_cast<double>(*opinion.label), {*opinion.label}, {}};
            break;
        case AgreementOf::Labels:
            if (labelling.labels)
                rater.said[item] = {0, *labelling.labels, {}};
            break;
        case AgreementOf::Rating:
            if (labelling.rating)
                rater.said[item] = {*labelling.rating, {}, {}};
            break;
        case AgreementOf::Preferred:
            if (labelling.preferred)
                rater.said[item] = {static_cast<double>(*labelling.preferred), {}, {}};
            break;
        case AgreementOf::Turns:
            if (labelling.turns)
                for (const corpus::TurnLabel& each : *labelling.turns)
                    rater.said[{opinion.sample, each.turn}] = {0, turnLabels(labelling, each.turn), {}};
            break;
        case AgreementOf::Spans:
            if (labelling.spans) {
                Said& said = rater.said[item];
                for (const corpus::SampleSpan& span : *labelling.spans)
                    said.parts.push_back({span.begin, span.end, span.label});
            }
            break;
    }
}

bool takesSets(AgreementOf of) {
    return of == AgreementOf::Labels || of == AgreementOf::Turns;
}

bool hasLabels(AgreementOf of) {
    return of == AgreementOf::Label || takesSets(of);
}

/// The items with what each of the raters said of them, where there are two.
struct Table {
    std::vector<std::vector<std::optional<double>>> numbers;
    std::vector<std::vector<std::optional<LabelSet>>> sets;
};

Table tableOf(std::span<const Rater* const> raters) {
    std::map<Item, std::vector<const Said*>> all;
    for (std::size_t r = 0; r < raters.size(); ++r)
        for (const auto& [item, said] : raters[r]->said) {
            auto& row = all[item];
            row.resize(raters.size(), nullptr);
            row[r] = &said;
        }
    Table table;
    for (const auto& [item, row] : all) {
        if (std::ranges::count_if(row, [](const Said* said) { return said != nullptr; }) < 2)
            continue;
        auto& numbers = table.numbers.emplace_back();
        auto& sets = table.sets.emplace_back();
        for (const Said* said : row) {
            numbers.push_back(said ? std::optional(said->number) : std::nullopt);
            sets.push_back(said ? std::optional(said->set) : std::nullopt);
        }
    }
    return table;
}

Alpha alphaOf(AgreementOf of, const Table& table) {
    if (of == AgreementOf::Spans)
        return {};
    if (takesSets(of))
        return krippendorffAlpha(table.sets);
    return krippendorffAlpha(table.numbers, of == AgreementOf::Rating ? Scale::Interval : Scale::Nominal);
}

std::set<std::int64_t> labelsIn(const Table& table) {
    std::set<std::int64_t> labels;
    for (const auto& row : table.sets)
        for (const auto& set : row)
            if (set)
                labels.insert(set->begin(), set->end());
    return labels;
}

/// \p pair: the table has two raters, so that kappa makes sense.
std::vector<LabelAgreement> labelAgreements(const Table& table, bool pair) {
    std::vector<LabelAgreement> result;
    for (const std::int64_t label : labelsIn(table)) {
        LabelAgreement agreement;
        agreement.label = label;
        std::vector<std::vector<std::optional<double>>> given;
        std::vector<std::int64_t> a, b;
        for (const auto& row : table.sets) {
            auto& units = given.emplace_back();
            bool any = false;
            for (const auto& set : row) {
                const bool has = set && std::ranges::binary_search(*set, label);
                any = any || has;
                units.push_back(set ? std::optional(has ? 1.0 : 0.0) : std::nullopt);
            }
            agreement.given += any ? 1 : 0;
            if (pair) {
                a.push_back(units[0] == 1.0 ? 1 : 0);
                b.push_back(units[1] == 1.0 ? 1 : 0);
            }
        }
        agreement.alpha = krippendorffAlpha(given, Scale::Nominal).value;
        if (pair)
            agreement.kappa = cohenKappa(a, b);
        result.push_back(std::move(agreement));
    }
    return result;
}

/// Sums of labelled parts, over all labels (the first) and by label.
struct SpanSums {
    SpanAgreement all;
    std::map<std::int64_t, SpanAgreement> byLabel;

    void add(std::span<const LabelledPart> a, std::span<const LabelledPart> b) {
        all += spanAgreement(a, b);
        std::set<std::int64_t> labels;
        for (const auto parts : {a, b})
            for (const LabelledPart& part : parts)
                labels.insert(part.label);
        for (const std::int64_t label : labels)
            byLabel[label] += spanAgreement(a, b, label);
    }
    void add(const SpanSums& other) {
        all += other.all;
        for (const auto& [label, sums] : other.byLabel)
            byLabel[label] += sums;
    }
    std::vector<LabelAgreement> labels() const {
        std::vector<LabelAgreement> result;
        for (const auto& [label, sums] : byLabel)
            result.push_back({.label = label,
                              .given = sums.a + sums.b,
                              .alpha = {},
                              .kappa = {},
                              .strictF1 = sums.strictF1(),
                              .partialF1 = sums.partialF1()});
        return result;
    }
};

/// \returns nothing when the two share no item.
std::optional<PairAgreement> pairOf(AgreementOf of, const Rater& a, const Rater& b, SpanSums& spans) {
    PairAgreement pair;
    pair.a = a.name;
    pair.b = b.name;
    pair.self = b.blind;
    std::vector<std::int64_t> first, second;
    std::int64_t same = 0;
    SpanSums own;
    for (const auto& [item, said] : a.said) {
        const auto other = b.said.find(item);
        if (other == b.said.end())
            continue;
        ++pair.items;
        same += said == other->second ? 1 : 0;
        first.push_back(static_cast<std::int64_t>(said.number));
        second.push_back(static_cast<std::int64_t>(other->second.number));
        if (of == AgreementOf::Spans)
            own.add(said.parts, other->second.parts);
    }
    if (pair.items == 0)
        return std::nullopt;
    pair.observed = static_cast<double>(same) / static_cast<double>(pair.items);
    if (of == AgreementOf::Label || of == AgreementOf::Preferred)
        pair.kappa = cohenKappa(first, second);
    const Rater* const both[] = {&a, &b};
    const Table table = tableOf(both);
    pair.alpha = alphaOf(of, table);
    if (hasLabels(of))
        pair.labels = labelAgreements(table, true);
    if (of == AgreementOf::Spans) {
        pair.strictF1 = own.all.strictF1();
        pair.partialF1 = own.all.partialF1();
        pair.labels = own.labels();
        if (!pair.self)
            spans.add(own);
    }
    return pair;
}

std::optional<KindAgreement> kindOf(AgreementOf of, std::span<const Opinion> opinions) {
    std::map<std::pair<bool, std::string>, Rater> raters;
    for (const Opinion& opinion : opinions) {
        Rater& rater = raters[{opinion.blind, opinion.annotator}];
        rater.name = opinion.annotator;
        rater.blind = opinion.blind;
        put(rater, opinion, of);
    }
    std::vector<const Rater*> first, again;
    for (const auto& [key, rater] : raters)
        (rater.blind ? again : first).push_back(&rater);
    KindAgreement kind;
    kind.of = of;
    SpanSums spans;
    double same = 0, compared = 0;
    for (std::size_t i = 0; i < first.size(); ++i)
        for (std::size_t j = i + 1; j < first.size(); ++j)
            if (auto pair = pairOf(of, *first[i], *first[j], spans)) {
                same += pair->observed * static_cast<double>(pair->items);
                compared += static_cast<double>(pair->items);
                kind.pairs.push_back(std::move(*pair));
            }
    for (const Rater* repeat : again) {
        const auto own = std::ranges::find(first, repeat->name, &Rater::name);
        if (own != first.end())
            if (auto pair = pairOf(of, **own, *repeat, spans))
                kind.pairs.push_back(std::move(*pair));
    }
    if (kind.pairs.empty())
        return std::nullopt;
    kind.observed = compared > 0 ? same / compared : 0;
    const Table table = tableOf(first);
    kind.items = static_cast<std::int64_t>(table.numbers.size());
    kind.alpha = alphaOf(of, table);
    if (of == AgreementOf::Rating)
        kind.ordinalAlpha = krippendorffAlpha(table.numbers, Scale::Ordinal).value;
    if (hasLabels(of))
        kind.labels = labelAgreements(table, false);
    if (of == AgreementOf::Spans) {
        kind.strictF1 = spans.all.strictF1();
        kind.partialF1 = spans.all.partialF1();
        kind.labels = spans.labels();
    }
    return kind;
}

}  // namespace

const char* agreementName(AgreementOf of) {
    switch (of) {
        case AgreementOf::Label:
            return "label";
        case AgreementOf::Labels:
            return "labels";
        case AgreementOf::Rating:
            return "rating";
        case AgreementOf::Preferred:
            return "preferred";
        case AgreementOf::Turns:
            return "turns";
        case AgreementOf::Spans:
            return "spans";
    }
    return "";
}

AgreementReport agreementReport(std::span<const Opinion> opinions) {
    AgreementReport report;
    std::set<std::string> names;
    for (const AgreementOf of : {AgreementOf::Label, AgreementOf::Labels, AgreementOf::Rating, AgreementOf::Preferred,
                                 AgreementOf::Turns, AgreementOf::Spans})
        if (auto kind = kindOf(of, opinions)) {
            for (const PairAgreement& pair : kind->pairs)
                names.insert({pair.a, pair.b});
            report.kinds.push_back(std::move(*kind));
        }
    report.annotators.assign(names.begin(), names.end());
    return report;
}

}  // namespace lathe::eval
