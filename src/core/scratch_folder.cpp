// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/scratch_folder.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>

namespace lathe {

namespace fs = std::filesystem;

Result<ScratchFolder> ScratchFolder::make(std::string_view purpose) {
    std::error_code code;
    std::string name = (fs::temp_directory_path(code) / fmt::format("lathe-{}-XXXXXX", purpose)).string();
    if (code || ::mkdtemp(name.data()) == nullptr)
        return fail(ErrorCode::Io, fmt::format("no folder for temporary files could be made: {}; free some space, or "
                                               "set TMPDIR to a folder that can be written",
                                               code ? code.message() : std::strerror(errno)));
    return ScratchFolder(name);
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    if (!m_path.empty())
        fs::remove_all(m_path, ignored);
}

}  // namespace lathe
