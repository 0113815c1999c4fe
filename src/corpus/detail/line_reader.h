// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of a file in any encoding, empty ones left out, none longer than a record may be.
#pragma once

#include "corpus/detail/record_window.h"

namespace lathe::corpus::detail {

class LineReader {
public:
    explicit LineReader(std::unique_ptr<Utf8Stream> stream) : m_window(std::move(stream)) {}

    /// \p error is set (and \p text holds the line's beginning) when the line is too long or has bytes that are no
    /// text. \returns false at the end; Io.
    Result<bool> next(std::int64_t& line, std::string& text, std::string& error);
    std::int64_t bytesRead() const { return m_window.bytesRead(); }

private:
    RecordWindow m_window;
};

}  // namespace lathe::corpus::detail
