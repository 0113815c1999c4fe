// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of tasks.def.
#include "train/detail/task.h"

namespace lathe::train {

#define TASK(function) TaskEntry function();
#include "train/tasks/tasks.def"
#undef TASK

TaskRegistry makeTaskRegistry() {
    TaskRegistry registry;
#define TASK(function) registry.add(function());
#include "train/tasks/tasks.def"
#undef TASK
    return registry;
}

bool usesChatFormat(DataKind data) {
    return data == DataKind::Chat || data == DataKind::Preference;
}

}  // namespace lathe::train
