// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli models [PROJECT]: what can be trained, and what the project has.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "infer/text_model.h"
#include "train/catalog.h"

namespace lathe::cli {
namespace {

const char* kindName(infer::ModelKind kind) {
    return kind == infer::ModelKind::Classifier ? "classifier" : "generator";
}

Json toJson(const infer::ModelInfo& info) {
    Json json = {{"name", info.name},
                 {"folder", info.folder.string()},
                 {"architecture", info.architecture},
                 {"kind", kindName(info.kind)},
                 {"labels", info.labels},
                 {"parameters", info.parameters},
                 {"max_tokens", info.maxTokens},
                 {"weight_bytes", info.weightBytes}};
    if (!info.problem.empty())
        json["problem"] = info.problem;
    return json;
}

class ModelsCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "also list this project's models (or the model folders below any folder)");
    }

    Result<int> run(Console& console) override {
        const auto builtIn = train::builtInModels();
        std::vector<infer::ModelInfo> found;
        if (!m_project.empty()) {
            LATHE_TRY(const auto folder, modelsFolder());
            found = infer::listModels(folder);
        }
        if (console.json()) {
            Json choices = Json::array(), models = Json::array();
            for (const auto& choice : builtIn)
                choices.push_back({{"id", choice.id},
                                   {"title", choice.title},
                                   {"help", choice.help},
                                   {"task", choice.tasks.front()}});
            for (const auto& info : found)
                models.push_back(toJson(info));
            console.printJson({{"built_in", std::move(choices)}, {"models", std::move(models)}});
            return kDone;
        }
        TextTable choices({{"start from"}, {"task"}, {"what it is"}});
        for (const auto& choice : builtIn)
            choices.add({choice.id, choice.tasks.front(), choice.help});
        console.print(choices.toString());
        if (m_project.empty())
            return kDone;
        TextTable models({{"model"},
                          {"kind"},
                          {"parameters", TextTable::Align::Right},
                          {"size", TextTable::Align::Right},
                          {"note"}});
        for (const auto& info : found)
            models.add({info.name, fmt::format("{} {}", info.architecture, kindName(info.kind)),
                        info.parameters > 0 ? std::to_string(info.parameters) : "", humanBytes(info.weightBytes),
                        clipToWidth(info.problem, 80)});
        console.print(models.isEmpty() ? "\nno models yet\n" : "\n" + models.toString());
        return kDone;
    }

private:
    Result<std::filesystem::path> modelsFolder() const {
        std::error_code code;
        const std::filesystem::path folder = m_project;
        if (std::filesystem::is_directory(folder, code) && !std::filesystem::exists(folder / "project.db", code))
            return folder;
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        return opened.project.modelsFolder();
    }

    std::string m_project;
};

}  // namespace

CommandEntry modelsCommand() {
    return {.id = "models", .summary = "models to start from, and a project's own", .make = [] {
                return std::make_unique<ModelsCommand>();
            }};
}

}  // namespace lathe::cli
