// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which column holds the text, the label, the answer and the split: by usual names, then by what the cells look like.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// Is \p name one that a text, label, answer or split column usually has? Case and blanks around do not count.
bool isRoleName(std::string_view name);
/// Sets options' column members. Columns that the options name already, and that exist, are left.
void detectRoles(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows,
                 ImportOptions& options);
/// For formats whose columns have the roles' ids: where no text column is chosen, each role gets the column of its id,
/// also one that may come where the columns grow. Other columns that are not there are taken out of \p options.
void useRoleNames(const std::vector<std::string>& columns, bool grows, ImportOptions& options);
/// Are these the columns of a project's export?
bool isOwnExport(const std::vector<std::string>& columns);
/// Of such an export whose columns may come later: a role whose column is not there yet gets it.
void expectOwnRoles(const std::vector<std::string>& columns, ImportOptions& options);
/// Trimmed; empty ones become "column 3", repeated ones "name (2)".
std::vector<std::string> columnNames(const std::vector<std::string>& cells);
std::string trimmed(std::string_view text);
/// "csv" of "a.CSV".
std::string lowerExtension(const std::filesystem::path& path);

}  // namespace lathe::corpus::detail
