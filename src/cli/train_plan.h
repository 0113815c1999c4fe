// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// From the words of lathe-cli train to a model, a method and options.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "train/catalog.h"

namespace lathe::cli {

struct TrainWords {
    std::optional<std::string> model;   ///< --model
    std::optional<std::string> method;  ///< --method
    std::optional<std::string> task;    ///< --task
    std::string configFile;             ///< --config
    std::vector<std::string> sets;      ///< --set key=value
    std::optional<std::string> device;
    std::optional<int> threads;
};

struct TrainPlan {
    std::string model, method;
    Json options = Json::object();  ///< only what differs from the defaults, validated
};

/// \param modelsFolder where models are that are given by their names alone; may be empty.
/// Command line over config file over defaults. The config file is a run's config.json or {"model", "method",
/// "options"}. \returns InvalidInput (an unknown key or a value out of range: wrong usage), NotFound, Parse.
Result<TrainPlan> planTraining(const TrainWords& words, const std::filesystem::path& modelsFolder);

}  // namespace lathe::cli
