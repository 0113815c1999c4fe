// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BERT: an encoder with learned positions and post-norm layers.
// \source Devlin et al. arXiv:1810.04805; parameter names of transformers' modeling_bert
#include "nn/blocks/encoder_network.h"

namespace lathe::nn {

namespace {

const EncoderFamily& family() {
    static const EncoderFamily all = [] {
        EncoderFamily f;
        f.id = "bert";
        f.title = "BERT";
        f.source = "arXiv:1810.04805";
        f.classPrefix = "Bert";
        f.otherClasses = {"BertForPreTraining"};  // its masked-token head; next-sentence prediction is left out
        f.hasRelativePlaces = true;
        return f;
    }();
    return all;
}

Result<EncoderOptions> read(const Json& raw) {
    ConfigReader reader(raw);
    EncoderOptions options = readEncoder(reader, raw, family());
    LATHE_CHECK(reader.problem());
    return options;
}

class Bert : public EncoderNetwork {
public:
    explicit Bert(EncoderOptions all) : EncoderNetwork(std::move(all)) {
        addEmbeddings("bert.embeddings");
        addLayers("bert.encoder.layer", {});
        if (config().head == Head::SequenceClassification)
            addHead(SequenceHead{.dense = "bert.pooler.dense",
                                 .out = "classifier",
                                 .activation = Activation::Tanh,
                                 .dropoutAfter = options().classifierDropout});
        else if (config().head == Head::TokenClassification)
            addTokenHead("classifier");
        else
            addHead(MaskedHead{.dense = "cls.predictions.transform.dense",
                               .norm = "cls.predictions.transform.LayerNorm",
                               .decoder = "cls.predictions.decoder",
                               .bias = "cls.predictions.bias",
                               .activation = options().activation});
        initialiseAll();
    }
};

}  // namespace

ArchitectureEntry bert() {
    ArchitectureEntry entry = encoderEntry(
        family(), read, [](EncoderOptions options) { return std::make_shared<Bert>(std::move(options)); },
        [](const EncoderOptions& o) { return estimateEncoder(o, static_cast<double>(o.common.layers)); });
    entry.basePrefix = "bert.";
    entry.headPrefixes = {"classifier.", "cls.", "bert.pooler.", "pooler."};
    entry.attentionOutput = "attention.output.dense";
    entry.feedForwardOutput = "output.dense";
    return entry;
}

}  // namespace lathe::nn
