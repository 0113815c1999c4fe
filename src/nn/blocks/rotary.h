// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rotary positions: how a position becomes angles, in the ways in which models are stretched to longer texts.
// \source Su et al. arXiv:2104.09864 eq. 15
#pragma once

#include <torch/types.h>

#include <vector>

namespace lathe::nn {

struct RotaryOptions {
    enum class Kind {
        Default,
        Linear,   ///< all frequencies divided by the factor. \source Chen et al. arXiv:2306.15595
        Dynamic,  ///< "NTK-aware": a longer text gets a greater base. \source arXiv:2309.00071 sec. 3.1, 3.3
        Llama3,   ///< low frequencies divided, high ones kept. \source arXiv:2407.21783, Llama 3.1's reference code
        Yarn,     ///< a ramp between both, and sharper attention. \source Peng et al. arXiv:2309.00071
        LongRope  ///< a searched factor per frequency, two sets. \source Ding et al. arXiv:2402.13753
    };
    Kind kind = Kind::Default;
    /// How many of a head's coordinates turn; 0 = no rotary positions. An odd number, as a share of a head can come
    /// out, makes its frequencies from itself and turns one coordinate more.
    std::int64_t dimension = 0;
    std::int64_t turned() const { return (dimension + 1) / 2 * 2; }  ///< R
    double theta = 10000;                                            ///< the base
    double factor = 1;
    std::int64_t maxPositions = 0;       ///< Dynamic: texts up to here are not stretched
    std::int64_t originalPositions = 0;  ///< Llama3, Yarn, LongRope: what the model was trained with at first
    double lowFrequencyFactor = 1, highFrequencyFactor = 4;  ///< Llama3
    double betaFast = 32, betaSlow = 1;             ///< Yarn: turns within originalPositions at the ramp's ends
    bool truncate = true;                           ///< Yarn: the ramp's ends are whole numbers
    double attentionFactor = 1;                     ///< Yarn, LongRope: cos and sin are multiplied by it
    std::vector<double> shortFactors, longFactors;  ///< LongRope: [R / 2], up to originalPositions and beyond
};

/// Transformers 5 never takes a "dynamic" table back: after one text beyond maxPositions every shorter one is read with
/// that text's frequencies, so its results depend on what it read before. While one of these lives on this thread,
/// tables do the same, to be compared with results made in the same order; nothing else should.
class KeepLongestFrequencies {
public:
    KeepLongestFrequencies();
    ~KeepLongestFrequencies();
    KeepLongestFrequencies(const KeepLongestFrequencies&) = delete;
    KeepLongestFrequencies& operator=(const KeepLongestFrequencies&) = delete;
};

/// cos and sin of position * frequency, made as far as positions are asked for.
class RotaryTable {
public:
    explicit RotaryTable(RotaryOptions options) : m_options(std::move(options)) {}

    struct Angles {
        torch::Tensor cosines, sines;  ///< [P, R / 2] float32
        torch::Tensor rows;            ///< [B, T] int64: the table's row of each token
    };
    /// \param positions [B, T] int64, all below \p length. \p length: of the whole text so far, cached tokens included;
    /// some kinds choose their frequencies by it.
    Angles of(const torch::Tensor& positions, std::int64_t length);
    /// Whether of() makes other angles for the same position in a longer text.
    bool dependsOnLength() const {
        return m_options.kind == RotaryOptions::Kind::Dynamic || m_options.kind == RotaryOptions::Kind::LongRope;
    }
    /// The frequencies of a text of that many tokens: [R / 2] float32, on the CPU.
    torch::Tensor frequencies(std::int64_t length) const;
    const RotaryOptions& options() const { return m_options; }

private:
    /// At least \p rows rows of m_cosines and m_sines for \p length on \p device.
    void reach(std::int64_t rows, std::int64_t length, torch::Device device);

    RotaryOptions m_options;
    std::int64_t m_lastLong = 0;  ///< Dynamic: the last length beyond maxPositions
    bool m_isLong = false;        ///< LongRope: which of its sets the tables hold
    torch::Tensor m_cosines, m_sines;
};

}  // namespace lathe::nn
