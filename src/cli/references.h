// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What words on the command line point at: a project, a model, the program's resources.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/result.h"
#include "corpus/project.h"

namespace lathe::cli {

struct OpenProject {
    corpus::Project project;
    std::unique_ptr<corpus::CorpusStore> store;
};

/// "bank" also finds bank.lathe. \returns NotFound, Busy, Io, Parse.
Result<OpenProject> openProject(const std::string& name, corpus::Access access);

/// Whether openProject() would look there: "bank" for the folder bank or bank.lathe.
bool namesProject(const std::string& name);

/// A project's run by its id or its number. \returns NotFound with the way to list them.
Result<corpus::Run> findRun(const OpenProject& opened, const std::string& name);

/// A model folder, PROJECT:RUN (the run's id, or its number), or PROJECT (its newest run that has a model).
/// \returns NotFound with the ways to name one.
Result<std::filesystem::path> findModel(const std::string& reference);
/// Where the model of \p run is: as its summary says, else the project's models/ID, else the run's best/.
std::filesystem::path modelFolderOf(const corpus::Project& project, const corpus::Run& run);

}  // namespace lathe::cli
