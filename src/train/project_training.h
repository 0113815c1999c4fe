// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The way from a project to a run and back: snapshot, dataset, run id, run row, model folder. Used by window and CLI
// alike. Thread: compute lane, with a store connection of its own.
#pragma once

#include "corpus/project.h"
#include "train/trainer.h"

namespace lathe::train {

struct ProjectRun {
    std::string id;  ///< "0007-ngram"
    corpus::Snapshot snapshot;
    Dataset data;
    TrainRequest request;
};

/// Makes a snapshot (stratified dev split of option dev_share, seed), reads it into a Dataset and reserves a run id.
/// \returns InvalidInput (nothing labelled; fewer than two labels), Io.
Result<ProjectRun> prepareProjectRun(const corpus::Project& project, corpus::CorpusStore& store,
                                     const std::string& model, const std::string& method, const Json& options);
/// What a run would train on, to check it: no snapshot is made, no id is taken, nothing is written. Its folders are
/// those of no run; id and snapshot.id are empty.
Result<ProjectRun> previewProjectRun(const corpus::Project& project, corpus::CorpusStore& store,
                                     const std::string& model, const std::string& method, const Json& options);
/// The same run again from its checkpoint: its snapshot, its options.
Result<ProjectRun> resumeProjectRun(const corpus::Project& project, corpus::CorpusStore& store,
                                    const std::string& runId);
/// Trains and keeps the run's row up to date (running, then done, stopped or failed, with the summary).
Result<TrainOutcome> executeProjectRun(corpus::CorpusStore& store, const ProjectRun& run, MetricBuffer& metrics,
                                       JobContext& context, std::shared_ptr<RunControl> control = {});

}  // namespace lathe::train
