// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that are there twice: in train and dev, within train, or with answers that contradict each other.
#include <fmt/format.h>

#include <unordered_map>

#include "core/hash.h"
#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

/// What is learnt from a text, as a number.
std::uint64_t targetOf(const Example& example) {
    std::string all = fmt::format("{} {}", example.label, example.score);
    for (const int label : example.labels)
        all += fmt::format(" {}", label);
    for (const auto& span : example.spans)
        all += fmt::format(" {}-{}-{}", span.begin, span.end, span.label);
    for (const std::string* text : {&example.answer, &example.chosen, &example.rejected})
        all += '\n' + *text;
    if (!example.messages.empty())
        all += '\n' + example.messages.back().text;
    return hash64(all);
}

/// Kinds where the same text cannot mean two things.
bool contradicts(DataKind kind) {
    return kind == DataKind::Label || kind == DataKind::Labels || kind == DataKind::Score || kind == DataKind::Spans ||
           kind == DataKind::PairScore || kind == DataKind::PairLabel;
}

constexpr double kMany = 0.1;

void check(const CheckInput& input, Findings& findings) {
    std::unordered_map<std::uint64_t, std::uint64_t> seen;  // text -> what its first one teaches
    Places again(input), conflicts(input), leaked(input);
    forEachText(input, [&](bool isDev, std::size_t item, const Example& example) {
        const std::string text = comparable(example);
        if (text.find_first_not_of('\n') == std::string::npos)
            return;  // empty ones are told elsewhere
        const std::uint64_t key = hash64(text), target = targetOf(example);
        if (isDev) {
            if (seen.contains(key))
                leaked.add(true, item);
            return;
        }
        const auto [found, isNew] = seen.try_emplace(key, target);
        if (isNew)
            return;
        if (found->second == target)
            again.add(false, item);
        else if (contradicts(input.kind))
            conflicts.add(false, item);
    });
    const auto share = [](std::int64_t count, std::size_t all) {
        return static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, all));
    };
    if (const auto count = leaked.count(); count > 0)
        findings.push_back(
            {.severity = Severity::Warning,
             .code = "duplicate_across_splits",
             .what = fmt::format("{} of {} dev texts ({:.1f} %) stand among the training texts as well", count,
                                 input.data.dev.size(), 100 * share(count, input.data.dev.size())),
             .advice = "scores will look better than they are: take them out of one of the two",
             .count = count,
             .examples = leaked.take()});
    if (const auto count = conflicts.count(); count > 0)
        findings.push_back({.severity = Severity::Warning,
                            .code = "conflicting_labels",
                            .what = fmt::format("{} the text of another one, labelled differently",
                                                counted(count, "training text is", "training texts are")),
                            .advice = "decide which is right; the model can only learn one of them",
                            .count = count,
                            .examples = conflicts.take()});
    if (const auto count = again.count(); count > 0)
        findings.push_back(
            {.severity = share(count, input.data.train.size()) > kMany ? Severity::Warning : Severity::Note,
             .code = "duplicate_in_train",
             .what = fmt::format("{} a repetition of an earlier one",
                                 counted(count, "training text is", "training texts are")),
             .advice = "take repetitions out unless they shall count more than once",
             .count = count,
             .examples = again.take()});
}

}  // namespace

CheckEntry duplicatesCheck() {
    return {.id = "duplicates", .run = check};
}

}  // namespace lathe::train
