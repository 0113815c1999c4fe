// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The cache of decoders with grouped keys.
#pragma once

#include <torch/types.h>

#include <vector>

#include "nn/network.h"

namespace lathe::nn {

/// Per layer keys and values [B, G, capacity, D], grown by doubling.
class GroupedCache : public KvCache {
public:
    struct Shape {
        std::int64_t layers = 0, batch = 0, groups = 0, dimension = 0, capacity = 0;
        torch::ScalarType dtype = torch::kFloat32;
        torch::Device device = torch::kCPU;
    };
    explicit GroupedCache(const Shape& shape);

    std::int64_t length() const override { return m_length; }
    void reorder(const torch::Tensor& rows) override;

    /// Puts what every row saw before its first token into the empty cache: per layer k, v [G, P, D].
    void begin(const std::vector<std::pair<torch::Tensor, torch::Tensor>>& past);
    /// Keeps the ids [B, T] and mask (undefined = all real) that are about to be read, for restart().
    void remember(const torch::Tensor& ids, const torch::Tensor& mask);
    /// Forgets everything. \returns all ids and their mask that were remembered.
    std::pair<torch::Tensor, torch::Tensor> restart();

    /// Makes room for \p tokens more positions. Call before the layers append.
    void grow(std::int64_t tokens);
    /// Copies k, v [B, G, T, D] behind the first length() positions of a layer and \returns all of them, [B, G, S, D].
    std::pair<torch::Tensor, torch::Tensor> append(std::size_t layer, const torch::Tensor& k, const torch::Tensor& v);
    /// After all layers appended. \p mask [B, T] uint8, undefined = all real.
    void advance(std::int64_t tokens);
    /// Notes which of the new positions are real, before the layers run. \p mask [B, T] int64; undefined = all.
    void note(const torch::Tensor& mask, std::int64_t tokens);

    const torch::Tensor& keyMask() const { return m_keyMask; }  ///< [B, S] uint8; undefined = all real
    torch::Tensor realTokens() const;                           ///< [B] int64: positions of each row so far
    std::int64_t batch() const { return m_keys.front().size(0); }
    std::int64_t capacity() const { return m_keys.front().size(2); }
    torch::Tensor& keys(std::size_t layer) { return m_keys[layer]; }      ///< [B, G, capacity, D]
    torch::Tensor& values(std::size_t layer) { return m_values[layer]; }  ///< [B, G, capacity, D]

private:
    std::vector<torch::Tensor> m_keys, m_values;
    torch::Tensor m_keyMask;
    torch::Tensor m_ids, m_idMask;  ///< [B, S] int64, where somebody asked for it
    std::int64_t m_length = 0;
};

}  // namespace lathe::nn
