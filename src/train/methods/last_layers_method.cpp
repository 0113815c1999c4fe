// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the last layers and the head; the embeddings and the layers before stay as they are.
#include <fmt/format.h>

#include "train/detail/method.h"

namespace lathe::train {
namespace {

class LastLayersMethod final : public OwnWeightsMethod {
public:
    explicit LastLayersMethod(std::int64_t layers) : m_layers(layers) {}

private:
    bool trains(const nn::NetworkConfig& config, const std::string& name) const override {
        const std::int64_t layer = layerOfParameter(name);
        return layer >= 0 ? layer >= config.layers - m_layers : !isEmbedding(name);
    }
    std::string nothingTrains(const nn::NetworkConfig& config) const override {
        return fmt::format("method last_layers finds no numbered layers in this {} model; choose full",
                           config.architecture);
    }
    static bool isEmbedding(std::string_view name) {
        return name.find("embed") != std::string_view::npos || name.find("wte.") != std::string_view::npos ||
               name.find("wpe.") != std::string_view::npos || name.starts_with("shared.");
    }

    std::int64_t m_layers;
};

}  // namespace

MethodEntry lastLayersMethod() {
    return {
        .id = "last_layers",
        .title = "Last layers",
        .help = "Trains the last layers and the head, keeps the rest: faster and lighter, close to full on small data.",
        .source = "arXiv:1911.03090",
        .options = {intOption("trained_layers", "Trained layers", 2, 1, 1000, "layers",
                              "How many of the last layers are trained.")},
        .make = [](const Json& options) {
            return std::make_unique<LastLayersMethod>(options.value("trained_layers", std::int64_t{2}));
        }};
}

}  // namespace lathe::train
