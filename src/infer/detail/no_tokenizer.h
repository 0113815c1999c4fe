// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// NoTokenizer: stands in for the tokenizer of a folder that holds weights alone. Ids go in and come out; there is no
// text.
#pragma once

#include "text/tokenizer.h"

namespace lathe::infer {

class NoTokenizer final : public text::Tokenizer {
public:
    std::string kind() const override { return "none"; }
    std::int32_t vocabSize() const override { return 0; }
    text::SpecialTokens special() const override { return {}; }
    text::Encoding encode(std::string_view, bool, bool) const override { return {}; }
    text::Encoding encodePair(std::string_view, std::string_view) const override { return {}; }
    std::string decode(const std::vector<text::TokenId>&, bool) const override { return {}; }
    std::string token(text::TokenId) const override { return {}; }
    std::optional<text::TokenId> find(std::string_view) const override { return std::nullopt; }
    Result<> save(const std::filesystem::path&) const override { return {}; }
};

}  // namespace lathe::infer
