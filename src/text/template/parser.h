// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Source to tree. What a chat template has no use for (include, import, extends, block, autoescape, recursive loops) is
// refused by its name.
#pragma once

#include <string_view>

#include "text/template/ast.h"

namespace lathe::text::jinja {

/// \throws Fault (Syntax, Unsupported, Limit), with the line.
Tree parseTree(std::string_view source);

}  // namespace lathe::text::jinja
