// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the next token from logits: repetition penalty, temperature, top-k, top-p, in Transformers' order. Torch-free.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "infer/text_model.h"

namespace lathe::infer {

class Sampler {
public:
    explicit Sampler(const GenerateOptions& options) : m_options(options), m_random(options.seed) {}

    /// Changes \p logits. \p history: prompt and new tokens so far; ids outside of the vocabulary are passed over.
    /// Ties and temperature 0 go to the smallest id. Not-a-number counts as the least likely.
    std::int32_t next(std::span<float> logits, std::span<const std::int32_t> history);

private:
    std::int32_t draw(std::span<const float> logits);

    GenerateOptions m_options;
    std::mt19937_64 m_random;
    std::vector<std::int32_t> m_order;  // scratch
    std::vector<double> m_weights;      // scratch
    std::vector<bool> m_seen;           // scratch, by id
};

}  // namespace lathe::infer
