// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Python's two ways to fill a format string.
#pragma once

#include "text/template/context.h"

namespace lathe::text::jinja {

/// format % arguments (a tuple, a dict or one value).
Text percentFormat(Context& context, const Text& format, const Value& arguments);
/// format.format(...). \throws Fault as Python does; Unsupported for parts of the mini-language that are not here.
Text braceFormat(Context& context, const Text& format, const Arguments& arguments);
/// format(value, spec)
Text formatted(Context& context, const Value& value, std::string_view spec);

}  // namespace lathe::text::jinja
