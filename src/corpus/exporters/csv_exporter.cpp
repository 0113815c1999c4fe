// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A table, CSV. RFC 4180: cells quoted where needed, rows end in CRLF. What is written here, importFile() reads back
// unchanged.
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {

ExporterEntry csvExporter() {
    return {.id = "csv",
            .title = "Table (CSV)",
            .purpose = "For Excel and every other program that reads tables.",
            .importer = "csv",
            .extensions = {"csv"},
            .holds = detail::partsOfProject(),
            .needsFrame = true,
            .make = [](const Json&) { return detail::makeTableWriter(','); }};
}

}  // namespace lathe::corpus
