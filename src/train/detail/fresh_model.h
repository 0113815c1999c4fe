// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A model that starts from nothing: its tokenizer, trained on the run's texts, and its random weights.
// Thread: compute lane.
#pragma once

#include "nn/network.h"
#include "text/tokenizer.h"
#include "train/detail/settings.h"
#include "train/detail/task.h"

namespace lathe::train {

/// Everything that may be read before the labels count: train texts, their answers, unlabelled texts. Never dev texts.
std::vector<std::string> domainTexts(const Dataset& data);

/// Trains a SentencePiece tokenizer into \p folder and loads it. \returns Unsupported, InvalidInput, Canceled, Io.
Result<std::shared_ptr<const text::Tokenizer>> trainTokenizer(const Settings& settings, const Dataset& data,
                                                              const std::filesystem::path& folder, JobContext& context);

/// What a fresh model's config needs besides the settings.
struct FreshVocabulary {
    std::int64_t vocabSize = 0;
    std::int32_t pad = 0, bos = -1, eos = -1;
    std::int64_t virtualTokens = 0;  ///< positions that a text may not take
};
Result<nn::NetworkConfig> freshConfigOf(const Settings& settings, nn::Head head, nn::Problem problem,
                                        const std::vector<std::string>& labels, const FreshVocabulary& vocabulary);

/// Random weights, the same for the same seed. \param head what it learns first, and \param problem what its classes
/// mean. \param virtualTokens positions that a text may not take.
Result<std::shared_ptr<nn::Network>> makeFreshNetwork(const Settings& settings, const text::Tokenizer& tokenizer,
                                                      nn::Head head, nn::Problem problem,
                                                      const std::vector<std::string>& labels,
                                                      std::int64_t virtualTokens = 0);

/// The config that loadForTraining() gives a network; no weight is read.
Result<nn::NetworkConfig> configForTraining(const std::filesystem::path& folder, const TaskEntry& task,
                                            const std::vector<std::string>& labels);

/// The weights of \p folder under the task's head with \p labels, as they come or fresh, the same for the same seed.
/// \param options in which types.
Result<std::shared_ptr<nn::Network>> loadForTraining(const std::filesystem::path& folder, const Settings& settings,
                                                     const TaskEntry& task, const std::vector<std::string>& labels,
                                                     nn::LoadNetworkOptions options = {});

}  // namespace lathe::train
