// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate for models that write: their answers beside the reference answers.
#pragma once

#include <filesystem>
#include <string>

#include "cli/console.h"
#include "core/json.h"
#include "infer/text_model.h"

namespace lathe::cli {

struct GeneratorEvaluation {
    std::string split = "test";  ///< of a project: its questions with answers in this split, "all": of all
    Json options;                ///< as generateOptionsFrom() takes them; greedy where nothing is said of sampling
    std::string answers;         ///< CSV to write the answers to; empty = none
};

/// Answers every question of \p data (a file of questions and answers, of conversations, of texts and what they become;
/// or a project) and prints BLEU, chrF, ROUGE-L and the share of exact answers. Of a conversation the last answer is
/// the reference. A stop measures what was answered until then. \returns the exit status, or what reading and
/// generating give; InvalidInput where there is nothing to answer.
Result<int> evaluateGenerator(Console& console, infer::TextModel& model, const std::filesystem::path& folder,
                              const std::string& data, const GeneratorEvaluation& how);

}  // namespace lathe::cli
