// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-NeoX and Pythia: layer norms, attention and feed-forward layer in parallel, rotary positions on a part of each
// head. \source Black et al. arXiv:2204.06745; names of transformers' modeling_gpt_neox
#include <fmt/format.h>

#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

const std::vector<std::string> kClasses = {"GPTNeoXForCausalLM", "GPTNeoXForSequenceClassification"};

DecoderNames neoxNames() {
    DecoderNames names;
    names.base = "gpt_neox";
    names.embedding = "embed_in";
    names.norm = "final_layer_norm";
    names.head = "embed_out";
    names.attention = "attention";
    names.fused = "query_key_value";
    names.output = "dense";
    names.gate.clear();
    names.up = "dense_h_to_4h";
    names.down = "dense_4h_to_h";
    return names;
}

void readSizes(ConfigReader& reader, DecoderOptions& options) {
    NetworkConfig& common = options.common;
    common.vocabSize = reader.size("vocab_size", 50432, 1 << 26);
    common.hiddenSize = reader.size("hidden_size", 6144, 1 << 17);
    common.layers = reader.size("num_hidden_layers", 44, 4096);
    common.heads = reader.size("num_attention_heads", 64, 1 << 14);
    common.intermediateSize = reader.size("intermediate_size", 24576, 1 << 20);
    common.padId = reader.tokenId("pad_token_id");
    if (common.hiddenSize % common.heads != 0)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("hidden_size {} is not a multiple of num_attention_heads {}",
                                                           common.hiddenSize, common.heads));
    options.groups = common.heads;
    options.headDimension = std::max<std::int64_t>(1, common.hiddenSize / common.heads);
    if (reader.size("head_dim", options.headDimension, 1 << 14) != options.headDimension)
        reader.refuse(ErrorCode::Unsupported, "head_dim is not hidden_size / num_attention_heads");
    RotaryRules rotary;
    rotary.thetaKey = "rotary_emb_base";
    rotary.partialKey = "rotary_pct";
    rotary.partial = 0.25;
    rotary.canBePartial = true;
    options.rotary =
        readRotary(reader, options.headDimension, reader.size("max_position_embeddings", 2048, 1 << 26), rotary);
    common.maxPositions = readablePositions(options.rotary);
}

Result<DecoderOptions> readNeox(const Json& raw) {
    ConfigReader reader(raw);
    DecoderOptions options;
    options.common.architecture = "gpt_neox";
    options.common.raw = raw;
    options.names = neoxNames();
    readDecoderHead(reader, kClasses, options.common);
    readSizes(reader, options);
    options.norm = Norm::Kind::Layer;
    options.epsilon = reader.real("layer_norm_eps", 1e-5, 0, 1);
    options.projections = DecoderOptions::Projections::Interleaved;
    options.projectionBias = options.outputBias = reader.flag("attention_bias", true);
    options.feedForwardBias = true;
    options.isParallel = reader.flag("use_parallel_residual", true);
    options.activation = readActivation(reader, "hidden_act", "gelu");
    options.windows.assign(static_cast<std::size_t>(options.common.layers), 0);
    options.isTied = reader.flag("tie_word_embeddings", false);
    options.common.dropout = reader.real("hidden_dropout", 0, 0, 0.99);
    options.embeddingDropout = options.common.dropout;
    options.attentionDropout = reader.real("attention_dropout", 0, 0, 0.99);
    options.dropsEverywhere = true;
    options.range = reader.real("initializer_range", 0.02, 0, 10);
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry gpt_neox() {
    return decoderEntry("gpt_neox", "GPT-NeoX", "arXiv:2204.06745", kClasses, readNeox);
}

}  // namespace lathe::nn
