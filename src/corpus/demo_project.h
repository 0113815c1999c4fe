// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The project that a newcomer sees: a bank's customer service, in Chinese and English.
#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"
#include "corpus/project.h"

namespace lathe::corpus {

/// Makes the project \p folder with labels and guideline in \p language ("en", "zh_CN"; others get English), the
/// questions of both languages, some left to label, and the question/answer pairs.
/// \param resourcesFolder holds demo/ (or is it): labels.json, guideline_*.md, questions.csv, answers.jsonl.
/// \returns NotFound (a file is missing), Parse, InvalidInput (folder not empty), Io. Nothing is left behind then.
Result<Project> createDemoProject(const std::filesystem::path& folder, const std::string& language,
                                  const std::filesystem::path& resourcesFolder);

}  // namespace lathe::corpus
