// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Model folders with fresh weights, small enough to make in a test.
#pragma once

#include <filesystem>
#include <fstream>

#include "nn/network.h"

namespace lathe::test {

inline nn::FreshShape smallShape(std::int64_t vocabulary) {
    nn::FreshShape shape;
    shape.vocabSize = vocabulary;
    shape.layers = 2;
    shape.hiddenSize = 32;
    shape.heads = 4;
    shape.kvHeads = 2;
    shape.maxPositions = 64;
    return shape;
}

/// Labels yes, no, maybe; from torch's generator. \returns whether it could be written.
inline bool makeNetwork(const std::filesystem::path& folder, const std::string& architecture, nn::Head head,
                        std::int64_t vocabulary) {
    std::filesystem::create_directories(folder);
    Json config = nn::freshConfig(architecture, head, smallShape(vocabulary), {"yes", "no", "maybe"});
    config["initializer_range"] = 0.3;
    const auto registry = nn::makeArchitectureRegistry();
    const auto* entry = registry.find(architecture);
    return nn::saveNetwork(*entry->make(*entry->parse(config)), folder).has_value();
}

/// Knows the words good, card, my, and cards.
inline bool makeClassifier(const std::filesystem::path& folder, nn::Head head = nn::Head::SequenceClassification) {
    const bool made = makeNetwork(folder, "bert", head, 9);
    std::ofstream(folder / "vocab.txt") << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\ncard\nmy\n##s\n";
    return made;
}

}  // namespace lathe::test
