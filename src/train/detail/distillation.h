// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Distillation: what a larger tuned model says to the training texts, as soft targets of a smaller one.
// Thread: compute lane. \source Hinton et al. arXiv:1503.02531
#pragma once

#include "core/job_context.h"
#include "text/tokenizer.h"
#include "train/detail/phase.h"

namespace lathe::train {

/// What can be said about a teacher before work starts: that it is there and answers with the same labels, or writes.
/// \returns NotFound, Unsupported, InvalidInput.
Result<> checkTeacher(const std::string& teacher, const Dataset& data);

/// Adds the teacher of \p plan's recipe, where it has one. A teacher of labels is asked about every training text once,
/// before training, and may be any classifier, an ensemble too; one of tokens reads every batch and needs the student's
/// vocabulary. \returns the batches with soft targets, which \p plan refers to from then on and which must outlive it;
/// nullptr where the plan's own batches do. What loading does; InvalidInput when vocabularies differ; Canceled.
Result<std::unique_ptr<BatchSource>> addTeacher(PhasePlan& plan, const Dataset& data, const text::Tokenizer& tokenizer,
                                                JobContext& context);

}  // namespace lathe::train
