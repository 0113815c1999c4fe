// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The agreement report as JSON and as tables.
#include <fmt/format.h>

#include <algorithm>

#include "core/text_table.h"
#include "eval/agreement_report.h"

namespace lathe::eval {
namespace {

std::string nameOf(corpus::LabelId id, std::span<const corpus::Label> labels) {
    const auto found = std::ranges::find(labels, id, &corpus::Label::id);
    return found == labels.end() ? fmt::format("label {}", id) : found->name;
}

Json orNull(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

Json kappaJson(const std::optional<CohenKappa>& kappa) {
    if (!kappa)
        return {};
    return {{"kappa", orNull(kappa->kappa)},
            {"standard_error", orNull(kappa->standardError)},
            {"observed", kappa->observed},
            {"expected", kappa->expected}};
}

Json labelsJson(const std::vector<LabelAgreement>& all, std::span<const corpus::Label> labels) {
    Json list = Json::array();
    for (const LabelAgreement& each : all) {
        Json json{{"label", nameOf(each.label, labels)}, {"given", each.given}};
        if (each.strictF1) {
            json["strict_f1"] = *each.strictF1;
            json["partial_f1"] = orNull(each.partialF1);
        } else {
            json["alpha"] = orNull(each.alpha);
            if (each.kappa)
                json["cohen"] = kappaJson(each.kappa);
        }
        list.push_back(std::move(json));
    }
    return list;
}

std::string shown(const std::optional<double>& value) {
    return value ? fmt::format("{:.3f}", *value) : "-";
}

std::string shown(const std::optional<CohenKappa>& kappa) {
    if (!kappa || !kappa->kappa)
        return "-";
    return fmt::format("{:.3f} ± {:.3f}", *kappa->kappa, kappa->standardError.value_or(0));
}

const char* alphaName(AgreementOf of) {
    switch (of) {
        case AgreementOf::Labels:
        case AgreementOf::Turns:
            return "alpha (MASI)";
        case AgreementOf::Rating:
            return "alpha (interval)";
        default:
            return "alpha (nominal)";
    }
}

std::string pairTable(const KindAgreement& kind) {
    using enum TextTable::Align;
    const bool spans = kind.of == AgreementOf::Spans;
    TextTable table({{"who"},
                     {"and"},
                     {"items", Right},
                     {"the same", Right},
                     {spans ? "F1 strict" : "Cohen's kappa", Right},
                     {spans ? "F1 partial" : alphaName(kind.of), Right}});
    for (const PairAgreement& pair : kind.pairs)
        table.add({pair.a, pair.self ? "self, blind" : pair.b, std::to_string(pair.items),
                   fmt::format("{:.1f} %", 100 * pair.observed), spans ? shown(pair.strictF1) : shown(pair.kappa),
                   spans ? shown(pair.partialF1) : shown(pair.alpha.value)});
    return table.toString();
}

std::string labelTable(const KindAgreement& kind, std::span<const corpus::Label> labels) {
    using enum TextTable::Align;
    const bool spans = kind.of == AgreementOf::Spans;
    TextTable table(
        {{"label"}, {"given", Right}, {spans ? "F1 strict" : "alpha", Right}, {spans ? "F1 partial" : "", Right}});
    for (const LabelAgreement& each : kind.labels)
        table.add({nameOf(each.label, labels), std::to_string(each.given), shown(spans ? each.strictF1 : each.alpha),
                   spans ? shown(each.partialF1) : std::string()});
    return table.isEmpty() ? std::string() : "\n" + table.toString();
}

}  // namespace

Json toJson(const AgreementReport& report, std::span<const corpus::Label> labels) {
    Json kinds = Json::array();
    for (const KindAgreement& kind : report.kinds) {
        Json json{{"of", agreementName(kind.of)}, {"items", kind.items}, {"observed", kind.observed}};
        if (kind.of == AgreementOf::Spans) {
            json["strict_f1"] = orNull(kind.strictF1);
            json["partial_f1"] = orNull(kind.partialF1);
        } else {
            json["alpha"] = orNull(kind.alpha.value);
        }
        if (kind.of == AgreementOf::Rating)
            json["ordinal_alpha"] = orNull(kind.ordinalAlpha);
        json["pairs"] = Json::array();
        for (const PairAgreement& pair : kind.pairs) {
            Json one{
                {"a", pair.a}, {"b", pair.b}, {"self", pair.self}, {"items", pair.items}, {"observed", pair.observed}};
            if (kind.of == AgreementOf::Spans) {
                one["strict_f1"] = orNull(pair.strictF1);
                one["partial_f1"] = orNull(pair.partialF1);
            } else {
                one["alpha"] = orNull(pair.alpha.value);
            }
            if (pair.kappa)
                one["cohen"] = kappaJson(pair.kappa);
            one["labels"] = labelsJson(pair.labels, labels);
            json["pairs"].push_back(std::move(one));
        }
        json["labels"] = labelsJson(kind.labels, labels);
        kinds.push_back(std::move(json));
    }
    return {{"annotators", report.annotators}, {"kinds", std::move(kinds)}};
}

std::string toText(const AgreementReport& report, std::span<const corpus::Label> labels) {
    std::string text;
    for (const KindAgreement& kind : report.kinds) {
        text += fmt::format("{}{}: {} items with two opinions or more, the same in {:.1f} %", text.empty() ? "" : "\n",
                            agreementName(kind.of), kind.items, 100 * kind.observed);
        if (kind.of == AgreementOf::Spans)
            text += fmt::format(", F1 strict {}, partial {}", shown(kind.strictF1), shown(kind.partialF1));
        else
            text += fmt::format(", {} {}", alphaName(kind.of), shown(kind.alpha.value));
        if (kind.of == AgreementOf::Rating)
            text += fmt::format(", ordinal {}", shown(kind.ordinalAlpha));
        text += "\n\n" + pairTable(kind) + labelTable(kind, labels);
    }
    return text;
}

}  // namespace lathe::eval
