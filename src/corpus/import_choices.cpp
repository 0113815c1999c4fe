// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How files were read before, kept in the project's settings: one line of JSON for each shape of file.
#include <algorithm>

#include "core/hash.h"
#include "core/json.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

std::string keyOf(const ImportPreview& detected) {
    std::string shape = detected.options.format;
    for (const auto* const names : {&detected.tables, &detected.columns}) {
        shape += '\x1E';
        for (const std::string& name : *names)
            shape += name + '\x1F';
    }
    return "import.options." + hash128Hex(shape);
}

constexpr ImportRole kFileTexts[] = {{"format", "", &ImportOptions::format},
                                     {"encoding", "", &ImportOptions::encoding},
                                     {"table", "", &ImportOptions::table},
                                     {"query", "", &ImportOptions::query}};

constexpr ImportRole kRoles[] = {{"text", "text", &ImportOptions::textColumn},
                                 {"label", "label", &ImportOptions::labelColumn},
                                 {"labels", "labels", &ImportOptions::labelsColumn},
                                 {"rating", "rating", &ImportOptions::ratingColumn},
                                 {"spans", "labelled parts", &ImportOptions::spansColumn},
                                 {"answer", "answer", &ImportOptions::answerColumn},
                                 {"turns", "conversation", &ImportOptions::turnsColumn},
                                 {"turn_labels", "turns' labels", &ImportOptions::turnLabelsColumn},
                                 {"candidates", "answers to compare", &ImportOptions::candidatesColumn},
                                 {"preferred", "preferred answer", &ImportOptions::preferredColumn},
                                 {"chosen", "better answer", &ImportOptions::chosenColumn},
                                 {"rejected", "other answer", &ImportOptions::rejectedColumn},
                                 {"split", "split", &ImportOptions::splitColumn},
                                 {"annotator", "annotator", &ImportOptions::annotatorColumn},
                                 {"opinions", "others' labels", &ImportOptions::opinionsColumn},
                                 {"flagged", "flag", &ImportOptions::flaggedColumn},
                                 {"skipped", "skipped", &ImportOptions::skippedColumn},
                                 {"comment", "comment", &ImportOptions::commentColumn}};

}  // namespace

std::span<const ImportRole> importRoles() {
    return kRoles;
}

Result<> rememberOptions(CorpusStore& store, const ImporterRegistry& registry, const std::filesystem::path& file,
                         const ImportOptions& used) {
    LATHE_TRY(const auto detected, previewFile(registry, file, 0));
    Json json = Json::object();
    for (const ImportRole& text : kFileTexts)
        json[text.id] = used.*text.column;
    for (const ImportRole& role : kRoles)
        json[role.id] = used.*role.column;
    // The next file may be written in another encoding: only one that had to be corrected is worth keeping.
    if (used.encoding == detected.options.encoding)
        json["encoding"] = "";
    json["delimiter"] = std::string(1, used.delimiter);
    json["header"] = used.header;
    json["unit"] = textUnitName(used.unit);
    return store.setSetting(keyOf(detected), toLine(json));
}

Result<std::optional<ImportOptions>> rememberedOptions(CorpusStore& store, const ImportPreview& detected) {
    LATHE_TRY(const std::string value, store.setting(keyOf(detected)));
    const auto json = value.empty() ? Result<Json>(Json()) : parseJson(value, "import options");
    if (!json || !json->is_object())
        return std::optional<ImportOptions>();
    ImportOptions options = detected.options;
    const auto take = [&](const ImportRole& text) {
        if (const auto found = json->find(text.id); found != json->end() && found->is_string())
            options.*text.column = found->get<std::string>();
    };
    std::ranges::for_each(kFileTexts, take);
    std::ranges::for_each(kRoles, take);
    if (options.encoding.empty())
        options.encoding = detected.options.encoding;
    if (const auto delimiter = json->find("delimiter");
        delimiter != json->end() && delimiter->is_string() && delimiter->get<std::string>().size() == 1)
        options.delimiter = delimiter->get<std::string>().front();
    if (const auto header = json->find("header"); header != json->end() && header->is_boolean())
        options.header = header->get<bool>();
    if (const auto unit = json->find("unit"); unit != json->end() && unit->is_string())
        options.unit = textUnitFromName(unit->get<std::string>()).value_or(detected.options.unit);
    return std::optional(std::move(options));
}

}  // namespace lathe::corpus
