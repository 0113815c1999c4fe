// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench import: rows per second and peak memory of reading made-up CSV and JSONL files into a new project.
#include <sys/resource.h>

#include <fstream>

#include "cli/bench.h"
#include "cli/bench/synthetic_text.h"
#include "core/files.h"
#include "core/scratch_folder.h"
#include "corpus/importer.h"

namespace lathe::cli {
namespace {

/// Of the whole process so far, in bytes.
std::uint64_t peakMemory() {
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

Result<std::uint64_t> writeRows(const std::filesystem::path& file, std::int64_t rows, bool csv) {
    std::ofstream out(file, std::ios::binary);
    SyntheticText source(4);
    if (csv)
        out << "text,label\n";
    for (std::int64_t i = 0; i < rows; ++i) {
        // The number keeps every text different: duplicates would not be added.
        const std::string text = fmt::format("{} {}", source.words(10), i);
        const auto label = i % 50;
        if (csv)
            out << fmt::format("\"{}\",intent {}\n", text, label);
        else
            out << fmt::format("{{\"text\": \"{}\", \"label\": \"intent {}\"}}\n", text, label);
    }
    if (!out.flush())
        return fail(ErrorCode::Io, fmt::format("{} could not be written; is the disk full?", file.string()));
    return static_cast<std::uint64_t>(out.tellp());
}

Result<Json> importOnce(const std::filesystem::path& folder, std::int64_t rows, bool csv, JobContext& context,
                        std::string& text) {
    const char* name = csv ? "csv" : "jsonl";
    const auto file = folder / fmt::format("rows.{}", name);
    LATHE_TRY(const auto bytes, writeRows(file, rows, csv));
    LATHE_TRY(const auto project, corpus::Project::create(folder / name));
    LATHE_TRY(const auto store, project.connect());
    const auto registry = corpus::makeImporterRegistry();
    LATHE_TRY(const auto preview, corpus::previewFile(registry, file));
    LATHE_TRY(const auto report, corpus::importFile(*store, registry, file, preview.options, context));
    if (report.taken != rows)
        return fail(ErrorCode::Internal, fmt::format("{} of {} rows were taken", report.taken, rows));
    const double rate = static_cast<double>(rows) / report.seconds;
    text += fmt::format("{:<5}  {} rows, {} in {:.2f} s: {:.0f} rows/s, {}/s; peak memory {}\n", name, rows,
                        humanBytes(bytes), report.seconds, rate,
                        humanBytes(static_cast<std::uint64_t>(static_cast<double>(bytes) / report.seconds)),
                        humanBytes(peakMemory()));
    return Json{{"rows", rows},
                {"bytes", bytes},
                {"seconds", report.seconds},
                {"rows_per_second", rate},
                {"peak_memory_bytes", peakMemory()}};
}

Result<Json> runImport(const BenchOptions& options, Console& console) {
    const std::int64_t rows = options.count > 0 ? options.count : 200'000;
    LATHE_TRY(const auto temporary, ScratchFolder::make("bench"));
    std::string text;
    Json json = Json::object();
    LATHE_TRY(json["csv"], importOnce(temporary.path(), rows, true, console.context(), text));
    LATHE_TRY(json["jsonl"], importOnce(temporary.path(), rows, false, console.context(), text));
    json["text"] = text;
    return json;
}

}  // namespace

BenchEntry importBench() {
    return {.id = "import", .summary = "reading CSV and JSONL into a project", .run = runImport};
}

}  // namespace lathe::cli
