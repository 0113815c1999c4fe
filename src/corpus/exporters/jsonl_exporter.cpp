// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON lines: a sample a line, with all that the project knows of it. Labelled parts count in code points, and the line
// says so.
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

class JsonlWriter final : public SampleWriter {
public:
    bool write(const OutgoingSample& sample, std::string& out, Losses& losses) override {
        out += detail::projectJson(sample);
        out += '\n';
        detail::reportMetadataKeys(sample, losses);
        return true;
    }
};

}  // namespace

ExporterEntry jsonlExporter() {
    return {.id = "jsonl",
            .title = "JSON lines",
            .purpose = "A sample a line with everything the project knows, for programs and other projects.",
            .importer = "jsonl",
            .extensions = {"jsonl", "ndjson"},
            .holds = detail::partsOfProject(),
            .make = [](const Json&) { return std::make_unique<JsonlWriter>(); }};
}

}  // namespace lathe::corpus
