// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces that the tokenizer does not know.
#include <fmt/format.h>

#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

constexpr double kNoticeable = 0.02, kMany = 0.2;

void check(const CheckInput& input, Findings& findings) {
    Places places(input);
    std::int64_t words = 0, unknown = 0;
    forEachText(input, [&](bool isDev, std::size_t item, const Example&) {
        const TextFacts* facts = input.facts(isDev, item);
        if (!facts)
            return;
        words += facts->words;
        unknown += facts->unknown;
        if (facts->unknown > 0 && 2 * facts->unknown >= facts->words)
            places.add(isDev, item);
    });
    const double share = static_cast<double>(unknown) / static_cast<double>(std::max<std::int64_t>(1, words));
    if (share < kNoticeable && places.count() == 0)
        return;
    findings.push_back({.severity = share >= kNoticeable ? Severity::Warning : Severity::Note,
                        .code = share >= kMany ? "unknown_script" : "unknown_tokens",
                        .what = fmt::format("the tokenizer does not know {:.1f} % of the tokens; {} at least half of "
                                            "unknown ones",
                                            100 * share, counted(places.count(), "text consists", "texts consist")),
                        .advice = "choose a model that was made for this language, or a fresh one, which gets a "
                                  "tokenizer of its own",
                        .count = unknown,
                        .examples = places.take()});
}

}  // namespace

CheckEntry vocabularyCheck() {
    return {.id = "vocabulary", .run = check};
}

}  // namespace lathe::train
