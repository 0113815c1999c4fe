// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// All that a project knows of a sample as cells under the roles' ids: for tables, JSON, and what foreign formats carry
// beside their own.
#pragma once

#include <string>
#include <vector>

#include "corpus/exporter.h"

namespace lathe::corpus::detail {

/// A cell as an import reads it. isJson: the text is JSON (a list, a number, true), else it is text.
struct ProjectCell {
    std::string text;
    bool isJson = false;
};
/// The cell of the role \p id; empty for what is not there. Not of the opinions.
ProjectCell projectCell(const OutgoingSample& sample, std::string_view id);
/// The roles that projectCell() knows, in the order of columns, with the part that each is for; nullopt: always there.
struct ProjectColumn {
    const char* id;
    std::optional<Part> part;
};
const std::vector<ProjectColumn>& projectColumns();
/// The name under which metadata \p key goes beside these: "meta.label" for one that a role has.
std::string metadataKey(const std::string& key);
/// Counts it when metadataKey() gives another name, or when it is one of the format's \p own.
void reportMetadataKeys(const OutgoingSample& sample, Losses& losses, std::span<const std::string_view> own = {});

inline constexpr const char* kZeroLoss = "texts with a zero character cannot be in a file of this format";
inline constexpr const char* kRenamedLoss = "other fields with the format's own names are renamed to meta.…";

/// Tables: RFC 4180 with \p delimiter.
std::unique_ptr<SampleWriter> makeTableWriter(char delimiter);
/// One line of JSON with all of it; the ends of lines are the caller's.
std::string projectJson(const OutgoingSample& sample);
std::set<Part> partsOfProject();

}  // namespace lathe::corpus::detail
