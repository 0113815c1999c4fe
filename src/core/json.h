// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON by nlohmann-json, read through one door that bounds size and depth and turns exceptions into Errors.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/result.h"

namespace lathe {

/// Keeps the order of keys as written, so that a config that is read and saved again looks the same.
using Json = nlohmann::ordered_json;

/// \param where named in the error ("config.json", "line 7").
/// \returns Parse with line and column; nesting deeper than 200 levels is refused.
Result<Json> parseJson(std::string_view text, std::string_view where);
/// Reads a whole file of at most \p maxBytes. \returns NotFound, Io, InvalidInput (too large), Parse.
Result<Json> readJsonFile(const std::filesystem::path& path, std::uintmax_t maxBytes = 64u << 20);
/// Writes pretty-printed JSON atomically (temporary file, fsync, rename). Invalid UTF-8 is replaced, never thrown on.
Result<> writeJsonFile(const std::filesystem::path& path, const Json& json);
/// One line, invalid UTF-8 replaced.
std::string toLine(const Json& json);

/// Typed look-ups that name the key and the type found in the error; a missing key gives the fallback.
Result<std::int64_t> jsonInt(const Json& object, std::string_view key, std::int64_t fallback);
Result<double> jsonReal(const Json& object, std::string_view key, double fallback);
Result<bool> jsonBool(const Json& object, std::string_view key, bool fallback);
Result<std::string> jsonString(const Json& object, std::string_view key, std::string_view fallback);

}  // namespace lathe
