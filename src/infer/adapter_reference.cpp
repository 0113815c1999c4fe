// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <torch/linalg.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "infer/detail/adapter_reference.h"

namespace lathe::infer {

namespace {

using torch::Tensor;

constexpr std::string_view kPrompt = "prompt_encoder.default.";

std::set<std::string> namesOf(const Json& list) {
    std::set<std::string> names;
    for (const Json& name : list)
        if (name.is_string())
            names.insert(name.get<std::string>());
    return names;
}

/// "prompt_encoder.default.mlp_head.4": the encoder's dense layer with the highest number.
std::string lastLayer(const std::set<std::string>& names) {
    std::string last;
    int highest = -1;
    for (const std::string& name : names) {
        if (!name.starts_with(kPrompt) || !name.ends_with(".bias"))
            continue;
        const std::string stem = name.substr(0, name.size() - 5);
        const std::string digits = stem.substr(stem.rfind('.') + 1);
        int number = -1;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (number > highest) {
            highest = number;
            last = stem;
        }
    }
    return last;
}

}  // namespace

bool compareTrainable(const nn::Adapter& adapter, const Json& trainable, VerifyReport& report) {
    const std::set<std::string> expected = namesOf(trainable);
    std::set<std::string> actual;
    for (const auto& [name, tensor] : adapter.parameters())
        actual.insert(name);
    bool encoded = false;
    for (const std::string& name : expected)
        if (!actual.contains(name)) {
            if (name.starts_with(kPrompt))
                encoded = true;
            else
                report.fail(fmt::format("{} does not train", name));
        }
    for (const std::string& name : actual)
        if (!expected.contains(name))
            report.fail(fmt::format("{} trains, which it does not in the reference", name));
    return encoded;
}

void compareEncodedPrompt(const nn::Adapter& adapter, const Json& trainable, const FindTensor& find, double tolerance,
                          VerifyReport& report) {
    const std::string layer = lastLayer(namesOf(trainable));
    const auto parameters = adapter.parameters();
    const auto prompt =
        std::ranges::find_if(parameters, [](const auto& item) { return item.first.starts_with(kPrompt); });
    const Tensor bias = find("grad." + layer + ".bias"), weight = find("grad." + layer + ".weight");
    if (layer.empty() || prompt == parameters.end() || !prompt->second.grad().defined() || !bias.defined() ||
        !weight.defined()) {
        report.fail("the reference has no gradient of what made the prompt");
        return;
    }
    const Tensor grad = prompt->second.grad();  // [P, C]
    report.check("gradient of " + layer + ".bias", (grad.sum(0) - bias).norm().item<double>(),
                 tolerance * bias.norm().item<double>());
    const Tensor columns = grad.t().to(torch::kFloat64), target = weight.to(torch::kFloat64);  // [C, P], [C, H]
    const Tensor inside = columns.matmul(torch::linalg_pinv(columns, 1e-7).matmul(target));
    report.check("gradient of " + layer + ".weight", (inside - target).norm().item<double>(),
                 tolerance * target.norm().item<double>());
    report.note(fmt::format("{} gradients of the encoder that made the prompt, which is not in the folder", 2));
}

}  // namespace lathe::infer
