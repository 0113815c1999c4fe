// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A search over a project's runs: searches/<name>/search.json says what is searched, search.jsonl is the table, and
// each trial is an ordinary run of the project. Used by window and CLI alike.
// Thread: compute lane, with a store connection of its own.
#pragma once

#include "corpus/project.h"
#include "train/search.h"
#include "train/trainer.h"

namespace lathe::train {

struct ProjectSearch {
    std::string name;  ///< folder name below searches/
    std::filesystem::path folder;
    SearchRequest request;
    std::string metric;  ///< what decides: option best_by
    bool higherIsBetter = true;
};

/// What a search can vary: the options that any of \p methods has, and "method" itself. A trial takes of them what its
/// method has.
std::vector<OptionSpec> searchSpecs(const ModelChoice& choice, const std::vector<std::string>& methods);

/// Checks the request (every value of every option, the model, the method) and makes the folder. \p name: "" = the next
/// number. \returns InvalidInput, NotFound, Io.
Result<ProjectSearch> prepareProjectSearch(const corpus::Project& project, const SearchRequest& request,
                                           const std::string& name = "");
/// A search that was begun before. \returns NotFound, Parse, Io.
Result<ProjectSearch> findProjectSearch(const corpus::Project& project, const std::string& name);

/// Called when a trial begins and when it is over.
using OnTrial = std::function<void(const Trial&)>;
/// Runs the trials that are left, going on with a run that was stopped. \p metrics gets every run's.
Result<SearchOutcome> executeProjectSearch(const corpus::Project& project, corpus::CorpusStore& store,
                                           const ProjectSearch& search, MetricBuffer& metrics, JobContext& context,
                                           const OnTrial& onTrial = {});

}  // namespace lathe::train
