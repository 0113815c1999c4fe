// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the registry from pre_tokenizers.def; never edited when a pre-tokenizer is added.
#include "text/component_registry.h"
#include "text/pre_tokenizers/pre_tokenizer.h"

namespace lathe::text {

namespace pre_tokenizers {
#define PRE_TOKENIZER(type) Result<std::unique_ptr<PreTokenizer>> type(const ComponentSource& source);
#include "text/pre_tokenizers/pre_tokenizers.def"
#undef PRE_TOKENIZER
}  // namespace pre_tokenizers

Result<std::unique_ptr<PreTokenizer>> makePreTokenizer(const ComponentJson& json, const std::string& where) {
    static constexpr ComponentEntry<PreTokenizer> kEntries[] = {
#define PRE_TOKENIZER(type) {#type, &pre_tokenizers::type},
#include "text/pre_tokenizers/pre_tokenizers.def"
#undef PRE_TOKENIZER
    };
    return makeComponent<PreTokenizer>(kEntries, json, where);
}

}  // namespace lathe::text
