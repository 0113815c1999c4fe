// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which variable a name means. Jinja decides that before rendering: a name that a frame assigns is that frame's own
// from its beginning, even above the assignment; branches of an {% if %} share their frame, loops and blocks have one.
#pragma once

#include "text/template/ast.h"

namespace lathe::text::jinja {

/// Gives every name of \p tree its place and every frame its loads. \throws Fault (Syntax): break outside a loop, an
/// assignment to `loop` in one.
void resolveScopes(Tree& tree);

}  // namespace lathe::text::jinja
