// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prodigy's tasks: "spans", "label" or "accept", "answer"; everything else in "meta". The hashes, by which Prodigy
// knows a task again, come from the text and from all of the task. \source https://prodi.gy/docs/api-interfaces
#include <algorithm>
#include <array>

#include "core/hash.h"
#include "corpus/detail/extras.h"
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

std::int32_t hash32(std::string_view text) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(hash64(text)));
}

class ProdigyWriter final : public SampleWriter {
public:
    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        const std::string& text = outgoing.sample.text;
        Json task = Json::object();
        if (outgoing.labelling.labels) {
            Json accepted = *outgoing.labelling.labels;
            if (!outgoing.label.empty() && std::ranges::find(accepted, Json(outgoing.label)) == accepted.end())
                accepted.push_back(outgoing.label);
            if (!outgoing.label.empty())
                losses.reduced("a single label beside a set becomes one of the set");
            task["options"] = Json::array();
            for (const Json& name : accepted)
                task["options"].push_back({{"id", name}, {"text", name}});
            task["accept"] = std::move(accepted);
        } else if (!outgoing.label.empty()) {
            task["label"] = outgoing.label;
        }
        if (const auto& spans = outgoing.labelling.spans) {
            task["spans"] = Json::array();
            for (const NewLabelling::Span& span : *spans)
                task["spans"].push_back({{"start", span.begin}, {"end", span.end}, {"label", span.label}});
        }
        if (outgoing.sample.skipped)
            task["answer"] = "ignore";
        else if (outgoing.isLabelled())
            task["answer"] = "accept";
        task["meta"] = detail::extrasOf(outgoing, std::array<std::string_view, 1>{"skipped"});
        Json line{{"_input_hash", hash32(text)}, {"_task_hash", hash32(text + toLine(task))}};
        line.update(task);
        line["text"] = text;
        if (!outgoing.annotator.empty())
            line["_annotator_id"] = outgoing.annotator;
        out += toLine(line) + '\n';
        detail::reportMetadataKeys(outgoing, losses);
        return true;
    }
};

}  // namespace

ExporterEntry prodigyExporter() {
    return {.id = "prodigy",
            .title = "Prodigy",
            .purpose = "To go on labelling in Prodigy, or for its training commands.",
            .importer = "prodigy",
            .extensions = {"jsonl"},
            .holds = detail::partsOfProject(),
            .make = [](const Json&) { return std::make_unique<ProdigyWriter>(); }};
}

}  // namespace lathe::corpus
