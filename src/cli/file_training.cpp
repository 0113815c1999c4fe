// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/file_training.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "train/dataset_files.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

const train::TaskInfo* findTask(const std::vector<train::TaskInfo>& tasks, const std::string& id) {
    const auto found = std::ranges::find(tasks, id, &train::TaskInfo::id);
    return found == tasks.end() ? nullptr : &*found;
}

/// The first of the model's tasks that reads this kind of rows.
Result<std::string> taskFor(const train::ModelChoice& choice, train::DataKind kind, const fs::path& file) {
    const auto tasks = train::tasks();
    for (const auto& id : choice.tasks)
        if (const auto* task = findTask(tasks, id); task && task->data == kind)
            return id;
    return fail(ErrorCode::InvalidInput,
                fmt::format("{} holds {}, from which {} cannot learn by itself; name one of its tasks with --task: {}",
                            file.string(), train::describe(kind), choice.id, fmt::join(choice.tasks, ", ")));
}

bool namesTask(const TrainWords& words) {
    return words.task || std::ranges::any_of(words.sets, [](const auto& set) { return set.starts_with("task="); });
}

}  // namespace

Result<std::pair<train::TrainRequest, train::Dataset>> prepareFileTraining(const FileTraining& wanted) {
    TrainWords words = wanted.words;
    LATHE_TRY(TrainPlan plan, planTraining(words, {}));
    LATHE_TRY(const auto choice, train::choiceOf(plan.model));
    if (!namesTask(words) && !plan.options.contains("task")) {
        LATHE_TRY(const auto kind, train::kindOfFile(wanted.data));
        LATHE_TRY(words.task, taskFor(choice, kind, wanted.data));
        LATHE_TRY(plan, planTraining(words, {}));
    }
    LATHE_TRY(const std::string task, train::taskOf(choice, plan.options));
    const auto tasks = train::tasks();
    train::DatasetRequest files{.train = wanted.data, .dev = wanted.dev, .kind = findTask(tasks, task)->data};
    for (const auto& spec : train::optionsFor(choice, plan.method, task)) {
        if (spec.key == "dev_share")
            files.devShare = plan.options.value("dev_share", spec.fallback.get<double>());
        if (spec.key == "seed")
            files.seed = static_cast<std::uint64_t>(plan.options.value("seed", spec.fallback.get<std::int64_t>()));
    }
    LATHE_TRY(train::Dataset data, train::readDataset(files));
    return std::pair(train::TrainRequest{.model = plan.model,
                                         .method = plan.method,
                                         .options = plan.options,
                                         .runFolder = wanted.out / "run",
                                         .modelFolder = wanted.out / "model",
                                         .resume = wanted.resume},
                     std::move(data));
}

}  // namespace lathe::cli
