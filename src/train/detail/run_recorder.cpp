// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/run_recorder.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

#include "core/files.h"
#include "core/program.h"
#include "train/distributed.h"

namespace lathe::train {
namespace {

std::string processorName() {
    const std::string name = systemField(readSystemFile("/proc/cpuinfo"), "model name");
    return name.empty() ? "unknown" : name;
}

}  // namespace

Json versions() {
    return {{"lathe", LATHE_VERSION},
            {"torch", TORCH_VERSION},
            {"compiler", __VERSION__},
            {"cpu", processorName()},
            {"cpu_threads", std::thread::hardware_concurrency()},
            {"compute_threads", at::get_num_threads()}};
}

Json requestJson(const TrainRequest& request, const Json& options, const Dataset& data) {
    return {{"model", request.model},
            {"method", request.method},
            {"options", options},
            {"labels", data.labels},
            {"train_texts", data.train.size()},
            {"dev_texts", data.dev.size()},
            {"unlabelled_texts", data.unlabelled.size()},
            {"snapshot", data.snapshotHash}};
}

Result<RunRecorder> RunRecorder::open(const TrainRequest& request, const Json& options, const Dataset& data,
                                      MetricBuffer& metrics) {
    RunRecorder recorder;
    recorder.m_folder = request.runFolder;
    recorder.m_metrics = &metrics;
    recorder.m_tells = !request.workers || isFirst(*request.workers);
    LATHE_CHECK(makeFolder(request.runFolder));
    LATHE_CHECK(writeJsonFile(request.runFolder / "config.json", requestJson(request, options, data)));
    LATHE_CHECK(writeJsonFile(request.runFolder / "versions.json", versions()));
    recorder.m_metricsFile.reset(std::fopen((request.runFolder / "metrics.jsonl").c_str(), "ae"));
    recorder.m_logFile.reset(std::fopen((request.runFolder / "log.txt").c_str(), "ae"));
    if (!recorder.m_metricsFile || !recorder.m_logFile)
        return fail(ErrorCode::Io, fmt::format("cannot write in the run folder {}: {}", request.runFolder.string(),
                                               std::strerror(errno)));
    recorder.m_flushed = std::chrono::steady_clock::now();
    return recorder;
}

Result<> RunRecorder::writeFailed() const {
    return fail(ErrorCode::Io, fmt::format("cannot write {}: {}; free some space and resume the run",
                                           (m_folder / "metrics.jsonl").string(), std::strerror(errno)));
}

Result<> RunRecorder::report(const StepReport& report) {
    m_metrics->append(report);
    const std::string line = toLine(toJson(report)) + "\n";
    if (std::fwrite(line.data(), 1, line.size(), m_metricsFile.get()) != line.size())
        return writeFailed();
    if (std::chrono::steady_clock::now() - m_flushed >= std::chrono::seconds(1))
        return flush();
    return {};
}

Result<> RunRecorder::flush() {
    m_flushed = std::chrono::steady_clock::now();
    return std::fflush(m_metricsFile.get()) == 0 ? Result<>() : writeFailed();
}

void RunRecorder::log(LogLevel level, const std::string& text) {
    if (m_tells)
        logLine(level, "train", text);
    const std::string line =
        formatLogLine({.timeMs = nowMs(), .level = level, .category = "train", .text = text}) + "\n";
    // The log is a courtesy: a full disk shows at metrics.jsonl and at the checkpoint, with an error.
    if (std::fwrite(line.data(), 1, line.size(), m_logFile.get()) == line.size())
        std::fflush(m_logFile.get());
}

}  // namespace lathe::train
