// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How tokens are chosen, once the caller's options, the model folder's own and the defaults were put together.
// Torch-free.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "infer/text_model.h"

namespace lathe::infer {

struct SearchSettings {
    std::int64_t maxNewTokens = 128;
    std::int64_t maxLength = 0;  ///< prompt included; counts where maxNewTokens is 0
    std::int64_t minNewTokens = 0, minLength = 0;
    std::vector<std::int32_t> ends;  ///< tokens that end a text

    bool sample = false;
    double temperature = 1, topP = 1, minP = 0;
    int topK = 0;  ///< 0 = all
    std::uint64_t seed = 0;

    double repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0;
    int noRepeatNgram = 0;
    std::vector<std::vector<std::int32_t>> badWords;  ///< sequences that must not occur
    std::vector<std::int32_t> suppressed, suppressedFirst;
    std::optional<std::int32_t> forcedFirst;  ///< encoder-decoders: what follows the start token
    std::vector<std::int32_t> forcedLast;     ///< what stands at the length limit

    int beams = 1, returned = 1;
    double lengthPenalty = 1;
    EarlyStopping earlyStopping = EarlyStopping::No;

    std::int32_t decoderStart = -1;  ///< encoder-decoders
    bool staysInside = true;         ///< no text is longer than the network's maxPositions
    int logProbabilities = -1;       ///< -1 none, 0 of the chosen token, n of the n likeliest too

    /// Behind a prompt of \p length tokens, when the model reads \p room in all (0 = no limit).
    std::int64_t limitBehind(std::int64_t length, std::int64_t room) const {
        const std::int64_t wanted = maxNewTokens > 0 ? maxNewTokens : std::max<std::int64_t>(0, maxLength - length);
        return room > 0 ? std::min(wanted, std::max<std::int64_t>(0, room - length)) : wanted;
    }
};

}  // namespace lathe::infer
