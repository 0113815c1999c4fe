// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// str(), repr() and json.dumps() of values.
#pragma once

#include "text/template/context.h"

namespace lathe::text::jinja {

/// repr() of a float: the fewest digits that read back as it, "1e+16", "nan".
std::string reprReal(double value);
/// str(value) at the end of \p out.
void printString(Context& context, Text& out, const Value& value);
/// repr(value) at the end of \p out.
void printRepr(Context& context, Text& out, const Value& value, int depth = 0);
Text stringOf(Context& context, const Value& value);
std::string reprOf(Context& context, const Value& value);

struct JsonFormat {
    bool ensureAscii = false;
    bool sortKeys = false;
    std::optional<std::string> indent;  ///< what one level is indented by; none: all on one line
    std::string itemSeparator = ", ", keySeparator = ": ";
};
/// json.dumps(). \throws Fault (Type) for what JSON has no form for.
Text jsonOf(Context& context, const Value& value, const JsonFormat& format);

/// < > & ' " as HTML has them (Markup stays as it is).
Text escapedHtml(const Text& text);

}  // namespace lathe::text::jinja
