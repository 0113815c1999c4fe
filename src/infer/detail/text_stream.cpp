// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Streaming text: an incomplete character or a possible stop text is held back until it is clear.
#include "infer/detail/text_stream.h"

#include <algorithm>

#include "core/utf8.h"

namespace lathe::infer {

namespace {

constexpr std::size_t kLongestCharacter = 4;  ///< tokens: one per byte
constexpr std::string_view kReplacementBytes = "\xEF\xBF\xBD";

/// The longest end of \p text that begins \p stop.
std::size_t heldBack(std::string_view text, std::string_view stop) {
    for (std::size_t length = std::min(text.size(), stop.size()); length > 0; --length)
        if (text.ends_with(stop.substr(0, length)))
            return length;
    return 0;
}

}  // namespace

void TextStream::add(text::TokenId id) {
    m_window.push_back(id);
    const std::vector<text::TokenId> context(m_window.begin(),
                                             m_window.begin() + static_cast<std::ptrdiff_t>(m_settled));
    const std::string before = m_tokenizer.decode(context);
    const std::string after = m_tokenizer.decode(m_window);
    const std::size_t waiting = m_window.size() - m_settled;
    const bool incomplete = after.ends_with(kReplacementBytes) || incompleteTail(after) > 0;
    if (incomplete && waiting < kLongestCharacter)
        return;
    if (after.size() > before.size())
        emit(std::string_view(after).substr(before.size()), false);
    // what was new is the context of what follows: it decides about spaces
    m_window.erase(m_window.begin(), m_window.begin() + static_cast<std::ptrdiff_t>(m_settled));
    m_settled = m_window.size();
}

void TextStream::finish() {
    if (m_window.size() > m_settled) {
        const std::vector<text::TokenId> context(m_window.begin(),
                                                 m_window.begin() + static_cast<std::ptrdiff_t>(m_settled));
        const std::string before = m_tokenizer.decode(context), after = m_tokenizer.decode(m_window);
        if (after.size() > before.size())
            emit(std::string_view(after).substr(before.size()), false);
        m_settled = m_window.size();
    }
    emit({}, true);
}

void TextStream::emit(std::string_view piece, bool last) {
    if (m_stopped)
        return;
    m_held += sanitizeUtf8(piece);
    std::size_t ready = m_held.size();
    std::size_t held = 0;
    for (const std::string& stop : m_stops) {
        if (stop.empty())
            continue;
        if (const std::size_t at = m_held.find(stop); at != std::string::npos) {
            m_stopped = true;
            ready = std::min(ready, at);
        }
        held = std::max(held, heldBack(m_held, stop));
    }
    if (!m_stopped && !last)
        ready -= held;
    const std::string out = m_held.substr(0, ready);
    m_held.erase(0, m_stopped ? m_held.size() : ready);
    m_text += out;
    if (m_sink && !out.empty())
        m_sink(out);
}

}  // namespace lathe::infer
