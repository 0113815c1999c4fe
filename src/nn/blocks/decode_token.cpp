// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// All threads walk through all layers together; barriers stand where one thread needs what another computed.
#include "nn/blocks/decode_token.h"

#include <omp.h>

#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

/// What the threads share while a token goes through.
struct Buffers {
    std::vector<float> query, key, value;  ///< [H * D], [G * D], [G * D]
    std::vector<float> attended, wide;     ///< [H * D], [F]
    std::vector<float> branch;             ///< [C]
};

/// A thread's own.
struct Scratch {
    std::vector<float> normed, arranged, gate, up, head, scores;
    bool forInt8 = false;  ///< arranged is as the kernel for int8 weights reads it
};

struct Range {
    std::int64_t begin, end;
};

/// The share of \p count rows that falls to \p thread, in multiples of 4 (the products take four rows at a time).
Range shareOf(std::int64_t count, int thread, int threads) {
    const std::int64_t blocks = (count + 3) / 4;
    return {std::min(count, blocks * thread / threads * 4), std::min(count, blocks * (thread + 1) / threads * 4)};
}

template <class W>
class Token {
public:
    Token(const DecodeWeights& weights, float* stream, const float* cosines, const float* sines, std::int64_t position,
          float* logits)
        : m_weights(weights),
          m_shape(weights.shape),
          m_stream(stream),
          m_cosines(cosines),
          m_sines(sines),
          m_position(position),
          m_logits(logits) {
        const auto heads = static_cast<std::size_t>(m_shape.heads * m_shape.dimension);
        const auto groups = static_cast<std::size_t>(m_shape.groups * m_shape.dimension);
        m_shared.query.resize(heads);
        m_shared.key.resize(groups);
        m_shared.value.resize(groups);
        m_shared.attended.resize(heads);
        m_shared.branch.resize(static_cast<std::size_t>(m_shape.channels));
        m_shared.wide.resize(static_cast<std::size_t>(m_shape.wide));
    }

    void run(int threads) {
#pragma omp parallel num_threads(threads)
        {
            const int thread = omp_get_thread_num(), count = omp_get_num_threads();
            Scratch own;
            own.normed.resize(static_cast<std::size_t>(m_shape.channels));
            own.arranged.resize(std::max({own.normed.size(), m_shared.attended.size(), m_shared.wide.size()}) +
                                kernels::kInt8VectorRoom);
            own.gate.resize(static_cast<std::size_t>(m_shape.wide));
            own.up.resize(static_cast<std::size_t>(m_shape.wide));
            own.head.resize(static_cast<std::size_t>(m_shape.dimension));
            own.scores.resize(static_cast<std::size_t>(m_position + 1));
            for (const DecodeLayer& layer : m_weights.layers) {
                project(layer, own, thread, count);
#pragma omp barrier
                attend(layer, own, thread, count);
#pragma omp barrier
                addProduct(layer.output, layer.afterAttention, m_shared.attended, own, thread, count);
#pragma omp barrier
                widen(layer, own, thread, count);
#pragma omp barrier
                addProduct(layer.down, layer.afterFeedForward, m_shared.wide, own, thread, count);
#pragma omp barrier
            }
            normalise(m_weights.norm, m_weights.head, own);
            const Range rows = shareOf(m_shape.vocabulary, thread, count);
            product(m_weights.head, own.normed.data(), own, rows, m_logits);
            if (m_shape.logitSoftcap > 0)
                kernels::softcapVector(m_logits + rows.begin, rows.end - rows.begin, m_shape.logitSoftcap);
        }
    }

private:
    void norm(const float* x, const torch::Tensor& gamma, std::int64_t n, float* out) const {
        kernels::rmsNormVector(x, bits<const W>(gamma), m_shape.normPlus, n, m_shape.epsilon, out);
    }

    /// \p x as the products with \p linear's kind of weights read it.
    static void arrange(const float* x, const DecodeLinear& linear, Scratch& own) {
        own.forInt8 = linear.scale.defined();
        const auto arrangeFor = own.forInt8 ? kernels::arrangeInt8Vector : kernels::arrangeVector<W>;
        arrangeFor(x, linear.weight.size(1), own.arranged.data());
    }

    /// The stream's norm, ready for product(). Each thread does it for itself: cheaper than waiting for another.
    void normalise(const torch::Tensor& gamma, const DecodeLinear& reader, Scratch& own) const {
        norm(m_stream, gamma, m_shape.channels, own.normed.data());
        arrange(own.normed.data(), reader, own);
    }

    /// out[rows] = weight x + bias. \p x: what is arranged
    void product(const DecodeLinear& linear, const float* x, Scratch& own, Range rows, float* out) const {
        if (linear.scale.defined() != own.forInt8)
            arrange(x, linear, own);
        const std::int64_t columns = linear.weight.size(1);
        const float* arranged = own.arranged.data();
        if (own.forInt8)
            kernels::gemvInt8(bits<const std::int8_t>(linear.weight), bits<const float>(linear.scale), arranged,
                              columns, rows.begin, rows.end, out);
        else
            kernels::gemv(bits<const W>(linear.weight), arranged, columns, rows.begin, rows.end, out);
        if (!linear.bias.defined())
            return;
        const W* bias = bits<const W>(linear.bias);
        for (std::int64_t row = rows.begin; row < rows.end; ++row)
            out[row] += kernels::load(bias + row);
    }

    void project(const DecodeLayer& layer, Scratch& own, int thread, int threads) {
        normalise(layer.before, layer.query, own);
        product(layer.query, own.normed.data(), own, shareOf(m_shape.heads * m_shape.dimension, thread, threads),
                m_shared.query.data());
        const Range grouped = shareOf(m_shape.groups * m_shape.dimension, thread, threads);
        product(layer.key, own.normed.data(), own, grouped, m_shared.key.data());
        product(layer.value, own.normed.data(), own, grouped, m_shared.value.data());
    }

    /// One head, normed where \p gamma is, at its position. \p head: used up.
    template <class T>
    void place(float* head, const torch::Tensor& gamma, T* out) const {
        if (gamma.defined())
            norm(head, gamma, m_shape.dimension, head);
        kernels::rotateInto(head, m_cosines, m_sines, m_shape.turned / 2, out);
        for (std::int64_t i = m_shape.turned; i < m_shape.dimension; ++i)
            kernels::store(out + i, head[i]);
    }

    /// Heads are dealt out; the first head of a group also writes the group's cache row, so groups stay together.
    void attend(const DecodeLayer& layer, Scratch& own, int thread, int threads) {
        const std::int64_t d = m_shape.dimension, capacity = layer.keys.size(2);
        const std::int64_t perGroup = m_shape.heads / m_shape.groups;
        const std::int64_t seen = layer.window > 0 ? std::min(layer.window, m_position + 1) : m_position + 1;
        for (std::int64_t g = m_shape.groups * thread / threads; g < m_shape.groups * (thread + 1) / threads; ++g) {
            W* keys = bits<W>(layer.keys) + g * capacity * d;
            W* values = bits<W>(layer.values) + g * capacity * d;
            place(m_shared.key.data() + g * d, layer.keyNorm, keys + m_position * d);
            for (std::int64_t i = 0; i < d; ++i)
                kernels::store(values + m_position * d + i, m_shared.value[static_cast<std::size_t>(g * d + i)]);
            const std::int64_t first = (m_position + 1 - seen) * d;
            for (std::int64_t h = g * perGroup; h < (g + 1) * perGroup; ++h) {
                place(m_shared.query.data() + h * d, layer.queryNorm, own.head.data());
                kernels::attendVector(own.head.data(), keys + first, values + first, seen, d, layer.scale,
                                      m_shape.scoreSoftcap, own.scores.data(), m_shared.attended.data() + h * d);
            }
        }
    }

    void widen(const DecodeLayer& layer, Scratch& own, int thread, int threads) {
        normalise(layer.between, layer.gate, own);
        const Range rows = shareOf(m_shape.wide, thread, threads);
        product(layer.gate, own.normed.data(), own, rows, own.gate.data());
        product(layer.up, own.normed.data(), own, rows, own.up.data());
        const auto gated = m_shape.isGelu ? kernels::gegluVector : kernels::swigluVector;
        gated(own.gate.data() + rows.begin, own.up.data() + rows.begin, rows.end - rows.begin,
              m_shared.wide.data() + rows.begin);
    }

    /// stream += weight x + bias, through a norm where \p after is one.
    void addProduct(const DecodeLinear& linear, const torch::Tensor& after, const std::vector<float>& x, Scratch& own,
                    int thread, int threads) {
        arrange(x.data(), linear, own);
        const Range rows = shareOf(m_shape.channels, thread, threads);
        product(linear, x.data(), own, rows, m_shared.branch.data());
        const float* branch = m_shared.branch.data();
        if (after.defined()) {
#pragma omp barrier
            norm(branch, after, m_shape.channels, own.normed.data());
            branch = own.normed.data();
        }
        for (std::int64_t row = rows.begin; row < rows.end; ++row)
            m_stream[row] += branch[row];
    }

    const DecodeWeights& m_weights;
    const DecodeShape& m_shape;
    float* m_stream;
    const float *m_cosines, *m_sines;
    std::int64_t m_position;
    float* m_logits;
    Buffers m_shared;
};

}  // namespace

void decodeToken(const DecodeWeights& weights, const torch::Tensor& stream, const torch::Tensor& cosines,
                 const torch::Tensor& sines, std::int64_t position, const torch::Tensor& logits) {
    onType(weights.norm, [&](auto tag) {
        using W = decltype(tag);
        Token<W>(weights, bits<float>(stream), bits<const float>(cosines), bits<const float>(sines), position,
                 bits<float>(logits))
            .run(at::get_num_threads());
    });
}

}  // namespace lathe::nn
