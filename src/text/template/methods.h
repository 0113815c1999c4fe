// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The methods and attributes of Python's str, list, tuple, dict, int and float.
#pragma once

#include <span>

#include "text/template/context.h"

namespace lathe::text::jinja {

struct Method {
    std::string_view name;
    Value (*call)(Context& context, const Value& self, const Arguments& arguments);
};
std::span<const Method> stringMethods();
std::span<const Method> containerMethods(const Value& self);

/// The attribute of a plain value, methods bound to it; nullopt: it has none of this name.
std::optional<Value> methodOf(const Value& self, std::string_view name);
/// Methods that change a list or a dict: the sandbox has them not.
bool isForbiddenMethod(const Value& self, std::string_view name);

// Parts of str's methods that filters have too.
Text stripped(const Text& text, const Text* characters, bool left, bool right);
Text replaced(Context& context, const Text& text, const Text& from, const Text& to, std::int64_t count);
std::vector<Text> linesOf(const Text& text, bool keepEnds);
Text centered(Context& context, const Text& text, std::int64_t width, std::string_view fill);

}  // namespace lathe::text::jinja
