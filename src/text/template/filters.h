// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Filters (x|name) and tests (x is name). One table each; a new one is a function and a line.
#pragma once

#include <span>

#include "text/template/context.h"

namespace lathe::text::jinja {

struct Filter {
    std::string_view name;
    Value (*apply)(Context& context, const Value& input, const Arguments& arguments);
};
struct Test {
    std::string_view name;
    bool (*holds)(Context& context, const Value& input, const Arguments& arguments);
};

std::span<const Filter> textFilters();
std::span<const Filter> sequenceFilters();
std::span<const Filter> selectionFilters();
std::span<const Filter> numberFilters();

/// nullptr: there is none of this name here.
const Filter* findFilter(std::string_view name);
const Test* findTest(std::string_view name);
/// A filter that Jinja has and this interpreter has not: a template with it is refused.
bool isRefusedFilter(std::string_view name);

/// \throws Fault (Template): "No filter named 'x' found."
Value applyFilter(Context& context, std::string_view name, const Value& input, const Arguments& arguments);
bool applyTest(Context& context, std::string_view name, const Value& input, const Arguments& arguments);

}  // namespace lathe::text::jinja
