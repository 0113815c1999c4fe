// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/optimizers/parameter_groups.h"

#include <algorithm>
#include <string_view>

#include "nn/blocks/layers.h"

namespace lathe::nn {

namespace {

/// A part of the path between dots is "norm" or ends in "_norm".
bool namesANorm(std::string_view name) {
    while (!name.empty()) {
        const auto dot = name.find('.');
        const std::string_view part = name.substr(0, dot);
        if (part == "norm" || part.ends_with("_norm"))
            return true;
        name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    }
    return false;
}

bool isExemptByName(std::string name) {
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    for (const std::string_view part : {"bias", "layernorm", "rmsnorm"})
        if (name.find(part) != std::string::npos)
            return true;
    return namesANorm(name);
}

}  // namespace

std::set<std::string> namesWithoutDecay(const torch::nn::Module& network) {
    std::set<std::string> names;
    for (const auto& item : network.named_modules("", /*include_self=*/false)) {
        const auto* norm = dynamic_cast<const Norm*>(item.value().get());
        if (norm && norm->kind == Norm::Kind::Layer)
            for (const auto& own : norm->named_parameters(/*recurse=*/false))
                names.insert(item.key() + "." + own.key());
    }
    for (const auto& item : network.named_parameters())
        if (isExemptByName(item.key()))
            names.insert(item.key());
    return names;
}

}  // namespace lathe::nn
