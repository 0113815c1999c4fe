// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli adapter FOLDER...: what adapters are, and whether they fit a model.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/references.h"
#include "core/files.h"
#include "core/text_table.h"
#include "infer/adapter_info.h"

namespace lathe::cli {
namespace {

Json toJson(const infer::AdapterInfo& info) {
    return {{"folder", info.folder.string()},
            {"kind", info.kind},
            {"known", !info.title.empty()},
            {"task", info.task},
            {"base", info.base},
            {"parameters", info.parameters},
            {"tensors", info.tensors},
            {"bytes", info.bytes},
            {"config", info.config}};
}

class AdapterCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("FOLDER", m_folders, "folder with adapter_config.json; several may be given")->required();
        app.add_option("--model", m_model, "try them on this model: names, shapes and options must fit");
    }

    Result<int> run(Console& console) override {
        std::vector<infer::AdapterInfo> found;
        for (const std::string& folder : m_folders) {
            LATHE_TRY(auto info, infer::inspectAdapter(folder));
            found.push_back(std::move(info));
        }
        if (!m_model.empty())
            LATHE_CHECK(tryOn());
        Json list = Json::array();
        TextTable table({{"adapter"},
                         {"kind"},
                         {"task"},
                         {"parameters", TextTable::Align::Right},
                         {"size", TextTable::Align::Right},
                         {"made for"}});
        for (const auto& info : found) {
            list.push_back(toJson(info));
            table.add({info.folder.string(), info.title.empty() ? info.kind + " (not known)" : info.title, info.task,
                       std::to_string(info.parameters), humanBytes(info.bytes), clipToWidth(info.base, 60)});
        }
        if (console.json()) {
            Json report = {{"adapters", std::move(list)}};
            if (!m_model.empty())
                report["fits"] = true;
            console.printJson(report);
            return kDone;
        }
        console.print(table.toString());
        if (!m_model.empty())
            console.note(fmt::format("{} on {}", found.size() == 1 ? "it fits" : "each of them fits", m_model));
        return kDone;
    }

private:
    Result<> tryOn() const {
        LATHE_TRY(const auto model, findModel(m_model));
        std::vector<infer::AdapterChoice> choices;
        for (const std::string& folder : m_folders)
            choices.push_back({folder, folder});
        return infer::checkAdapters(model, choices);
    }

    std::vector<std::string> m_folders;
    std::string m_model;
};

}  // namespace

CommandEntry adapterCommand() {
    return {.id = "adapter", .summary = "what adapters hold, and whether they fit a model", .make = [] {
                return std::make_unique<AdapterCommand>();
            }};
}

}  // namespace lathe::cli
