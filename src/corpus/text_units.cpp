// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/text_units.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"

namespace lathe::corpus::detail {
namespace {

constexpr auto kLimit = static_cast<std::size_t>(kMaxRecordBytes);

bool isBlank(std::string_view line) {
    return line.find_first_not_of(" \t\v\f\r\n") == std::string_view::npos;
}

}  // namespace

std::size_t TextUnits::endOfUnit() {
    std::size_t end = 0;
    while (end < kLimit && m_window.has(end)) {
        std::size_t next = m_window.lineEnd(end, kLimit);
        if (next == RecordWindow::npos) {
            // The text's last line has no end; or the limit is reached.
            if (m_window.has(kLimit))
                return RecordWindow::npos;
            next = m_window.view(0, kLimit).size();
        }
        if (m_unit != TextUnit::File && isBlank(m_window.view(end, next - end)))
            return next;
        end = next;
    }
    return m_window.has(end) ? RecordWindow::npos : end;
}

Result<bool> TextUnits::next(std::int64_t& line, std::string& text, std::string& error) {
    error.clear();
    // Blank lines before the unit.
    for (std::size_t end = 0; m_window.has(0); m_window.drop(end)) {
        end = m_window.lineEnd(0, kLimit);
        if (end == RecordWindow::npos && m_window.has(kLimit))
            break;
        const std::string_view first = m_window.view(0, end);
        if (!isBlank(first))
            break;
        end = first.size();
    }
    if (m_window.error())
        return fail(*m_window.error());
    if (!m_window.has(0))
        return false;
    line = m_window.line();
    const std::size_t end = endOfUnit();
    if (m_window.error())
        return fail(*m_window.error());
    if (end == RecordWindow::npos) {
        text = rowBeginning(m_window.view(0, 400));
        error = fmt::format("the {} is longer than {}", textUnitName(m_unit), humanBytes(kLimit));
        if (m_unit == TextUnit::File)
            while (m_window.has(0))
                m_window.dropLine();
        else
            m_window.drop(m_window.view(0, kLimit).size());
        return true;
    }
    std::string_view raw = m_window.view(0, end);
    while (!raw.empty() && isBlank(raw.substr(raw.size() - 1)))
        raw.remove_suffix(1);
    error = badTextReason(raw, m_window.encoding());
    if (!error.empty() && raw.find('\n') != std::string_view::npos) {
        const std::size_t at = std::min(raw.find(kBadByte), raw.find('\0'));
        const auto lines = std::ranges::count(raw.substr(0, at), '\n');
        error = fmt::format("line {}: {}", line + lines, error);
    }
    text = error.empty() ? std::string(raw) : rowBeginning(raw);
    m_window.drop(end);
    return true;
}

}  // namespace lathe::corpus::detail
