// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The split patterns of GPT-2, GPT-4, Llama 3 and Qwen 2 by hand: the same pieces as the regular expression, many times
// faster. Which pattern it is, is told by its exact text; any other goes to the regular expression. Thread: any.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace lathe::text {

inline constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

class SplitScanner {
public:
    /// Nothing where \p pattern is none of the known ones.
    static std::optional<SplitScanner> forPattern(std::string_view pattern);
    /// The end of the piece that begins at \p begin; pieces follow each other without gaps.
    std::size_t pieceEnd(std::string_view text, std::size_t begin) const;

private:
    enum class Family { Gpt2, Gpt4 };
    std::size_t gpt2End(std::string_view text, std::size_t begin) const;
    std::size_t gpt4End(std::string_view text, std::size_t begin) const;
    Family m_family = Family::Gpt2;
    int m_digits = 0;  // how many of a number are one piece; 0 = all
};

}  // namespace lathe::text
