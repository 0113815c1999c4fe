// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli labels PROJECT [--save FILE | --take FILE]: the label set, to and from a file.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/references.h"
#include "core/files.h"
#include "corpus/label_set_file.h"

namespace lathe::cli {
namespace {

constexpr std::uintmax_t kMaxFile = 64 << 20;

class LabelsCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_folder, "project folder")->required();
        auto* save = app.add_option("--save", m_save, "write the label set to this JSON file");
        app.add_option("--take", m_take, "add the labels of this JSON file; those of the same name take what it says")
            ->excludes(save);
    }

    Result<int> run(Console& console) override {
        const auto access = m_take.empty() ? corpus::Access::Read : corpus::Access::Write;
        LATHE_TRY(const auto project, corpus::Project::open(m_folder, access));
        LATHE_TRY(const auto store, project.connect());
        LATHE_TRY(const auto before, store->labels());
        std::vector<corpus::LabelRecord> set = corpus::labelRecords(before);
        corpus::LabelSetChange change;
        if (!m_take.empty()) {
            LATHE_TRY(const std::string json, readFile(m_take, kMaxFile));
            LATHE_TRY(const auto taken, corpus::labelSetFrom(json));
            change = corpus::takeLabelSet(set, taken);
            LATHE_CHECK(corpus::storeLabelSet(*store, set));
        }
        if (!m_save.empty())
            LATHE_CHECK(writeFileAtomically(m_save, corpus::toLabelSetFile(set)));
        report(console, set, change);
        return kDone;
    }

private:
    void report(Console& console, const std::vector<corpus::LabelRecord>& set,
                const corpus::LabelSetChange& change) const {
        if (console.json()) {
            Json labels = Json::array();
            for (const auto& label : set)
                labels.push_back({{"name", label.name}, {"key", label.key}, {"parent", label.parent}});
            return console.printJson({{"labels", std::move(labels)},
                                      {"added", change.added},
                                      {"changed", change.changed},
                                      {"notes", change.notes}});
        }
        for (const auto& label : set)
            console.line("{:1} {}{}", label.key, label.parent.empty() ? "" : label.parent + " > ", label.name);
        if (!m_take.empty())
            console.line("{} added, {} changed", change.added, change.changed);
        for (const std::string& note : change.notes)
            console.line("note: {}", note);
    }

    std::string m_folder, m_save, m_take;
};

}  // namespace

CommandEntry labelsCommand() {
    return {.id = "labels", .summary = "the label set, to and from a file", .make = [] {
                return std::make_unique<LabelsCommand>();
            }};
}

}  // namespace lathe::cli
