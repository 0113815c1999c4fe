// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/detail/term_finder.h"

#include <unicode/uchar.h>

#include "core/utf8.h"

namespace lathe::assist::detail {
namespace {

UChar32 icu(char32_t c) {
    return static_cast<UChar32>(c);
}

/// Scripts whose words touch each other.
bool isRunning(char32_t c) {
    switch (u_charType(icu(c)) == U_OTHER_LETTER ? ublock_getCode(icu(c)) : UBLOCK_NO_BLOCK) {
        case UBLOCK_NO_BLOCK:
        case UBLOCK_ARABIC:
        case UBLOCK_HEBREW:
            return false;
        default:
            return u_hasBinaryProperty(icu(c), UCHAR_IDEOGRAPHIC) || (c >= 0x3040 && c <= 0x30FF) ||
                   (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1780 && c <= 0x17FF) || (c >= 0xAC00 && c <= 0xD7A3);
    }
}

/// Whether a and b, side by side, belong to one word.
bool touch(char32_t a, char32_t b) {
    return u_isalnum(icu(a)) && u_isalnum(icu(b)) && !isRunning(a) && !isRunning(b);
}

std::uint64_t edge(std::uint32_t node, char32_t c) {
    return (static_cast<std::uint64_t>(node) << 32) | c;
}

}  // namespace

std::u32string foldForTerms(std::string_view text, bool matchCase) {
    std::u32string folded = toCodePoints(text);
    for (char32_t& c : folded) {
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (!matchCase)
            c = static_cast<char32_t>(u_foldCase(icu(c), U_FOLD_CASE_DEFAULT));
    }
    return folded;
}

void TermFinder::add(std::u32string_view term, int id) {
    std::uint32_t node = 0;
    for (const char32_t c : term) {
        const auto [at, isNew] = m_next.try_emplace(edge(node, c), static_cast<std::uint32_t>(m_ids.size()));
        if (isNew)
            m_ids.push_back(-1);
        node = at->second;
    }
    if (node != 0 && m_ids[node] < 0)
        m_ids[node] = id;
}

std::vector<TermFinder::Found> TermFinder::find(std::u32string_view text) const {
    std::vector<Found> found;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        int id = -1;
        if (begin == 0 || !touch(text[begin - 1], text[begin])) {
            std::uint32_t node = 0;
            for (std::size_t i = begin; i < text.size(); ++i) {
                const auto next = m_next.find(edge(node, text[i]));
                if (next == m_next.end())
                    break;
                node = next->second;
                if (m_ids[node] >= 0 && (i + 1 == text.size() || !touch(text[i], text[i + 1]))) {
                    end = i + 1;
                    id = m_ids[node];
                }
            }
        }
        if (id < 0) {
            ++begin;
            continue;
        }
        found.push_back({{static_cast<std::int32_t>(begin), static_cast<std::int32_t>(end)}, id});
        begin = end;
    }
    return found;
}

}  // namespace lathe::assist::detail
