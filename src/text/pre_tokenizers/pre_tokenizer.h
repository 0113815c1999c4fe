// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a normalised text into words. One file a pre-tokenizer in this folder, one line in pre_tokenizers.def.
// Thread: any, once built.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "text/component_json.h"
#include "text/pre_tokenized.h"

namespace lathe::text {

class PreTokenizer {
public:
    virtual ~PreTokenizer() = default;
    virtual void preTokenize(PreTokenized& text) const = 0;
    /// Whether it asks where in the original text a piece begins, so that the way back must be kept.
    virtual bool needsOrigin() const { return false; }
    /// If the last step writes bytes as characters of the byte-level alphabet, leaves that to the model (BpeSpec's
    /// byteLevel) and says true.
    virtual bool leaveBytes() { return false; }
};

/// \param json a pre-tokenizer of tokenizer.json, not null. \returns Unsupported (its type's name), InvalidInput,
/// Parse.
Result<std::unique_ptr<PreTokenizer>> makePreTokenizer(const ComponentJson& json, const std::string& where);

}  // namespace lathe::text
