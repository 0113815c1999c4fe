// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON lines: a JSON value a line.
#include "corpus/detail/json_rows.h"
#include "corpus/detail/json_sniff.h"
#include "corpus/importer.h"

namespace lathe::corpus {

ImporterEntry jsonlImporter() {
    return {
        .id = "jsonl",
        .title = "JSON lines",
        .extensions = {"jsonl", "ndjson"},
        .sniff = [](const std::filesystem::path& path,
                    std::string_view head) { return detail::sniffJson(path, head).lines; },
        .detect = [](std::string_view, ImportOptions&) {},
        .open = [](const std::filesystem::path& path,
                   const ImportOptions& options) { return detail::openJsonRows(path, options, detail::lineElements); }};
}

}  // namespace lathe::corpus
