// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Walks over the names in a tree. Private to scopes.cpp.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "text/template/ast.h"

namespace lathe::text::jinja {

/// Calls \p visit for each direct part of \p expression, in the order in which the reference walks them.
void forEachPart(Expression& expression, const std::function<void(Expression&)>& visit);
/// Every name read in \p expression; nullptr is no expression.
void forEachName(Expression* expression, const std::function<void(NameExpr&)>& visit);

/// Of \p names those that \p body reads before it writes them, blocks inside it included.
std::set<std::string> undeclaredIn(Body& body, std::set<std::string> names);
/// Does \p body, or a block inside it, assign to \p name?
bool assigns(Body& body, const std::string& name);

}  // namespace lathe::text::jinja
