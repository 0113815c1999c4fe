// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/template/ast.h"

namespace lathe::text::jinja {

/// Filters and tests that do not exist. As in Jinja those in a branch of an {% if %} count only when they are reached;
/// those that Jinja has and this interpreter has not are refused wherever they stand. \throws Fault (Syntax,
/// Unsupported)
void checkNames(Tree& tree);

}  // namespace lathe::text::jinja
