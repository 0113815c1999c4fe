// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labels: seen in training, seen often enough, in balance.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/utf8.h"
#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

constexpr std::size_t kMostNames = 8;
constexpr std::size_t kNameBytes = 60;
constexpr std::int64_t kFew = 5;
/// From here on the rarer labels are hardly learnt without a weight.
constexpr std::int64_t kImbalance = 10;

std::string namesOf(const std::vector<std::string>& names) {
    std::vector<std::string> some;
    for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
        some.emplace_back(clipUtf8(names[i], kNameBytes));
    return fmt::format("{}{}", fmt::join(some, ", "),
                       names.size() > kMostNames ? fmt::format(" and {} more", names.size() - kMostNames) : "");
}

void unseen(const CheckInput& input, Findings& findings) {
    const auto& labels = input.report.labels;
    std::vector<std::string> names;
    for (const auto& label : labels)
        if (label.train == 0 && label.dev > 0)
            names.push_back(label.label);
    if (names.empty())
        return;
    Places places(input);
    const auto isUnseen = [&](int label) {
        return label >= 0 && static_cast<std::size_t>(label) < labels.size() &&
               labels[static_cast<std::size_t>(label)].train == 0;
    };
    for (std::size_t i = 0; i < input.data.dev.size(); ++i) {
        const Example& example = input.data.dev[i];
        if (isUnseen(example.label) || std::ranges::any_of(example.labels, isUnseen) ||
            std::ranges::any_of(example.spans, [&](const auto& span) { return isUnseen(span.label); }))
            places.add(true, i);
    }
    findings.push_back({.severity = Severity::Warning,
                        .code = "unseen_label",
                        .what = fmt::format("{} in dev and never in train, so that no model can give {}: {}",
                                            counted(static_cast<std::int64_t>(names.size()), "label is", "labels are"),
                                            names.size() == 1 ? "it" : "them", namesOf(names)),
                        .advice = "label training texts with them, or take them out of dev; look for misspelt names",
                        .count = places.count(),
                        .examples = places.take()});
}

void rare(const CheckInput& input, Findings& findings) {
    std::vector<std::string> once, few;
    for (const auto& label : input.report.labels) {
        if (label.train == 1)
            once.push_back(label.label);
        else if (label.train > 1 && label.train < kFew)
            few.push_back(label.label);
    }
    const auto tell = [&](const std::vector<std::string>& names, Severity severity, const char* code,
                          const std::string& how) {
        if (!names.empty())
            findings.push_back(
                {.severity = severity,
                 .code = code,
                 .what = fmt::format("{} {}: {}",
                                     counted(static_cast<std::int64_t>(names.size()), "label has", "labels have"), how,
                                     namesOf(names)),
                 .advice = "label more texts with them, or join them with a label that is near",
                 .count = static_cast<std::int64_t>(names.size())});
    };
    tell(once, Severity::Warning, "rare_label", "one training text only");
    tell(few, Severity::Note, "few_texts", fmt::format("fewer than {} training texts", kFew));
}

void balance(const CheckInput& input, Findings& findings) {
    const LabelCount *least = nullptr, *most = nullptr;
    for (const auto& label : input.report.labels) {
        if (label.train == 0)
            continue;
        if (!least || label.train < least->train)
            least = &label;
        if (!most || label.train > most->train)
            most = &label;
    }
    if (!least || most->train < kImbalance * least->train || most->train < kFew)
        return;
    const bool canWeigh = input.settings.origin != ModelOrigin::Ngram;
    const bool weighs = canWeigh && (input.options.value("class_weights", std::string()) != "" ||
                                     input.options.value("focal_gamma", 0.0) > 0);
    findings.push_back(
        {.severity = weighs ? Severity::Note : Severity::Warning,
         .code = "imbalance",
         .what = fmt::format("\"{}\" has {} training texts, \"{}\" has {}", clipUtf8(most->label, kNameBytes),
                             most->train, clipUtf8(least->label, kNameBytes), least->train),
         .advice = weighs ? "the loss weighs labels already; judge by macro_f1 rather than by accuracy"
                   : canWeigh
                       ? "set class_weights=balanced, or focal_gamma=2; judge by macro_f1 rather than by accuracy"
                       : "label more texts of the rarer ones; judge by macro_f1 rather than by accuracy",
         .count = most->train / least->train});
}

void check(const CheckInput& input, Findings& findings) {
    unseen(input, findings);
    rare(input, findings);
    balance(input, findings);
}

}  // namespace

CheckEntry labelsCheck() {
    return {.id = "labels", .run = check};
}

}  // namespace lathe::train
