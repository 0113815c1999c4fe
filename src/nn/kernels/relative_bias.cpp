// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The position terms of disentangled attention. \source He et al. arXiv:2006.03654 eq. 4
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

template <class T>
void relativeBias(const RelativeShape& shape, std::int64_t begin, std::int64_t end, const T* fromQuery,
                  const T* fromKey, float* out) {
    const std::int64_t tokens = shape.tokens, count = shape.distances;
    for (std::int64_t block = begin; block < end; ++block) {
        const std::int64_t head = block / shape.batch, row = block % shape.batch;
        float* pairs = out + (row * shape.heads + head) * tokens * tokens;
        for (std::int64_t t = 0; t < tokens; ++t) {
            const std::int64_t* rows = shape.rows + t + tokens - 1;  // of distance t - s at -s
            const T* query = fromQuery ? fromQuery + (block * tokens + t) * count : nullptr;
            const T* key = fromKey ? fromKey + block * tokens * count : nullptr;
            float* to = pairs + t * tokens;
            for (std::int64_t s = 0; s < tokens; ++s) {
                float sum = query ? load(query + rows[-s]) : 0.0f;
                if (key)
                    sum += load(key + s * count + rows[-s]);
                to[s] = sum * shape.scale;
            }
        }
    }
}

void relativeBiasBackward(const RelativeShape& shape, std::int64_t begin, std::int64_t end, const float* gradOut,
                          float* gradQuery, float* gradKey) {
    const std::int64_t tokens = shape.tokens, count = shape.distances;
    for (std::int64_t block = begin; block < end; ++block) {
        const std::int64_t head = block / shape.batch, row = block % shape.batch;
        const float* pairs = gradOut + (row * shape.heads + head) * tokens * tokens;
        for (std::int64_t t = 0; t < tokens; ++t) {
            const std::int64_t* rows = shape.rows + t + tokens - 1;
            const float* from = pairs + t * tokens;
            if (gradQuery) {
                float* query = gradQuery + (block * tokens + t) * count;
                for (std::int64_t s = 0; s < tokens; ++s)
                    query[rows[-s]] += from[s] * shape.scale;
            }
            if (gradKey) {
                float* key = gradKey + block * tokens * count;
                for (std::int64_t s = 0; s < tokens; ++s)
                    key[s * count + rows[-s]] += from[s] * shape.scale;
            }
        }
    }
}

template void relativeBias<float>(const RelativeShape&, std::int64_t, std::int64_t, const float*, const float*, float*);
template void relativeBias<Bf16>(const RelativeShape&, std::int64_t, std::int64_t, const Bf16*, const Bf16*, float*);

}  // namespace lathe::nn::kernels
