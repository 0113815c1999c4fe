// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// TextSketches: a short dense vector for each text, so that "how alike are these two" is a hundred multiplications.
// Thread: any, once made.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"

namespace lathe::assist {

class TextSketches {
public:
    /// Numbers in a sketch: cosines come out within about 1/sqrt(128) of those of the n-grams themselves.
    static constexpr std::size_t kWidth = 128;

    /// Word and character n-grams weighted by how rare they are among \p texts, hashed with a sign into kWidth numbers
    /// and scaled to length 1; a text without n-grams is all 0. 512 bytes a text. \returns Canceled.
    /// \source Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning".
    static Result<TextSketches> make(std::span<const std::string> texts, JobContext& context);

    std::size_t size() const { return m_size; }
    std::size_t paddedSize() const { return m_values.size() / kWidth; }
    /// Cosines of \p text with all texts into \p out [paddedSize()]; what is beyond size() is 0.
    void similarities(std::size_t text, std::span<float> out) const;

private:
    /// Texts side by side in a block, so that one center meets a whole block with the classifier's inner loop.
    static constexpr std::size_t kBlock = 256;
    float& at(std::size_t text, std::size_t d) {
        return m_values[(text / kBlock * kWidth + d) * kBlock + text % kBlock];
    }
    float at(std::size_t text, std::size_t d) const {
        return m_values[(text / kBlock * kWidth + d) * kBlock + text % kBlock];
    }

    std::size_t m_size = 0;
    std::vector<float> m_values;  // [blocks x kWidth x kBlock]
};

}  // namespace lathe::assist
