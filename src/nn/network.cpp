// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What all architectures share: logits by head, counting, the config file.
#include "nn/network.h"

#include <fmt/format.h>

#include <set>

#include "nn/int8_weights.h"
#include "nn/torch_guard.h"

namespace lathe::nn {

torch::Tensor Network::logits(const Batch& batch) {
    const torch::Tensor states = hidden(batch);  // [B, T, C]
    if (config().head == Head::SequenceClassification || config().head == Head::TokenClassification)
        return classify(states, batch);
    const torch::Tensor rows = tokenLogits(states.reshape({-1, states.size(2)}));  // [B * T, V]
    return rows.view({states.size(0), states.size(1), rows.size(1)});              // [B, T, V]
}

torch::Tensor Network::encode(const Batch&) {
    TORCH_CHECK(false, "this network is not an encoder-decoder");
}

void Network::prime(const Batch&, KvCache&) {
    TORCH_CHECK(false, "this network is not an encoder-decoder");
}

torch::Tensor Network::decoderInput(const torch::Tensor&) const {
    TORCH_CHECK(false, "this network is not an encoder-decoder");
}

std::int64_t Network::textPositions() const {
    const torch::NoGradGuard noGrad;
    const VirtualTokens tokens = virtualTokens();
    return config().maxPositions - tokens.promptLength() - tokens.pastLength();
}

std::int64_t Network::parameterCount() const {
    std::set<const void*> seen;
    std::int64_t count = 0;
    for (const torch::Tensor& parameter : parameters())
        if (seen.insert(parameter.unsafeGetTensorImpl()).second)
            count += parameter.numel();
    return count;
}

std::optional<Head> headOfClass(std::string_view className) {
    if (className.ends_with("ForSequenceClassification"))
        return Head::SequenceClassification;
    if (className.ends_with("ForTokenClassification"))
        return Head::TokenClassification;
    if (className.ends_with("ForConditionalGeneration"))
        return Head::Seq2SeqLm;
    if (className.ends_with("ForMaskedLM") || className.ends_with("ForPreTraining"))
        return Head::MaskedLm;
    if (className.ends_with("ForCausalLM") || className.ends_with("LMHeadModel"))
        return Head::CausalLm;
    return std::nullopt;
}

std::optional<std::string> classOf(const ArchitectureEntry& entry, Head head) {
    for (const std::string& name : entry.classes)
        if (headOfClass(name) == head)
            return name;
    return std::nullopt;
}

Result<NetworkConfig> readNetworkConfig(const std::filesystem::path& folder) {
    LATHE_TRY(const Json json, readJsonFile(folder / "config.json"));
    return parseNetworkConfig(json, (folder / "config.json").string());
}

Result<NetworkConfig> parseNetworkConfig(const Json& json, std::string_view where) {
    if (!json.is_object())
        return fail(ErrorCode::Parse, fmt::format("{} is not a JSON object", where));
    LATHE_TRY(const std::string type, jsonString(json, "model_type", ""));
    const ArchitectureRegistry registry = makeArchitectureRegistry();
    const ArchitectureEntry* entry = registry.find(type);
    if (!entry) {
        std::string known;
        for (const auto& one : registry.entries())
            known += (known.empty() ? "" : ", ") + one.id;
        return fail(ErrorCode::Unsupported, fmt::format("{}: model_type \"{}\" is not one that this version runs ({})",
                                                        where, type.substr(0, 60), known));
    }
    LATHE_CHECK(checkQuantization(json));
    return entry->parse(json);
}

}  // namespace lathe::nn
