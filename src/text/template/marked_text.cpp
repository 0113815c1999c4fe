// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/marked_text.h"

#include <algorithm>

namespace lathe::text::jinja {

Text::Text(std::string bytes, bool foreign) : m_bytes(std::move(bytes)) {
    if (foreign)
        mark(0, m_bytes.size());
}

Text& Text::append(const Text& other) {
    const std::size_t shift = m_bytes.size();
    // By index and with the counts of before: a text may be appended to itself.
    const std::size_t ranges = other.m_foreign.size();
    m_bytes.append(other.m_bytes);
    for (std::size_t i = 0; i < ranges; ++i) {
        const ByteRange range = other.m_foreign[i];
        mark(shift + range.begin, shift + range.end);
    }
    return *this;
}

Text& Text::append(std::string_view own) {
    m_bytes.append(own);
    return *this;
}

Text Text::sub(std::size_t begin, std::size_t end) const {
    Text part;
    part.m_bytes = m_bytes.substr(begin, end - begin);
    auto range = std::ranges::upper_bound(m_foreign, begin, {}, &ByteRange::end);
    for (; range != m_foreign.end() && range->begin < end; ++range)
        part.mark(std::max(range->begin, begin) - begin, std::min(range->end, end) - begin);
    return part;
}

void Text::mark(std::size_t begin, std::size_t end) {
    if (begin == end)
        return;
    if (!m_foreign.empty() && m_foreign.back().end == begin)
        m_foreign.back().end = end;
    else
        m_foreign.push_back({begin, end});
}

}  // namespace lathe::text::jinja
