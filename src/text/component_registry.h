// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Components by the name that "type" gives them: one file each in normalizers/, pre_tokenizers/, post_processors/ and
// decoders/, one line each in that folder's .def file. Private to src/text. Thread: any.
#pragma once

#include <memory>
#include <span>

#include "text/component_json.h"

namespace lathe::text {

template <class Component>
struct ComponentEntry {
    std::string_view type;
    Result<std::unique_ptr<Component>> (*make)(const ComponentSource& source);
};

/// How deep a Sequence may hold Sequences.
inline constexpr int kMaxComponentDepth = 16;

/// \returns Unsupported with the type's name, InvalidInput, Parse (a value of a wrong type).
template <class Component>
Result<std::unique_ptr<Component>> makeComponent(std::span<const ComponentEntry<Component>> entries,
                                                 const ComponentJson& json, const std::string& where) {
    const std::string type = componentType(json);
    thread_local int depth = 0;
    struct Depth {
        int& value;
        explicit Depth(int& v) : value(v) { ++value; }
        ~Depth() { --value; }
    } const guard(depth);
    if (depth > kMaxComponentDepth)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: nested more than {} deep", where.substr(0, 200), kMaxComponentDepth));
    for (const ComponentEntry<Component>& entry : entries) {
        if (entry.type != type)
            continue;
        const ComponentSource source{json, fmt::format("{} {}", where, type)};
        try {
            return entry.make(source);
        } catch (const ComponentJson::exception& e) {
            return fail(ErrorCode::Parse, fmt::format("{}: a value is missing or has an unexpected type", source.where),
                        e.what());
        }
    }
    return fail(ErrorCode::Unsupported, fmt::format("{} \"{}\" is not supported", where, type));
}

}  // namespace lathe::text
