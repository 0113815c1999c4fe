// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Substring search as the filters do it: literal, ASCII letters without case, bytes of other scripts as they are.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/hash.h"

namespace lathe::corpus::detail {

inline char foldAscii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

/// Horspool's algorithm: the table is made once for a needle and used on every row.
class TextSearch {
public:
    explicit TextSearch(std::string_view needle) : m_needle(needle) {
        std::ranges::transform(m_needle, m_needle.begin(), foldAscii);
        m_skip.fill(m_needle.size());
        for (std::size_t i = 0; i + 1 < m_needle.size(); ++i)
            m_skip[static_cast<unsigned char>(m_needle[i])] = m_needle.size() - 1 - i;
    }
    bool matches(std::string_view text) const {
        const std::size_t size = m_needle.size();
        for (std::size_t at = 0; at + size <= text.size();) {
            std::size_t i = size;
            while (i > 0 && foldAscii(text[at + i - 1]) == m_needle[i - 1])
                --i;
            if (i == 0)
                return true;
            at += m_skip[static_cast<unsigned char>(foldAscii(text[at + size - 1]))];
        }
        return size == 0;
    }

private:
    std::string m_needle;  ///< folded
    std::array<std::size_t, 256> m_skip{};
};

/// Fingerprint::answer of an answer.
inline std::uint64_t answerHash(std::string_view answer) {
    return answer.empty() ? 0 : hash64(answer);
}

}  // namespace lathe::corpus::detail
