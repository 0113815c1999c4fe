// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bottleneck adapters: a narrow network behind each layer's output projections. PEFT has no such kind; the format is
// Lathe's own in PEFT's style (docs/formats.md). M = bottleneck.
// \source Houlsby et al. arXiv:1902.00751; Pfeiffer et al. arXiv:2005.00247
#include <fmt/format.h>

#include <algorithm>

#include "nn/adapters/adapter_parts.h"
#include "nn/adapters/module_targets.h"
#include "nn/config_reader.h"
#include "nn/dropout.h"
#include "nn/ops/activation.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

struct BottleneckOptions {
    bool attention = true, feedForward = true;
    std::int64_t width = 0;  ///< M; 0 = C / reduction
    std::int64_t reduction = 16;
    double scaling = 1, dropout = 0;
    Activation activation = Activation::Relu;
};

struct BottleneckTensors {
    Tensor down, downBias;  ///< [M, C], [M]
    Tensor up, upBias;      ///< [C, M], [C]
};

/// y + s up(f(down(y))), before the residual sum.
class BottleneckLayer final : public AdaptedLayer {
public:
    BottleneckLayer(const Network& network, BottleneckTensors tensors, const BottleneckOptions& options)
        : m_network(network), m_tensors(std::move(tensors)), m_options(options) {}

    Tensor output(const Tensor&, const Tensor& y) override {
        const Tensor wide = y.to(torch::kFloat32);                             // [..., C]
        Tensor narrow = at::linear(wide, m_tensors.down, m_tensors.downBias);  // [..., M]
        narrow = dropout(activate(narrow, m_options.activation), m_network.is_training() ? m_options.dropout : 0);
        const Tensor added = at::linear(narrow, m_tensors.up, m_tensors.upBias);  // [..., C]
        return (wide + added * (m_options.scaling * m_strength)).to(y.scalar_type());
    }
    Result<MergedWeights> merged(const Tensor&, const Tensor&, double) const override {
        return fail(ErrorCode::Unsupported, "a bottleneck adapter is no change of weights and cannot be merged");
    }
    bool canMerge() const override { return false; }
    bool setStrength(double strength) override {
        m_strength = strength;
        return true;
    }

private:
    const Network& m_network;
    BottleneckTensors m_tensors;
    BottleneckOptions m_options;
    double m_strength = 1;
};

Result<BottleneckOptions> readOptions(const Json& config) {
    ConfigReader reader(config, {}, "adapter_config.json");
    BottleneckOptions options;
    const std::string placement = reader.text("placement", "houlsby");
    options.attention = placement == "houlsby";
    if (placement != "houlsby" && placement != "pfeiffer")
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("placement \"{}\" is not known (houlsby, pfeiffer)", placement.substr(0, 60)));
    if (reader.find("bottleneck_size"))
        options.width = reader.size("bottleneck_size", 1 << 17);
    options.reduction = reader.size("reduction_factor", 16, 1 << 17);
    options.scaling = reader.real("scaling", 1, -1e6, 1e6);
    options.dropout = reader.real("dropout", 0, 0, 0.999);
    const std::string activation = reader.text("non_linearity", "relu");
    if (const auto known = activationNamed(activation))
        options.activation = *known;
    else
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("non_linearity \"{}\" is not known", activation.substr(0, 60)));
    LATHE_CHECK(reader.problem());
    return options;
}

/// The layers behind which an adapter stands, as the architecture names them.
class Places {
public:
    static Result<Places> of(const AdapterBuild& build, const BottleneckOptions& options) {
        const ArchitectureRegistry registry = makeArchitectureRegistry();
        const ArchitectureEntry* entry = registry.find(build.network.config().architecture);
        if (!entry || entry->attentionOutput.empty() || entry->feedForwardOutput.empty())
            return fail(ErrorCode::Unsupported,
                        fmt::format("bottleneck adapters have no place in the architecture \"{}\"; choose another kind",
                                    build.network.config().architecture));
        Places places;
        places.m_attention = "." + entry->attentionOutput;
        places.m_feedForward = "." + entry->feedForwardOutput;
        places.m_withAttention = options.attention;
        return places;
    }
    bool hold(const std::string& path) const {
        // one end may be the end of the other: "attention.output.dense" and "output.dense"
        const bool attention = path.ends_with(m_attention), feedForward = path.ends_with(m_feedForward);
        if (attention && feedForward)
            return m_attention.size() > m_feedForward.size() ? m_withAttention : true;
        return feedForward || (attention && m_withAttention);
    }

private:
    std::string m_attention, m_feedForward;
    bool m_withAttention = true;
};

void addLayer(const AdapterBuild& build, const AdaptableLayer& on, const BottleneckOptions& options,
              AdapterParts& parts) {
    const std::int64_t channels = on.linear->out();
    const std::int64_t width =
        options.width > 0 ? options.width : std::max<std::int64_t>(1, channels / options.reduction);
    const auto take = [&](const char* leaf, const char* kind, const std::vector<std::int64_t>& shape,
                          const AdapterTensors::Draw& draw) {
        const std::string stem = "base_model.model." + on.path + "." + leaf;
        return parts.add(build.tensors.take(stem + kind, stem + ".default" + kind, shape, draw));
    };
    BottleneckTensors tensors;
    tensors.down = take("adapter_down", ".weight", {width, channels}, normalDraw(0.02));
    tensors.downBias = take("adapter_down", ".bias", {width}, constantDraw(0));
    tensors.up = take("adapter_up", ".weight", {channels, width}, constantDraw(0));
    tensors.upBias = take("adapter_up", ".bias", {channels}, constantDraw(0));
    parts.layers.push_back({on, std::make_shared<BottleneckLayer>(build.network, tensors, options)});
}

Result<AdapterParts> buildBottleneck(const AdapterBuild& build) {
    LATHE_TRY(const BottleneckOptions options, readOptions(build.config));
    LATHE_TRY(const Places places, Places::of(build, options));
    LATHE_TRY(LayerRule layers, LayerRule::read(build.config));
    AdapterParts parts;
    for (const AdaptableLayer& on : build.index.layers)
        if (on.linear && places.hold(on.path) && layers.allows(on.path))
            addLayer(build, on, options, parts);
    if (parts.layers.empty())
        return fail(ErrorCode::InvalidInput, "adapter_config.json: layers_to_transform names no layer of this model");
    LATHE_CHECK(addOverrides(build, "base_model.model.", parts));
    return parts;
}

}  // namespace

AdapterEntry bottleneckAdapter() {
    AdapterEntry entry;
    entry.id = "BOTTLENECK";
    entry.title = "Bottleneck adapter";
    entry.source = "arXiv:1902.00751";
    entry.defaults = {{"bias", "none"},
                      {"bottleneck_size", nullptr},
                      {"dropout", 0.0},
                      {"layers_pattern", nullptr},
                      {"layers_to_transform", nullptr},
                      {"non_linearity", "relu"},
                      {"placement", "houlsby"},
                      {"reduction_factor", 16},
                      {"scaling", 1.0}};
    entry.build = buildBottleneck;
    return entry;
}

}  // namespace lathe::nn
