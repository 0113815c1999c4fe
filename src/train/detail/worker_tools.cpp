// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is made of a WorkerGroup's messages.
#include <algorithm>
#include <thread>

#include "train/detail/worker_group.h"

namespace lathe::train {

std::vector<double> sumOver(WorkerGroup& group, const std::vector<double>& values) {
    auto tensor = torch::tensor(values, torch::kFloat64);
    group.sum(tensor);
    return {tensor.data_ptr<double>(), tensor.data_ptr<double>() + tensor.numel()};
}

bool isFirst(const WorkerGroup& group) {
    return group.isFirst();
}

int threadsFor(const WorkerGroup& group) {
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());
    return std::max(1, cores / std::max(1, group.launch().localSize));
}

void sayHowToResume(WorkerGroup& group, const std::string& words) {
    group.resumeWords = words;
}

}  // namespace lathe::train
