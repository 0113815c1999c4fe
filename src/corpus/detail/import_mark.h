// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An import runs in many transactions, so the project keeps a mark while it runs: whoever finds the mark when opening
// the project for writing knows that the import never ended, and takes it out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "corpus/project.h"

namespace lathe::corpus::detail {

/// The setting that holds the mark. Its value is a JSON list of the labels that the import brought.
std::string unfinishedImportKey(SourceId source);
inline constexpr std::string_view kUnfinishedPrefix = "import.unfinished.";

std::string importMarkValue(std::span<const std::string> newLabels);
std::vector<std::string> importMarkLabels(const std::string& value);

/// Takes out the source, its samples, and those of \p newLabels that nothing carries now.
Result<> undoImport(CorpusStore& store, SourceId source, std::span<const std::string> newLabels);

}  // namespace lathe::corpus::detail
