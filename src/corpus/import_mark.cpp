// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/import_mark.h"

#include <algorithm>
#include <unordered_set>

#include "core/json.h"

namespace lathe::corpus::detail {

std::string unfinishedImportKey(SourceId source) {
    return std::string(kUnfinishedPrefix) + std::to_string(source);
}

std::string importMarkValue(std::span<const std::string> newLabels) {
    Json names = Json::array();
    for (const std::string& name : newLabels)
        names.push_back(name);
    return toLine(names);
}

std::vector<std::string> importMarkLabels(const std::string& value) {
    std::vector<std::string> names;
    const auto json = parseJson(value, "import mark");
    if (json && json->is_array())
        for (const Json& name : *json)
            if (name.is_string())
                names.push_back(name.get<std::string>());
    return names;
}

Result<> undoImport(CorpusStore& store, SourceId source, std::span<const std::string> newLabels) {
    LATHE_CHECK(store.removeSource(source));
    const std::unordered_set<std::string> brought(newLabels.begin(), newLabels.end());
    LATHE_TRY(const auto labels, store.labels());
    for (const Label& label : labels)
        if (label.count == 0 && brought.contains(label.name))
            LATHE_CHECK(store.removeLabel(label.id));
    return {};
}

}  // namespace lathe::corpus::detail
