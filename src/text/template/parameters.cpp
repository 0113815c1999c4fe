// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/parameters.h"

#include <algorithm>

#include "text/template/operations.h"

namespace lathe::text::jinja {

Parameters::Parameters(std::string_view function, const Arguments& given, std::initializer_list<std::string_view> names,
                       std::size_t required)
    : m_function(function), m_values(names.size(), nullptr) {
    if (given.positional.size() > names.size())
        raise(FaultKind::Type, "{}() takes at most {} arguments ({} given)", function, names.size(),
              given.positional.size());
    for (std::size_t i = 0; i < given.positional.size(); ++i)
        m_values[i] = &given.positional[i];
    for (const auto& [name, value] : given.named) {
        const auto found = std::ranges::find(names, std::string_view(name));
        if (found == names.end())
            raise(FaultKind::Type, "{}() got an unexpected keyword argument '{}'", function, name);
        const Value*& slot = m_values[static_cast<std::size_t>(found - names.begin())];
        if (slot)
            raise(FaultKind::Type, "{}() got multiple values for argument '{}'", function, name);
        slot = &value;
    }
    for (std::size_t i = 0; i < required; ++i)
        if (!m_values[i])
            raise(FaultKind::Type, "{}() missing 1 required positional argument: '{}'", function, names.begin()[i]);
}

bool Parameters::flag(std::size_t index, bool fallback) const {
    return has(index) ? truth(*m_values[index]) : fallback;
}

std::int64_t Parameters::integer(std::size_t index, std::int64_t fallback) const {
    return has(index) ? asIndex(*m_values[index]) : fallback;
}

const Text& Parameters::text(std::size_t index) const {
    if (!m_values[index]->isString())
        raise(FaultKind::Type, "{}() argument {} must be str, not {}", m_function, index + 1,
              m_values[index]->typeName());
    return m_values[index]->text();
}

}  // namespace lathe::text::jinja
