// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Angles in float32, in the order of operations of the reference, so that long positions round alike.
#include "nn/blocks/rotary.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lathe::nn {

namespace {

using torch::Tensor;

thread_local int t_keepsLongest = 0;

/// 0, 2, 4, ... over the dimension. [R / 2]
Tensor exponents(std::int64_t dimension) {
    return torch::arange(0, dimension, 2, torch::kFloat32) / static_cast<double>(dimension);
}

/// theta^(2 i / dimension): the wave lengths over 2 pi. [R / 2]
Tensor wavesOf(const Tensor& theta, std::int64_t dimension) {
    return torch::pow(theta, exponents(dimension));
}

Tensor scalar(double value) {
    return torch::tensor(value, torch::kFloat32);
}

/// The base grows so that the slowest wave is stretched by the factor at maxPositions * factor, the fastest not at all.
Tensor dynamicFrequencies(const RotaryOptions& o, std::int64_t length) {
    if (length <= o.maxPositions)
        return wavesOf(scalar(o.theta), o.dimension).reciprocal();
    const double power = static_cast<double>(o.dimension) / static_cast<double>(o.dimension - 2);
    const Tensor stretch = scalar(static_cast<double>(length)) * o.factor / static_cast<double>(o.maxPositions);
    return wavesOf(torch::pow(stretch - (o.factor - 1), power) * o.theta, o.dimension).reciprocal();
}

/// Waves longer than original / low are divided by the factor, those shorter than original / high kept, smooth between.
Tensor llama3Frequencies(const RotaryOptions& o) {
    const Tensor plain = wavesOf(scalar(o.theta), o.dimension).reciprocal();
    const double original = static_cast<double>(o.originalPositions);
    const Tensor waves = plain.reciprocal() * (2 * std::numbers::pi);
    const Tensor isLong = waves > original / o.lowFrequencyFactor, isShort = waves < original / o.highFrequencyFactor;
    const Tensor smooth =
        (waves.reciprocal() * original - o.lowFrequencyFactor) / (o.highFrequencyFactor - o.lowFrequencyFactor);
    const Tensor between = (1 - smooth) * plain / o.factor + smooth * plain;
    return torch::where(isLong, plain / o.factor, torch::where(isShort, plain, between));
}

/// The frequency's index that makes \p turns turns within the original length. \source arXiv:2309.00071 eq. 17
double indexOfTurns(double turns, const RotaryOptions& o) {
    return static_cast<double>(o.dimension) *
           std::log(static_cast<double>(o.originalPositions) / (turns * 2 * std::numbers::pi)) /
           (2 * std::log(o.theta));
}

Tensor yarnFrequencies(const RotaryOptions& o) {
    const Tensor waves = wavesOf(scalar(o.theta), o.dimension);
    double low = indexOfTurns(o.betaFast, o), high = indexOfTurns(o.betaSlow, o);
    if (o.truncate) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, static_cast<double>(o.dimension - 1));
    if (low == high)
        high += 0.001;  // as the reference does: the ramp becomes a step
    const Tensor ramp = ((torch::arange(waves.size(0), torch::kFloat32) - low) / (high - low)).clamp(0, 1);
    const Tensor keep = 1 - ramp;  // 1: the wave turns often enough to be told apart as it is
    return (waves * o.factor).reciprocal() * (1 - keep) + waves.reciprocal() * keep;
}

Tensor longRopeFrequencies(const RotaryOptions& o, bool isLong) {
    const std::vector<double>& factors = isLong ? o.longFactors : o.shortFactors;
    const Tensor scale = torch::tensor(std::vector<float>(factors.begin(), factors.end()));
    return (scale * wavesOf(scalar(o.theta), o.dimension)).reciprocal();
}

}  // namespace

KeepLongestFrequencies::KeepLongestFrequencies() {
    ++t_keepsLongest;
}

KeepLongestFrequencies::~KeepLongestFrequencies() {
    --t_keepsLongest;
}

Tensor RotaryTable::frequencies(std::int64_t length) const {
    switch (m_options.kind) {
        case RotaryOptions::Kind::Default:
            break;
        case RotaryOptions::Kind::Linear:
            return wavesOf(scalar(m_options.theta), m_options.dimension).reciprocal() / m_options.factor;
        case RotaryOptions::Kind::Dynamic:
            return dynamicFrequencies(m_options, length);
        case RotaryOptions::Kind::Llama3:
            return llama3Frequencies(m_options);
        case RotaryOptions::Kind::Yarn:
            return yarnFrequencies(m_options);
        case RotaryOptions::Kind::LongRope:
            return longRopeFrequencies(m_options, length > m_options.originalPositions);
    }
    return wavesOf(scalar(m_options.theta), m_options.dimension).reciprocal();
}

RotaryTable::Angles RotaryTable::of(const Tensor& positions, std::int64_t length) {
    const torch::NoGradGuard noGrad;
    if (m_options.kind == RotaryOptions::Kind::Dynamic) {
        if (length > m_options.maxPositions)
            m_lastLong = length;
        else if (t_keepsLongest > 0 && m_lastLong > 0)
            length = m_lastLong;
    }
    if (m_options.kind == RotaryOptions::Kind::Dynamic && length > m_options.maxPositions) {
        // these frequencies serve this length only: a row for each token instead of a table
        const Tensor angles = positions.reshape({-1, 1}).to(torch::kFloat32) *
                              frequencies(length).to(positions.device()).unsqueeze(0);  // [B * T, R / 2]
        return {angles.cos() * m_options.attentionFactor, angles.sin() * m_options.attentionFactor,
                torch::arange(positions.numel(), positions.options()).view(positions.sizes())};
    }
    reach(length, length, positions.device());
    return {m_cosines, m_sines, positions};
}

void RotaryTable::reach(std::int64_t rows, std::int64_t length, torch::Device device) {
    const bool isLong = m_options.kind == RotaryOptions::Kind::LongRope && length > m_options.originalPositions;
    if (m_cosines.defined() && m_cosines.size(0) >= rows && m_cosines.device() == device && m_isLong == isLong)
        return;
    const std::int64_t made = std::max<std::int64_t>(256, rows + rows / 2);
    const Tensor angles = torch::arange(made, torch::kFloat32).unsqueeze(1) * frequencies(length).unsqueeze(0);
    m_cosines = (angles.cos() * m_options.attentionFactor).contiguous().to(device);  // [P, R / 2]
    m_sines = (angles.sin() * m_options.attentionFactor).contiguous().to(device);    // [P, R / 2]
    m_isLong = isLong;
}

}  // namespace lathe::nn
