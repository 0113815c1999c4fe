// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of methods.def, and the reading of parameter names that several methods share.
#include <charconv>

#include "train/detail/method.h"

namespace lathe::train {

#define METHOD(function) MethodEntry function();
#include "train/methods/methods.def"
#undef METHOD

MethodRegistry makeMethodRegistry() {
    MethodRegistry registry;
#define METHOD(function) registry.add(function());
#include "train/methods/methods.def"
#undef METHOD
    return registry;
}

std::int64_t layerOfParameter(std::string_view name) {
    // Checkpoints number their layers behind "layer." (BERT's family) or "layers." (Llama's family).
    for (const std::string_view key : {std::string_view(".layer."), std::string_view(".layers.")}) {
        const auto at = name.find(key);
        if (at == std::string_view::npos)
            continue;
        const std::string_view rest = name.substr(at + key.size());
        std::int64_t number = -1;
        const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (code == std::errc{} && end != rest.data() + rest.size() && *end == '.')
            return number;
    }
    return -1;
}

bool isHeadParameter(std::string_view name) {
    const auto startsWith = [&](std::string_view prefix) { return name.substr(0, prefix.size()) == prefix; };
    return startsWith("classifier.") || startsWith("score.") || startsWith("lm_head.") || startsWith("cls.") ||
           name.find(".pooler.") != std::string_view::npos;
}

}  // namespace lathe::train
