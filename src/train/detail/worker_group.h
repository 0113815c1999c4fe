// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// WorkerGroup: the processes of a run and what they say to each other, over libtorch's c10d. Every process calls the
// same functions in the same order. A process that is lost or fails ends the waiting of all others: whoever waits looks
// for notes that others left, and each leaves a sign of life twice a second, so that long work of one is no reason to
// give up, but silence is. Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "train/distributed.h"

namespace lathe::train {

/// Thrown by whatever waits for the others when they are not to be had any more; WorkerGroup::failure() says more.
class WorkerLost : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class WorkerGroup {
public:
    class Impl;
    /// A sum that is under way.
    class Pending {
    public:
        virtual ~Pending() = default;
        /// The tensor holds the sum afterwards. \throws WorkerLost
        virtual void wait() = 0;
    };

    explicit WorkerGroup(std::unique_ptr<Impl> impl);
    ~WorkerGroup();
    WorkerGroup(const WorkerGroup&) = delete;
    WorkerGroup& operator=(const WorkerGroup&) = delete;

    const Launch& launch() const;
    int rank() const { return launch().rank; }
    int size() const { return launch().size; }
    bool isFirst() const { return rank() == 0; }

    /// Becomes the sum over all processes, the same bits on each. On the CPU, contiguous. \throws WorkerLost
    void sum(torch::Tensor& tensor);
    std::unique_ptr<Pending> beginSum(torch::Tensor tensor);
    /// Becomes what rank 0 has. \throws WorkerLost
    void copyFromFirst(torch::Tensor& tensor);
    /// What rank 0 gave. \throws WorkerLost
    std::string fromFirst(const std::string& bytes);
    /// What each process gave, by rank. \throws WorkerLost
    std::vector<std::string> gather(const std::string& bytes);

    /// Tells the others, once, that this process ends before its time, and why.
    void leave(const std::string& why);
    /// Why the processes do not work together any more: which of them is gone, or what it said.
    std::optional<std::string> failure() const;

    /// The work is done: this process may go without a word.
    void finish() { m_isDone = true; }

    std::string resumeWords;  ///< what a user does to go on; may be empty

private:
    bool m_isDone = false;
    std::unique_ptr<Impl> m_impl;
};

/// Values of all processes added up, in one message. \throws WorkerLost
std::vector<double> sumOver(WorkerGroup& group, const std::vector<double>& values);

}  // namespace lathe::train
