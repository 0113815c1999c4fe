// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/weight_average.h"

#include <algorithm>
#include <charconv>

#include "core/files.h"
#include "nn/safetensors.h"

namespace lathe::train {

namespace fs = std::filesystem;

fs::path WeightAverage::fileOf(std::int64_t step) const {
    return m_folder / (std::to_string(step) + ".safetensors");
}

std::vector<std::int64_t> WeightAverage::steps(std::int64_t upTo) const {
    std::vector<std::int64_t> found;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(m_folder, code)) {
        const std::string name = entry.path().stem().string();
        std::int64_t step = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), step);
        if (error == std::errc{} && end == name.data() + name.size() && entry.path().extension() == ".safetensors" &&
            step <= upTo)
            found.push_back(step);
    }
    std::ranges::sort(found);
    return found;
}

Result<> WeightAverage::note(const nn::Network& network, std::int64_t step) const {
    LATHE_CHECK(makeFolder(m_folder));
    nn::NamedTensors weights;
    for (const auto& item : network.named_parameters())
        if (item.value().requires_grad())
            weights.emplace_back(item.key(), item.value().detach().to(torch::kCPU).contiguous());
    LATHE_CHECK(nn::writeSafetensors(fileOf(step), weights));
    auto kept = steps(step);
    std::error_code ignored;
    for (std::size_t i = 0; i + static_cast<std::size_t>(m_last) < kept.size(); ++i)
        fs::remove(fileOf(kept[i]), ignored);
    return {};
}

Result<TrainedWeights> WeightAverage::mean(std::int64_t step) const {
    auto counted = steps(step);
    if (counted.size() > static_cast<std::size_t>(m_last))
        counted.erase(counted.begin(), counted.end() - m_last);
    TrainedWeights sums;
    if (counted.size() < 2)
        return sums;
    for (const auto each : counted) {
        LATHE_TRY(const auto reader, nn::WeightsReader::open(fileOf(each)));
        for (const auto& [name, info] : reader.tensors()) {
            LATHE_TRY(const auto tensor, reader.tensor(name));
            const auto found = sums.find(name);
            if (found == sums.end())
                sums[name] = tensor.to(torch::kFloat64).clone();
            else if (found->second.sizes() == tensor.sizes())
                found->second.add_(tensor.to(torch::kFloat64));
        }
    }
    for (auto& [name, sum] : sums)
        sum = (sum / static_cast<double>(counted.size())).to(torch::kFloat32);
    return sums;
}

TrainedWeights exchangeWeights(nn::Network& network, const TrainedWeights& weights) {
    const torch::NoGradGuard noGrad;
    TrainedWeights before;
    for (auto& item : network.named_parameters()) {
        const auto found = weights.find(item.key());
        if (found == weights.end() || found->second.sizes() != item.value().sizes())
            continue;
        before[item.key()] = item.value().detach().clone();
        item.value().copy_(found->second);
    }
    return before;
}

}  // namespace lathe::train
