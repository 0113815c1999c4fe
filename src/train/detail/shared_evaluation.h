// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An evaluation on several processes: each asks its batches, and all hear all answers in the order in which one process
// would have got them, so that the metrics are the same to the last bit. Thread: compute lane.
#pragma once

#include <optional>
#include <vector>

#include "train/detail/bytes.h"
#include "train/detail/metric.h"
#include "train/detail/worker_group.h"

namespace lathe::train {

/// Answers, each with the place of its batch in the evaluation.
class SharedAnswers {
public:
    void add(std::size_t place, const MetricBatch& said);
    /// All processes' answers, by place; nothing when one of them was asked to \p stop. \throws WorkerLost
    std::optional<std::vector<MetricBatch>> exchange(WorkerGroup& group, bool stop) const;

private:
    ByteWriter m_answers;
};

}  // namespace lathe::train
