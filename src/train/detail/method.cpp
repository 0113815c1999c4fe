// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What methods share: choosing among a network's own parameters, and reading their names.
#include "train/detail/method.h"

#include <charconv>

namespace lathe::train {

Result<> OwnWeightsMethod::prepare(const MethodSetup& setup) {
    m_network = setup.network;
    bool any = false;
    for (auto& item : m_network->named_parameters()) {
        const bool trained = trains(m_network->config(), item.key());
        item.value().set_requires_grad(trained);
        any = any || trained;
    }
    if (!any)
        return fail(ErrorCode::InvalidInput, nothingTrains(m_network->config()));
    return {};
}

nn::NamedTensors OwnWeightsMethod::trainableParameters(const nn::Network& network) {
    nn::NamedTensors parameters;
    for (const auto& item : network.named_parameters())
        if (item.value().requires_grad())
            parameters.emplace_back(item.key(), item.value());
    return parameters;
}

std::vector<std::string> methodsFor(const nn::NetworkConfig& config) {
    std::vector<std::string> ids;
    const MethodRegistry registry = makeMethodRegistry();
    for (const MethodEntry& entry : registry.entries())
        if (!entry.fits || entry.fits(config))
            ids.push_back(entry.id);
    return ids;
}

std::int64_t layerOfParameter(std::string_view name) {
    // Checkpoints number their layers behind "layer." (BERT), "layers." (Llama), "h." (GPT-2) or "block." (T5, whose
    // blocks have numbered layers in turn: the outermost number counts).
    std::size_t first = std::string_view::npos;
    std::int64_t layer = -1;
    for (const std::string_view key : {".layer.", ".layers.", ".h.", ".block."}) {
        const auto at = name.find(key);
        if (at == std::string_view::npos || at >= first)
            continue;
        const std::string_view rest = name.substr(at + key.size());
        std::int64_t number = -1;
        const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (code == std::errc{} && end != rest.data() + rest.size() && *end == '.') {
            first = at;
            layer = number;
        }
    }
    return layer;
}

bool isHeadParameter(std::string_view name) {
    const auto startsWith = [&](std::string_view prefix) { return name.substr(0, prefix.size()) == prefix; };
    return startsWith("classifier.") || startsWith("pre_classifier.") || startsWith("score.") ||
           startsWith("lm_head.") || startsWith("cls.") || startsWith("pooler.") ||
           name.find(".pooler.") != std::string_view::npos;
}

}  // namespace lathe::train
