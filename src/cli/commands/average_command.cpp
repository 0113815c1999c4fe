// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli average OUT MODEL...: one model whose weights are the means of several.
#include "cli/combine_command.h"
#include "infer/ensemble.h"

namespace lathe::cli {
namespace {

class AverageCommand final : public CombineCommand {
    Result<> combine(const std::filesystem::path& target, const std::vector<std::filesystem::path>& folders,
                     Console& console) override {
        return infer::averageModels(target, folders, console.context());
    }
};

}  // namespace

CommandEntry averageCommand() {
    return {.id = "average", .summary = "make one model of the mean weights of several", .make = [] {
                return std::make_unique<AverageCommand>();
            }};
}

}  // namespace lathe::cli
