// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a sample holds beside its text: the turns of a conversation, the candidates of a comparison. Plain data, any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe::corpus {

struct Turn {
    std::string role;  ///< "user", "assistant", "system", or what the file calls it
    std::string text;
    friend bool operator==(const Turn&, const Turn&) = default;
};

/// Part of what makes a sample: two samples of one text and different content are different.
struct Content {
    std::vector<Turn> turns;              ///< oldest first
    std::vector<std::string> candidates;  ///< answers to compare; the sample's text is what they answer

    bool isEmpty() const { return turns.empty() && candidates.empty(); }
    friend bool operator==(const Content&, const Content&) = default;
};

/// As the database keeps it: "" when empty, else {"turns": [{"role", "text"}], "candidates": ["text"]} with what there
/// is.
std::string contentValue(const Content& content);
/// \returns Parse or InvalidInput: not that.
Result<Content> contentFrom(std::string_view value);
/// A conversation as one text to search and read, a line "role: text" a turn.
std::string transcript(const std::vector<Turn>& turns);

}  // namespace lathe::corpus
