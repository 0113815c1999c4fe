// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The curve of a run, for comparing runs.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/json.h"

namespace lathe::test {

/// The reports of a run folder's metrics.jsonl without what depends on time, events left out.
inline std::vector<Json> curveOf(const std::filesystem::path& runFolder) {
    std::vector<Json> reports;
    std::ifstream in(runFolder / "metrics.jsonl");
    for (std::string line; std::getline(in, line);) {
        auto json = parseJson(line, "metrics");
        if (!json || json->contains("event"))
            continue;
        json->erase("seconds");
        json->erase("tokens_per_second");
        reports.push_back(*json);
    }
    return reports;
}

}  // namespace lathe::test
