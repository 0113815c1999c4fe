// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/bench/known_texts.h"

#include <algorithm>
#include <cmath>

#include "train/dataset_files.h"

namespace lathe::cli {

Result<assist::KnownTexts> readKnownTexts(const std::filesystem::path& file, std::vector<std::string>& names) {
    LATHE_TRY(const auto rows, train::readDatasetFile(file, train::DataKind::Label));
    assist::KnownTexts known;
    for (const auto& example : rows.examples) {
        const std::string& name = rows.labels[static_cast<std::size_t>(example.label)];
        auto found = std::ranges::find(names, name);
        if (found == names.end())
            found = names.insert(names.end(), name);
        known.texts.push_back(example.text);
        known.labels.push_back(static_cast<int>(found - names.begin()));
    }
    return known;
}

MeanAndSpread over(const std::vector<double>& values) {
    MeanAndSpread result;
    for (const double value : values)
        result.mean += value / static_cast<double>(values.size());
    double squares = 0;
    for (const double value : values)
        squares += (value - result.mean) * (value - result.mean);
    if (values.size() > 1)
        result.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
    return result;
}

}  // namespace lathe::cli
