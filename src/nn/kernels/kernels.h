// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The memory-bound inner loops of training and inference, without torch: rows of numbers in, rows out.
// Each works on a range of rows or elements; the caller spreads ranges over threads. T is float or Bf16 (bits).
// Legend in nn/shapes.h.
#pragma once

#include <cstdint>

#include "nn/kernels/simd.h"

namespace lathe::nn::kernels {

/// Which elements a dropout layer zeroes: a hash of (key, element index), so the backward pass makes the mask again
/// instead of reading it from memory, and a resumed run drops the same elements.
struct Dropout {
    std::uint64_t key = 0;
    float probability = 0;  ///< 0 = off

    bool isOn() const { return probability > 0; }
};

/// out[i] = in[i] kept and scaled by 1 / (1 - p), or 0, for i in [begin, end).
template <class T>
void dropout(const T* in, T* out, std::int64_t begin, std::int64_t end, Dropout drop);

/// What normalise() writes and its backward reads. One row = C elements.
/// z = residual + dropout(x); y = (z - mean) * rstd * gamma + beta (layer norm) or z * rstd * gamma (RMS norm).
struct NormShape {
    std::int64_t channels = 0;
    float epsilon = 0;
    bool rms = false;
};
/// \p residual, \p beta may be null. \p z [N, C] float is written always, \p mean (layer norm) and \p rstd [N] too.
template <class T, class U>
void normForward(const NormShape& shape, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd, const T* x,
                 const float* residual, const float* gamma, const float* beta, float* z, U* y, float* mean,
                 float* rstd);
/// \p gradZ [N, C] (what flows into z past the norm) may be null. Writes gradResidual = dz [N, C] and, where not null,
/// gradX = dz through the dropout; adds the rows' sums to gradGamma and gradBeta [C] (the latter may be null).
template <class T, class U>
void normBackward(const NormShape& shape, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd, const U* gradY,
                  const float* gradZ, const float* z, const float* gamma, const float* mean, const float* rstd,
                  float* gradResidual, T* gradX, float* gradGamma, float* gradBeta);

/// Which keys a query may see: those with keyMask[b, s] != 0 (null = all) and, if causal, s <= past + t.
struct AttentionSpan {
    std::int64_t rowsPerBatch = 0;  ///< H * T score rows of one batch element
    std::int64_t queries = 0;       ///< T
    std::int64_t keys = 0;          ///< S
    const std::uint8_t* keyMask = nullptr;
    bool causal = false;
    std::int64_t past = 0;
    std::int64_t window = 0;  ///< with causal: keys s > past + t - window only; 0 = all
    float scale = 1;
    float softcap = 0;            ///< c tanh(x / c) of the scaled scores with this c; 0 = off
    const float* bias = nullptr;  ///< added to the scaled scores: [H * T, S], or [B, H * T, S] with a stride
    std::int64_t biasStride = 0;  ///< between batch elements
};
/// Rows [B * H * T] of S scores -> probabilities p, and after dropout in \p dropped (may be p itself when dropout is
/// off; p may be the scores). A row that sees nothing gets zeros. \p slope gets what the softcap's gradient is
/// multiplied by; null without one. \p scratch: S floats.
template <class T>
void attentionSoftmax(const AttentionSpan& span, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd,
                      const T* scores, T* p, T* dropped, T* slope, float* scratch);
/// The gradient of the scores from that of the dropped probabilities; may work in place.
template <class T>
void attentionSoftmaxBackward(const AttentionSpan& span, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd,
                              const T* gradDropped, const T* p, const T* slope, T* gradScores, float* scratch);

/// Scores against distances, looked up for every query t and key s: the distance t - s has its row at
/// rows[t - s + T - 1]. Works on blocks h * B + b.
struct RelativeShape {
    std::int64_t heads = 0, batch = 0, tokens = 0, distances = 0;  ///< H, B, T, R
    const std::int64_t* rows = nullptr;                            ///< [2 T - 1], each in [0, R)
    float scale = 1;
};
/// out[b, h, t, s] = scale * (fromQuery[h, b, t, r] + fromKey[h, b, s, r]), r = rows[t - s + T - 1];
/// one of them may be null.
template <class T>
void relativeBias(const RelativeShape& shape, std::int64_t blockBegin, std::int64_t blockEnd, const T* fromQuery,
                  const T* fromKey, float* out);
/// Adds to the gradients [H, B, T, R], where not null.
void relativeBiasBackward(const RelativeShape& shape, std::int64_t blockBegin, std::int64_t blockEnd,
                          const float* gradOut, float* gradQuery, float* gradKey);

/// GELU: 0.5 x (1 + erf(x / sqrt 2)).
template <class T>
void gelu(const T* in, T* out, std::int64_t begin, std::int64_t end);
template <class T>
void geluBackward(const T* gradOut, const T* in, T* gradIn, std::int64_t begin, std::int64_t end);
/// SwiGLU: out = silu(gate) * up; rows of F with a stride of their own.
template <class T>
void swiglu(const T* gate, const T* up, std::int64_t strideIn, T* out, std::int64_t columns, std::int64_t rowBegin,
            std::int64_t rowEnd);
template <class T>
void swigluBackward(const T* gradOut, const T* gate, const T* up, std::int64_t strideIn, T* gradGate, T* gradUp,
                    std::int64_t strideGrad, std::int64_t columns, std::int64_t rowBegin, std::int64_t rowEnd);

/// Rotary positions and the turn from [B, T, H, D] (with a row stride) to [B, H, T, D] in one pass; \p sign -1 turns
/// back (backward pass: from [B, H, T, D]). Works on rows b * T + t. Only the first R of the D coordinates turn, the
/// others are copied. \p cosines, \p sines: [positions, R / 2].
struct RotaryShape {
    std::int64_t tokens = 0, heads = 0, dimension = 0;
    std::int64_t turned = 0;  ///< R, even, at most D
    std::int64_t stride = 0;  ///< between tokens of the [B, T, ...] side
};
template <class T>
void rotaryForward(const RotaryShape& shape, std::int64_t rowBegin, std::int64_t rowEnd, const T* in,
                   const std::int64_t* positions, const float* cosines, const float* sines, T* out);
template <class T>
void rotaryBackward(const RotaryShape& shape, std::int64_t rowBegin, std::int64_t rowEnd, const T* gradOut,
                    const std::int64_t* positions, const float* cosines, const float* sines, T* gradIn);

/// out[c] += sum over rows of in[row, c], for columns [columnBegin, columnEnd).
template <class T>
void addColumnSums(const T* in, std::int64_t rows, std::int64_t stride, std::int64_t columnBegin,
                   std::int64_t columnEnd, float* out);

/// Where each row's largest element stands, the first of several; 0 when there is none but NaNs.
template <class T>
void largestPlaces(const T* in, std::int64_t columns, std::int64_t rowBegin, std::int64_t rowEnd, std::int64_t* places);

/// Rows of logits -> loss in nats and log of the normaliser; a target of -100 gives 0. Rows of V.
template <class T>
void crossEntropy(const T* logits, std::int64_t classes, const std::int64_t* targets, std::int64_t rowBegin,
                  std::int64_t rowEnd, float* loss, float* logNormaliser);
/// grad[row, v] = scale * (softmax - onehot), 0 for ignored rows; may overwrite the logits.
template <class T>
void crossEntropyBackward(const T* logits, std::int64_t classes, const std::int64_t* targets,
                          const float* logNormaliser, float scale, std::int64_t rowBegin, std::int64_t rowEnd, T* grad);

/// Element conversions, [begin, end).
void toBf16(const float* in, Bf16* out, std::int64_t begin, std::int64_t end);

/// One AdamW update of elements [begin, end), as torch.optim.AdamW in float32.
struct AdamWStep {
    float rate;            ///< lr / (1 - beta1^t)
    float fresh1, fresh2;  ///< 1 - beta1, 1 - beta2: taken in float, that of 0.999 would be off by 5e-5
    float beta2, epsilon;
    float correction2Sqrt;  ///< sqrt(1 - beta2^t)
    float decay;            ///< 1 - lr * weight decay
    float gradScale;        ///< clipping
};
void adamw(const AdamWStep& step, float* parameter, const float* grad, float* m, float* v, std::int64_t begin,
           std::int64_t end);
double sumOfSquares(const float* values, std::int64_t begin, std::int64_t end);

/// Puts x [columns] into the order in which gemv<W> reads it: as it is for float; for Bf16 the even elements, then the
/// odd ones, because two neighbouring weights are unpacked from one 32-bit word; \p columns must be even then.
template <class W>
void arrangeVector(const float* x, std::int64_t columns, float* out);
/// out[row] = weight[row, :] . x for rows [rowBegin, rowEnd); \p arranged is x after arrangeVector<W>.
template <class W>
void gemv(const W* weight, const float* arranged, std::int64_t columns, std::int64_t rowBegin, std::int64_t rowEnd,
          float* out);

/// Room that arrangeInt8Vector wants behind \p columns elements.
constexpr std::int64_t kInt8VectorRoom = 64;
/// The same over int8 rows with a scale each: out[row] = scale[row] * (weight[row, :] . x). Where the processor
/// multiplies bytes, x is rounded to 16 bits of its largest element, else it stays float.
void arrangeInt8Vector(const float* x, std::int64_t columns, float* out);
void gemvInt8(const std::int8_t* weight, const float* scale, const float* arranged, std::int64_t columns,
              std::int64_t rowBegin, std::int64_t rowEnd, float* out);
/// Element conversions, [begin, end); exact.
void int8ToBf16(const std::int8_t* in, Bf16* out, std::int64_t begin, std::int64_t end);
/// x[row, c] *= scale[c] for rows of \p columns that lie \p stride apart.
void scaleColumns(const float* scale, std::int64_t columns, std::int64_t stride, std::int64_t rowBegin,
                  std::int64_t rowEnd, Bf16* x);

/// Steps of one token through a decoder layer; activations are float, weights and cache W.
/// out = RMS norm of x times (plus + gamma); may work in place.
template <class W>
void rmsNormVector(const float* x, const W* gamma, float plus, std::int64_t n, float epsilon, float* out);
void swigluVector(const float* gate, const float* up, std::int64_t n, float* out);
/// gelu(gate) * up with the tanh form of GELU.
void gegluVector(const float* gate, const float* up, std::int64_t n, float* out);
/// c tanh(x / c) in place.
void softcapVector(float* x, std::int64_t n, float c);
/// softmax(softcap(scale q k^T)) v of one head over keys and values [positions, dimension]; \p softcap 0 = none.
/// \p scores: room for the positions.
template <class W>
void attendVector(const float* q, const W* keys, const W* values, std::int64_t positions, std::int64_t dimension,
                  float scale, float softcap, float* scores, float* out);
/// One head turned by its position's angles [half].
template <class W>
void rotateInto(const float* in, const float* cosines, const float* sines, std::int64_t half, W* out);

}  // namespace lathe::nn::kernels
