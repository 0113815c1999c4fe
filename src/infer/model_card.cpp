// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source huggingface.co/docs/hub/model-cards (the head's keys)
#include "infer/model_card.h"

#include <fmt/format.h>

#include <iterator>

#include "core/json.h"

namespace lathe::infer {
namespace {

std::string cell(const std::string& text) {
    std::string safe;
    for (const char c : text)
        safe += c == '|' ? "\\|" : c == '\n' || c == '\r' ? " " : std::string(1, c);
    return safe;
}

/// A text of YAML: JSON's quoting is YAML's, too.
std::string quoted(const std::string& text) {
    return toLine(Json(text));
}

std::string table(const char* head, const ModelCard::Rows& rows) {
    std::string text = fmt::format("| {} |\n| --- | --- |\n", head);
    for (const auto& [key, value] : rows)
        fmt::format_to(std::back_inserter(text), "| {} | {} |\n", cell(key), cell(value));
    return text;
}

}  // namespace

std::string modelCardText(const ModelCard& card) {
    std::string text = "---\n";
    const auto out = std::back_inserter(text);
    const auto key = [&](const char* name, const std::string& value) {
        if (!value.empty())
            fmt::format_to(out, "{}: {}\n", name, quoted(value));
    };
    key("base_model", card.baseModel);
    key("language", card.language);
    key("license", card.license);
    key("library_name", card.library);
    key("pipeline_tag", card.pipelineTag);
    text += "tags:\n- lathe\n---\n\n";
    fmt::format_to(out, "# {}\n\n{}\n", cell(card.title), card.summary);
    if (!card.facts.empty())
        text += "\n" + table(" | ", card.facts);
    if (!card.metrics.empty())
        fmt::format_to(out, "\n## {}\n\n{}", card.metricsTitle, table("metric | value", card.metrics));
    if (!card.note.empty())
        fmt::format_to(out, "\n{}\n", card.note);
    if (!card.labels.empty()) {
        text += "\n## Labels\n\n";
        for (const auto& label : card.labels)
            fmt::format_to(out, "- {}\n", cell(label));
    }
    if (!card.settings.empty())
        text += "\n## Settings\n\n" + table("option | value", card.settings);
    if (!card.madeWith.empty())
        fmt::format_to(out, "\n{}\n", card.madeWith);
    return text;
}

}  // namespace lathe::infer
