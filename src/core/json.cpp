// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"

#include <fmt/format.h>

#include "core/files.h"

namespace lathe {
namespace {

constexpr int kMaxDepth = 200;

// nlohmann's parser recurses when it destroys a value, so depth is bounded before anything is built.
bool tooDeep(std::string_view text) {
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kMaxDepth)
                return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

const Json* member(const Json& object, std::string_view key) {
    if (!object.is_object())
        return nullptr;
    const auto it = object.find(std::string(key));
    return it == object.end() || it->is_null() ? nullptr : &*it;
}

template <class T>
Result<T> wrongType(std::string_view key, const char* wanted, const Json& found) {
    return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" should be {}, but is {}", key, wanted, found.type_name()));
}

}  // namespace

Result<Json> parseJson(std::string_view text, std::string_view where) {
    if (tooDeep(text))
        return fail(ErrorCode::Parse, fmt::format("{}: JSON nested deeper than {} levels", where, kMaxDepth));
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        return fail(ErrorCode::Parse, fmt::format("{}: not valid JSON at byte {}", where, error.byte), error.what());
    } catch (const std::exception& error) {
        return fail(ErrorCode::Parse, fmt::format("{}: not valid JSON", where), error.what());
    }
}

Result<Json> readJsonFile(const std::filesystem::path& path, std::uintmax_t maxBytes) {
    LATHE_TRY(const std::string text, readFile(path, maxBytes));
    return parseJson(text, path.filename().string());
}

Result<> writeJsonFile(const std::filesystem::path& path, const Json& json) {
    return writeFileAtomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::string toLine(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::int64_t> jsonInt(const Json& object, std::string_view key, std::int64_t fallback) {
    const Json* value = member(object, key);
    if (!value)
        return fallback;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX)
        return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is too large", key));
    if (!value->is_number_integer())
        return wrongType<std::int64_t>(key, "a whole number", *value);
    return value->get<std::int64_t>();
}

Result<double> jsonReal(const Json& object, std::string_view key, double fallback) {
    const Json* value = member(object, key);
    if (!value)
        return fallback;
    if (!value->is_number())
        return wrongType<double>(key, "a number", *value);
    return value->get<double>();
}

Result<bool> jsonBool(const Json& object, std::string_view key, bool fallback) {
    const Json* value = member(object, key);
    if (!value)
        return fallback;
    if (!value->is_boolean())
        return wrongType<bool>(key, "true or false", *value);
    return value->get<bool>();
}

Result<std::string> jsonString(const Json& object, std::string_view key, std::string_view fallback) {
    const Json* value = member(object, key);
    if (!value)
        return std::string(fallback);
    if (!value->is_string())
        return wrongType<std::string>(key, "a text", *value);
    return value->get<std::string>();
}

}  // namespace lathe
