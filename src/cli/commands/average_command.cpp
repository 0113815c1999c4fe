// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli average OUT MODEL...: one model whose weights are the means of several.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/references.h"
#include "infer/ensemble.h"

namespace lathe::cli {
namespace {

class AverageCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("OUT", m_target, "folder to make")->required();
        app.add_option("MODEL", m_models, "model folders, PROJECT:RUN, or PROJECT; at least two")->required();
    }

    Result<int> run(Console& console) override {
        std::vector<std::filesystem::path> folders;
        for (const auto& model : m_models) {
            LATHE_TRY(auto folder, findModel(model));
            folders.push_back(std::move(folder));
        }
        LATHE_CHECK(infer::averageModels(m_target, folders, console.context()));
        if (console.json()) {
            Json models = Json::array();
            for (const auto& folder : folders)
                models.push_back(folder.string());
            console.printJson({{"folder", m_target}, {"models", std::move(models)}});
        } else {
            console.line("{}: {} models", m_target, folders.size());
        }
        return kDone;
    }

private:
    std::string m_target;
    std::vector<std::string> m_models;
};

}  // namespace

CommandEntry averageCommand() {
    return {.id = "average", .summary = "make one model of the mean weights of several", .make = [] {
                return std::make_unique<AverageCommand>();
            }};
}

}  // namespace lathe::cli
