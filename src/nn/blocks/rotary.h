// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of rotary angles. \source Su et al. arXiv:2104.09864 eq. 15
#pragma once

#include <torch/types.h>

namespace lathe::nn {

/// cos and sin of position * theta^(-2 i / D), made as far as positions are asked for.
class RotaryTable {
public:
    RotaryTable(std::int64_t headDimension, double theta) : m_dimension(headDimension), m_theta(theta) {}
    /// At least \p positions rows on \p device.
    void reach(std::int64_t positions, torch::Device device);
    const torch::Tensor& cosines() const { return m_cosines; }  ///< [P, D / 2] float32
    const torch::Tensor& sines() const { return m_sines; }      ///< [P, D / 2] float32

private:
    std::int64_t m_dimension;
    double m_theta;
    torch::Tensor m_cosines, m_sines;
};

}  // namespace lathe::nn
