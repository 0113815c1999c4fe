// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing tokens with a network for one or many prompts: greedy, drawn, or by beam search.
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <functional>
#include <span>
#include <vector>

#include "core/job_context.h"
#include "infer/detail/search_settings.h"
#include "nn/network.h"

namespace lathe::infer {

enum class Finish { End, Length, Context, Stopped };

/// What was written behind a prompt.
struct Continuation {
    std::vector<std::int32_t> ids;     ///< new tokens; the end token, if one was chosen, is the last
    std::vector<TokenChance> chances;  ///< one per id where they were asked for
    double score = 0;                  ///< beam search: what hypotheses were ranked by
    Finish finish = Finish::Length;
};

struct SearchHooks {
    /// Not for beams: \p prompt's text number \p text has a new token, no end token. True ends it.
    std::function<bool(std::size_t prompt, std::size_t text, std::int32_t id)> onToken;
    /// Beams: whether new tokens hold a stop text.
    std::function<bool(std::span<const std::int32_t> ids)> isOver;
};

struct SearchResult {
    std::vector<std::vector<Continuation>> texts;  ///< for each prompt as many as SearchSettings::returned, best first
    double promptSeconds = 0, seconds = 0;
};

/// All prompts run as one batch; each gives what it would give alone. Encoder-decoders read the prompts with their
/// encoder. Prompts are not empty and hold ids of the vocabulary. May throw what torch throws.
SearchResult searchTokens(nn::Network& network, torch::Device device,
                          std::span<const std::vector<std::int32_t>> prompts, const SearchSettings& settings,
                          const SearchHooks& hooks, JobContext& context);

}  // namespace lathe::infer
