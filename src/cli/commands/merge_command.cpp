// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli merge INTO FROM...: other people's projects into one's own.
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/references.h"
#include "corpus/merge.h"

namespace lathe::cli {
namespace {

Json toJson(const std::string& from, const corpus::MergeReport& report) {
    return {{"from", from},
            {"samples_there", report.samplesThere},
            {"samples_added", report.samplesAdded},
            {"samples_removed_here", report.samplesRemovedHere},
            {"labels_added", report.labelsAdded},
            {"labels_differing", report.labelsDiffering},
            {"rows_there", report.rowsThere},
            {"rows_added", report.rowsAdded},
            {"annotators", report.annotators},
            {"conflicts", report.conflicts},
            {"guideline_differs", report.guidelineDiffers}};
}

class MergeCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("INTO", m_into, "project folder that gets the others' work")->required();
        app.add_option("FROM", m_from, "project folders, which are only read")->required()->expected(1, -1);
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto opened, openProject(m_into, corpus::Access::Write));
        Json all = Json::array();
        for (const std::string& from : m_from) {
            LATHE_TRY(const auto report, corpus::mergeProject(opened.project, from, console.context()));
            if (console.json())
                all.push_back(toJson(from, report));
            else
                print(console, from, report);
        }
        if (console.json())
            console.printJson({{"merged", std::move(all)}});
        return kDone;
    }

private:
    static void print(Console& console, const std::string& from, const corpus::MergeReport& report) {
        console.line("{}: {} texts added, {} were there; {} annotations added, {} were there", from,
                     report.samplesAdded, report.samplesThere, report.rowsAdded, report.rowsThere);
        if (!report.annotators.empty())
            console.line("  annotators: {}", fmt::join(report.annotators, ", "));
        if (!report.labelsAdded.empty())
            console.line("  new labels: {}", fmt::join(report.labelsAdded, ", "));
        if (!report.labelsDiffering.empty())
            console.warning(fmt::format("labels with another guideline or other examples there, which were left: {}",
                                        fmt::join(report.labelsDiffering, ", ")));
        if (report.guidelineDiffers)
            console.warning("the project's guideline is another one there; the one here stays");
        if (report.samplesRemovedHere > 0)
            console.line("  {} texts were removed here and stay out", report.samplesRemovedHere);
        if (!report.conflicts.empty())
            console.line("  {} texts are labelled differently; lathe-cli agreement tells by whom",
                         report.conflicts.size());
    }

    std::string m_into;
    std::vector<std::string> m_from;
};

}  // namespace

CommandEntry mergeCommand() {
    return {.id = "merge", .summary = "brings other people's projects into one", .make = [] {
                return std::make_unique<MergeCommand>();
            }};
}

}  // namespace lathe::cli
