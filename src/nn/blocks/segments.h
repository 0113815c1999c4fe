// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts packed behind one another in a row of a batch. What works on single positions (projections, feed-forward)
// runs over the packed rows; attention takes the texts apart, so that none sees another, and puts them back.
#pragma once

#include <torch/types.h>

namespace lathe::nn {

class SegmentPlan {
public:
    /// \param segments [B, T] int64, not falling along a row
    explicit SegmentPlan(const torch::Tensor& segments);

    /// [B, T] int64: each position counted from its text's first.
    const torch::Tensor& positions() const { return m_positions; }
    std::int64_t longest() const { return m_longest; }
    /// [B, N, T, D] -> [S, N, L, D]: a row per text, L the longest. What stands behind a shorter text's end is no part
    /// of it; causal attention does not look there.
    torch::Tensor apart(const torch::Tensor& heads) const;
    /// [S, L, C] -> [B, T, C]
    torch::Tensor together(const torch::Tensor& texts) const;

private:
    std::int64_t m_rows, m_width, m_texts = 0, m_longest = 0;
    torch::Tensor m_positions;  // [B, T]
    torch::Tensor m_from;       // [S * L]: the place in B * T that each place of the texts is taken from
    torch::Tensor m_to;         // [B * T]: the place in S * L of each position
};

}  // namespace lathe::nn
