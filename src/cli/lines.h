// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reading lines of unknown origin: bounded in memory, checked for UTF-8.
#pragma once

#include <cstdint>
#include <fstream>
#include <istream>
#include <memory>
#include <string>

#include "core/result.h"

namespace lathe::cli {

struct InputLine {
    std::int64_t number = 0;  ///< 1-based
    std::string text;         ///< without its line break, valid UTF-8
    std::string error;        ///< not empty: why the line cannot be used; text is empty then
};

/// Streams lines; holds one line of at most kMaxLineBytes. Longer ones and those that are not UTF-8 become error lines,
/// and reading goes on behind them.
class LineReader {
public:
    static constexpr std::size_t kMaxLineBytes = 16u << 20;

    /// \p path "-" = \p standardInput. \returns NotFound, Io, InvalidInput (a folder).
    static Result<LineReader> open(const std::string& path, std::istream& standardInput);
    /// \returns false at the end.
    bool next(InputLine& line);

private:
    std::unique_ptr<std::ifstream> m_file;
    std::istream* m_in = nullptr;
    std::int64_t m_number = 0;
};

}  // namespace lathe::cli
