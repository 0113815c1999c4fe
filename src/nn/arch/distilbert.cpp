// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DistilBERT: BERT with half its layers, no token types and no pooler.
// \source Sanh et al. arXiv:1910.01108; parameter names of transformers' modeling_distilbert
#include "nn/blocks/encoder_network.h"
#include "nn/blocks/init.h"

namespace lathe::nn {

namespace {

struct DistilBertOptions : EncoderOptions {
    bool sinusoidal = false;  ///< how fresh positions begin; a checkpoint brings its own
};

EncoderFamily family(const Json& raw) {
    // both spellings occur: the reference maps one to the other
    const auto either = [&raw](const char* own, const char* common) {
        return raw.is_object() && !raw.contains(own) && raw.contains(common) ? common : own;
    };
    EncoderFamily f;
    f.id = "distilbert";
    f.title = "DistilBERT";
    f.source = "arXiv:1910.01108";
    f.classPrefix = "DistilBert";
    f.hiddenSize = either("dim", "hidden_size");
    f.layers = either("n_layers", "num_hidden_layers");
    f.heads = either("n_heads", "num_attention_heads");
    f.intermediateSize = "hidden_dim";
    f.activation = "activation";
    f.dropout = "dropout";
    f.attentionDropout = "attention_dropout";
    f.classifierDropout = "seq_classif_dropout";
    f.defaultTypes = 0;
    return f;
}

Result<DistilBertOptions> read(const Json& raw) {
    ConfigReader reader(raw);
    DistilBertOptions options{readEncoder(reader, raw, family(raw))};
    options.epsilon = 1e-12;  // fixed in the reference
    options.sinusoidal = reader.flag("sinusoidal_pos_embds", false);
    if (options.common.head != Head::SequenceClassification)
        options.classifierDropout = options.common.dropout;
    else if (raw.is_object() && !raw.contains("seq_classif_dropout"))
        options.classifierDropout = 0.2;
    LATHE_CHECK(reader.problem());
    return options;
}

constexpr EncoderLayerNames kNames = {.query = "attention.q_lin",
                                      .key = "attention.k_lin",
                                      .value = "attention.v_lin",
                                      .attended = "attention.out_lin",
                                      .attendedNorm = "sa_layer_norm",
                                      .wide = "ffn.lin1",
                                      .narrow = "ffn.lin2",
                                      .outputNorm = "output_layer_norm",
                                      .dropsAttended = false};

/// sin(p / 10000^(2 i / C)) in even channels, cos in odd ones. \source arXiv:1706.03762 section 3.5
void fillSinusoids(torch::Tensor table) {
    const torch::NoGradGuard noGrad;
    const std::int64_t rows = table.size(0), c = table.size(1);
    const auto real = torch::TensorOptions().dtype(torch::kFloat64);
    const torch::Tensor place = torch::arange(rows, real).unsqueeze(1);  // [P, 1]
    const torch::Tensor pair = torch::arange(c, torch::kInt64).div(2, "floor").to(torch::kFloat64);
    const torch::Tensor angles = place / torch::pow(10000.0, 2 * pair / static_cast<double>(c));  // [P, C]
    table.slice(1, 0, c, 2).copy_(angles.slice(1, 0, c, 2).sin());
    table.slice(1, 1, c, 2).copy_(angles.slice(1, 1, c, 2).cos());
}

class DistilBert : public EncoderNetwork {
public:
    explicit DistilBert(const DistilBertOptions& all) : EncoderNetwork(all) {
        addEmbeddings("distilbert.embeddings");
        addLayers("distilbert.transformer.layer", kNames);
        if (config().head == Head::SequenceClassification)
            addHead(SequenceHead{.dense = "pre_classifier",
                                 .out = "classifier",
                                 .activation = Activation::Relu,
                                 .dropoutAfter = options().classifierDropout});
        else if (config().head == Head::TokenClassification)
            addTokenHead("classifier");
        else
            addHead(MaskedHead{.dense = "vocab_transform",
                               .norm = "vocab_layer_norm",
                               .decoder = "vocab_projector",
                               .activation = options().activation});
        initialiseAll();
        if (all.sinusoidal && !UnsetWeights::isActive())
            fillSinusoids(embeddings().positions->weight);
    }

protected:
    bool readsPast() const override { return false; }
};

}  // namespace

ArchitectureEntry distilbert() {
    ArchitectureEntry entry = encoderEntry(
        family(Json()), read, [](const DistilBertOptions& options) { return std::make_shared<DistilBert>(options); },
        [](const DistilBertOptions& o) { return estimateEncoder(o, static_cast<double>(o.common.layers)); });
    entry.basePrefix = "distilbert.";
    entry.headPrefixes = {"pre_classifier.", "classifier.", "vocab_transform.", "vocab_layer_norm.",
                          "vocab_projector."};
    entry.attentionOutput = "attention.out_lin";
    entry.feedForwardOutput = "ffn.lin2";
    return entry;
}

}  // namespace lathe::nn
