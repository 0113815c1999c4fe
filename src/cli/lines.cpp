// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lines.h"

#include <fmt/format.h>

#include <filesystem>

#include "core/files.h"
#include "core/utf8.h"

namespace lathe::cli {

Result<LineReader> LineReader::open(const std::string& path, std::istream& standardInput) {
    LineReader reader;
    if (path == "-") {
        reader.m_in = &standardInput;
        return reader;
    }
    std::error_code code;
    if (!std::filesystem::exists(path, code))
        return fail(ErrorCode::NotFound,
                    fmt::format("{} does not exist; give a text file, or - for standard input", path));
    if (std::filesystem::is_directory(path, code))
        return fail(ErrorCode::InvalidInput, fmt::format("{} is a folder; give a text file", path));
    reader.m_file = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!*reader.m_file)
        return fail(ErrorCode::Io, fmt::format("{} cannot be opened; check who may read it", path));
    reader.m_in = reader.m_file.get();
    return reader;
}

bool LineReader::next(InputLine& line) {
    line.text.clear();
    line.error.clear();
    auto* buffer = m_in->rdbuf();
    constexpr int end = std::char_traits<char>::eof();
    int c = buffer->sbumpc();
    if (c == end)
        return false;
    line.number = ++m_number;
    std::size_t bytes = 0;
    for (; c != end && c != '\n'; c = buffer->sbumpc()) {
        if (++bytes <= kMaxLineBytes)
            line.text.push_back(static_cast<char>(c));
    }
    if (line.text.ends_with('\r'))
        line.text.pop_back();
    if (m_number == 1 && line.text.starts_with("\xEF\xBB\xBF"))
        line.text.erase(0, 3);
    if (bytes > kMaxLineBytes) {
        line.error = fmt::format("line {} has {}, more than the {} that a line may have; split it", m_number,
                                 humanBytes(bytes), humanBytes(kMaxLineBytes));
    } else if (const auto bad = firstInvalidUtf8(line.text); bad != std::string::npos) {
        line.error = fmt::format("line {} is not valid UTF-8 at byte {}; convert the file to UTF-8", m_number, bad + 1);
    }
    if (!line.error.empty()) {
        line.text.clear();
        line.text.shrink_to_fit();
    }
    return true;
}

}  // namespace lathe::cli
