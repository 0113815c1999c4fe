// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// README.md of a model folder: a head that model hubs read, then what the model is, what it was trained on, how good
// it is and how it was made, as far as that is known. Torch-free; thread: any.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lathe::infer {

struct ModelCard {
    using Rows = std::vector<std::pair<std::string, std::string>>;

    std::string title;
    std::string summary;                                             ///< one sentence
    std::string baseModel, language, license, pipelineTag, library;  ///< empty = not known, left out
    Rows facts;  ///< what it was made from: data, snapshot, parameters
    std::string metricsTitle;
    Rows metrics;
    std::string note;  ///< below the metrics
    std::vector<std::string> labels;
    Rows settings;
    std::string madeWith;
};

std::string modelCardText(const ModelCard& card);

}  // namespace lathe::infer
