// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/top_labels.h"

#include <algorithm>
#include <numeric>

namespace lathe::cli {

std::vector<std::pair<std::string, float>> topLabels(const std::vector<std::string>& labels,
                                                     const std::vector<float>& probabilities, int count) {
    std::vector<std::size_t> order(std::min(labels.size(), probabilities.size()));
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
    order.resize(std::min(order.size(), static_cast<std::size_t>(std::max(1, count))));
    std::vector<std::pair<std::string, float>> top;
    for (const auto i : order)
        top.emplace_back(labels[i], probabilities[i]);
    return top;
}

Json toJson(const std::vector<std::pair<std::string, float>>& top) {
    Json list = Json::array();
    for (const auto& [label, probability] : top)
        list.push_back({{"label", label}, {"probability", probability}});
    return list;
}

}  // namespace lathe::cli
