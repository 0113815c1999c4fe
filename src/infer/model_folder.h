// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Saving a model as a folder that Hugging Face Transformers loads: config, weights, tokenizer, chat template and
// generation settings as they came, a model card. Torch-free facade. Thread: compute lane.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "infer/text_model.h"

namespace lathe::infer {

struct SaveModelOptions {
    std::string dtype = {};  ///< float32, bfloat16 or float16; empty = each tensor as its file has it
    std::uint64_t maxShardBytes = 5'000'000'000;
    std::string readme = {};  ///< README.md; empty = the source's own, or one made of what the folder says
    bool replace = false;     ///< a model folder that is there already
    std::vector<AdapterChoice> adapters = {};  ///< merged into the weights, in float32, before they are saved
};

struct SavedModel {
    std::filesystem::path folder;
    std::int64_t parameters = 0;
    std::uint64_t weightBytes = 0;
    int files = 0;      ///< of weights
    std::string dtype;  ///< as config.json now says
};

/// "5GB", "500MB", "2GiB", "1000000": as Hugging Face writes sizes. \returns InvalidInput.
Result<std::uint64_t> parseByteSize(const std::string& text);

/// Loads \p source, a model's folder or an adapter's, which is then merged into its model, and saves it at \p target,
/// which appears whole or not at all. \returns what loading and merging adapters does; InvalidInput: the target is the
/// source, is not empty, or is no model folder to replace; Io; Canceled.
Result<SavedModel> saveModel(const std::filesystem::path& source, const std::filesystem::path& target,
                             const SaveModelOptions& options, JobContext& context);

/// The files beside weights and config that belong to a model: tokenizer, chat templates, generation settings,
/// licence. Copied byte by byte into \p target. \returns Io.
Result<> copyModelFiles(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace lathe::infer
