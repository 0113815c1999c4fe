// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli ensemble OUT MODEL...: a folder that answers as several classifiers together.
#include "cli/combine_command.h"
#include "infer/ensemble.h"

namespace lathe::cli {
namespace {

class EnsembleCommand final : public CombineCommand {
    Result<> combine(const std::filesystem::path& target, const std::vector<std::filesystem::path>& folders,
                     Console& console) override {
        static_cast<void>(console);
        return infer::makeEnsemble(target, folders);
    }
};

}  // namespace

CommandEntry ensembleCommand() {
    return {.id = "ensemble", .summary = "let several classifiers answer together", .make = [] {
                return std::make_unique<EnsembleCommand>();
            }};
}

}  // namespace lathe::cli
