// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Curves as rows: phase,step,epoch,seconds,metric,value.
#include <fmt/format.h>

#include "core/files.h"
#include "train/run_export.h"

namespace lathe::train {
namespace {

Result<> writeCsv(const ExportedRun& run, const std::filesystem::path& target, const ReportWords&) {
    std::string csv = "phase,step,epoch,seconds,metric,value\r\n";
    for (const RunCurve& curve : curvesOf(run.reports))
        for (const auto& point : curve.points)
            csv += fmt::format("{},{},{},{},{},{}\r\n", curve.phase, point.step, point.epoch, point.seconds, curve.name,
                               point.value);
    return writeFileAtomically(target, csv);
}

}  // namespace

RunExportEntry csvExport() {
    return {.id = "csv", .title = "Curves as a table (CSV)", .extension = "csv", .write = writeCsv};
}

}  // namespace lathe::train
