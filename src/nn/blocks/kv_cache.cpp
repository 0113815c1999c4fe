// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and values of the positions read so far.
#include "nn/blocks/kv_cache.h"

namespace lathe::nn {

GroupedCache::GroupedCache(const Shape& shape) {
    const auto options = torch::TensorOptions().dtype(shape.dtype).device(shape.device);
    for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
        m_keys.push_back(torch::empty({shape.batch, shape.groups, shape.capacity, shape.dimension}, options));
        m_values.push_back(torch::empty({shape.batch, shape.groups, shape.capacity, shape.dimension}, options));
    }
}

void GroupedCache::reorder(const torch::Tensor& rows) {
    for (auto* side : {&m_keys, &m_values})
        for (torch::Tensor& tensor : *side)
            tensor = tensor.index_select(0, rows);
    for (torch::Tensor* perRow : {&m_keyMask, &m_ids, &m_idMask})
        if (perRow->defined())
            *perRow = perRow->index_select(0, rows);
}

void GroupedCache::begin(const std::vector<std::pair<torch::Tensor, torch::Tensor>>& past) {
    TORCH_CHECK(m_length == 0 && past.size() == m_keys.size(), "keys and values of ", past.size(),
                " layers cannot begin a cache of ", m_keys.size());
    const std::int64_t tokens = past.front().first.size(1);
    grow(tokens);
    note({}, tokens);
    for (std::size_t layer = 0; layer < past.size(); ++layer)
        append(layer, past[layer].first.unsqueeze(0), past[layer].second.unsqueeze(0));
    advance(tokens);
}

void GroupedCache::remember(const torch::Tensor& ids, const torch::Tensor& mask) {
    if (mask.defined() && !m_idMask.defined() && m_ids.defined())
        m_idMask = torch::ones_like(m_ids);
    if (m_idMask.defined() || mask.defined()) {
        const torch::Tensor fresh = mask.defined() ? mask : torch::ones_like(ids);
        m_idMask = m_idMask.defined() ? torch::cat({m_idMask, fresh}, 1) : fresh;
    }
    m_ids = m_ids.defined() ? torch::cat({m_ids, ids}, 1) : ids;
}

std::pair<torch::Tensor, torch::Tensor> GroupedCache::restart() {
    std::pair<torch::Tensor, torch::Tensor> text{m_ids, m_idMask};
    m_ids = m_idMask = m_keyMask = torch::Tensor();
    m_length = 0;
    return text;
}

void GroupedCache::grow(std::int64_t tokens) {
    const std::int64_t needed = m_length + tokens;
    if (needed <= capacity())
        return;
    const std::int64_t bigger = std::max(needed, capacity() * 2);
    for (auto* side : {&m_keys, &m_values})
        for (torch::Tensor& tensor : *side) {
            std::vector<std::int64_t> shape = tensor.sizes().vec();
            shape[2] = bigger;
            torch::Tensor grown = torch::empty(shape, tensor.options());
            grown.narrow(2, 0, m_length).copy_(tensor.narrow(2, 0, m_length));
            tensor = grown;
        }
}

std::pair<torch::Tensor, torch::Tensor> GroupedCache::append(std::size_t layer, const torch::Tensor& k,
                                                             const torch::Tensor& v) {
    const std::int64_t tokens = k.size(2);
    m_keys[layer].narrow(2, m_length, tokens).copy_(k);
    m_values[layer].narrow(2, m_length, tokens).copy_(v);
    return {m_keys[layer].narrow(2, 0, m_length + tokens), m_values[layer].narrow(2, 0, m_length + tokens)};
}

void GroupedCache::note(const torch::Tensor& mask, std::int64_t tokens) {
    if (!m_keyMask.defined() && !mask.defined())
        return;
    const auto options = torch::TensorOptions().dtype(torch::kUInt8).device(m_keys.front().device());
    if (!m_keyMask.defined())
        m_keyMask = torch::ones({batch(), m_length}, options);
    const torch::Tensor fresh = mask.defined() ? mask.ne(0).to(torch::kUInt8) : torch::ones({batch(), tokens}, options);
    m_keyMask = torch::cat({m_keyMask, fresh}, 1).contiguous();  // [B, S]
}

void GroupedCache::advance(std::int64_t tokens) {
    m_length += tokens;
}

torch::Tensor GroupedCache::realTokens() const {
    if (!m_keyMask.defined())
        return torch::full({batch()}, m_length, torch::kInt64);
    return m_keyMask.sum(1, false, torch::kInt64);
}

}  // namespace lathe::nn
