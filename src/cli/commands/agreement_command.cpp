// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli agreement PROJECT: how far the annotators agree, and what each of them did.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "eval/agreement_report.h"

namespace lathe::cli {
namespace {

std::string workTable(const std::vector<corpus::AnnotatorWork>& work) {
    using enum TextTable::Align;
    TextTable table({{"annotator"},
                     {"texts", Right},
                     {"repeats", Right},
                     {"decisions", Right},
                     {"sessions", Right},
                     {"hours", Right},
                     {"s between labels", Right},
                     {"last"}});
    for (const corpus::AnnotatorWork& each : work)
        table.add({each.annotator.empty() ? "(no name)" : each.annotator, std::to_string(each.samples),
                   std::to_string(each.blindRepeats), std::to_string(each.decisions), std::to_string(each.sessions),
                   fmt::format("{:.1f}", static_cast<double>(each.workMs) / 3'600'000),
                   each.medianSeconds ? fmt::format("{:.1f}", *each.medianSeconds) : "-",
                   each.lastMs == 0 ? "" : formatTime(each.lastMs)});
    return table.toString();
}

Json workJson(const std::vector<corpus::AnnotatorWork>& work) {
    Json list = Json::array();
    for (const corpus::AnnotatorWork& each : work)
        list.push_back({{"annotator", each.annotator},
                        {"samples", each.samples},
                        {"blind_repeats", each.blindRepeats},
                        {"decisions", each.decisions},
                        {"sessions", each.sessions},
                        {"work_ms", each.workMs},
                        {"median_seconds", each.medianSeconds ? Json(*each.medianSeconds) : Json()},
                        {"first_ms", each.firstMs},
                        {"last_ms", each.lastMs}});
    return list;
}

class AgreementCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("--pause", m_pauseSeconds, "a longer time between two labels is a pause (seconds)")
            ->capture_default_str()
            ->check(CLI::PositiveNumber);
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        auto& store = *opened.store;
        LATHE_TRY(const auto labels, store.labels());
        LATHE_TRY(const auto opinions, store.sharedOpinions());
        LATHE_TRY(const auto open, store.disagreements());
        LATHE_TRY(const auto work, store.annotatorWork(static_cast<std::int64_t>(m_pauseSeconds * 1000)));
        const eval::AgreementReport report = eval::agreementReport(opinions);
        if (console.json()) {
            Json json = toJson(report, labels);
            json["disagreements"] = open;
            json["work"] = workJson(work);
            console.printJson(json);
            return kDone;
        }
        if (!work.empty())
            console.print(workTable(work) + "\n");
        if (report.kinds.empty()) {
            console.line("No text has the opinions of two annotators, or of one twice: there is nothing to compare.");
            return kDone;
        }
        console.print(toText(report, labels));
        console.line("\n{} texts wait for a decision", open.size());
        return kDone;
    }

private:
    std::string m_project;
    double m_pauseSeconds = 300;
};

}  // namespace

CommandEntry agreementCommand() {
    return {.id = "agreement", .summary = "how far annotators agree: kappa, alpha, span F1, speed", .make = [] {
                return std::make_unique<AgreementCommand>();
            }};
}

}  // namespace lathe::cli
