// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BERT: an encoder with learned positions and post-norm layers, under a classification or a masked-token head.
// \source Devlin et al. arXiv:1810.04805; parameter names of transformers' modeling_bert
#include <fmt/format.h>

#include "nn/blocks/init.h"
#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/config_reader.h"
#include "nn/dropout.h"
#include "nn/network.h"
#include "nn/ops/activation.h"
#include "nn/ops/attention.h"
#include "nn/precision.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

struct BertOptions {
    NetworkConfig common;
    Activation activation = Activation::Gelu;
    std::int64_t typeCount = 2;
    double epsilon = 1e-12, attentionDropout = 0, classifierDropout = 0, range = 0.02;
    bool tied = true;
};

Result<BertOptions> readOptions(const Json& raw) {
    ConfigReader reader(raw);
    BertOptions options;
    NetworkConfig& common = options.common;
    common.architecture = "bert";
    common.raw = raw;
    const std::string className = reader.firstClass();
    const auto head = headOfClass(className);
    if (!head || (*head != Head::SequenceClassification && *head != Head::MaskedLm) || !className.starts_with("Bert"))
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("the class \"{}\" is not one that this version runs", className.substr(0, 80)));
    common.head = head.value_or(Head::SequenceClassification);
    common.vocabSize = reader.size("vocab_size", 1 << 26);
    common.hiddenSize = reader.size("hidden_size", 1 << 17);
    common.layers = reader.size("num_hidden_layers", 4096);
    common.heads = reader.size("num_attention_heads", 1 << 14);
    common.intermediateSize = reader.size("intermediate_size", 1 << 20);
    common.maxPositions = reader.size("max_position_embeddings", 1 << 26);
    common.padId = reader.tokenId("pad_token_id", 0);
    common.dropout = reader.real("hidden_dropout_prob", 0.1, 0, 0.99);
    options.attentionDropout = reader.real("attention_probs_dropout_prob", 0.1, 0, 0.99);
    options.classifierDropout = reader.real("classifier_dropout", common.dropout, 0, 0.99);
    options.typeCount = reader.size("type_vocab_size", 2, 1 << 20);
    options.epsilon = reader.real("layer_norm_eps", 1e-12, 0, 1);
    options.range = reader.real("initializer_range", 0.02, 0, 10);
    options.tied = reader.flag("tie_word_embeddings", true);
    if (common.head == Head::SequenceClassification) {
        common.labels = reader.labels();
        common.problem = reader.problemType(common.labels.size());
    }
    const std::string activation = reader.text("hidden_act", "gelu");
    if (const auto known = activationNamed(activation))
        options.activation = *known;
    else
        reader.refuse(ErrorCode::Unsupported, fmt::format("hidden_act \"{}\" is not known", activation.substr(0, 60)));
    if (common.hiddenSize % common.heads != 0)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("hidden_size {} is not a multiple of num_attention_heads {}",
                                                           common.hiddenSize, common.heads));
    if (const std::string kind = reader.text("position_embedding_type", "absolute"); kind != "absolute")
        reader.refuse(ErrorCode::Unsupported, fmt::format("position_embedding_type \"{}\"", kind.substr(0, 60)));
    if (reader.flag("is_decoder", false) || reader.flag("add_cross_attention", false))
        reader.refuse(ErrorCode::Unsupported, "BERT as a decoder");
    LATHE_CHECK(reader.problem());
    return options;
}

struct BertEmbeddings : torch::nn::Module {
    explicit BertEmbeddings(const BertOptions& options) {
        const NetworkConfig& c = options.common;
        words = register_module("word_embeddings", std::make_shared<Embedding>(c.vocabSize, c.hiddenSize));
        positions = register_module("position_embeddings", std::make_shared<Embedding>(c.maxPositions, c.hiddenSize));
        types = register_module("token_type_embeddings", std::make_shared<Embedding>(options.typeCount, c.hiddenSize));
        norm = register_module("LayerNorm", std::make_shared<Norm>(Norm::Kind::Layer, c.hiddenSize, options.epsilon));
    }
    Tensor forward(const Batch& batch, double dropoutNow) const {
        const std::int64_t tokens = batch.ids.size(1);
        TORCH_CHECK(tokens <= positions->weight.size(0), "the text has ", tokens, " tokens, the model reads ",
                    positions->weight.size(0));
        const Tensor place = positions->weight.narrow(0, 0, tokens).to(torch::kFloat32);     // [T, C]
        const Tensor type = batch.typeIds.defined() ? types->forward(batch.typeIds)          // [B, T, C]
                                                    : types->weight[0].to(torch::kFloat32);  // [C]
        const Tensor sum = words->forward(batch.ids) + (place + type);                       // [B, T, C]
        return dropout(norm->forward(sum), dropoutNow);
    }
    std::shared_ptr<Embedding> words, positions, types;
    std::shared_ptr<Norm> norm;
};

/// "dense" and "LayerNorm" behind a sublayer: norm(residual + dropout(dense(x))).
struct BertOutput : torch::nn::Module {
    BertOutput(std::int64_t in, std::int64_t out, double epsilon) {
        dense = register_module("dense", std::make_shared<Linear>(in, out, true));
        norm = register_module("LayerNorm", std::make_shared<Norm>(Norm::Kind::Layer, out, epsilon));
    }
    Tensor forward(const Tensor& x, const Tensor& residual, double dropoutNow) const {
        return norm->add(dense->forward(x), residual, dropoutNow).out;
    }
    std::shared_ptr<Linear> dense;
    std::shared_ptr<Norm> norm;
};

struct BertLayer : torch::nn::Module {
    explicit BertLayer(const BertOptions& options) : heads(options.common.heads), activation(options.activation) {
        const std::int64_t c = options.common.hiddenSize, f = options.common.intermediateSize;
        auto attention = register_module("attention", std::make_shared<Named>());
        auto self = attention->register_module("self", std::make_shared<Named>());
        query = self->register_module("query", std::make_shared<Linear>(c, c, true));
        key = self->register_module("key", std::make_shared<Linear>(c, c, true));
        value = self->register_module("value", std::make_shared<Linear>(c, c, true));
        attended = attention->register_module("output", std::make_shared<BertOutput>(c, c, options.epsilon));
        auto intermediate = register_module("intermediate", std::make_shared<Named>());
        wide = intermediate->register_module("dense", std::make_shared<Linear>(c, f, true));
        output = register_module("output", std::make_shared<BertOutput>(f, c, options.epsilon));
        projections = std::make_unique<LinearGroup>(std::vector<Linear*>{query.get(), key.get(), value.get()});
    }
    /// [B, T, C] -> [B, T, C]
    Tensor forward(const Tensor& x, const AttentionMask& mask, double hiddenDropout, double attentionDropout) {
        const std::vector<Tensor> qkv = projections->forward(x);  // 3 x [B, T, C]
        const Tensor context = attend(splitHeads(qkv[0], heads), splitHeads(qkv[1], heads), splitHeads(qkv[2], heads),
                                      mask, attentionDropout);  // [B, T, C]
        const Tensor middle = attended->forward(context, x, hiddenDropout);
        return output->forward(activate(wide->forward(middle), activation), middle, hiddenDropout);
    }
    std::int64_t heads;
    Activation activation;
    std::shared_ptr<Linear> query, key, value, wide;
    std::shared_ptr<BertOutput> attended, output;
    std::unique_ptr<LinearGroup> projections;
};

class Bert : public Network {
public:
    explicit Bert(BertOptions options) : m_options(std::move(options)) {
        const NetworkConfig& c = m_options.common;
        auto base = register_module("bert", std::make_shared<Named>());
        m_embeddings = base->register_module("embeddings", std::make_shared<BertEmbeddings>(m_options));
        auto encoder = base->register_module("encoder", std::make_shared<Named>());
        auto layers = encoder->register_module("layer", std::make_shared<Named>());
        for (std::int64_t i = 0; i < c.layers; ++i)
            m_layers.push_back(layers->register_module(std::to_string(i), std::make_shared<BertLayer>(m_options)));
        if (c.head == Head::SequenceClassification)
            addClassifier(*base);
        else
            addPredictions();
        initialise(*this, m_options.range, m_embeddings->words->weight, c.padId);
    }

    const NetworkConfig& config() const override { return m_options.common; }

    Tensor embed(const Batch& batch) override { return m_embeddings->forward(batch, now(m_options.common.dropout)); }

    Tensor hidden(const Batch& batch) override {
        AttentionMask mask;
        mask.keys = keyMaskOf(batch.mask);  // [B, T]
        Tensor x = embed(batch);            // [B, T, C]
        for (const auto& layer : m_layers)
            x = layer->forward(x, mask, now(m_options.common.dropout), now(m_options.attentionDropout));
        return x;
    }

    Tensor classify(const Tensor& states, const Batch&) override {
        TORCH_CHECK(m_classifier, "this network has no classification head");
        const PrecisionScope exact(Precision::Float32);  // two small products that decide
        const Tensor first = states.select(1, 0);        // [B, C]
        const Tensor pooled = torch::tanh(m_pooler->forward(first).to(torch::kFloat32));
        return m_classifier->forward(dropout(pooled, now(m_options.classifierDropout))).to(torch::kFloat32);  // [B, L]
    }

    Tensor tokenLogits(const Tensor& rows) override {
        TORCH_CHECK(m_decoder, "this network has no masked-token head");
        const Tensor x =
            m_transformNorm->forward(activate(m_transform->forward(rows), m_options.activation));  // [N, C]
        return m_decoder->forward(x);                                                              // [N, V]
    }

    Tensor step(const Tensor&, const Tensor&, KvCache&) override { TORCH_CHECK(false, "an encoder does not generate"); }
    std::unique_ptr<KvCache> makeCache(std::int64_t, std::int64_t) override {
        TORCH_CHECK(false, "an encoder does not generate");
    }
    void setDropout(double probability) override {
        m_options.common.dropout = m_options.attentionDropout = m_options.classifierDropout = probability;
    }

private:
    double now(double probability) const { return is_training() ? probability : 0; }

    void addClassifier(torch::nn::Module& base) {
        const NetworkConfig& c = m_options.common;
        auto pooler = base.register_module("pooler", std::make_shared<Named>());
        m_pooler = pooler->register_module("dense", std::make_shared<Linear>(c.hiddenSize, c.hiddenSize, true));
        m_classifier = register_module(
            "classifier", std::make_shared<Linear>(c.hiddenSize, static_cast<std::int64_t>(c.labels.size()), true));
    }

    void addPredictions() {
        const NetworkConfig& c = m_options.common;
        auto cls = register_module("cls", std::make_shared<Named>());
        auto predictions = cls->register_module("predictions", std::make_shared<Named>());
        const Tensor bias = predictions->register_parameter("bias", torch::empty({c.vocabSize}));
        auto transform = predictions->register_module("transform", std::make_shared<Named>());
        m_transform = transform->register_module("dense", std::make_shared<Linear>(c.hiddenSize, c.hiddenSize, true));
        m_transformNorm = transform->register_module(
            "LayerNorm", std::make_shared<Norm>(Norm::Kind::Layer, c.hiddenSize, m_options.epsilon));
        Tensor weight = m_embeddings->words->weight;
        if (!m_options.tied) {
            auto decoder = predictions->register_module("decoder", std::make_shared<Named>());
            weight = decoder->register_parameter("weight", torch::empty({c.vocabSize, c.hiddenSize}));
        }
        m_decoder = std::make_shared<Linear>(weight, bias);
    }

    BertOptions m_options;
    std::shared_ptr<BertEmbeddings> m_embeddings;
    std::vector<std::shared_ptr<BertLayer>> m_layers;
    std::shared_ptr<Linear> m_pooler, m_classifier;
    std::shared_ptr<Linear> m_transform, m_decoder;
    std::shared_ptr<Norm> m_transformNorm;
};

double estimate(const NetworkConfig& c) {
    const double hidden = static_cast<double>(c.hiddenSize), wide = static_cast<double>(c.intermediateSize);
    const double rows = static_cast<double>(c.vocabSize) + static_cast<double>(c.maxPositions) + 64;
    const double layer = 4 * hidden * hidden + 2 * hidden * wide + 16 * hidden + wide;
    return rows * hidden + static_cast<double>(c.layers) * layer + 2 * hidden * hidden +
           static_cast<double>(c.vocabSize) + hidden * (8 + static_cast<double>(c.labels.size()));
}

}  // namespace

ArchitectureEntry bert() {
    ArchitectureEntry entry;
    entry.id = "bert";
    entry.title = "BERT";
    entry.source = "arXiv:1810.04805";
    entry.classes = {"BertForSequenceClassification", "BertForMaskedLM"};
    entry.parse = [](const Json& raw) -> Result<NetworkConfig> {
        LATHE_TRY(BertOptions options, readOptions(raw));
        return std::move(options.common);
    };
    entry.make = [](const NetworkConfig& config) -> std::shared_ptr<Network> {
        auto options = readOptions(config.raw);
        TORCH_CHECK(options.has_value(), "a network was made of a config that was not parsed");
        return std::make_shared<Bert>(std::move(*options));
    };
    entry.estimateParameters = estimate;
    entry.basePrefix = "bert.";
    entry.headPrefixes = {"classifier.", "cls.", "bert.pooler.", "pooler."};
    entry.ignored = {"position_ids"};
    return entry;
}

}  // namespace lathe::nn
