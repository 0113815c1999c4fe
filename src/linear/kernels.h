// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of the linear classifier, compiled for AVX-512, AVX2 and the base instruction set, chosen at run
// time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lathe::linear {

struct Feature {
    std::uint32_t row = 0;
    float value = 0;
};

struct Kernels {
    const char* name;
    /// scores[0, stride) += sum over features of value * weights[row * stride + label].
    void (*score)(const Feature* features, std::size_t count, const float* weights, std::size_t stride, float* scores);
    /// weights[row * stride + label] += value * delta[label] for each feature.
    void (*update)(const Feature* features, std::size_t count, float* weights, std::size_t stride, const float* delta);
    /// Softmax in place over the first \p labels of \p scores; the rest of the stride becomes 0.
    /// \returns the natural logarithm of the sum of exponentials of the scores as given.
    float (*softmax)(float* scores, std::size_t labels, std::size_t stride);
};

/// The best set that this processor runs.
const Kernels& kernels();

/// Floats in a row of weights: the labels rounded up so that the loops have no rest.
inline std::size_t rowStride(std::size_t labels) {
    const std::size_t step = labels <= 4 ? 4 : labels <= 8 ? 8 : 16;
    return (labels + step - 1) / step * step;
}

}  // namespace lathe::linear
