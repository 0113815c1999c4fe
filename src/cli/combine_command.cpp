// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/combine_command.h"

#include <CLI/CLI.hpp>

#include "cli/references.h"

namespace lathe::cli {

void CombineCommand::define(CLI::App& app) {
    app.add_option("OUT", m_target, "folder to make")->required();
    app.add_option("MODEL", m_models, "model folders, PROJECT:RUN, or PROJECT; at least two")->required();
}

Result<int> CombineCommand::run(Console& console) {
    std::vector<std::filesystem::path> folders;
    for (const auto& model : m_models) {
        LATHE_TRY(auto folder, findModel(model));
        folders.push_back(std::move(folder));
    }
    LATHE_CHECK(combine(m_target, folders, console));
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

}  // namespace lathe::cli
