// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Python's string literals in both directions.
#pragma once

#include <string>
#include <string_view>

namespace lathe::text::jinja {

/// What stands between the quotes, with its escapes resolved. \throws Fault (Syntax, Unsupported)
std::string unescaped(std::string_view literal);
/// repr() of a str: in single quotes unless only double ones save escapes.
std::string literalOf(std::string_view text);

}  // namespace lathe::text::jinja
