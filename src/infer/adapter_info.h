// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an adapter's folder holds, and merging one into a model's weights. Torch-free facade.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "infer/text_model.h"

namespace lathe::infer {

struct AdapterInfo {
    std::filesystem::path folder;
    std::string kind;   ///< peft_type: "LORA"
    std::string title;  ///< "LoRA"; empty when this version does not do the kind
    std::string task;   ///< task_type: "CAUSAL_LM"; may be empty
    std::string base;   ///< base_model_name_or_path as the config has it; may be empty
    std::int64_t parameters = 0;
    std::int64_t tensors = 0;
    std::uint64_t bytes = 0;
    Json config;
};

/// From adapter_config.json and the header of the tensors. Thread: any.
Result<AdapterInfo> inspectAdapter(const std::filesystem::path& folder);
/// Whether \p folder is an adapter's and no model's.
bool isAdapterFolder(const std::filesystem::path& folder);
/// The model folder that the adapter was made for: its base_model_name_or_path, from here or from the adapter's own
/// folder. \returns NotFound that says how to name it.
Result<std::filesystem::path> baseOfAdapter(const std::filesystem::path& folder);
/// Loads the model and tries the adapters on it, one after the other. \returns what loading them does.
/// Thread: compute lane.
Result<> checkAdapters(const std::filesystem::path& model, const std::vector<AdapterChoice>& adapters);

}  // namespace lathe::infer
