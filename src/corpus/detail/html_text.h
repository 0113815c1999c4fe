// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a person sees of a page, as text. The parsing is Gumbo's (Apache-2.0), which follows the HTML5 specification.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe::corpus::detail {

struct HtmlText {
    struct Block {
        std::int64_t line = 0;  ///< 1-based, where its text begins
        std::string text;
    };
    std::string title;
    std::vector<Block> blocks;  ///< paragraphs, headings, lists, tables
    /// The blocks with a blank line between them.
    std::string whole() const;
};

/// Scripts, styles and what is marked as hidden are left out; blocks and <br> become line ends, items of lists begin
/// with "- " or "1. ", cells of a table are parted by " | "; entities and a non-breaking space are what they stand for.
/// \param html UTF-8. \returns InvalidInput for a page that takes more memory than any page of its size should, or more
/// time than \p patience: what is nested without end takes the square of its depth to parse.
Result<HtmlText> htmlToText(std::string_view html, std::chrono::milliseconds patience = std::chrono::seconds(10));

/// The encoding that a page says it has, in its first bytes: ICU's name. Empty: it says none.
std::optional<std::string> declaredEncoding(std::string_view head);

}  // namespace lathe::corpus::detail
