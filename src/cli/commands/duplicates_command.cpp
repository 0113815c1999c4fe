// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli duplicates PROJECT: texts that are the same or nearly, labels that contradict each other, leaks.
#include <algorithm>
#include <CLI/CLI.hpp>
#include <map>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/references.h"
#include "core/text_table.h"
#include "core/utf8.h"
#include "corpus/clean/duplicate_actions.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kShownBytes = 60;

class DuplicatesCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("--similarity", m_request.similarity,
                       "from which share of common character sequences on two texts are near duplicates (0.3 to 1; 1: "
                       "equal but for case, width and spaces)")
            ->check(CLI::Range(0.3, 1.0))
            ->capture_default_str();
        app.add_flag("--conflicts", m_onlyConflicts, "only groups whose labels contradict each other");
        app.add_flag("--leaks", m_onlyLeaks, "only groups that lie in more than one split");
        app.add_option("--action", m_action,
                       "keep-one: take the others out; majority: the label of most goes to all; review: flag all. Of "
                       "all groups that the flags above leave; lathe-cli clean --undo takes it back")
            ->check(CLI::IsMember({"keep-one", "majority", "review"}));
        app.add_option("--annotator", m_who, "who does so, for the history")->capture_default_str();
        app.add_option("--limit", m_limit, "groups to list (0: all)")->capture_default_str();
    }

    Result<int> run(Console& console) override {
        LATHE_TRY(const auto opened,
                  openProject(m_project, m_action.empty() ? corpus::Access::Read : corpus::Access::Write));
        LATHE_TRY(auto report, find(console, *opened.store));
        std::erase_if(report.groups, [&](const corpus::DuplicateGroup& group) {
            return (m_onlyConflicts && !group.conflicts) || (m_onlyLeaks && !group.leaks);
        });
        if (!m_action.empty())
            return act(console, *opened.store, report);
        const std::size_t matching = report.groups.size();
        if (m_limit > 0 && matching > m_limit)
            report.groups.resize(m_limit);
        LATHE_TRY(const auto labels, opened.store->labels());
        std::map<corpus::LabelId, std::string> names;
        for (const auto& label : labels)
            names[label.id] = label.name;
        if (console.json())
            return printAsJson(console, *opened.store, report, names);
        console.line(
            "{} texts: {} that repeat another one ({} of them exactly), {} groups with contradicting labels, {} "
            "groups across splits, {} test texts known from train or dev ({:.1f} s)",
            report.texts, report.surplus, report.exactSurplus, report.conflicting, report.leaking, report.testInTrain,
            report.seconds);
        return printAsText(console, *opened.store, report, matching, names);
    }

private:
    Result<corpus::DuplicateReport> find(Console& console, corpus::CorpusStore& store) const {
        const ProgressLine line(console, "duplicates");
        return corpus::findDuplicates(store, m_request, console.context());
    }

    Result<int> act(Console& console, corpus::CorpusStore& store, const corpus::DuplicateReport& report) const {
        using corpus::DuplicateAction;
        const auto action = m_action == "keep-one"   ? DuplicateAction::KeepOne
                            : m_action == "majority" ? DuplicateAction::MajorityLabel
                                                     : DuplicateAction::Review;
        LATHE_TRY(const auto done, corpus::applyDuplicateAction(store, report.groups, report.similarity, action, m_who,
                                                                console.context()));
        if (console.json())
            console.printJson({{"cleaning", done.id},
                               {"changed", done.changed},
                               {"removed", done.removed},
                               {"left_alone", done.leftAlone}});
        else
            console.line("{} texts changed, {} taken out, {} left alone", done.changed, done.removed, done.leftAlone);
        return kDone;
    }

    static Result<std::vector<corpus::Sample>> samplesOf(corpus::CorpusStore& store,
                                                         const corpus::DuplicateGroup& group) {
        std::vector<corpus::SampleId> ids;
        for (const auto& member : group.members)
            ids.push_back(member.sample);
        return store.samples(ids);
    }
    static std::string marks(const corpus::DuplicateGroup& group) {
        std::string text = group.isExact ? "exact" : "near";
        return text + (group.conflicts ? ", labels differ" : "") + (group.leaks ? ", across splits" : "");
    }
    static std::string labelOf(const corpus::DuplicateMember& member, std::map<corpus::LabelId, std::string>& names) {
        return member.label ? names[*member.label] : member.isLabelled ? "(labelled)" : "";
    }

    Result<int> printAsText(Console& console, corpus::CorpusStore& store, const corpus::DuplicateReport& report,
                            std::size_t matching, std::map<corpus::LabelId, std::string> names) const {
        for (const auto& group : report.groups) {
            TextTable table({{"sample", TextTable::Align::Right},
                             {"like the first", TextTable::Align::Right},
                             {"split"},
                             {"label"},
                             {"text"}});
            LATHE_TRY(const auto samples, samplesOf(store, group));
            for (std::size_t i = 0; i < samples.size() && i < group.members.size(); ++i) {
                const auto& member = group.members[i];
                table.add({std::to_string(member.sample), fmt::format("{:.0f} %", 100 * member.similarity),
                           corpus::splitName(member.split), labelOf(member, names),
                           oneLine(clipUtf8(samples[i].text, kShownBytes))});
            }
            console.print("\n" + marks(group) + "\n" + table.toString());
        }
        if (matching > report.groups.size())
            console.line("\n{} more groups; --limit 0 lists all", matching - report.groups.size());
        return kDone;
    }

    Result<int> printAsJson(Console& console, corpus::CorpusStore& store, const corpus::DuplicateReport& report,
                            std::map<corpus::LabelId, std::string> names) const {
        Json groups = Json::array();
        for (const auto& group : report.groups) {
            Json members = Json::array();
            LATHE_TRY(const auto samples, samplesOf(store, group));
            for (std::size_t i = 0; i < samples.size() && i < group.members.size(); ++i)
                members.push_back({{"sample", group.members[i].sample},
                                   {"similarity", group.members[i].similarity},
                                   {"split", corpus::splitName(group.members[i].split)},
                                   {"label", labelOf(group.members[i], names)},
                                   {"text", samples[i].text}});
            groups.push_back({{"exact", group.isExact},
                              {"conflicts", group.conflicts},
                              {"leaks", group.leaks},
                              {"members", std::move(members)}});
        }
        console.printJson({{"texts", report.texts},
                           {"surplus", report.surplus},
                           {"exact_surplus", report.exactSurplus},
                           {"conflicting", report.conflicting},
                           {"leaking", report.leaking},
                           {"test_in_train", report.testInTrain},
                           {"seconds", report.seconds},
                           {"groups", std::move(groups)}});
        return kDone;
    }

    std::string m_project, m_action, m_who = "lathe-cli";
    corpus::DuplicateRequest m_request;
    bool m_onlyConflicts = false, m_onlyLeaks = false;
    std::size_t m_limit = 20;
};

}  // namespace

CommandEntry duplicatesCommand() {
    return {.id = "duplicates",
            .summary = "equal and near-equal texts, contradicting labels, leaks between splits",
            .make = [] { return std::make_unique<DuplicatesCommand>(); }};
}

}  // namespace lathe::cli
