// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/adapters/adapter_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace lathe::nn {

Result<> AdapterSet::checkName(const std::string& name) const {
    if (name.empty())
        return fail(ErrorCode::InvalidInput, "an adapter needs a name");
    if (find(name))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("there is an adapter \"{}\" already; choose another name", name));
    return {};
}

Result<> AdapterSet::load(const std::string& name, const std::filesystem::path& folder) {
    LATHE_CHECK(checkName(name));
    // A new adapter is measured against the bare base, not against what others have put in its place.
    const auto before = m_active;
    const bool merged = m_merged;
    release();
    auto adapter = loadAdapter(m_network, folder);
    if (adapter)
        m_held.push_back({name, std::move(*adapter)});
    LATHE_CHECK(switchOn(before));
    if (merged)
        LATHE_CHECK(merge());
    return adapter ? Result<>() : Result<>(fail(std::move(adapter.error())));
}

Result<> AdapterSet::add(const std::string& name, std::shared_ptr<Adapter> adapter) {
    LATHE_CHECK(checkName(name));
    m_held.push_back({name, std::move(adapter)});
    return {};
}

Result<> AdapterSet::remove(const std::string& name) {
    const auto found = std::ranges::find(m_held, name, &Held::name);
    if (found == m_held.end())
        return fail(ErrorCode::NotFound, fmt::format("there is no adapter \"{}\" (there are: {})", name.substr(0, 100),
                                                     fmt::join(names(), ", ")));
    std::vector<ActiveAdapter> rest = m_active;
    std::erase_if(rest, [&](const ActiveAdapter& one) { return one.name == name; });
    release();
    m_held.erase(found);
    return switchOn(rest);
}

std::vector<std::string> AdapterSet::names() const {
    std::vector<std::string> names;
    for (const Held& held : m_held)
        names.push_back(held.name);
    return names;
}

std::shared_ptr<Adapter> AdapterSet::find(const std::string& name) const {
    const auto found = std::ranges::find(m_held, name, &Held::name);
    return found == m_held.end() ? nullptr : found->adapter;
}

Result<> AdapterSet::activate(const std::vector<ActiveAdapter>& wanted) {
    const auto before = m_active;
    release();
    auto switched = switchOn(wanted);
    if (switched)
        return {};
    release();
    LATHE_CHECK(switchOn(before));
    return switched;
}

/// From the bare base.
Result<> AdapterSet::switchOn(const std::vector<ActiveAdapter>& wanted) {
    for (const ActiveAdapter& one : wanted) {
        const auto adapter = find(one.name);
        if (!adapter)
            return fail(ErrorCode::NotFound, fmt::format("there is no adapter \"{}\" (there are: {})",
                                                         one.name.substr(0, 100), fmt::join(names(), ", ")));
        if (adapter->isAttached())
            return fail(ErrorCode::InvalidInput, fmt::format("the adapter \"{}\" is named twice", one.name));
        LATHE_CHECK(adapter->attach(one.strength));
        m_active.push_back(one);
    }
    return {};
}

Result<> AdapterSet::merge(bool reversible) {
    if (m_merged)
        return {};
    const auto wanted = m_active;
    release();
    m_active = wanted;
    m_merged = true;
    for (const ActiveAdapter& one : wanted)
        if (auto merged = find(one.name)->merge(one.strength); !merged) {
            release();
            LATHE_CHECK(switchOn(wanted));
            return merged;
        }
    if (!reversible) {
        for (const ActiveAdapter& one : wanted)
            find(one.name)->keepMerged();
        m_active.clear();
        m_merged = false;
    }
    return {};
}

Result<> AdapterSet::unmerge() {
    return m_merged ? activate(std::vector(m_active)) : Result<>();
}

/// Leaves the bare base: the last one goes first, because each may stand on what the ones before made.
void AdapterSet::release() {
    for (auto one = m_active.rbegin(); one != m_active.rend(); ++one)
        if (const auto adapter = find(one->name)) {
            adapter->detach();
            adapter->unmerge();
        }
    m_active.clear();
    m_merged = false;
}

}  // namespace lathe::nn
