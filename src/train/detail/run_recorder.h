// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RunRecorder: what a run leaves in its folder while it goes: metrics.jsonl, log.txt, config.json, versions.json.
// Thread: compute lane.
#pragma once

#include <chrono>
#include <cstdio>
#include <memory>

#include "core/log.h"
#include "train/detail/metrics_file.h"
#include "train/trainer.h"

namespace lathe::train {

class RunRecorder {
public:
    /// Makes the folder, writes config.json (the complete request) and versions.json, opens the other files for
    /// appending. \returns Io.
    static Result<RunRecorder> open(const TrainRequest& request, const Json& options, const Dataset& data,
                                    MetricBuffer& metrics);

    /// To whoever draws, and to metrics.jsonl, which is on its way to disk within a second. \returns Io.
    Result<> report(const StepReport& report);
    /// \returns Io when lines could not be written.
    Result<> flush();
    /// A line for log.txt and the program's log.
    void log(LogLevel level, const std::string& text);
    /// From now on lines go to log.txt alone: the run is only tried.
    void keepToItself() { m_tells = false; }
    const std::filesystem::path& folder() const { return m_folder; }

private:
    struct CloseFile {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    using File = std::unique_ptr<std::FILE, CloseFile>;
    Result<> writeFailed() const;

    std::filesystem::path m_folder;
    bool m_tells = true;  ///< of several processes one does
    MetricBuffer* m_metrics = nullptr;
    File m_metricsFile;
    File m_logFile;
    std::chrono::steady_clock::time_point m_flushed;
};

/// What the numbers of a run depend on besides its configuration: program, torch, compiler, processor.
Json versions();
/// The request with every option, as config.json has it.
Json requestJson(const TrainRequest& request, const Json& options, const Dataset& data);

}  // namespace lathe::train
