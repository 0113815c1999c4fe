// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens back to text. One file a decoder in this folder, one line in decoders.def. Thread: any, once built.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "text/component_json.h"

namespace lathe::text {

class Decoder {
public:
    virtual ~Decoder() = default;
    /// Changes \p tokens so that, one after the other, they are the text.
    virtual void decode(std::vector<std::string>& tokens) const = 0;
};

/// \param json a decoder of tokenizer.json, not null. \returns Unsupported (its type's name), InvalidInput, Parse.
Result<std::unique_ptr<Decoder>> makeDecoder(const ComponentJson& json, const std::string& where);

/// Puts punctuation and English contractions back to their word, as WordPiece's decoder does for each token.
std::string cleanedUp(std::string token);

}  // namespace lathe::text
