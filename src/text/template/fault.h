// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a template raises. Python's exceptions are part of the language (raise_exception, undefined values), so inside
// this folder they are C++ exceptions; Template::parse and Template::render turn them into Errors and let none out.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace lathe::text::jinja {

enum class FaultKind {
    Syntax,       ///< the source is no template
    Unsupported,  ///< a construct that this interpreter does not have
    Template,     ///< raise_exception, and what Jinja itself complains about while rendering
    Undefined,    ///< something was done with an undefined value
    Security,     ///< what Jinja's sandbox forbids
    Type,
    Value,
    Lookup,
    Arithmetic,
    Limit,  ///< more steps, text or nesting than allowed
};

struct Fault {
    FaultKind kind;
    std::string message;  ///< as the reference words it, where it has such an error
    int line = 0;         ///< of the source; 0 unknown
};

template <class... Args>
[[noreturn]] void raise(FaultKind kind, fmt::format_string<Args...> format, Args&&... args) {
    throw Fault{kind, fmt::format(format, std::forward<Args>(args)...)};
}

}  // namespace lathe::text::jinja
