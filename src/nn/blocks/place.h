// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Puts a module where the checkpoint's names say.
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "nn/blocks/layers.h"

namespace lathe::nn {

/// The module below \p root at a dotted path ("cls.predictions"); what is missing on the way becomes a Named.
inline torch::nn::Module& moduleAt(torch::nn::Module& root, std::string_view path) {
    if (path.empty())
        return root;
    const std::size_t dot = path.find('.');
    const std::string name(path.substr(0, dot));
    // a copy of the list, but the children themselves
    const auto children = root.named_children();
    const std::shared_ptr<torch::nn::Module>* found = children.find(name);
    torch::nn::Module& next = found ? **found : *root.register_module(name, std::make_shared<Named>());
    return dot == std::string_view::npos ? next : moduleAt(next, path.substr(dot + 1));
}

/// A dotted path as the module that holds its last part, and that part.
inline std::pair<torch::nn::Module&, std::string> holderOf(torch::nn::Module& root, std::string_view path) {
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos)
        return {root, std::string(path)};
    return {moduleAt(root, path.substr(0, dot)), std::string(path.substr(dot + 1))};
}

/// Registers \p module below \p root under a dotted path ("bert.pooler.dense"). \returns the module.
template <class Module>
std::shared_ptr<Module> place(torch::nn::Module& root, std::string_view path, std::shared_ptr<Module> module) {
    auto [holder, name] = holderOf(root, path);
    return holder.register_module(name, std::move(module));
}

}  // namespace lathe::nn
