// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A fresh Llama as a model folder, so that benchmarks go the way that every model goes.
#pragma once

#include <filesystem>

#include "core/job_context.h"
#include "core/result.h"

namespace lathe::nn {
struct FreshShape;
}

namespace lathe::cli {

/// \p large: 134 M weights, the shape of HuggingFaceTB/SmolLM-135M; else 4 layers x 256.
nn::FreshShape llamaShape(bool large);
/// Writes weights, config and a small tokenizer whose tokens are the vocabulary's first. Its texts never end early.
/// \returns the number of parameters.
Result<std::int64_t> writeLlama(const nn::FreshShape& shape, const std::filesystem::path& folder, JobContext& context);

}  // namespace lathe::cli
