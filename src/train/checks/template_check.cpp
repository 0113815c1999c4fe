// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations in the model's chat format: does it take them, and is there an answer left to learn?
#include <fmt/format.h>

#include "train/detail/preflight_check.h"
#include "train/detail/task.h"

namespace lathe::train {
namespace {

struct Trouble {
    Remark remark;
    Severity severity;
    const char* code;
    const char* what;  ///< behind "3 texts"
    std::string advice;
};

void check(const CheckInput& input, Findings& findings) {
    if (!usesChatFormat(input.kind) || !input.rehearsal)
        return;
    if (!input.rehearsal->chatNote.empty() && !input.rehearsal->asksByTemplate)
        findings.push_back({.severity = Severity::Warning,
                            .code = "no_template",
                            .what = input.rehearsal->chatNote,
                            .advice = "put the chat_template.jinja that the model was trained with into its folder; a "
                                      "model that never chatted learns this format as well as any",
                            .count = 1});
    const std::string longer = fmt::format(
        "raise max_tokens, which is {}{}", input.settings.maxTokens,
        input.rehearsal->positions > 0 ? fmt::format(" (the model reads up to {})", input.rehearsal->positions) : "");
    const std::vector<Trouble> troubles{
        {kRefused, Severity::Warning, "template_refuses", "refused by the model's chat template",
         "look at the roles and their order: most templates want user and assistant in turn"},
        {kNothingLearnt, Severity::Warning, "nothing_to_learn", "without a token to learn from",
         "each needs an answer by the assistant that is not switched off (weight 0) and not cut away: " + longer},
        {kAnswerCut, Severity::Warning, "answer_cut", "with an answer whose end is cut off, so that no end is learnt",
         longer},
        {kLastAnswerOnly, Severity::Note, "last_answer_only",
         "learnt from the last answer alone, because the template writes earlier turns differently",
         "nothing need be done; a template with {% generation %} marks would allow all answers"},
    };
    for (const Trouble& trouble : troubles) {
        Places places =
            placesWhere(input, [&](const TextFacts& facts) { return (facts.remarks & trouble.remark) != 0; });
        if (places.count() == 0)
            continue;
        // Where it is true of every other text, the run learns something else than what was meant.
        const auto all = static_cast<std::int64_t>(input.data.train.size() + input.data.dev.size());
        const bool most = trouble.severity == Severity::Warning && 2 * places.count() > all;
        findings.push_back({.severity = most ? Severity::Problem : trouble.severity,
                            .code = trouble.code,
                            .what = fmt::format(
                                "{} {}", counted(places.count(), "conversation is", "conversations are"), trouble.what),
                            .advice = trouble.advice,
                            .count = places.count(),
                            .examples = places.take()});
    }
}

}  // namespace

CheckEntry templateCheck() {
    return {.id = "template", .run = check};
}

}  // namespace lathe::train
