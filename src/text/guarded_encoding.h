// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Encodes a text of which parts were typed by somebody: control tokens are recognised in the rest only.
#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/byte_range.h"
#include "text/tokenizer.h"

namespace lathe::text {

/// The spellings of a folder's control tokens: added tokens that are special or look like <|this|>, from
/// tokenizer.json, tokenizer_config.json, special_tokens_map.json and added_tokens.json. Files that cannot be read
/// count as empty: the tokenizer complains about them.
std::vector<std::string> controlTokensIn(const std::filesystem::path& folder);

class GuardedEncoding {
public:
    GuardedEncoding() = default;
    /// \param spellings those that are no tokens of \p tokenizer are left out; its own special tokens are added.
    GuardedEncoding(const Tokenizer& tokenizer, const std::vector<std::string>& spellings);

    /// The ids of \p text, without the special tokens that encode() puts around one. A control token counts where none
    /// of its bytes lies in \p foreign (sorted, disjoint); its spelling inside a foreign range becomes ordinary tokens:
    /// the text is cut behind the spelling's first character there. All other text is encoded in one piece, as encode()
    /// does.
    std::vector<TokenId> encode(const Tokenizer& tokenizer, std::string_view text,
                                std::span<const ByteRange> foreign) const;
    /// Is it one of the control tokens?
    bool isControl(TokenId id) const;

private:
    struct Control {
        std::string spelling;
        TokenId id = -1;
        bool foundByTokenizer = false;  ///< encode() makes it of its spelling
    };
    const Control* controlAt(std::string_view text, std::size_t pos) const;

    std::vector<Control> m_controls;      // longest first
    std::array<bool, 256> m_begins = {};  // does one begin with this byte?
};

}  // namespace lathe::text
