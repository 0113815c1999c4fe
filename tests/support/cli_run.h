// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs lathe-cli's run() in this process with captured streams.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "core/json.h"

namespace lathe::test {

struct CliResult {
    int status = -1;
    std::string out, err;

    /// Standard output as one JSON value; null when it is not exactly one line of JSON.
    Json json() const {
        if (out.empty() || out.find('\n') != out.size() - 1)
            return {};
        const auto parsed = parseJson(out, "output");
        return parsed ? *parsed : Json();
    }
    /// Standard output as JSON lines; a line that is no JSON is null.
    std::vector<Json> jsonLines() const {
        std::vector<Json> lines;
        std::istringstream stream(out);
        for (std::string line; std::getline(stream, line);) {
            const auto parsed = parseJson(line, "output");
            lines.push_back(parsed ? *parsed : Json());
        }
        return lines;
    }
    /// Standard error is exactly one "error: " line.
    bool hasOneErrorLine() const { return err.starts_with("error: ") && err.find('\n') == err.size() - 1; }
};

/// The bytes of a file that a command wrote; empty when there is none.
inline std::string contentOf(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline CliResult runCli(std::vector<std::string> arguments, const std::string& input = {}) {
    std::istringstream in(input);
    std::ostringstream out, err;
    CliResult result;
    result.status = cli::run(std::move(arguments), cli::Streams{in, out, err});
    result.out = out.str();
    result.err = err.str();
    return result;
}

}  // namespace lathe::test
