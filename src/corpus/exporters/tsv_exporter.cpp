// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A table, TSV. Cells are quoted as in CSV, so that a text may have tabs and line ends. What is written here,
// importFile() reads back unchanged.
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {

ExporterEntry tsvExporter() {
    return {.id = "tsv",
            .title = "Table (TSV)",
            .purpose = "A table with tabs between the columns, for programs that stumble over commas.",
            .importer = "csv",
            .extensions = {"tsv", "tab"},
            .holds = detail::partsOfProject(),
            .needsFrame = true,
            .make = [](const Json&) { return detail::makeTableWriter('\t'); }};
}

}  // namespace lathe::corpus
