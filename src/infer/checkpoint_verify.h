// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Compares a checkpoint's results on this machine with reference results made by Transformers. Torch-free facade.
// Thread: compute lane.
#pragma once

#include <filesystem>

#include "core/result.h"
#include "core/verify_outcome.h"

namespace lathe::infer {

/// \p folder holds config.json, model.safetensors, golden.json and golden.safetensors. Compares logits, hidden states,
/// loss, every gradient, the curve of 20 optimizer steps and generated ids, in float32 on one thread.
/// \returns NotFound, Io, Parse for files that cannot be read; what this version cannot run is Unsupported in the
/// outcome.
Result<VerifyOutcome> verifyCheckpoint(const std::filesystem::path& folder);

}  // namespace lathe::infer
