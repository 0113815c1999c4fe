// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the last layers and the head; the embeddings and the layers before stay as they are.
#include <algorithm>

#include <fmt/format.h>

#include "train/detail/method.h"

namespace lathe::train {
namespace {

class LastLayersMethod final : public Method {
public:
    explicit LastLayersMethod(std::int64_t layers) : m_layers(layers) {}

    Result<> prepare(nn::Network& network) override {
        const std::int64_t first = std::max<std::int64_t>(0, network.config().layers - m_layers);
        bool any = false;
        for (auto& item : network.named_parameters()) {
            const std::int64_t layer = layerOfParameter(item.key());
            const bool trained = layer >= 0 ? layer >= first : !isEmbedding(item.key());
            item.value().set_requires_grad(trained);
            any = any || trained;
        }
        if (!any)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("method last_layers finds no numbered layers in this {} model; choose full",
                                    network.config().architecture));
        return {};
    }

private:
    static bool isEmbedding(std::string_view name) {
        return name.find("embed") != std::string_view::npos || name.find("wte") != std::string_view::npos;
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
