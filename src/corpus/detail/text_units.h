// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A text file cut into samples: a line, a paragraph (blank lines part them), or the file as a whole.
#pragma once

#include "corpus/detail/line_reader.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

class TextUnits {
public:
    /// Sections are the matter of formats that have headings: here they are paragraphs.
    TextUnits(std::unique_ptr<Utf8Stream> stream, TextUnit unit) : m_window(std::move(stream)), m_unit(unit) {}

    /// Blank lines around the text are left out, those within it stay. \returns false at the end; Io.
    Result<bool> next(std::int64_t& line, std::string& text, std::string& error);
    std::int64_t bytesRead() const { return m_window.bytesRead(); }

private:
    /// Where the unit that begins at the front ends, and where the next may begin.
    std::size_t endOfUnit();

    RecordWindow m_window;
    TextUnit m_unit;
};

}  // namespace lathe::corpus::detail
