// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RoBERTa: BERT's layers, positions that count real tokens from behind the padding id, and heads of its own.
// \source Liu et al. arXiv:1907.11692; parameter names of transformers' modeling_roberta
#include "nn/arch/roberta.h"

#include <fmt/format.h>

#include "nn/blocks/encoder_network.h"
#include "nn/blocks/init.h"

namespace lathe::nn {

namespace {

Result<EncoderOptions> read(const Json& raw, const EncoderFamily& family) {
    ConfigReader reader(raw);
    EncoderOptions options = readEncoder(reader, raw, family);
    options.countsRealTokens = true;
    NetworkConfig& common = options.common;
    common.maxPositions = options.positionRows - common.padId - 1;
    if (common.padId < 0)
        reader.refuse(ErrorCode::InvalidInput, "pad_token_id is missing; positions are counted from it");
    else if (common.maxPositions < 1)
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("max_position_embeddings {} leaves no room behind pad_token_id {}",
                                  options.positionRows, common.padId));
    LATHE_CHECK(reader.problem());
    return options;
}

class Roberta : public EncoderNetwork {
public:
    explicit Roberta(EncoderOptions all) : EncoderNetwork(std::move(all)) {
        addEmbeddings("roberta.embeddings");
        addLayers("roberta.encoder.layer", {});
        if (config().head == Head::SequenceClassification)
            addHead(SequenceHead{.dense = "classifier.dense",
                                 .out = "classifier.out_proj",
                                 .activation = Activation::Tanh,
                                 .dropoutBefore = options().classifierDropout,
                                 .dropoutAfter = options().classifierDropout});
        else if (config().head == Head::TokenClassification)
            addTokenHead("classifier");
        else
            addHead(MaskedHead{.dense = "lm_head.dense",
                               .norm = "lm_head.layer_norm",
                               .decoder = "lm_head.decoder",
                               .bias = "lm_head.bias"});
        initialiseAll();
        const torch::NoGradGuard noGrad;
        if (!UnsetWeights::isActive())
            embeddings().positions->weight[config().padId].zero_();
    }
};

}  // namespace

ArchitectureEntry robertaFamily(std::string id, std::string title, std::string source, std::string classPrefix) {
    EncoderFamily family;
    family.id = std::move(id);
    family.title = std::move(title);
    family.source = std::move(source);
    family.classPrefix = std::move(classPrefix);
    family.defaultPadId = 1;
    family.hasRelativePlaces = true;
    ArchitectureEntry entry = encoderEntry(
        family, [family](const Json& raw) { return read(raw, family); },
        [](EncoderOptions options) { return std::make_shared<Roberta>(std::move(options)); },
        [](const EncoderOptions& o) { return estimateEncoder(o, static_cast<double>(o.common.layers)); });
    entry.basePrefix = "roberta.";
    entry.headPrefixes = {"classifier.", "lm_head.", "roberta.pooler.", "pooler."};
    entry.attentionOutput = "attention.output.dense";
    entry.feedForwardOutput = "output.dense";
    return entry;
}

ArchitectureEntry roberta() {
    return robertaFamily("roberta", "RoBERTa", "arXiv:1907.11692", "Roberta");
}

}  // namespace lathe::nn
