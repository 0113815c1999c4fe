// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A run for other programs and for people: curves as CSV and as TensorBoard event files, a report as one HTML page.
// A format is one file and one line in exports/. Torch-free. Thread: any.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/registry.h"
#include "core/result.h"
#include "corpus/project.h"
#include "train/trainer.h"

namespace lathe::train {

/// What is told of a run.
struct ExportedRun {
    std::string id;
    std::string project;  ///< name; may be empty
    std::string status;   ///< running, done, stopped, failed
    std::int64_t createdMs = 0;
    std::string snapshot;  ///< what it was trained on, in words; may be empty
    Json config, summary;  ///< as in the project's row; null where there is none
    std::vector<StepReport> reports;
};

/// The words of a report in the reader's language; gets English.
using ReportWords = std::function<std::string(const char* english)>;

struct RunExportEntry {
    std::string id;         ///< "tensorboard"
    std::string title;      ///< "TensorBoard event file"
    std::string extension;  ///< "html"; empty: a folder is written into
    /// \p target a file, or an existing folder where there is no extension. \returns Io.
    std::function<Result<>(const ExportedRun& run, const std::filesystem::path& target, const ReportWords& words)>
        write;
};
using RunExportRegistry = Registry<RunExportEntry>;
RunExportRegistry makeRunExportRegistry();

/// What a project keeps of a run. \returns readMetrics()'s errors but NotFound: a run that was stopped before its first
/// step has no curves.
Result<ExportedRun> exportedRun(const corpus::Project& project, const corpus::Run& run);
/// Writes the run in the format that \p target asks for by its ending, or by being a folder. \returns the format's
/// title; InvalidInput for another ending, Io.
Result<std::string> exportRun(const ExportedRun& run, const std::filesystem::path& target,
                              const ReportWords& words = {});

/// A curve of a run: what was measured, and at which reports.
struct RunCurve {
    std::string phase;  ///< "train", "pretrain"
    std::string name;   ///< "train_loss", "dev_loss", "learning_rate", "dev/accuracy" ...
    struct Point {
        std::int64_t step = 0;
        double epoch = 0, seconds = 0, value = 0;
    };
    std::vector<Point> points;
};
/// In the order in which they first occur; what was not measured has no point. Values that are not finite have none
/// either: metrics.jsonl does not keep them.
std::vector<RunCurve> curvesOf(const std::vector<StepReport>& reports);

}  // namespace lathe::train
