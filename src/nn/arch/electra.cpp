// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ELECTRA: BERT's layers, small embedding tables, and heads of its own. The masked-token head is the generator's; a
// discriminator alone (ElectraForPreTraining) tells replaced tokens and is no such model.
// \source Clark et al. arXiv:2003.10555; parameter names of transformers' modeling_electra
#include "nn/blocks/encoder_network.h"

namespace lathe::nn {

namespace {

const EncoderFamily& family() {
    static const EncoderFamily all = [] {
        EncoderFamily f;
        f.id = "electra";
        f.title = "ELECTRA";
        f.source = "arXiv:2003.10555";
        f.classPrefix = "Electra";
        f.hasRelativePlaces = true;
        return f;
    }();
    return all;
}

Result<EncoderOptions> read(const Json& raw) {
    ConfigReader reader(raw);
    EncoderOptions options = readEncoder(reader, raw, family());
    options.embeddingSize = reader.size("embedding_size", 128, 1 << 17);
    LATHE_CHECK(reader.problem());
    return options;
}

class Electra : public EncoderNetwork {
public:
    explicit Electra(EncoderOptions all) : EncoderNetwork(std::move(all)) {
        addEmbeddings("electra.embeddings");
        if (options().embeddingSize != config().hiddenSize)
            addProjection("electra.embeddings_project");
        addLayers("electra.encoder.layer", {});
        if (config().head == Head::SequenceClassification)
            addHead(SequenceHead{.dense = "classifier.dense",
                                 .out = "classifier.out_proj",
                                 .activation = Activation::Gelu,
                                 .dropoutBefore = options().classifierDropout,
                                 .dropoutAfter = options().classifierDropout});
        else if (config().head == Head::TokenClassification)
            addTokenHead("classifier");
        else
            addHead(MaskedHead{.dense = "generator_predictions.dense",
                               .norm = "generator_predictions.LayerNorm",
                               .decoder = "generator_lm_head"});
        initialiseAll();
    }
};

}  // namespace

ArchitectureEntry electra() {
    ArchitectureEntry entry = encoderEntry(
        family(), read, [](EncoderOptions options) { return std::make_shared<Electra>(std::move(options)); },
        [](const EncoderOptions& o) { return estimateEncoder(o, static_cast<double>(o.common.layers)); });
    entry.basePrefix = "electra.";
    entry.headPrefixes = {"classifier.", "generator_predictions.", "generator_lm_head.", "discriminator_predictions."};
    entry.attentionOutput = "attention.output.dense";
    entry.feedForwardOutput = "output.dense";
    return entry;
}

}  // namespace lathe::nn
