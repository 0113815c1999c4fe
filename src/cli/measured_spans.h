// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate for models that label parts of texts: precision, recall and F1 over whole parts.
#pragma once

#include "cli/console.h"
#include "eval/entity_report.h"
#include "infer/text_model.h"

namespace lathe::cli {

struct SpanEvaluation {
    eval::EntityReport report;
    std::int64_t texts = 0, truncated = 0;
};
/// The labelled parts of \p file against what the model finds, both in code points: right is the same begin, end and
/// label. \returns what reading and classifying give.
Result<SpanEvaluation> measureSpans(Console& console, infer::TextModel& model, const std::string& file);
void printSpans(Console& console, const std::string& model, const SpanEvaluation& evaluation);

}  // namespace lathe::cli
