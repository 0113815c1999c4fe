// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where and how the numbers of a run are computed: device, float32 or bf16, the generators' seeds.
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "core/result.h"
#include "nn/precision.h"

namespace lathe::train {

/// "auto" (the first CUDA device, else the processor), "cpu", "cuda", "cuda:1". \returns Unsupported, InvalidInput.
Result<torch::Device> deviceFor(const std::string& name);

/// "float32", "bf16", or "auto": by what the processor can, not by a measurement, which could come out differently when
/// the run is resumed.
nn::Precision precisionFor(const std::string& name, torch::Device device);
/// \returns Unsupported: fp16 without CUDA.
Result<> checkPrecision(const std::string& name, torch::Device device);

/// Seeds every generator that a training step draws from.
void seedGenerators(std::uint64_t seed);

/// Whether operations that could give other bits each time are avoided where there are others (CUDA).
void setDeterministic(bool on);

/// Threads for tokenising: as many as the lane computes with.
int tokeniserThreads();

}  // namespace lathe::train
