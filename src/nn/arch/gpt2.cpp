// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2: layer norms, learned positions, one projection for query, key and value, weights kept as [in, out].
// \source Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"; names of transformers'
// modeling_gpt2
#include <fmt/format.h>

#include <cmath>

#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

const std::vector<std::string> kClasses = {"GPT2LMHeadModel", "GPT2ForSequenceClassification"};

DecoderNames gpt2Names() {
    DecoderNames names;
    names.base = "transformer";
    names.embedding = "wte";
    names.positions = "wpe";
    names.layers = "h";
    names.norm = "ln_f";
    names.attention = "attn";
    names.before = "ln_1";
    names.between = "ln_2";
    names.fused = "c_attn";
    names.output = "c_proj";
    names.gate.clear();
    names.up = "c_fc";
    names.down = "c_proj";
    return names;
}

void readSizes(ConfigReader& reader, NetworkConfig& common) {
    common.vocabSize = reader.size("vocab_size", 50257, 1 << 26);
    common.hiddenSize = reader.size("n_embd", 768, 1 << 17);
    common.layers = reader.size("n_layer", 12, 4096);
    common.heads = reader.size("n_head", 12, 1 << 14);
    common.intermediateSize = reader.size("n_inner", 4 * common.hiddenSize, 1 << 20);
    common.maxPositions = reader.size("n_positions", 1024, 1 << 26);
    common.padId = reader.tokenId("pad_token_id");
    if (common.hiddenSize % common.heads != 0)
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("n_embd {} is not a multiple of n_head {}", common.hiddenSize, common.heads));
    if (reader.flag("add_cross_attention", false))
        reader.refuse(ErrorCode::Unsupported, "add_cross_attention is not supported");
}

/// 1 / sqrt D unless scale_attn_weights is off, and 1 / (layer + 1) with scale_attn_by_inverse_layer_idx.
/// reorder_and_upcast_attn changes only where half-precision products round: scores here are always float32 inside.
void readScales(ConfigReader& reader, DecoderOptions& options) {
    const bool scales = reader.flag("scale_attn_weights", true);
    const bool byLayer = reader.flag("scale_attn_by_inverse_layer_idx", false);
    reader.flag("reorder_and_upcast_attn", false);
    const double scale = scales ? 1 / std::sqrt(static_cast<double>(options.headDimension)) : 1;
    for (std::int64_t i = 0; i < options.common.layers; ++i)
        options.scales.push_back(byLayer ? scale / static_cast<double>(i + 1) : scale);
}

Result<DecoderOptions> readGpt2(const Json& raw) {
    ConfigReader reader(raw);
    DecoderOptions options;
    options.common.architecture = "gpt2";
    options.common.raw = raw;
    options.names = gpt2Names();
    readDecoderHead(reader, kClasses, options.common);
    readSizes(reader, options.common);
    options.groups = options.common.heads;
    options.headDimension = std::max<std::int64_t>(1, options.common.hiddenSize / options.common.heads);
    options.norm = Norm::Kind::Layer;
    options.epsilon = reader.real("layer_norm_epsilon", 1e-5, 0, 1);
    options.projections = DecoderOptions::Projections::Together;
    options.projectionBias = options.outputBias = options.feedForwardBias = true;
    options.layout = Linear::Layout::InOut;
    options.activation = readActivation(reader, "activation_function", "gelu_new");
    options.windows.assign(static_cast<std::size_t>(options.common.layers), 0);
    readScales(reader, options);
    options.isTied = reader.flag("tie_word_embeddings", true);
    options.common.dropout = reader.real("resid_pdrop", 0.1, 0, 0.99);
    options.embeddingDropout = reader.real("embd_pdrop", 0.1, 0, 0.99);
    options.attentionDropout = reader.real("attn_pdrop", 0.1, 0, 0.99);
    options.dropsEverywhere = true;
    options.range = reader.real("initializer_range", 0.02, 0, 10);
    options.scalesResidualInit = true;
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry gpt2() {
    return decoderEntry("gpt2", "GPT-2", "Radford et al. 2019", kClasses, readGpt2);
}

}  // namespace lathe::nn
