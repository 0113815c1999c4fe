// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The "model" of tokenizer.json. Private to src/text. Thread: any.
#pragma once

#include "text/component_json.h"
#include "text/models/model.h"

namespace lathe::text {

/// "BPE", "WordPiece", "WordLevel" or "Unigram"; where old files do not say it, by what the model holds.
std::string modelType(const ComponentJson& model);

/// Whether the model can take bytes instead of the characters that stand for them (BpeSpec's byteLevel).
bool takesBytes(const ComponentJson& model);

/// \param bytes it is given bytes. \returns Unsupported (the type's name), InvalidInput, Parse.
Result<std::shared_ptr<const Model>> readModel(const ComponentJson& model, bool bytes, const std::string& where);

/// Tokens by id from {"token": id, ...}. \returns InvalidInput (an id that is none or far beyond the number of tokens).
Result<std::vector<std::string>> readVocabulary(const ComponentJson& vocabulary, const std::string& where);

}  // namespace lathe::text
