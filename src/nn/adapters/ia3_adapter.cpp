// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// IA3: one learned factor for each output of attention's layers, and for each input of feed-forward layers.
// \source Liu et al. arXiv:2205.05638; peft/tuners/ia3
#include <fmt/format.h>

#include "nn/adapters/adapter_parts.h"
#include "nn/adapters/module_targets.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

class Ia3Layer final : public AdaptedLayer {
public:
    Ia3Layer(Tensor factors, bool scalesInput) : m_factors(std::move(factors)), m_scalesInput(scalesInput) {}

    bool changesInput() const override { return m_scalesInput; }
    Tensor input(const Tensor& x) override {
        return m_scalesInput ? (x.to(torch::kFloat32) * m_factors.view({-1})).to(x.scalar_type()) : x;
    }
    Tensor output(const Tensor&, const Tensor& y) override {
        return m_scalesInput ? y : (y.to(torch::kFloat32) * m_factors.view({-1})).to(y.scalar_type());
    }
    Result<MergedWeights> merged(const Tensor& weight, const Tensor& bias, double strength) const override {
        if (strength != 1)
            return fail(ErrorCode::Unsupported, "IA3 cannot be scaled; merge it whole");
        MergedWeights result;
        result.weight = weight * m_factors.detach();  // [1, in] or [out, 1]
        if (!m_scalesInput && bias.defined())
            result.bias = bias * m_factors.detach().view({-1});
        return result;
    }

private:
    Tensor m_factors;  ///< [1, in] or [out, 1], as the file has it
    bool m_scalesInput;
};

Result<AdapterParts> buildIa3(const AdapterBuild& build) {
    LATHE_TRY(const auto targets, findTargets(build.index, build.config));
    AdapterParts parts;
    for (const AdaptableLayer& on : targets) {
        if (!on.linear)
            return fail(
                ErrorCode::Unsupported,
                fmt::format("adapter_config.json: IA3 stands on linear layers, \"{}\" is an embedding", on.path));
        LATHE_TRY(const bool scalesInput, namesModule(build.config, "feedforward_modules", on.path));
        const std::vector<std::int64_t> shape = scalesInput ? std::vector<std::int64_t>{1, on.linear->in()}
                                                            : std::vector<std::int64_t>{on.linear->out(), 1};
        const std::string key = "base_model.model." + on.path + ".ia3_l";
        const Tensor factors = parts.add(build.tensors.take(key, key + ".default", shape, constantDraw(1)));
        parts.layers.push_back({on, std::make_shared<Ia3Layer>(factors, scalesInput)});
    }
    LATHE_CHECK(addOverrides(build, "base_model.model.", parts));
    return parts;
}

}  // namespace

AdapterEntry ia3Adapter() {
    AdapterEntry entry;
    entry.id = "IA3";
    entry.title = "IA3";
    entry.source = "arXiv:2205.05638";
    entry.defaults = {{"exclude_modules", nullptr},
                      {"fan_in_fan_out", false},
                      {"feedforward_modules", nullptr},
                      {"init_ia3_weights", true},
                      {"target_modules", nullptr}};
    entry.build = buildIa3;
    return entry;
}

}  // namespace lathe::nn
