// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled texts of a data file, for benchmarks that play labelling through.
#pragma once

#include <filesystem>
#include <vector>

#include "assist/labelling_simulation.h"

namespace lathe::cli {

/// Labels are indices into \p names, to which new names are added. \returns what readDatasetFile does.
Result<assist::KnownTexts> readKnownTexts(const std::filesystem::path& file, std::vector<std::string>& names);

struct MeanAndSpread {
    double mean = 0, deviation = 0;  ///< the sample's standard deviation
};
MeanAndSpread over(const std::vector<double>& values);

}  // namespace lathe::cli
