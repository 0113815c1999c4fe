// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the two JSON importers share: telling lists from lines, and reading ahead so that the columns are known.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "corpus/importer.h"

namespace lathe::corpus::detail {

struct JsonScores {
    int list = 0;   ///< one JSON document
    int lines = 0;  ///< a JSON value a line
};
JsonScores sniffJson(const std::filesystem::path& path, std::string_view head);

/// A reader that has read the first 100 records already, so that columns() names their keys before the first next().
/// Keys that appear later are added to columns().
Result<std::unique_ptr<RecordReader>> withKnownColumns(std::unique_ptr<RecordReader> reader);

}  // namespace lathe::corpus::detail
