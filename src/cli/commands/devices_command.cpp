// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli devices: what this machine computes on.
#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/flags.h"
#include "core/files.h"
#include "core/text_table.h"
#include "infer/text_model.h"
#include "text/tokenizer.h"

namespace lathe::cli {
namespace {

class DevicesCommand : public Command {
public:
    void define(CLI::App&) override {}

    Result<int> run(Console& console) override {
        const auto devices = infer::listDevices();
        const std::string sentencePiece = text::sentencePieceProblem();
        if (console.json()) {
            Json list = Json::array();
            for (const auto& device : devices)
                list.push_back({{"id", device.id},
                                {"name", device.name},
                                {"memory_bytes", device.memoryBytes},
                                {"detail", device.detail}});
            console.printJson(
                {{"devices", std::move(list)}, {"sentencepiece", sentencePiece.empty() ? "ok" : sentencePiece}});
            return kDone;
        }
        TextTable table({{"device"}, {"name"}, {"memory", TextTable::Align::Right}, {"detail"}});
        for (const auto& device : devices)
            table.add({device.id, device.name, humanBytes(device.memoryBytes), device.detail});
        console.print(table.toString());
        console.line("SentencePiece: {}", sentencePiece.empty() ? "ok" : sentencePiece);
        return kDone;
    }
};

}  // namespace

CommandEntry devicesCommand() {
    return {.id = "devices", .summary = "processors and graphics cards to compute on", .make = [] {
                return std::make_unique<DevicesCommand>();
            }};
}

}  // namespace lathe::cli
