// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GradientSync: adds up the gradients of all processes of a run. Gradients travel in buckets, the last layers' first,
// and a bucket leaves as soon as the backward pass is through with it, while the layers below are still computed.
// Thread: compute lane. \source Li et al. arXiv:2006.15704, 3.2.3
#pragma once

#include <torch/types.h>

#include <memory>
#include <vector>

#include "train/detail/worker_group.h"

namespace lathe::train {

class GradientSync {
public:
    static constexpr std::int64_t kBucketBytes = 25 << 20;

    /// \param parameters what trains, float32, in the network's order. Keeps as many bytes again as their gradients.
    GradientSync(WorkerGroup& group, const std::vector<torch::Tensor>& parameters,
                 std::int64_t bucketBytes = kBucketBytes);
    ~GradientSync();
    GradientSync(const GradientSync&) = delete;
    GradientSync& operator=(const GradientSync&) = delete;

    /// The backward pass from \p root, which begins now, is the step's last: a gradient that it has been through is
    /// final, and those that it does not reach are so already. Without it all buckets leave in finish().
    void expectLast(const torch::Tensor& root);
    /// Afterwards every gradient is the sum over all processes, the same bits on each; undefined where no process had
    /// one. Called once a step, by a process without a share of it, too. \throws WorkerLost
    void finish();

    std::size_t bucketCount() const { return m_buckets.size(); }
    /// Of the last step: buckets that left before finish().
    std::size_t leftEarly() const { return m_leftEarly; }

private:
    struct Place {
        torch::Tensor parameter;
        std::size_t bucket = 0;
        std::int64_t offset = 0;  ///< elements
        std::int64_t flag = 0;    ///< where in the bucket it says whether there is a gradient
        bool ready = false;
    };
    struct Bucket {
        torch::Tensor flat;  ///< gradients one behind the other, then a flag for each
        std::vector<std::size_t> places;
        std::size_t missing = 0;
        std::unique_ptr<WorkerGroup::Pending> sum;
    };
    struct Hooks;

    void layOut(std::int64_t bucketBytes);
    void passed(std::size_t place);
    void makeReady(std::size_t place);
    void sendReady();
    void takeBack(const Bucket& bucket);

    WorkerGroup& m_group;
    std::vector<Place> m_places;
    std::vector<Bucket> m_buckets;
    std::unique_ptr<Hooks> m_hooks;
    std::size_t m_next = 0;  ///< bucket: all processes send them in one order
    std::size_t m_leftEarly = 0;
    bool m_expects = false;
};

}  // namespace lathe::train
