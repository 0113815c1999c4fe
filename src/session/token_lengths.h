// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How long the texts are in a model's tokens. Qt-free work for the io lane: tokenizers need no torch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "corpus/project.h"
#include "infer/text_model.h"

namespace lathe::session {

struct TokenLengths {
    std::string model;                  ///< folder name; empty: the project has no model that reads tokens
    std::int64_t limit = 0;             ///< tokens that the model reads, 0: no limit
    std::vector<std::int64_t> lengths;  ///< special tokens included; of the texts that were read
    std::int64_t longer = 0;            ///< of these, longer than the limit
    std::int64_t texts = 0;             ///< texts there are
    /// Of a larger corpus, so many evenly spaced texts are read.
    static constexpr std::size_t kRead = 20'000;
};

/// In the tokens of the newest model below the project's models folder that has a tokenizer. \returns Canceled, Io, and
/// what loading a tokenizer does.
Result<std::shared_ptr<const TokenLengths>> tokenLengthsOf(const corpus::Project& project, JobContext& context);

}  // namespace lathe::session
