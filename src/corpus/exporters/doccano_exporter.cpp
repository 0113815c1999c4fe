// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// doccano's JSON lines: names or labelled parts under "label"; parts beside names as "entities" and "cats". Everything
// else stands among the members, where doccano takes it as meta data; comments in "Comments".
#include <array>

#include "corpus/detail/extras.h"
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

constexpr std::array<std::string_view, 12> kOwn{"text",     "data",      "label",   "labels",
                                                "entities", "relations", "cats",    "Comments",
                                                "meta",     "comments",  "comment", "annotation_approver"};

class DoccanoWriter final : public SampleWriter {
public:
    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        Json names = Json::array();
        if (!outgoing.label.empty())
            names.push_back(outgoing.label);
        if (outgoing.labelling.labels)
            for (const std::string& name : *outgoing.labelling.labels)
                if (name != outgoing.label)
                    names.push_back(name);
        if (!outgoing.label.empty() && outgoing.labelling.labels)
            losses.reduced("a single label beside a set becomes one of the set");
        Json line = Json::object();
        if (const auto& spans = outgoing.labelling.spans) {
            Json parts = Json::array();
            for (const NewLabelling::Span& span : *spans)
                parts.push_back({span.begin, span.end, span.label});
            const bool isPlain = names.empty() && !outgoing.labelling.labels && !parts.empty();
            line[isPlain ? "label" : "entities"] = std::move(parts);
            if (!isPlain && (!names.empty() || outgoing.labelling.labels))
                line["cats"] = names;
            else if (!isPlain)
                line["relations"] = Json::array();
        } else {
            line["label"] = names;
        }
        line["text"] = outgoing.sample.text;
        line["Comments"] = Json::array();
        if (!outgoing.sample.comment.empty())
            line["Comments"].push_back(outgoing.sample.comment);
        line.update(detail::extrasOf(outgoing, kOwn));
        out += toLine(line) + '\n';
        detail::reportMetadataKeys(outgoing, losses, kOwn);
        return true;
    }
};

}  // namespace

ExporterEntry doccanoExporter() {
    return {.id = "doccano",
            .title = "doccano",
            .purpose = "To go on labelling in doccano.",
            .importer = "doccano",
            .extensions = {"jsonl"},
            .holds = detail::partsOfProject(),
            .make = [](const Json&) { return std::make_unique<DoccanoWriter>(); }};
}

}  // namespace lathe::corpus
