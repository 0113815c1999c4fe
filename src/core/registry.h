// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Registry<Entry>: an ordered list of entries with unique ids. A value, not a singleton: tests build small ones.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lathe {

/// \tparam T has a std::string member `id`.
template <class T>
class Registry {
public:
    using Entry = T;

    /// \throws std::logic_error if the id is empty or taken: that is a bug in a .def file.
    void add(T entry) {
        if (entry.id.empty() || find(entry.id))
            throw std::logic_error("registry: id \"" + entry.id + "\" is empty or taken");
        m_entries.push_back(std::move(entry));
    }
    /// \returns nullptr when there is none.
    const T* find(std::string_view id) const {
        const auto it = std::ranges::find_if(m_entries, [&](const T& entry) { return entry.id == id; });
        return it == m_entries.end() ? nullptr : &*it;
    }
    const std::vector<T>& entries() const { return m_entries; }
    std::size_t size() const { return m_entries.size(); }

private:
    std::vector<T> m_entries;
};

}  // namespace lathe
