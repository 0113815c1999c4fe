// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// spaCy's training data as JSON lines: "entities" as [start, end, "X"], "cats" with 1.0 for the labels of the text and
// 0.0 for the others of the file; everything else in "meta".
// \source https://spacy.io/api/data-formats#dict-input
#include <algorithm>
#include <array>

#include "corpus/detail/extras.h"
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

class SpacyWriter final : public SampleWriter {
public:
    void begin(const ExportFrame& frame, std::string&) override { m_labels = frame.labels; }

    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        Json line = Json::object();
        if (const auto& spans = outgoing.labelling.spans) {
            line["entities"] = Json::array();
            for (const NewLabelling::Span& span : *spans)
                line["entities"].push_back({span.begin, span.end, span.label});
        }
        line["cats"] = Json::object();
        const auto& set = outgoing.labelling.labels;
        if (!outgoing.label.empty() || set)
            for (const std::string& name : m_labels) {
                const bool has = name == outgoing.label || (set && std::ranges::find(*set, name) != set->end());
                line["cats"][name] = has ? 1.0 : 0.0;
            }
        if (!outgoing.label.empty() && set)
            losses.reduced("a single label beside a set becomes one of the set");
        line["text"] = outgoing.sample.text;
        line["meta"] = detail::extrasOf(outgoing);
        out += toLine(line) + '\n';
        detail::reportMetadataKeys(outgoing, losses);
        return true;
    }

private:
    std::vector<std::string> m_labels;
};

}  // namespace

ExporterEntry spacyExporter() {
    return {.id = "spacy",
            .title = "spaCy (JSON)",
            .purpose = "For training spaCy's text categories and entities.",
            .importer = "spacy",
            .extensions = {"jsonl"},
            .holds = detail::partsOfProject(),
            .needsFrame = true,
            .make = [](const Json&) { return std::make_unique<SpacyWriter>(); }};
}

}  // namespace lathe::corpus
