// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli new PROJECT [--demo --lang en|zh_CN]
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/references.h"
#include "core/program.h"
#include "corpus/demo_project.h"

namespace lathe::cli {
namespace {

class NewCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_folder, "folder to make; .lathe is added to its name")->required();
        auto* demo = app.add_flag("--demo", m_demo, "fill it with the demo corpus: a bank's customer service");
        app.add_option("--lang", m_language, "language of the demo's labels and guideline (default: en)")
            ->check(CLI::IsMember({"en", "zh_CN"}))
            ->needs(demo);
    }

    Result<int> run(Console& console) override {
        if (!m_demo) {
            LATHE_TRY(const auto project, corpus::Project::create(m_folder));
            return report(console, project);
        }
        LATHE_TRY(const auto resources, findResources());
        LATHE_TRY(const auto project, corpus::createDemoProject(m_folder, m_language, resources));
        return report(console, project);
    }

private:
    static Result<int> report(Console& console, const corpus::Project& project) {
        LATHE_TRY(const auto store, project.connect());
        LATHE_TRY(const auto counts, store->counts());
        if (console.json()) {
            console.printJson({{"project", project.folder().string()},
                               {"name", project.name()},
                               {"samples", counts.samples},
                               {"labelled", counts.labelled}});
        } else {
            console.line("{} made: {} texts, {} labelled", project.folder().string(), counts.samples, counts.labelled);
        }
        return kDone;
    }

    std::string m_folder;
    std::string m_language = "en";
    bool m_demo = false;
};

}  // namespace

CommandEntry newCommand() {
    return {.id = "new", .summary = "make a project", .make = [] { return std::make_unique<NewCommand>(); }};
}

}  // namespace lathe::cli
