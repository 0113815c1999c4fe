// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// WeightAverage: the trained weights of the last evaluations, kept in a folder of the run, and their mean.
// Thread: compute lane. \source Izmailov et al. arXiv:1803.05407
#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "core/result.h"
#include "nn/network.h"

namespace lathe::train {

using TrainedWeights = std::map<std::string, torch::Tensor>;

class WeightAverage {
public:
    /// \p last: how many evaluations count; below 2 = off.
    WeightAverage(std::filesystem::path folder, std::int64_t last) : m_folder(std::move(folder)), m_last(last) {}

    bool isOn() const { return m_last >= 2; }
    /// Keeps the weights of \p step and drops those that do not count any more. \returns Io.
    Result<> note(const nn::Network& network, std::int64_t step) const;
    /// The mean of the last ones up to \p step; empty when there are fewer than two. \returns Io, Parse.
    Result<TrainedWeights> mean(std::int64_t step) const;

private:
    /// Steps whose weights are there, ascending. A killed run leaves some beyond its checkpoint: they come again.
    std::vector<std::int64_t> steps(std::int64_t upTo) const;
    std::filesystem::path fileOf(std::int64_t step) const;

    std::filesystem::path m_folder;
    std::int64_t m_last;
};

/// Puts weights into the network's trained parameters. \returns what was there.
TrainedWeights exchangeWeights(nn::Network& network, const TrainedWeights& weights);

}  // namespace lathe::train
