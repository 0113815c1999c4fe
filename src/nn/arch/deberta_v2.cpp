// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DeBERTa v2 and v3: BERT's layers with disentangled attention over content and relative positions.
// \source He et al. arXiv:2006.03654 and arXiv:2111.09543; parameter names of transformers' modeling_deberta_v2
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "nn/blocks/disentangled.h"
#include "nn/blocks/encoder_network.h"
#include "nn/dropout.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

struct DebertaOptions : EncoderOptions {
    explicit DebertaOptions(EncoderOptions shared) : EncoderOptions(std::move(shared)) {}
    DisentangledOptions attention;
    bool relative = false;        ///< without it only the scores' scale depends on the options above
    bool normsDistances = false;  ///< layer norm over the vectors of distances
    std::int64_t convKernel = 0;  ///< beside the first layer; 0 = none
    std::int64_t convGroups = 1;
    Activation convActivation = Activation::Tanh, poolerActivation = Activation::Gelu;
    double poolerDropout = 0;
    bool legacy = true;  ///< which of two masked-token heads
};

const EncoderFamily& family() {
    static const EncoderFamily all = [] {
        EncoderFamily f;
        f.id = "deberta-v2";
        f.title = "DeBERTa v2/v3";
        f.source = "arXiv:2111.09543";
        f.classPrefix = "DebertaV2";
        f.classifierDropout = "cls_dropout";
        f.defaultTypes = 0;
        f.defaultEpsilon = 1e-7;
        return f;
    }();
    return all;
}

/// "c2p|p2c" as one text, or a list of the parts.
std::vector<std::string> partsOf(ConfigReader& reader, const char* key) {
    std::vector<std::string> parts;
    const Json* value = reader.find(key);
    if (!value)
        return parts;
    if (value->is_array()) {
        for (const Json& part : *value)
            if (part.is_string())
                parts.push_back(part.get<std::string>());
            else
                reader.refuse(ErrorCode::InvalidInput, fmt::format("{} must be a list of texts", key));
        return parts;
    }
    std::string part;
    for (const char letter : reader.text(key, "") + "|")
        if (letter == '|')
            parts.push_back(std::exchange(part, {}));
        else if (letter != ' ')
            part += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    return parts;
}

void readAttention(ConfigReader& reader, DebertaOptions& options) {
    constexpr std::int64_t kMostDistances = 1 << 20;
    DisentangledOptions& attention = options.attention;
    for (const std::string& part : partsOf(reader, "pos_att_type")) {
        attention.contentToPosition |= part == "c2p";
        attention.positionToContent |= part == "p2c";
        if (!part.empty() && part != "c2p" && part != "p2c" && part != "none")
            reader.refuse(ErrorCode::Unsupported, fmt::format("pos_att_type \"{}\"", part.substr(0, 60)));
    }
    for (const std::string& part : partsOf(reader, "norm_rel_ebd")) {
        options.normsDistances |= part == "layer_norm";
        if (!part.empty() && part != "layer_norm" && part != "none")
            reader.refuse(ErrorCode::Unsupported, fmt::format("norm_rel_ebd \"{}\"", part.substr(0, 60)));
    }
    options.relative = reader.flag("relative_attention", false);
    attention.sharesProjections = reader.flag("share_att_key", false);
    attention.buckets = std::max<std::int64_t>(0, reader.whole("position_buckets", -1, -1, kMostDistances));
    if (attention.buckets == 1)
        reader.refuse(ErrorCode::InvalidInput, "position_buckets is 1; it must be at least 2, or -1 for none");
    attention.reach = reader.whole("max_relative_positions", -1, -1, kMostDistances);
    if (attention.reach < 1)
        attention.reach = std::min(options.common.maxPositions, kMostDistances);
    const std::int64_t dimension = options.common.hiddenSize / options.common.heads;
    if (reader.size("attention_head_size", dimension, 1 << 17) != dimension)
        reader.refuse(ErrorCode::Unsupported, "attention_head_size other than hidden_size / num_attention_heads");
}

void readConvolution(ConfigReader& reader, DebertaOptions& options) {
    options.convKernel = reader.whole("conv_kernel_size", 0, 0, 1 << 12);
    if (options.convKernel == 0)
        return;
    if (options.convKernel % 2 == 0)
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("conv_kernel_size {}: even sizes would shorten the text", options.convKernel));
    options.convGroups = reader.size("conv_groups", 1, 1 << 17);
    if (options.common.hiddenSize % options.convGroups != 0)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("hidden_size {} is not a multiple of conv_groups {}",
                                                           options.common.hiddenSize, options.convGroups));
    options.convActivation = reader.activation("conv_act", "tanh");
}

Result<DebertaOptions> read(const Json& raw) {
    ConfigReader reader(raw);
    DebertaOptions options(readEncoder(reader, raw, family()));
    options.zeroesPadding = true;
    options.typeCount = reader.whole("type_vocab_size", 0, 0, 1 << 20);
    options.embeddingSize = reader.size("embedding_size", options.common.hiddenSize, 1 << 17);
    options.projectsEmbeddings = options.embeddingSize != options.common.hiddenSize;
    if (!reader.flag("position_biased_input", true))
        options.positionRows = 0;
    readAttention(reader, options);
    readConvolution(reader, options);
    options.poolerActivation = reader.activation("pooler_hidden_act", "gelu");
    options.poolerDropout = reader.real("pooler_dropout", 0, 0, 0.99);
    options.legacy = reader.flag("legacy", true);
    if (options.common.head == Head::TokenClassification)
        options.classifierDropout = options.common.dropout;
    const std::int64_t c = options.common.hiddenSize;
    if (options.common.head == Head::SequenceClassification && reader.size("pooler_hidden_size", c, 1 << 17) != c)
        reader.refuse(ErrorCode::Unsupported, "pooler_hidden_size other than hidden_size");
    if (options.common.head == Head::MaskedLm && !options.legacy && options.projectsEmbeddings)
        reader.refuse(ErrorCode::Unsupported, "embedding_size other than hidden_size without the legacy head");
    LATHE_CHECK(reader.problem());
    return options;
}

constexpr EncoderLayerNames kNames = {
    .query = "attention.self.query_proj", .key = "attention.self.key_proj", .value = "attention.self.value_proj"};

/// Stands beside the first layer: norm(its output + activation(conv(embeddings))), padding zeroed.
struct ConvLayer : torch::nn::Module {
    explicit ConvLayer(const DebertaOptions& options) : groups(options.convGroups), activation(options.convActivation) {
        const std::int64_t c = options.common.hiddenSize;
        auto conv = register_module("conv", std::make_shared<Named>());
        weight = conv->register_parameter("weight", torch::empty({c, c / groups, options.convKernel}));
        bias = conv->register_parameter("bias", torch::empty({c}));
        norm = register_module("LayerNorm", std::make_shared<Norm>(Norm::Kind::Layer, c, options.epsilon));
    }
    /// \param embedded, layer [B, T, C] \param mask [B, T] int64; undefined = all real
    Tensor forward(const Tensor& embedded, const Tensor& layer, const Tensor& mask, double dropoutNow) const {
        const std::int64_t padding = (weight.size(2) - 1) / 2;
        const Tensor turned = embedded.transpose(1, 2).contiguous();  // [B, C, T]
        Tensor out = at::conv1d(turned, weight.to(torch::kFloat32), bias.to(torch::kFloat32), 1, padding, 1, groups)
                         .transpose(1, 2);  // [B, T, C]
        if (mask.defined())
            out = out.masked_fill(mask.eq(0).unsqueeze(2), 0);
        out = norm->add(activate(dropout(out, dropoutNow), activation), layer, 0).out;
        return mask.defined() ? out * mask.unsqueeze(2).to(out.scalar_type()) : out;
    }
    std::int64_t groups;
    Activation activation;
    Tensor weight, bias;  ///< [C, C / groups, K], [C]
    std::shared_ptr<Norm> norm;
};

class DebertaV2 : public EncoderNetwork {
public:
    explicit DebertaV2(const DebertaOptions& all) : EncoderNetwork(all), m_attention(all.attention) {
        addEmbeddings("deberta.embeddings");
        for (std::int64_t i = 0; i < config().layers; ++i)
            addLayer(place(*this, fmt::format("deberta.encoder.layer.{}", i),
                           std::make_shared<DisentangledLayer>(all, kNames, all.attention, all.relative)));
        const std::int64_t c = config().hiddenSize;
        if (all.relative)
            m_distances =
                place(*this, "deberta.encoder.rel_embeddings", std::make_shared<Embedding>(2 * m_attention.span(), c));
        if (all.normsDistances)
            m_distanceNorm =
                place(*this, "deberta.encoder.LayerNorm", std::make_shared<Norm>(Norm::Kind::Layer, c, all.epsilon));
        if (all.convKernel > 0)
            m_conv = place(*this, "deberta.encoder.conv", std::make_shared<ConvLayer>(all));
        addOwnHead(all);
        initialiseAll();
    }

protected:
    Tensor throughLayers(Tensor x, EncoderPass& pass, const Batch& batch) override {
        if (m_distances) {
            const Distances used = distancesOf(x.size(1), m_attention);
            pass.distanceRows = used.rows.to(x.device());
            const Tensor vectors = m_distances->weight.narrow(0, used.first, used.count);  // [R, C]
            pass.distances = m_distanceNorm ? m_distanceNorm->forward(vectors) : vectors.to(torch::kFloat32);
        }
        return EncoderNetwork::throughLayers(std::move(x), pass, batch);
    }
    /// A convolution over what the first layer read joins what leaves it.
    Tensor oneLayer(std::size_t depth, const Tensor& x, const EncoderPass& pass, const Batch& batch) override {
        const Tensor out = EncoderNetwork::oneLayer(depth, x, pass, batch);
        if (depth > 0 || !m_conv)
            return out;
        return m_conv->forward(x, out, maskBehind(batch.mask, pass.virtualTokens.promptLength()), pass.hiddenDropout);
    }
    bool readsPast() const override { return false; }

private:
    void addOwnHead(const DebertaOptions& all) {
        if (config().head == Head::SequenceClassification)
            addHead(SequenceHead{.dense = "pooler.dense",
                                 .out = "classifier",
                                 .activation = all.poolerActivation,
                                 .dropoutBefore = all.poolerDropout,
                                 .dropoutAfter = options().classifierDropout});
        else if (config().head == Head::TokenClassification)
            addTokenHead("classifier");
        else if (all.legacy)
            addHead(MaskedHead{.dense = "cls.predictions.transform.dense",
                               .norm = "cls.predictions.transform.LayerNorm",
                               .decoder = "cls.predictions.decoder",
                               .bias = "cls.predictions.bias",
                               .activation = options().activation});
        else
            addHead(MaskedHead{.dense = "lm_predictions.lm_head.dense",
                               .norm = "lm_predictions.lm_head.LayerNorm",
                               .bias = "lm_predictions.lm_head.bias",
                               .activation = options().activation});
    }

    DisentangledOptions m_attention;
    std::shared_ptr<Embedding> m_distances;
    std::shared_ptr<Norm> m_distanceNorm;
    std::shared_ptr<ConvLayer> m_conv;
};

double estimate(const DebertaOptions& options) {
    const double c = static_cast<double>(options.common.hiddenSize),
                 layers = static_cast<double>(options.common.layers);
    return estimateEncoder(options, layers) +
           (options.relative ? 2.0 * static_cast<double>(options.attention.span()) : 0) * c +
           (options.attention.sharesProjections ? 0 : layers * 2 * c * (c + 1)) +
           static_cast<double>(options.convKernel) * c * c / static_cast<double>(options.convGroups) + 8 * c;
}

}  // namespace

ArchitectureEntry debertaV2() {
    ArchitectureEntry entry = encoderEntry(
        family(), read, [](const DebertaOptions& options) { return std::make_shared<DebertaV2>(options); }, estimate);
    entry.basePrefix = "deberta.";
    entry.headPrefixes = {"classifier.", "pooler.", "cls.", "lm_predictions.", "mask_predictions."};
    entry.ignored.push_back("embeddings.position_embeddings.");  // kept in files whose input is not biased by it
    entry.attentionOutput = "attention.output.dense";
    entry.feedForwardOutput = "output.dense";
    return entry;
}

}  // namespace lathe::nn
