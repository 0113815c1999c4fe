// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which torch device a name means.
#pragma once

#include <torch/types.h>

#include <string>

#include "core/result.h"

namespace lathe::infer {

/// "auto", "cpu", "cuda", "cuda:1". \returns Unsupported for a device that is not there, InvalidInput for another word.
Result<torch::Device> chooseDevice(const std::string& name);

}  // namespace lathe::infer
