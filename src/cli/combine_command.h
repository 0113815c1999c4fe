// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands that make one model folder of several share: OUT MODEL...
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.h"

namespace lathe::cli {

class CombineCommand : public Command {
public:
    void define(CLI::App& app) override;
    Result<int> run(Console& console) override;

protected:
    virtual Result<> combine(const std::filesystem::path& target, const std::vector<std::filesystem::path>& folders,
                             Console& console) = 0;

private:
    std::string m_target;
    std::vector<std::string> m_models;
};

}  // namespace lathe::cli
