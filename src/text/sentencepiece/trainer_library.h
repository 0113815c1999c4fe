// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The SentencePiece library, for training only: opens its module once and wraps the C interface. Thread: any.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "text/sentencepiece_module/module_api.h"

namespace lathe::text {

/// The module, opened at the first call. \returns Unsupported with what was tried and why it failed.
Result<const LatheSpApi*> sentencePieceModule();

/// Runs the trainer on the calling thread. Options as spm_train names them; \p stop is polled while texts are read.
/// Every text must hold something that can be seen, and no NUL, tab, line break or U+2585: the library ends the process
/// where nothing is left to train on. \returns the serialised model; InvalidInput with the trainer's message.
Result<std::string> runSentencePieceTrainer(std::span<const std::string> texts,
                                            const std::vector<std::pair<std::string, std::string>>& options,
                                            const std::function<bool()>& stop);

}  // namespace lathe::text
