// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/line_reader.h"

#include <fmt/format.h>

#include "core/files.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

Result<bool> LineReader::next(std::int64_t& line, std::string& text, std::string& error) {
    constexpr auto kLimit = static_cast<std::size_t>(kMaxRecordBytes);
    while (m_window.has(0)) {
        line = m_window.line();
        error.clear();
        std::size_t size = m_window.lineEnd(0, kLimit);
        if (size == RecordWindow::npos && m_window.has(kLimit)) {
            text = rowBeginning(m_window.view(0, 400));
            error = fmt::format("the line is longer than {}", humanBytes(kLimit));
            m_window.dropLine();
            return true;
        }
        std::string_view raw = m_window.view(0, size);
        size = raw.size();
        while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r'))
            raw.remove_suffix(1);
        if (raw.find_first_not_of(" \t\v\f") == std::string_view::npos) {
            m_window.drop(size);
            continue;
        }
        error = badTextReason(raw, m_window.encoding());
        text = error.empty() ? std::string(raw) : rowBeginning(raw);
        m_window.drop(size);
        return true;
    }
    if (m_window.error())
        return fail(*m_window.error());
    return false;
}

}  // namespace lathe::corpus::detail
