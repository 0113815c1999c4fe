// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// libtorch's c10d with Gloo, in one place: what of it is there, and what differs between libtorch 1.13 (where Gloo is a
// ProcessGroup) and 2.x (where it is a Backend). Slow to compile: for worker_group.cpp alone.
#pragma once

#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace lathe::train::c10d_compat {

using Group = c10d::ProcessGroupGloo;
using Store = c10d::Store;
using Work = c10d::Work;

inline c10::intrusive_ptr<Store> makeStore(const std::string& host, std::uint16_t port, bool isServer,
                                           std::chrono::milliseconds patience) {
    c10d::TCPStoreOptions options;
    options.port = port;
    options.isServer = isServer;
    options.waitWorkers = false;
    options.timeout = patience;
    // 2.x would ask for libuv, which not every build of it has; the other server does the same.
    [](auto& any) {
        if constexpr (requires { any.useLibUV; })
            any.useLibUV = false;
    }(options);
    return c10::make_intrusive<c10d::TCPStore>(host, options);
}

/// \param address of this machine, as the others can reach it
inline c10::intrusive_ptr<Group> makeGroup(const c10::intrusive_ptr<Store>& store, int rank, int size,
                                           const std::string& address, const std::string& interface,
                                           std::chrono::milliseconds timeout) {
    auto options = Group::Options::create(timeout);
    options->devices.push_back(interface.empty() ? Group::createDeviceForHostname(address)
                                                 : Group::createDeviceForInterface(interface));
    return c10::make_intrusive<Group>(store, rank, size, options);
}

}  // namespace lathe::train::c10d_compat
