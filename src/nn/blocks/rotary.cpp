// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Angles in float32, in the order of operations of the reference, so that long positions round alike.
#include "nn/blocks/rotary.h"

#include <algorithm>

namespace lathe::nn {

void RotaryTable::reach(std::int64_t positions, torch::Device device) {
    if (m_cosines.defined() && m_cosines.size(0) >= positions && m_cosines.device() == device)
        return;
    torch::NoGradGuard noGrad;
    const std::int64_t rows = std::max<std::int64_t>(256, positions + positions / 2);
    const torch::Tensor exponent = torch::arange(0, m_dimension, 2, torch::kFloat32) / static_cast<double>(m_dimension);
    const torch::Tensor frequencies = torch::pow(torch::tensor(m_theta, torch::kFloat32), exponent).reciprocal();
    const torch::Tensor angles = torch::arange(rows, torch::kFloat32).unsqueeze(1) * frequencies.unsqueeze(0);
    m_cosines = angles.cos().contiguous().to(device);  // [P, D / 2]
    m_sines = angles.sin().contiguous().to(device);    // [P, D / 2]
}

}  // namespace lathe::nn
