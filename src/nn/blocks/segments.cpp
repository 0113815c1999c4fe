// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/blocks/segments.h"

#include <algorithm>
#include <vector>

namespace lathe::nn {

using torch::Tensor;

SegmentPlan::SegmentPlan(const Tensor& segments) : m_rows(segments.size(0)), m_width(segments.size(1)) {
    const Tensor host = segments.cpu().contiguous();
    const auto* of = host.data_ptr<std::int64_t>();
    std::vector<std::int64_t> begins;  // of the texts, in B * T
    std::vector<std::int64_t> text, position;
    for (std::int64_t i = 0; i < m_rows * m_width; ++i) {
        TORCH_CHECK(i % m_width == 0 || of[i] >= of[i - 1], "a row's segments must not fall");
        if (i % m_width == 0 || of[i] != of[i - 1])
            begins.push_back(i);
        text.push_back(static_cast<std::int64_t>(begins.size()) - 1);
        position.push_back(i - begins.back());
        m_longest = std::max(m_longest, position.back() + 1);
    }
    m_texts = static_cast<std::int64_t>(begins.size());
    std::vector<std::int64_t> from(static_cast<std::size_t>(m_texts * m_longest), 0);
    std::vector<std::int64_t> to;
    for (std::size_t i = 0; i < text.size(); ++i) {
        to.push_back(text[i] * m_longest + position[i]);
        from[static_cast<std::size_t>(to.back())] = static_cast<std::int64_t>(i);
    }
    const auto tensor = [&](const std::vector<std::int64_t>& values) {
        return torch::tensor(values, torch::kInt64).to(segments.device());
    };
    m_positions = tensor(position).view({m_rows, m_width});
    m_from = tensor(from);
    m_to = tensor(to);
}

Tensor SegmentPlan::apart(const Tensor& heads) const {
    const std::int64_t n = heads.size(1), d = heads.size(3);
    const Tensor flat = heads.transpose(1, 2).reshape({m_rows * m_width, n, d});  // [B * T, N, D]
    return flat.index_select(0, m_from).view({m_texts, m_longest, n, d}).transpose(1, 2).contiguous();
}

Tensor SegmentPlan::together(const Tensor& texts) const {
    const std::int64_t c = texts.size(2);
    return texts.reshape({m_texts * m_longest, c}).index_select(0, m_to).view({m_rows, m_width, c});
}

}  // namespace lathe::nn
