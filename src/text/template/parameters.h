// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments by the names of a function's parameters, as Python binds them.
#pragma once

#include <initializer_list>

#include "text/template/value.h"

namespace lathe::text::jinja {

class Parameters {
public:
    /// \throws Fault (Type) for too many, unknown, doubled or missing ones.
    Parameters(std::string_view function, const Arguments& given, std::initializer_list<std::string_view> names,
               std::size_t required = 0);

    bool has(std::size_t index) const { return m_values[index] != nullptr; }
    /// Given, and not None.
    bool hasValue(std::size_t index) const { return has(index) && !m_values[index]->isNone(); }
    const Value& operator[](std::size_t index) const { return *m_values[index]; }
    bool flag(std::size_t index, bool fallback) const;
    std::int64_t integer(std::size_t index, std::int64_t fallback) const;
    /// \throws Fault (Type) where it is no str
    const Text& text(std::size_t index) const;

private:
    std::string m_function;
    std::vector<const Value*> m_values;  // nullptr: not given
};

}  // namespace lathe::text::jinja
