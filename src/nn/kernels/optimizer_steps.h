// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of the optimizers beside AdamW (kernels.h): each element is read and written once.
// The caller spreads ranges over threads.
#pragma once

#include <cstdint>

namespace lathe::nn::kernels {

/// One step of elements [begin, end), as torch.optim.SGD.
struct SgdStep {
    float rate;       ///< learning rate
    float momentum;   ///< 0 = none, and \p buffer null; else the buffer starts at 0
    float decay;      ///< added to the gradient, times the parameter (L2)
    float gradScale;  ///< clipping
    bool nesterov;
};
void sgd(const SgdStep& step, float* parameter, const float* grad, float* buffer, std::int64_t begin, std::int64_t end);

/// One Lion step of elements [begin, end).
struct LionStep {
    float rate;
    float beta1, beta2;
    float decay;  ///< 1 - lr * weight decay
    float gradScale;
};
void lion(const LionStep& step, float* parameter, const float* grad, float* m, std::int64_t begin, std::int64_t end);

/// Adafactor over rows [rowBegin, rowEnd) of a matrix with C columns, g = gradScale * grad.
/// rowMeans[row] = mean of g^2 + epsilon over the row; columnSums[c] += the same over the rows.
void adafactorStatistics(const float* grad, float gradScale, float epsilon, std::int64_t columns, std::int64_t rowBegin,
                         std::int64_t rowEnd, float* rowMeans, float* columnSums);
/// Sum of squares of the update rowFactors[row] * columnFactors[c] * g.
double adafactorSquares(const float* grad, float gradScale, std::int64_t columns, std::int64_t rowBegin,
                        std::int64_t rowEnd, const float* rowFactors, const float* columnFactors);
/// parameter = parameter * decay - u, u = rate * the update; with \p m (may be null) u is its running mean.
struct AdafactorStep {
    float rate;
    float beta1;
    float decay;
    float gradScale;
};
void adafactor(const AdafactorStep& step, float* parameter, const float* grad, float* m, std::int64_t columns,
               std::int64_t rowBegin, std::int64_t rowEnd, const float* rowFactors, const float* columnFactors);

}  // namespace lathe::nn::kernels
