// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdapterSet: several adapters on one base, of which none, one or a few are active. The base is never loaded again.
// Thread: compute lane.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "nn/adapters/adapter.h"

namespace lathe::nn {

struct ActiveAdapter {
    std::string name;
    double strength = 1;
};

class AdapterSet {
public:
    explicit AdapterSet(std::shared_ptr<Network> network) : m_network(std::move(network)) {}
    ~AdapterSet() { release(); }
    AdapterSet(const AdapterSet&) = delete;
    AdapterSet& operator=(const AdapterSet&) = delete;

    /// What is active stays active. \returns what loadAdapter does, and InvalidInput for a name that is empty or taken.
    Result<> load(const std::string& name, const std::filesystem::path& folder);
    Result<> add(const std::string& name, std::shared_ptr<Adapter> adapter);
    /// \returns NotFound (lists the names that there are).
    Result<> remove(const std::string& name);

    std::vector<std::string> names() const;
    std::shared_ptr<Adapter> find(const std::string& name) const;  ///< nullptr: there is none
    const std::vector<ActiveAdapter>& active() const { return m_active; }
    bool isMerged() const { return m_merged; }

    /// Exactly these are active from now on, their additions summed up in this order; none = the bare base. When one
    /// cannot be, what was active before is again. Undoes merge().
    Result<> activate(const std::vector<ActiveAdapter>& wanted);
    /// Writes what is active into the base's weights (Adapter::merge), all or nothing. Not \p reversible: for good;
    /// nothing is active any more, and the base is another one.
    Result<> merge(bool reversible = true);
    /// Back to what was active beside the base.
    Result<> unmerge();

private:
    struct Held {
        std::string name;
        std::shared_ptr<Adapter> adapter;
    };
    Result<> checkName(const std::string& name) const;
    Result<> switchOn(const std::vector<ActiveAdapter>& wanted);
    void release();

    std::shared_ptr<Network> m_network;
    std::vector<Held> m_held;
    std::vector<ActiveAdapter> m_active;
    bool m_merged = false;
};

}  // namespace lathe::nn
