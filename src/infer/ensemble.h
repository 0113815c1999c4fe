// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Ensembles: a folder whose ensemble.json names classifiers that answer together, by the mean of their probabilities.
// TextModel::load opens it like any other model. And averages: one model made of several, weight by weight.
// Torch-free facade. Thread: compute lane.
#pragma once

#include <filesystem>
#include <vector>

#include "core/job_context.h"
#include "infer/text_model.h"

namespace lathe::infer {

bool isEnsembleFolder(const std::filesystem::path& folder);

/// Makes \p target, which must not be there, with the members' paths: relative ones where they lie beside or below it,
/// so that a project can be moved. \returns what inspecting the members does; InvalidInput: fewer than two, or they
/// answer different questions (labels, kind); Unsupported: generating models, models that label parts of texts.
Result<> makeEnsemble(const std::filesystem::path& target, const std::vector<std::filesystem::path>& members);

/// One model whose weights are the means of the others', in float32; tokenizer and settings are the first one's.
/// \returns what loading does; InvalidInput: fewer than two, another architecture, shape or other labels, or \p target
/// is there; Unsupported: n-gram classifiers; Io; Canceled.
/// \source Wortsman et al. arXiv:2203.05482 (uniform soup)
Result<> averageModels(const std::filesystem::path& target, const std::vector<std::filesystem::path>& models,
                       JobContext& context);

}  // namespace lathe::infer
