// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ALBERT: few stored layers that stand for many, in groups, over small embedding tables.
// \source Lan et al. arXiv:1909.11942; parameter names of transformers' modeling_albert
#include <fmt/format.h>

#include "nn/blocks/encoder_network.h"

namespace lathe::nn {

namespace {

struct AlbertOptions : EncoderOptions {
    std::int64_t groups = 1, inner = 1;  ///< stored groups, layers in each
};

const EncoderFamily& family() {
    static const EncoderFamily all = [] {
        EncoderFamily f;
        f.id = "albert";
        f.title = "ALBERT";
        f.source = "arXiv:1909.11942";
        f.classPrefix = "Albert";
        f.otherClasses = {"AlbertForPreTraining"};  // its masked-token head; the order of sentences is left out
        f.defaultActivation = "gelu_new";
        f.classifierDropout = "classifier_dropout_prob";
        f.defaultDropout = 0;
        return f;
    }();
    return all;
}

Result<AlbertOptions> read(const Json& raw) {
    ConfigReader reader(raw);
    AlbertOptions options{readEncoder(reader, raw, family())};
    options.embeddingSize = reader.size("embedding_size", 128, 1 << 17);
    options.groups = reader.size("num_hidden_groups", 1, 4096);
    options.inner = reader.size("inner_group_num", 1, 4096);
    if (raw.is_object() && !raw.contains("classifier_dropout_prob"))
        options.classifierDropout = 0.1;
    LATHE_CHECK(reader.problem());
    return options;
}

constexpr EncoderLayerNames kNames = {.query = "attention.query",
                                      .key = "attention.key",
                                      .value = "attention.value",
                                      .attended = "attention.dense",
                                      .attendedNorm = "attention.LayerNorm",
                                      .wide = "ffn",
                                      .narrow = "ffn_output",
                                      .outputNorm = "full_layer_layer_norm",
                                      .dropsNarrow = false};

class Albert : public EncoderNetwork {
public:
    explicit Albert(const AlbertOptions& all) : EncoderNetwork(all) {
        addEmbeddings("albert.embeddings");
        addProjection("albert.encoder.embedding_hidden_mapping_in");
        addGroups(all);
        if (config().head == Head::SequenceClassification)
            addHead(SequenceHead{.dense = "albert.pooler",
                                 .out = "classifier",
                                 .activation = Activation::Tanh,
                                 .dropoutAfter = options().classifierDropout});
        else if (config().head == Head::TokenClassification)
            addTokenHead("classifier");
        else
            addHead(MaskedHead{.dense = "predictions.dense",
                               .norm = "predictions.LayerNorm",
                               .decoder = "predictions.decoder",
                               .bias = "predictions.bias",
                               .activation = options().activation});
        initialiseAll();
    }

protected:
    bool readsPast() const override { return false; }

private:
    void addGroups(const AlbertOptions& all) {
        std::vector<std::vector<std::shared_ptr<EncoderLayer>>> stored(static_cast<std::size_t>(all.groups));
        for (std::size_t group = 0; group < stored.size(); ++group)
            for (std::int64_t i = 0; i < all.inner; ++i)
                stored[group].push_back(
                    place(*this, fmt::format("albert.encoder.albert_layer_groups.{}.albert_layers.{}", group, i),
                          std::make_shared<EncoderLayer>(all, kNames)));
        // the reference's division, in its precision: which group stands for layer i
        const double perGroup = static_cast<double>(config().layers) / static_cast<double>(all.groups);
        for (std::int64_t i = 0; i < config().layers; ++i)
            for (const auto& layer : stored.at(static_cast<std::size_t>(static_cast<double>(i) / perGroup)))
                addLayer(layer);
    }
};

}  // namespace

ArchitectureEntry albert() {
    ArchitectureEntry entry = encoderEntry(
        family(), read, [](const AlbertOptions& options) { return std::make_shared<Albert>(options); },
        [](const AlbertOptions& o) { return estimateEncoder(o, static_cast<double>(o.groups * o.inner)); });
    entry.basePrefix = "albert.";
    entry.headPrefixes = {"classifier.", "predictions.", "sop_classifier.", "albert.pooler.", "pooler."};
    entry.attentionOutput = "attention.dense";
    entry.feedForwardOutput = "ffn_output";
    return entry;
}

}  // namespace lathe::nn
