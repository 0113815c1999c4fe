// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a project's samples out: CSV and JSONL. The file appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>

#include "core/job_context.h"
#include "core/result.h"
#include "corpus/project.h"

namespace lathe::corpus {

/// \p format "csv" or "jsonl"; empty = by the file's extension. Columns: id, text, label, answer, split, flagged,
/// comment. \returns the number of samples written; InvalidInput (unknown format), Io, Canceled.
Result<std::int64_t> exportSamples(CorpusStore& store, const SampleFilter& filter, const std::filesystem::path& file,
                                   const std::string& format, JobContext& context);

}  // namespace lathe::corpus
