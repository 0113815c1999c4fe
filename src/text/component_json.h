// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the parts of tokenizer.json are read: sorted keys (the order-keeping Json takes quadratic time for an object of
// 100 000 tokens), one message form for all. Private to src/text. Thread: any.
#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe::text {

using ComponentJson = nlohmann::json;

/// A part of tokenizer.json and how to name it in messages. Reading throws ComponentJson::exception where a value has
/// another type than it must have; make() in component_registry.h turns that into an Error.
struct ComponentSource {
    const ComponentJson& json;
    std::string where;  ///< "FOLDER/tokenizer.json: normalizer"

    template <class T>
    T value(const char* key, T fallback) const {
        const auto found = json.find(key);
        return found == json.end() || found->is_null() ? fallback : found->template get<T>();
    }
    std::string text(const char* key, const char* fallback) const { return value(key, std::string(fallback)); }
    bool has(const char* key) const { return json.contains(key) && !json[key].is_null(); }
    tl::unexpected<Error> invalid(std::string_view what) const {
        return fail(ErrorCode::InvalidInput, fmt::format("{}: {}", where, what));
    }
    tl::unexpected<Error> unsupported(std::string_view what) const {
        return fail(ErrorCode::Unsupported, fmt::format("{}: {} is not supported", where, what));
    }
};

/// What "type" says; "null" for null.
inline std::string componentType(const ComponentJson& json) {
    if (json.is_null())
        return "null";
    const auto type = json.is_object() ? json.find("type") : json.end();
    return json.is_object() && type != json.end() && type->is_string() ? type->get<std::string>() : "without a type";
}

}  // namespace lathe::text
