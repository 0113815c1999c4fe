// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/project_cells.h"

#include <fmt/format.h>

#include <algorithm>

#include "corpus/detail/conversation.h"
#include "corpus/detail/json_text.h"
#include "corpus/detail/named_labelling.h"

namespace lathe::corpus::detail {
namespace {

std::string turnLabelsJson(const std::vector<NewLabelling::Turn>& labels) {
    Json json = Json::array();
    for (const NewLabelling::Turn& label : labels)
        json.push_back({label.turn, label.label});
    return toLine(json);
}

ProjectCell asJson(std::string text) {
    return {std::move(text), true};
}

ProjectCell yes(bool value) {
    return asJson(value ? "true" : "");
}

}  // namespace

const std::vector<ProjectColumn>& projectColumns() {
    static const std::vector<ProjectColumn> columns{{"text", {}},
                                                    {"label", {}},
                                                    {"labels", Part::LabelSet},
                                                    {"answer", {}},
                                                    {"split", {}},
                                                    {"flagged", {}},
                                                    {"skipped", Part::Skip},
                                                    {"comment", {}},
                                                    {"rating", Part::Rating},
                                                    {"spans", Part::Spans},
                                                    {"turns", Part::Turns},
                                                    {"turn_labels", Part::TurnLabels},
                                                    {"candidates", Part::Candidates},
                                                    {"preferred", Part::Preferred}};
    return columns;
}

ProjectCell projectCell(const OutgoingSample& outgoing, std::string_view id) {
    const Sample& sample = outgoing.sample;
    const NewLabelling& labelling = outgoing.labelling;
    if (id == "text")
        return {sample.text};
    if (id == "label")
        return {outgoing.label};
    if (id == "labels")
        return asJson(labelsJson(labelling));
    if (id == "answer")
        return {sample.answer};
    if (id == "split")
        return {splitName(sample.split)};
    if (id == "flagged")
        return yes(sample.flagged);
    if (id == "skipped")
        return yes(sample.skipped);
    if (id == "comment")
        return {sample.comment};
    if (id == "rating")
        return labelling.rating ? asJson(fmt::format("{}", *labelling.rating)) : ProjectCell();
    if (id == "spans")
        return asJson(spansJson(labelling));
    if (id == "turns")
        return sample.content.turns.empty() ? ProjectCell() : asJson(turnsJson(sample.content.turns));
    if (id == "turn_labels")
        return labelling.turns ? asJson(turnLabelsJson(*labelling.turns)) : ProjectCell();
    if (id == "candidates")
        return sample.content.candidates.empty() ? ProjectCell() : asJson(toLine(Json(sample.content.candidates)));
    if (id == "preferred" && labelling.preferred)
        return asJson(std::to_string(*labelling.preferred));
    return {};
}

std::string metadataKey(const std::string& key) {
    const auto isRole = std::ranges::any_of(importRoles(), [&](const ImportRole& role) { return key == role.id; });
    return isRole || key == kLabelSet || key == "offsets" ? "meta." + key : key;
}

void reportMetadataKeys(const OutgoingSample& sample, Losses& losses, std::span<const std::string_view> own) {
    const auto isRenamed = [&](const auto& each) {
        return metadataKey(each.first) != each.first || std::ranges::find(own, each.first) != own.end();
    };
    if (std::ranges::any_of(sample.metadata, isRenamed))
        losses.reduced(kRenamedLoss);
}

std::string projectJson(const OutgoingSample& sample) {
    std::string line = "{";
    const auto put = [&line](std::string_view key, const ProjectCell& cell) {
        line += line.size() > 1 ? "," : "";
        appendJsonString(line, key);
        line += ':';
        if (cell.text.empty())
            line += "null";
        else if (cell.isJson)
            line += cell.text;
        else
            appendJsonString(line, cell.text);
    };
    for (const ProjectColumn& column : projectColumns()) {
        const ProjectCell cell = projectCell(sample, column.id);
        if (!column.part || !cell.text.empty())
            put(column.id, cell);
    }
    if (sample.labelling.spans)
        line += ",\"offsets\":\"code points\"";
    for (const auto& [key, value] : sample.metadata)
        put(metadataKey(key), {value});
    return line + "}";
}

std::set<Part> partsOfProject() {
    std::set<Part> all(allParts().begin(), allParts().end());
    all.erase(Part::Opinions);
    return all;
}

}  // namespace lathe::corpus::detail
