// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/record_window.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/utf8.h"

namespace lathe::corpus::detail {

bool RecordWindow::readTo(std::size_t offset) {
    while (m_front + offset >= m_buffer.size()) {
        if (m_ended)
            return false;
        if (m_front > 0) {
            m_buffer.erase(0, m_front);
            m_front = 0;
        }
        const auto more = m_stream->read(m_buffer);
        if (!more)
            m_error = more.error();
        m_ended = !more || !*more;
    }
    return true;
}

std::size_t RecordWindow::find(char c, std::size_t from, std::size_t limit) {
    for (;;) {
        const std::size_t end = std::min(m_buffer.size() - m_front, limit);
        if (from < end) {
            const char* const begin = m_buffer.data() + m_front;
            if (const void* hit = std::memchr(begin + from, c, end - from))
                return static_cast<std::size_t>(static_cast<const char*>(hit) - begin);
            from = end;
        }
        if (from >= limit || !has(from))
            return npos;
    }
}

std::size_t RecordWindow::lineEnd(std::size_t from, std::size_t limit) {
    for (std::size_t i = from; i < limit && has(i); ++i) {
        const char c = (*this)[i];
        if (c == '\n')
            return i + 1;
        if (c == '\r')
            return has(i + 1) && (*this)[i + 1] == '\n' ? i + 2 : i + 1;
    }
    return npos;
}

void RecordWindow::drop(std::size_t size) {
    const std::string_view gone = view(0, size);
    for (std::size_t i = 0; i < gone.size(); ++i) {
        const bool bareReturn = gone[i] == '\r' && (i + 1 == gone.size() || gone[i + 1] != '\n');
        m_line += gone[i] == '\n' || bareReturn ? 1 : 0;
    }
    m_front += gone.size();
}

void RecordWindow::dropLine() {
    constexpr std::size_t kStep = 1 << 20;
    for (;;) {
        if (const std::size_t end = lineEnd(0, kStep); end != npos) {
            drop(end);
            return;
        }
        if (!has(0))
            return;
        // No line end within the step (or before the text's end), so what goes holds none either.
        m_front += std::min(kStep, m_buffer.size() - m_front);
    }
}

std::string badTextReason(std::string_view raw, const std::string& encoding) {
    const auto bad = firstBadByte(raw);
    const std::size_t zero = raw.find('\0');
    if (!bad && zero == std::string_view::npos)
        return {};
    const std::size_t position = std::min(bad ? bad->position : raw.size(), zero);
    const std::string_view before = raw.substr(0, position);
    const std::size_t lineStart = before.find_last_of("\r\n");
    const auto column =
        countCodePoints(lineStart == std::string_view::npos ? before : before.substr(lineStart + 1)) + 1;
    if (bad && bad->position == position)
        return fmt::format("byte 0x{:02X} at column {} is not valid {}", bad->byte, column, encoding);
    return fmt::format("zero byte at column {}; texts do not have any", column);
}

std::string rowBeginning(std::string_view raw) {
    constexpr std::size_t kShown = 200;
    const std::string text = withoutBadBytes(raw.substr(0, 2 * kShown));
    std::string shown(clipUtf8(text, kShown));
    std::erase(shown, '\0');
    while (!shown.empty() && (shown.back() == '\n' || shown.back() == '\r'))
        shown.pop_back();
    return shown;
}

}  // namespace lathe::corpus::detail
