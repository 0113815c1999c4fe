// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Text that remembers which of its bytes came from outside the template: a conversation's words stay known as such
// through every concatenation, slice and replacement, so that nobody can type a control token.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/byte_range.h"

namespace lathe::text::jinja {

/// UTF-8 with the byte ranges that are not the template's own words (sorted, disjoint, not touching).
class Text {
public:
    Text() = default;
    explicit Text(std::string bytes, bool foreign = false);

    const std::string& bytes() const { return m_bytes; }
    const std::vector<ByteRange>& foreign() const { return m_foreign; }
    bool hasForeign() const { return !m_foreign.empty(); }
    std::size_t size() const { return m_bytes.size(); }
    bool empty() const { return m_bytes.empty(); }

    Text& append(const Text& other);
    /// The template's own words.
    Text& append(std::string_view own);
    /// Bytes [begin, end), marks included.
    Text sub(std::size_t begin, std::size_t end) const;
    /// \p bytes made from this text in a way that moves characters: all of it is foreign if any of this is.
    Text derived(std::string bytes) const { return Text(std::move(bytes), hasForeign()); }

private:
    void mark(std::size_t begin, std::size_t end);

    std::string m_bytes;
    std::vector<ByteRange> m_foreign;
};

}  // namespace lathe::text::jinja
