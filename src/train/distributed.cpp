// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a launcher says in the environment.
#include "train/distributed.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <limits>

namespace lathe::train {
namespace {

constexpr int kHighestPort = std::numeric_limits<std::uint16_t>::max();
constexpr const char* kAlone = "to train in one process, unset RANK and WORLD_SIZE";

Result<int> numberOf(const char* name, const std::string& value, int least, int most) {
    int number = 0;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (value.empty() || code != std::errc{} || end != value.data() + value.size() || number < least || number > most)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the environment variable {} is \"{}\", which is no number from {} to {}; {}", name,
                                value, least, most, kAlone));
    return number;
}

/// \returns \p fallback where it is not set.
Result<int> numberOr(const Variables& variables, const char* name, int fallback, int least, int most) {
    const auto value = variables(name);
    return value ? numberOf(name, *value, least, most) : Result<int>(fallback);
}

Result<std::string> needed(const Variables& variables, const char* name, int size) {
    const auto value = variables(name);
    if (!value || value->empty())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("WORLD_SIZE is {}, but {} is not set: each process needs RANK, WORLD_SIZE, MASTER_ADDR "
                                "and MASTER_PORT; {}",
                                size, name, kAlone));
    return *value;
}

}  // namespace

Result<std::optional<Launch>> launchFrom(const Variables& variables) {
    const auto size = variables("WORLD_SIZE");
    if (!size) {
        if (variables("RANK"))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("RANK is set, but WORLD_SIZE, the number of processes, is not; {}", kAlone));
        return std::optional<Launch>();
    }
    constexpr int kMost = 1 << 16;
    Launch launch;
    LATHE_TRY(launch.size, numberOf("WORLD_SIZE", *size, 1, kMost));
    if (launch.size == 1)
        return std::optional<Launch>();
    LATHE_TRY(const std::string rank, needed(variables, "RANK", launch.size));
    LATHE_TRY(launch.rank, numberOf("RANK", rank, 0, kMost));
    if (launch.rank >= launch.size)
        return fail(ErrorCode::InvalidInput, fmt::format("RANK is {}, but WORLD_SIZE is {}: ranks go from 0 to {}",
                                                         launch.rank, launch.size, launch.size - 1));
    LATHE_TRY(launch.host, needed(variables, "MASTER_ADDR", launch.size));
    LATHE_TRY(const std::string port, needed(variables, "MASTER_PORT", launch.size));
    LATHE_TRY(const int number, numberOf("MASTER_PORT", port, 1, kHighestPort));
    launch.port = static_cast<std::uint16_t>(number);
    LATHE_TRY(launch.localRank, numberOr(variables, "LOCAL_RANK", 0, 0, kMost));
    LATHE_TRY(launch.localSize, numberOr(variables, "LOCAL_WORLD_SIZE", 0, 1, kMost));
    if (launch.localSize > 0 && launch.localRank >= launch.localSize)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("LOCAL_RANK is {}, but LOCAL_WORLD_SIZE is {}", launch.localRank, launch.localSize));
    LATHE_TRY(launch.attempt, numberOr(variables, "TORCHELASTIC_RESTART_COUNT", 0, 0, kMost));
    if (variables("TORCHELASTIC_USE_AGENT_STORE") == std::optional<std::string>("True"))
        launch.port = static_cast<std::uint16_t>(number < kHighestPort ? number + 1 : number - 1);
    return std::optional<Launch>(launch);
}

Result<std::optional<Launch>> launchFromEnvironment() {
    return launchFrom([](const char* name) -> std::optional<std::string> {
        const char* value = std::getenv(name);
        return value ? std::optional<std::string>(value) : std::nullopt;
    });
}

}  // namespace lathe::train
