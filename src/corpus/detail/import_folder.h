// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Folders and archives: one preview and one mapping for all their files, one report, taken back as a whole.
#pragma once

#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// \p chosen: what the caller knows already; empty format = nothing.
Result<ImportPreview> previewFolder(const ImporterRegistry& registry, const std::filesystem::path& folder,
                                    const ImportOptions& chosen, int rows);
Result<ImportReport> importFolder(CorpusStore& store, const ImporterRegistry& registry,
                                  const std::filesystem::path& folder, const ImportOptions& options,
                                  JobContext& context);

Source sourceOf(std::string path, const ImportOptions& options);
void addFailedTakeBack(Error& error, const Error& back);

}  // namespace lathe::corpus::detail
