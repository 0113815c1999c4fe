// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Keeping the project's search index (search.db) up with its texts. A search is right without it, only slower.
#pragma once

#include <chrono>

#include "core/job_context.h"
#include "corpus/project.h"

namespace lathe::corpus {

/// Indexes for about \p time what is not indexed yet; others may read, search and label meanwhile.
/// \returns true when everything is indexed (always, when the project is open for reading only: nothing is written
/// then); Io when the index cannot be written.
Result<bool> updateSearchIndex(const Project& project, JobContext& context, std::chrono::milliseconds time);

/// Until everything is indexed, with progress. \returns Canceled, Io.
Result<> completeSearchIndex(const Project& project, JobContext& context);

}  // namespace lathe::corpus
