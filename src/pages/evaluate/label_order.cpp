// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluate/label_order.h"

#include <algorithm>
#include <numeric>

namespace lathe::pages {

namespace {

/// Symmetric closeness of two labels: the share of each that is taken for the other, summed.
std::vector<double> closeness(const eval::ClassificationReport& report) {
    const std::size_t n = report.labels.size();
    std::vector<double> close(n * n, 0);
    for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = 0; b < n; ++b) {
            const auto support = static_cast<double>(std::max<std::int64_t>(1, report.perClass[a].support));
            const double share = static_cast<double>(report.at(a, b)) / support;
            close[a * n + b] += share;
            close[b * n + a] += share;
        }
    }
    return close;
}

std::int64_t weight(const eval::ClassificationReport& report, const std::vector<int>& cluster) {
    return std::accumulate(cluster.begin(), cluster.end(), std::int64_t{0}, [&](std::int64_t sum, int label) {
        return sum + report.perClass[static_cast<std::size_t>(label)].support;
    });
}

/// Joins the two closest clusters until none touch. `close` becomes the clusters' mean closeness.
std::vector<std::vector<int>> clusters(const eval::ClassificationReport& report) {
    const std::size_t n = report.labels.size();
    std::vector<double> close = closeness(report);
    std::vector<std::vector<int>> groups(n);
    for (std::size_t i = 0; i < n; ++i)
        groups[i] = {static_cast<int>(i)};
    for (;;) {
        double best = 0;
        std::size_t a = 0;
        std::size_t b = 0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = i + 1; j < n && !groups[i].empty(); ++j) {
                if (!groups[j].empty() && close[i * n + j] > best) {
                    best = close[i * n + j];
                    a = i;
                    b = j;
                }
            }
        }
        if (best <= 0)
            break;
        const auto left = static_cast<double>(groups[a].size());
        const auto right = static_cast<double>(groups[b].size());
        for (std::size_t k = 0; k < n; ++k) {
            close[a * n + k] = (left * close[a * n + k] + right * close[b * n + k]) / (left + right);
            close[k * n + a] = close[a * n + k];
        }
        groups[a].insert(groups[a].end(), groups[b].begin(), groups[b].end());
        groups[b].clear();
    }
    std::erase_if(groups, [](const auto& group) { return group.empty(); });
    return groups;
}

}  // namespace

std::vector<int> labelOrder(const eval::ClassificationReport& report, LabelOrder order) {
    std::vector<int> labels(report.labels.size());
    std::iota(labels.begin(), labels.end(), 0);
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    switch (order) {
        case LabelOrder::BySize:
            std::ranges::stable_sort(labels, std::greater{}, [&](int i) { return report.perClass[at(i)].support; });
            return labels;
        case LabelOrder::ByName:
            std::ranges::stable_sort(labels, {}, [&](int i) { return report.labels[at(i)]; });
            return labels;
        case LabelOrder::BySimilarity:
            break;
    }
    auto groups = clusters(report);
    std::ranges::stable_sort(groups, [&](const auto& a, const auto& b) {
        return std::pair(a.size(), weight(report, a)) > std::pair(b.size(), weight(report, b));
    });
    labels.clear();
    for (const auto& group : groups)
        labels.insert(labels.end(), group.begin(), group.end());
    return labels;
}

std::vector<Confused> confusedPairs(const eval::ClassificationReport& report) {
    std::vector<Confused> pairs;
    for (std::size_t gold = 0; gold < report.labels.size(); ++gold) {
        for (std::size_t predicted = 0; predicted < report.labels.size(); ++predicted) {
            const auto items = report.at(gold, predicted);
            if (gold == predicted || items == 0)
                continue;
            const auto support = static_cast<double>(report.perClass[gold].support);
            pairs.push_back(
                {static_cast<int>(gold), static_cast<int>(predicted), items, static_cast<double>(items) / support});
        }
    }
    std::ranges::stable_sort(pairs, [](const Confused& a, const Confused& b) {
        return std::pair(a.items, a.share) > std::pair(b.items, b.share);
    });
    return pairs;
}

}  // namespace lathe::pages
