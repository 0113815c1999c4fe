// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/id_list.h"

#include <fmt/format.h>

#include <charconv>

namespace lathe::cli {

Result<std::vector<std::int32_t>> parseIds(std::string_view text, std::string_view where) {
    const auto separates = [](char c) { return c == ' ' || c == ',' || c == '\n' || c == '\r' || c == '\t'; };
    const auto trim = [&](std::string_view t) {
        while (!t.empty() && separates(t.front()))
            t.remove_prefix(1);
        while (!t.empty() && separates(t.back()))
            t.remove_suffix(1);
        return t;
    };
    std::string_view rest = trim(text);
    if (rest.starts_with('[') && rest.ends_with(']'))
        rest = trim(rest.substr(1, rest.size() - 2));
    std::vector<std::int32_t> ids;
    while (!rest.empty()) {
        std::int32_t id = 0;
        const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
        const bool whole = code == std::errc{} && (end == rest.data() + rest.size() || separates(*end));
        if (!whole || id < 0)
            return fail(ErrorCode::Parse,
                        fmt::format("{}: what stands at byte {} is no token id; ids are whole numbers from 0", where,
                                    rest.data() - text.data() + 1));
        ids.push_back(id);
        rest = trim(rest.substr(static_cast<std::size_t>(end - rest.data())));
    }
    if (ids.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("{}: there are no token ids", where));
    return ids;
}

}  // namespace lathe::cli
