// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

namespace lathe {

namespace fs = std::filesystem;

fs::path programFolder() {
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code);
    return code ? fs::current_path(code) : program.parent_path();
}

Result<fs::path> findResources() {
    std::vector<fs::path> places;
    if (const char* set = std::getenv("LATHE_RESOURCES"); set && *set)
        places.emplace_back(set);
    const fs::path here = programFolder();
    places.push_back(here / ".." / "share" / "lathe");
    places.push_back(here / ".." / ".." / ".." / "resources");  // build/PRESET/bin in the source tree
    std::vector<std::string> tried;
    for (const auto& place : places) {
        std::error_code code;
        if (fs::is_directory(place / "demo", code))
            return fs::weakly_canonical(place, code);
        tried.push_back(place.lexically_normal().string());
    }
    return fail(ErrorCode::NotFound,
                fmt::format("the demo's files are not there (looked in {}); set LATHE_RESOURCES to the "
                            "folder that holds demo/",
                            fmt::join(tried, ", ")));
}

std::string readSystemFile(const char* path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string systemField(std::string_view text, std::string_view key) {
    std::size_t at = text.find(key);
    if (at == std::string_view::npos || (at = text.find(':', at)) == std::string_view::npos)
        return {};
    at = text.find_first_not_of(" \t", at + 1);
    return at == std::string_view::npos ? "" : std::string(text.substr(at, text.find('\n', at) - at));
}

namespace {

/// The number that a text begins with; nothing for "max" and for no text.
std::optional<std::uint64_t> leadingNumber(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

/// What a control group leaves: its limit less what is used and cannot be dropped.
std::optional<std::uint64_t> leftInGroup() {
    const auto limit = leadingNumber(readSystemFile("/sys/fs/cgroup/memory.max"));
    const auto used = leadingNumber(readSystemFile("/sys/fs/cgroup/memory.current"));
    if (!limit || !used)
        return std::nullopt;
    const std::string statistics = readSystemFile("/sys/fs/cgroup/memory.stat");
    const std::string_view key = "\ninactive_file ";
    const auto at = statistics.find(key);
    const auto cached =
        at == std::string::npos ? std::nullopt : leadingNumber(std::string_view(statistics).substr(at + key.size()));
    const std::uint64_t kept = *used - std::min(*used, cached.value_or(0));
    return *limit - std::min(*limit, kept);
}

}  // namespace

std::uint64_t availableMemory() {
    const auto kibibytes = leadingNumber(systemField(readSystemFile("/proc/meminfo"), "MemAvailable"));
    const auto group = leftInGroup();
    if (!kibibytes)
        return group.value_or(0);
    return std::min(*kibibytes * 1024, group.value_or(UINT64_MAX));
}

}  // namespace lathe
