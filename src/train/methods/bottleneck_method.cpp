// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bottleneck adapters: a narrow network behind the sublayers of each layer, in the two usual places.
#include "train/detail/adapter_method.h"

namespace lathe::train {
namespace {

bool hasPlaces(const nn::NetworkConfig& config) {
    const auto registry = nn::makeArchitectureRegistry();
    const nn::ArchitectureEntry* entry = registry.find(config.architecture);
    return entry && !entry->attentionOutput.empty() && !entry->feedForwardOutput.empty();
}

MethodEntry entryAt(MethodEntry entry, const char* placement) {
    entry.options = {intOption("bottleneck_reduction", "Narrowing", 16, 1, 1024, "times",
                               "How many times narrower than the model the added networks are."),
                     advanced(realOption("bottleneck_dropout", "Dropout of the added networks", 0, 0, 0.9, "share",
                                         "Share of their inner activations that are left out while training."))};
    entry.rateFactor = 10;
    entry.fits = hasPlaces;
    return adapterEntry(std::move(entry), [placement](const Json& options, const MethodSetup&) {
        return Json{{"peft_type", "BOTTLENECK"},
                    {"placement", placement},
                    {"reduction_factor", options.value("bottleneck_reduction", std::int64_t{16})},
                    {"dropout", options.value("bottleneck_dropout", 0.0)}};
    });
}

}  // namespace

MethodEntry houlsbyMethod() {
    return entryAt({.id = "houlsby",
                    .title = "Adapters (Houlsby)",
                    .help = "Trains narrow networks behind attention and feed-forward of each layer.",
                    .source = "arXiv:1902.00751",
                    .options = {},
                    .make = {}},
                   "houlsby");
}

MethodEntry pfeifferMethod() {
    return entryAt({.id = "pfeiffer",
                    .title = "Adapters (Pfeiffer)",
                    .help = "Trains one narrow network behind the feed-forward part of each layer.",
                    .source = "arXiv:2005.00247",
                    .options = {},
                    .make = {}},
                   "pfeiffer");
}

}  // namespace lathe::train
