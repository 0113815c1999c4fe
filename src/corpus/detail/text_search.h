// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Substring search as the filters do it: literal, without case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/hash.h"

namespace lathe::corpus::detail {

inline char foldAscii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Made once for a needle and used on every text. Thread: one at a time, it keeps a buffer.
class TextSearch {
public:
    explicit TextSearch(std::string_view needle);
    /// An empty needle is in every text.
    bool matches(std::string_view text);
    /// Without case; what the index is asked for.
    const std::string& needle() const { return m_needle; }

private:
    std::string m_needle;  ///< folded
    bool m_caseless = false;
    std::string m_folded;  ///< the text at hand, so that no text allocates
};

/// Fingerprint::answer of an answer.
inline std::uint64_t answerHash(std::string_view answer) {
    return answer.empty() ? 0 : hash64(answer);
}

}  // namespace lathe::corpus::detail
