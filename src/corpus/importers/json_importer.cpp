// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One JSON document: a list of records, or an object that has such a list among its members.
#include "corpus/detail/json_rows.h"
#include "corpus/detail/json_sniff.h"
#include "corpus/importer.h"

namespace lathe::corpus {

ImporterEntry jsonImporter() {
    return {.id = "json",
            .title = "JSON",
            .extensions = {"json"},
            .sniff = [](const std::filesystem::path& path,
                        std::string_view head) { return detail::sniffJson(path, head).list; },
            .detect = [](std::string_view, ImportOptions&) {},
            .open =
                [](const std::filesystem::path& path, const ImportOptions& options) {
                    return detail::openJsonRows(path, options, detail::documentElements);
                }};
}

}  // namespace lathe::corpus
