// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One JSON document: a list of samples, each as in JSON lines.
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

class JsonWriter final : public SampleWriter {
public:
    void begin(const ExportFrame&, std::string& out) override { out += '['; }
    bool write(const OutgoingSample& sample, std::string& out, Losses& losses) override {
        out += m_isFirst ? "\n" : ",\n";
        m_isFirst = false;
        out += detail::projectJson(sample);
        detail::reportMetadataKeys(sample, losses);
        return true;
    }
    void end(std::string& out) override { out += "\n]\n"; }

private:
    bool m_isFirst = true;
};

}  // namespace

ExporterEntry jsonExporter() {
    return {.id = "json",
            .title = "JSON",
            .purpose = "One list with everything the project knows, for programs that read a document as a whole.",
            .importer = "json",
            .extensions = {"json"},
            .holds = detail::partsOfProject(),
            .make = [](const Json&) { return std::make_unique<JsonWriter>(); }};
}

}  // namespace lathe::corpus
