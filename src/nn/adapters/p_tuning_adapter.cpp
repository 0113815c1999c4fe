// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// P-tuning: a prompt that trains through an MLP or LSTM. Its file keeps the prompt alone, so a loaded adapter trains
// that one directly. \source Liu et al. arXiv:2103.10385; peft/tuners/p_tuning
#include <fmt/format.h>

#include "nn/adapters/prompt_config.h"
#include "nn/adapters/prompt_encoder.h"
#include "nn/config_reader.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

struct EncoderOptions {
    std::string kind = "MLP";
    std::int64_t hidden = 0, layers = 2;
    double dropout = 0;
};

Result<EncoderOptions> readEncoder(const AdapterBuild& build, std::int64_t tokenDim) {
    ConfigReader reader(build.config, {}, "adapter_config.json");
    EncoderOptions options;
    options.kind = reader.text("encoder_reparameterization_type", "MLP");
    options.hidden = reader.size("encoder_hidden_size", tokenDim, 1 << 20);
    options.layers = reader.size("encoder_num_layers", 2, 64);
    options.dropout = reader.real("encoder_dropout", 0, 0, 0.999);
    if (options.kind != "MLP" && options.kind != "LSTM")
        reader.refuse(
            ErrorCode::Unsupported,
            fmt::format("encoder_reparameterization_type \"{}\" is not known (MLP, LSTM)", options.kind.substr(0, 60)));
    LATHE_CHECK(reader.problem());
    return options;
}

Tensor relu(const Tensor& x) {
    return at::relu(x);
}

PromptEncoder addEncoder(const AdapterBuild& build, const PromptConfig& prompt, const EncoderOptions& options,
                         AdapterParts& parts) {
    const std::string stem = "prompt_encoder.default.";
    const std::int64_t width = prompt.tokenDim, hidden = options.hidden;
    const Tensor embedding = addHidden(build, parts, stem + "embedding.weight", {prompt.rows(), width}, normalDraw(1));
    if (options.kind == "LSTM") {
        const auto lstm = addLstm(build, parts, stem + "lstm_head", {width, hidden, options.layers, options.dropout});
        const auto dense = addDenseStack(build, parts, stem + "mlp_head", {2 * hidden, 2 * hidden, width}, relu);
        return [=] { return dense(lstm(embedding)); };
    }
    const auto dense = addDenseStack(build, parts, stem + "mlp_head", {width, hidden, hidden, width}, relu);
    return [=] { return dense(embedding); };
}

Result<AdapterParts> buildPTuning(const AdapterBuild& build) {
    LATHE_TRY(const PromptConfig prompt, readPromptConfig(build));
    LATHE_TRY(const EncoderOptions options, readEncoder(build, prompt.tokenDim));
    AdapterParts parts;
    PromptEncoder rows;
    if (build.tensors.isFresh()) {
        rows = addEncoder(build, prompt, options, parts);
    } else {
        const Tensor saved = parts.add(takePromptEmbeddings(build, {prompt.rows(), prompt.tokenDim}, normalDraw(1)));
        rows = [saved] { return saved; };
    }
    const std::size_t own = parts.tensors.size();
    parts.virtualTokens = [rows, tokens = prompt.tokens] { return VirtualTokens{rows().narrow(0, 0, tokens), {}}; };
    parts.describe = [sizes = describePrompt(prompt), hidden = options.hidden](Json& config) {
        sizes(config);
        setIfOpen(config, "encoder_hidden_size", hidden);
    };
    LATHE_CHECK(addOverrides(build, "base_model.", parts));
    if (build.tensors.isFresh())
        saveEncoded(parts, rows, own);
    return parts;
}

}  // namespace

AdapterEntry pTuningAdapter() {
    AdapterEntry entry;
    entry.id = "P_TUNING";
    entry.title = "P-tuning";
    entry.source = "arXiv:2103.10385";
    entry.defaults = promptDefaults({{"encoder_dropout", 0.0},
                                     {"encoder_hidden_size", nullptr},
                                     {"encoder_num_layers", 2},
                                     {"encoder_reparameterization_type", "MLP"}});
    entry.build = buildPTuning;
    return entry;
}

}  // namespace lathe::nn
