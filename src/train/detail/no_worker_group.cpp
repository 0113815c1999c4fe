// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A build without Gloo says so; nobody has a group in it.
#include <fmt/format.h>

#include "train/detail/worker_group.h"

#ifndef LATHE_HAS_GLOO

namespace lathe::train {

class WorkerGroup::Impl {};

Result<std::shared_ptr<WorkerGroup>> meetWorkers(const Launch& launch, double) {
    return fail(ErrorCode::Unsupported,
                fmt::format("WORLD_SIZE is {}, but this Lathe was built without Gloo, which processes talk through; "
                            "install libgloo-dev and build it again, or unset RANK and WORLD_SIZE",
                            launch.size));
}

WorkerGroup::WorkerGroup(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {
}
WorkerGroup::~WorkerGroup() = default;
const Launch& WorkerGroup::launch() const {
    throw WorkerLost("built without Gloo");
}
void WorkerGroup::sum(torch::Tensor&) {
    throw WorkerLost("built without Gloo");
}
std::unique_ptr<WorkerGroup::Pending> WorkerGroup::beginSum(torch::Tensor) {
    throw WorkerLost("built without Gloo");
}
void WorkerGroup::copyFromFirst(torch::Tensor&) {
    throw WorkerLost("built without Gloo");
}
std::string WorkerGroup::fromFirst(const std::string&) {
    throw WorkerLost("built without Gloo");
}
std::vector<std::string> WorkerGroup::gather(const std::string&) {
    throw WorkerLost("built without Gloo");
}
void WorkerGroup::leave(const std::string&) {
}
std::optional<std::string> WorkerGroup::failure() const {
    return {};
}

}  // namespace lathe::train

#endif
