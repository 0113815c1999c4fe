// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled parts of texts that do not fall on tokens, or are cut away.
#include <fmt/format.h>

#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

struct Trouble {
    Remark remark;
    Severity severity;
    const char* code;
    const char* what;
    const char* advice;
};

constexpr Trouble kTroubles[] = {
    {kPartWidened, Severity::Note, "part_widened",
     "with a labelled part that begins or ends within a token; it is widened to whole ones",
     "mark whole words; where words are not parted by spaces, choose a model with a finer tokenizer"},
    {kPartOverlaps, Severity::Warning, "part_overlaps",
     "with labelled parts that overlap, of which one is left out: a token has one label",
     "decide for one of the two labels"},
    {kPartCut, Severity::Warning, "part_cut", "with a labelled part behind the place where the text is cut",
     "raise max_tokens, or divide these texts"},
    {kPartEmpty, Severity::Warning, "part_empty", "with a labelled part that holds no token",
     "mark words rather than white space, and see that the places were counted in characters of this very text"},
};

void check(const CheckInput& input, Findings& findings) {
    if (input.kind != DataKind::Spans)
        return;
    for (const Trouble& trouble : kTroubles) {
        Places places =
            placesWhere(input, [&](const TextFacts& facts) { return (facts.remarks & trouble.remark) != 0; });
        if (places.count() > 0)
            findings.push_back({.severity = trouble.severity,
                                .code = trouble.code,
                                .what = fmt::format("{} {}", texts(places.count()), trouble.what),
                                .advice = trouble.advice,
                                .count = places.count(),
                                .examples = places.take()});
    }
}

}  // namespace

CheckEntry partsCheck() {
    return {.id = "parts", .run = check};
}

}  // namespace lathe::train
