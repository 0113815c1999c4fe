// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/extras.h"

#include <algorithm>
#include <array>

#include "corpus/detail/project_cells.h"

namespace lathe::corpus::detail {
namespace {

/// What foreign formats have words for themselves.
constexpr std::array<std::string_view, 4> kNative{"text", "label", "labels", "spans"};

bool in(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

Json extrasOf(const OutgoingSample& sample, std::span<const std::string_view> without) {
    Json extras = Json::object();
    for (const ProjectColumn& column : projectColumns()) {
        if (in(kNative, column.id) || in(without, column.id))
            continue;
        const ProjectCell cell = projectCell(sample, column.id);
        if (cell.text.empty())
            continue;
        const auto json = cell.isJson ? parseJson(cell.text, column.id) : Result<Json>(Json(cell.text));
        if (json)
            extras[column.id] = *json;
    }
    if (const auto& labels = sample.labelling.labels; labels && labels->size() < 2)
        extras[std::string(kLabelSet)] = true;
    if (sample.labelling.spans)
        extras["offsets"] = "code points";
    for (const auto& [key, value] : sample.metadata)
        extras[in(without, key) ? "meta." + key : metadataKey(key)] = value;
    return extras;
}

bool takeExtras(const Json& extras, Cells& cells, std::span<const std::string_view> without) {
    bool isSet = false;
    for (const auto& [key, value] : extras.items()) {
        if (value.is_null() || in(without, key))
            continue;
        if (key == kLabelSet)
            isSet = value.is_boolean() && value.get<bool>();
        else if (key != "offsets" || value != "code points")
            cells.put(in(kNative, key) ? "meta." + key : key, value);
    }
    return isSet;
}

}  // namespace lathe::corpus::detail
