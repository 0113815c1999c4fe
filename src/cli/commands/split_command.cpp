// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli split PROJECT: train, dev and test by shares; freezing the test split; the log of changes.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "corpus/clean/splits.h"

namespace lathe::cli {
namespace {

class SplitCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("--train", m_request.shares.train, "share of train, 0 to 1")->capture_default_str();
        app.add_option("--dev", m_request.shares.dev, "share of dev")->capture_default_str();
        app.add_option("--test", m_request.shares.test, "share of test")->capture_default_str();
        app.add_option("--method", m_method, "stratified by label, random, or time: the newest are the test split")
            ->check(CLI::IsMember({"stratified", "random", "time"}))
            ->capture_default_str();
        app.add_option("--group", m_group,
                       "texts that stay together: duplicates, source (a file), or the name of a metadata field");
        app.add_option("--time-field", m_request.timeField,
                       "metadata field with the date, for --method time (default: the time of import)");
        app.add_option("--similarity", m_request.similarity, "for --group duplicates")
            ->check(CLI::Range(0.3, 1.0))
            ->capture_default_str();
        app.add_option("--seed", m_request.seed, "of the shuffling")->capture_default_str();
        app.add_flag("--preview", m_preview, "show the resulting table and write nothing");
        app.add_flag("--no-freeze", m_noFreeze, "leave the test split free to change");
        app.add_flag("--freeze", m_freeze, "freeze the test split as it is");
        app.add_flag("--release", m_release, "let the test split change again; needs --reason");
        app.add_option("--reason", m_reason, "why the frozen test split is changed; it is logged");
        app.add_flag("--log", m_log, "what was done to the splits");
        app.add_option("--annotator", m_who, "who divides, for the log")->capture_default_str();
    }

    Result<int> run(Console& console) override {
        const bool writes = !m_preview && !m_log;
        LATHE_TRY(const auto opened, openProject(m_project, writes ? corpus::Access::Write : corpus::Access::Read));
        auto& store = *opened.store;
        if (m_log)
            return showLog(console, store);
        if (m_freeze || m_release) {
            LATHE_CHECK(store.setTestFrozen(m_freeze, {m_who, m_reason}));
            if (console.json())
                console.printJson({{"frozen", m_freeze}});
            else
                console.line("the test split is {}", m_freeze ? "frozen" : "released");
            return kDone;
        }
        if (!m_reason.empty())
            LATHE_CHECK(store.allowTestChanges(corpus::TestChange{m_who, m_reason}));
        fillRequest();
        corpus::SplitOutcome outcome;
        {
            const ProgressLine line(console, "split");
            LATHE_TRY(outcome, m_preview ? corpus::previewSplits(store, m_request, console.context())
                                         : corpus::makeSplits(store, m_request, m_who, console.context()));
        }
        print(console, outcome);
        return kDone;
    }

private:
    void fillRequest() {
        m_request.method = m_method == "time"     ? corpus::SplitMethod::Time
                           : m_method == "random" ? corpus::SplitMethod::Random
                                                  : corpus::SplitMethod::Stratified;
        m_request.freezesTest = !m_noFreeze;
        if (m_group == "duplicates") {
            m_request.grouping = corpus::SplitGrouping::Duplicates;
        } else if (m_group == "source") {
            m_request.grouping = corpus::SplitGrouping::Source;
        } else if (!m_group.empty()) {
            m_request.grouping = corpus::SplitGrouping::Field;
            m_request.groupField = m_group;
        }
    }

    void print(Console& console, const corpus::SplitOutcome& outcome) const {
        if (console.json()) {
            Json rows = Json::array();
            for (const auto& row : outcome.rows)
                rows.push_back(
                    {{"label", row.name}, {"train", row.counts[0]}, {"dev", row.counts[1]}, {"test", row.counts[2]}});
            console.printJson({{"preview", m_preview},
                               {"request", corpus::toJson(m_request)},
                               {"train", outcome.totals[0]},
                               {"dev", outcome.totals[1]},
                               {"test", outcome.totals[2]},
                               {"groups", outcome.groups},
                               {"without_time", outcome.withoutTime},
                               {"kept_test", outcome.keptTest},
                               {"straddling", outcome.straddling},
                               {"labels", std::move(rows)}});
            return;
        }
        TextTable table({{"label"},
                         {"train", TextTable::Align::Right},
                         {"dev", TextTable::Align::Right},
                         {"test", TextTable::Align::Right}});
        for (const auto& row : outcome.rows)
            table.add({row.name.empty() ? "(unlabelled)" : row.name, std::to_string(row.counts[0]),
                       std::to_string(row.counts[1]), std::to_string(row.counts[2])});
        table.add({"all texts", std::to_string(outcome.totals[0]), std::to_string(outcome.totals[1]),
                   std::to_string(outcome.totals[2])});
        console.print(table.toString());
        if (outcome.keptTest)
            console.note(
                "the test split is frozen and stays as it is; the other texts are divided into train and dev "
                "(--reason to divide all anew)");
        if (outcome.straddling > 0)
            console.warning(
                fmt::format("{} texts belong to groups that have texts in the frozen test split", outcome.straddling));
        if (outcome.withoutTime > 0)
            console.warning(
                fmt::format("{} texts have no date that can be read; they count as the oldest", outcome.withoutTime));
    }

    Result<int> showLog(Console& console, corpus::CorpusStore& store) const {
        LATHE_TRY(const auto log, store.splitLog());
        LATHE_TRY(const bool isFrozen, store.isTestFrozen());
        Json list = Json::array();
        TextTable table({{"when"}, {"who"}, {"what"}, {"texts", TextTable::Align::Right}, {"why, or how"}});
        for (const auto& entry : log) {
            list.push_back({{"time_ms", entry.timeMs},
                            {"who", entry.who},
                            {"action", entry.action},
                            {"samples", entry.samples},
                            {"reason", entry.reason}});
            table.add({formatTime(entry.timeMs), entry.who, entry.action, std::to_string(entry.samples),
                       oneLine(entry.reason)});
        }
        if (console.json()) {
            console.printJson({{"frozen", isFrozen}, {"log", std::move(list)}});
            return kDone;
        }
        console.line("the test split is {}", isFrozen ? "frozen" : "not frozen");
        if (!log.empty())
            console.print(table.toString());
        return kDone;
    }

    std::string m_project, m_method = "stratified", m_group, m_reason, m_who = "lathe-cli";
    corpus::SplitRequest m_request;
    bool m_preview = false, m_noFreeze = false, m_freeze = false, m_release = false, m_log = false;
};

}  // namespace

CommandEntry splitCommand() {
    return {.id = "split", .summary = "divide into train, dev and test; freeze the test split; its log", .make = [] {
                return std::make_unique<SplitCommand>();
            }};
}

}  // namespace lathe::cli
