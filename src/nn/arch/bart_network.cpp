// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BART's config, its two stacks and its head.
#include "nn/arch/bart_network.h"

#include <fmt/format.h>

#include <cmath>

#include "nn/blocks/encoder_decoder.h"
#include "nn/blocks/init.h"
#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/multi_head_attention.h"
#include "nn/blocks/options_entry.h"
#include "nn/blocks/residual.h"
#include "nn/config_reader.h"
#include "nn/dropout.h"
#include "nn/ops/activation.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr const char* kHead = "lm_head.weight";
constexpr const char* kShared = "model.shared.weight";
constexpr std::int64_t kPositionOffset = 2;  ///< the first rows of the position tables are never read
constexpr double kEpsilon = 1e-5;

/// One of the two stacks.
struct BartSide {
    std::int64_t layers = 0, heads = 0, wide = 0;
    double layerDrop = 0;
};

struct BartOptions {
    NetworkConfig common;
    BartSide encoder, decoder;
    Activation activation = Activation::Gelu;
    double attentionDropout = 0, activationDropout = 0, range = 0.02;
    bool scaled = false, normBefore = false;
};

BartSide readSide(ConfigReader& reader, const std::string& name, std::int64_t channels) {
    BartSide side;
    side.layers = reader.size(name + "_layers", 12, 4096);
    side.heads = reader.size(name + "_attention_heads", 16, 1 << 14);
    side.wide = reader.size(name + "_ffn_dim", 4096, 1 << 20);
    side.layerDrop = reader.real(name + "_layerdrop", 0, 0, 0.99);
    if (channels % side.heads != 0)
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("d_model {} is not a multiple of {}_attention_heads {}", channels, name, side.heads));
    return side;
}

std::vector<std::string> copiesOfShared() {
    return {"model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", kHead};
}

Result<BartOptions> readOptions(const Json& raw, const BartFamily& family) {
    ConfigReader reader(raw);
    BartOptions options;
    NetworkConfig& common = options.common;
    common.architecture = family.modelType;
    common.head = Head::Seq2SeqLm;
    common.raw = raw;
    const std::string className = reader.firstClass();
    if (className != family.className)
        reader.refuse(ErrorCode::Unsupported, fmt::format("the class \"{}\" is not one that this version runs ({} is)",
                                                          className.substr(0, 80), family.className));
    if (!reader.flag("is_encoder_decoder", true))
        reader.refuse(ErrorCode::Unsupported, fmt::format("{} without an encoder and a decoder", family.title));
    common.vocabSize = reader.size("vocab_size", 50265, 1 << 26);
    common.hiddenSize = reader.size("d_model", 1024, 1 << 17);
    options.encoder = readSide(reader, "encoder", common.hiddenSize);
    options.decoder = readSide(reader, "decoder", common.hiddenSize);
    common.layers = options.encoder.layers;
    common.heads = options.encoder.heads;
    common.intermediateSize = options.encoder.wide;
    common.maxPositions = reader.size("max_position_embeddings", 1024, 1 << 26);
    common.padId = reader.tokenId("pad_token_id", 1);
    common.decoderStartId = reader.tokenId("decoder_start_token_id", family.decoderStartId);
    common.dropout = reader.real("dropout", 0.1, 0, 0.99);
    options.attentionDropout = reader.real("attention_dropout", 0, 0, 0.99);
    options.activationDropout = reader.real("activation_dropout", 0, 0, 0.99);
    options.range = reader.real("init_std", 0.02, 0, 10);
    options.scaled = reader.flag("scale_embedding", false);
    options.normBefore = family.normBefore;
    if (!reader.flag("tie_word_embeddings", true))
        common.untied = copiesOfShared();
    if (common.padId >= common.vocabSize)
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("pad_token_id {} is not in a vocabulary of {}", common.padId, common.vocabSize));
    const std::string activation = reader.text("activation_function", "gelu");
    if (const auto known = activationNamed(activation))
        options.activation = *known;
    else
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("activation_function \"{}\" is not known", activation.substr(0, 60)));
    LATHE_CHECK(reader.problem());
    return options;
}

struct BartLayer : torch::nn::Module {
    BartLayer(const BartOptions& options, const BartSide& side, bool isDecoder)
        : activation(options.activation), normBefore(options.normBefore) {
        MultiHeadOptions how;
        how.channels = options.common.hiddenSize;
        how.heads = side.heads;
        how.dimension = how.channels / side.heads;
        const auto norm = [&](const char* name) {
            return register_module(name, std::make_shared<Norm>(Norm::Kind::Layer, how.channels, kEpsilon));
        };
        attention = register_module("self_attn", std::make_shared<MultiHeadAttention>(how));
        attentionNorm = norm("self_attn_layer_norm");
        if (isDecoder) {
            cross = register_module("encoder_attn", std::make_shared<MultiHeadAttention>(how));
            crossNorm = norm("encoder_attn_layer_norm");
        }
        up = register_module("fc1", std::make_shared<Linear>(how.channels, side.wide, true));
        down = register_module("fc2", std::make_shared<Linear>(side.wide, how.channels, true));
        finalNorm = norm("final_layer_norm");
    }
    void forward(ResidualStream& x, const DecoderPass& pass, double attentionDropout, double activationDropout,
                 std::size_t layer) {
        const auto sublayer = [&](const Norm& norm, auto&& f) {
            normBefore ? x.normThen(norm, f) : x.thenNorm(norm, f);
        };
        sublayer(*attentionNorm, [&](const Tensor& in) {
            return attention->overItself(in, pass.own, attentionDropout, {}, pass.cache ? &pass.cache->own() : nullptr,
                                         layer);
        });
        if (cross)
            sublayer(*crossNorm, [&](const Tensor& in) {
                return cross->over(sourceOf(pass, *cross, layer), in, pass.source, attentionDropout);
            });
        sublayer(*finalNorm, [&](const Tensor& in) {
            return down->forward(dropout(activate(up->forward(in), activation), activationDropout));
        });
    }
    Activation activation;
    bool normBefore;
    std::shared_ptr<MultiHeadAttention> attention, cross;
    std::shared_ptr<Linear> up, down;
    std::shared_ptr<Norm> attentionNorm, crossNorm, finalNorm;
};

/// The dropout of this moment: zero unless training.
struct BartDropout {
    double hidden = 0, attention = 0, activation = 0, layer = 0;
};

/// The encoder or the decoder: embeddings, layers and, with norms before, a final norm.
struct BartStack : torch::nn::Module {
    BartStack(const BartOptions& options, const std::string& name, const Tensor& shared, bool isDecoder)
        : normBefore(options.normBefore) {
        const NetworkConfig& c = options.common;
        const BartSide& side = isDecoder ? options.decoder : options.encoder;
        scale = options.scaled ? std::sqrt(static_cast<double>(c.hiddenSize)) : 1;
        const bool own = c.isUntied("model." + name + ".embed_tokens.weight");
        words = register_module("embed_tokens", own ? std::make_shared<Embedding>(c.vocabSize, c.hiddenSize, c.padId)
                                                    : std::make_shared<Embedding>(shared, c.padId));
        positions = register_module("embed_positions",
                                    std::make_shared<Embedding>(c.maxPositions + kPositionOffset, c.hiddenSize));
        auto list = register_module("layers", std::make_shared<Named>());
        for (std::int64_t i = 0; i < side.layers; ++i)
            layers.push_back(
                list->register_module(std::to_string(i), std::make_shared<BartLayer>(options, side, isDecoder)));
        embeddingNorm =
            register_module("layernorm_embedding", std::make_shared<Norm>(Norm::Kind::Layer, c.hiddenSize, kEpsilon));
        if (normBefore)
            finalNorm =
                register_module("layer_norm", std::make_shared<Norm>(Norm::Kind::Layer, c.hiddenSize, kEpsilon));
    }
    /// ids [B, T] at the positions past, past + 1, ... -> [B, T, C]
    Tensor embed(const Tensor& ids, std::int64_t past, double dropoutNow) const {
        const std::int64_t t = ids.size(1), most = positions->weight.size(0) - kPositionOffset;
        TORCH_CHECK(past + t <= most, "there are ", past + t, " tokens, the model reads ", most);
        const Tensor place = positions->forward(
            torch::arange(past + kPositionOffset, past + t + kPositionOffset, ids.options()));  // [T, C]
        return dropout(embeddingNorm->forward(words->forward(ids) * scale + place), dropoutNow);
    }
    /// ids [B, T] -> [B, T, C]
    Tensor forward(const Tensor& ids, const DecoderPass& pass, const BartDropout& drop, torch::ScalarType type) {
        ResidualStream x(embed(ids, pass.own.past, drop.hidden), drop.hidden, type);
        for (std::size_t i = 0; i < layers.size(); ++i)
            if (!isDropped(drop.layer))
                x.through({pass.encoded},
                          [layer = layers[i], pass, drop, i](ResidualStream& stream, const std::vector<Tensor>& in) {
                              DecoderPass own = pass;
                              own.encoded = in[0];
                              layer->forward(stream, own, drop.attention, drop.activation, i);
                          });
        return normBefore ? x.finish(*finalNorm) : x.value();
    }
    /// LayerDrop: whole layers are left out while training. \source Fan et al. arXiv:1909.11556
    static bool isDropped(double probability) {
        return probability > 0 && dropout(torch::ones({1}), probability).item<float>() == 0;
    }
    bool normBefore;
    double scale;
    std::shared_ptr<Embedding> words, positions;
    std::vector<std::shared_ptr<BartLayer>> layers;
    std::shared_ptr<Norm> embeddingNorm, finalNorm;
};

class Bart : public EncoderDecoder {
public:
    explicit Bart(BartOptions options) : m_options(std::move(options)) {
        const NetworkConfig& c = m_options.common;
        auto model = register_module("model", std::make_shared<Named>());
        m_shared = model->register_module("shared", std::make_shared<Embedding>(c.vocabSize, c.hiddenSize, c.padId));
        m_encoder = model->register_module("encoder",
                                           std::make_shared<BartStack>(m_options, "encoder", m_shared->weight, false));
        m_decoder = model->register_module("decoder",
                                           std::make_shared<BartStack>(m_options, "decoder", m_shared->weight, true));
        m_logitsBias = register_buffer("final_logits_bias", torch::zeros({1, c.vocabSize}));
        m_head =
            register_module("lm_head", c.isUntied(kHead) ? std::make_shared<Linear>(c.hiddenSize, c.vocabSize, false)
                                                         : std::make_shared<Linear>(m_shared->weight, Tensor()));
        initialise(*this, m_options.range, m_shared->weight, c.padId);
    }

    const NetworkConfig& config() const override { return m_options.common; }

    Tensor embed(const Batch& batch) override { return m_encoder->embed(batch.ids, 0, now(m_options.common.dropout)); }
    Tensor encode(const Batch& batch) override {
        refuseVirtualTokens();
        DecoderPass pass;
        pass.own.keys = keyMaskOf(batch.mask);
        return m_encoder->forward(batch.ids, pass, dropoutOf(m_options.encoder), computeType());
    }
    Tensor tokenLogits(const Tensor& rows) override {
        const Tensor logits = m_head->forward(rows);            // [N, V]
        return logits + m_logitsBias.to(logits.scalar_type());  // [N, V]
    }
    Tensor decoderInput(const Tensor& labels) const override {
        if (!m_options.normBefore)
            return EncoderDecoder::decoderInput(labels);
        // mBART ends its labels with the language's token, which moves to the front
        const Tensor ids = labels.masked_fill(labels == -100, m_options.common.padId);                    // [B, U]
        const Tensor last = (ids.ne(m_options.common.padId).sum(1, true) - 1).remainder(labels.size(1));  // [B, 1]
        return torch::cat({ids.gather(1, last), ids.narrow(1, 0, ids.size(1) - 1)}, 1);
    }
    /// What the config leaves out stays left out.
    void setDropout(double probability) override {
        m_options.common.dropout = probability;
        for (double* other : {&m_options.attentionDropout, &m_options.activationDropout})
            *other = *other > 0 ? probability : 0;
    }

protected:
    DecoderShape decoderShape() const override {
        return {m_options.decoder.layers, m_options.decoder.heads,
                m_options.common.hiddenSize / m_options.decoder.heads};
    }
    Tensor decode(const Tensor& ids, const DecoderPass& pass) override {
        return m_decoder->forward(ids, pass, dropoutOf(m_options.decoder), computeType());
    }
    std::vector<KeysAndValues> sourceKeys(const Tensor& encoded) override {
        std::vector<KeysAndValues> layers;
        for (const auto& layer : m_decoder->layers)
            layers.push_back(layer->cross->keysOf(encoded));
        return layers;
    }
    const Tensor& headWeight() const override { return m_head->weight; }

private:
    BartDropout dropoutOf(const BartSide& side) const {
        return {now(m_options.common.dropout), now(m_options.attentionDropout), now(m_options.activationDropout),
                now(side.layerDrop)};
    }

    BartOptions m_options;
    std::shared_ptr<Embedding> m_shared;
    std::shared_ptr<BartStack> m_encoder, m_decoder;
    std::shared_ptr<Linear> m_head;
    Tensor m_logitsBias;  ///< [1, V]
};

double estimate(const BartOptions& options) {
    const NetworkConfig& c = options.common;
    const double hidden = static_cast<double>(c.hiddenSize), vocabulary = static_cast<double>(c.vocabSize);
    const auto stack = [&](const BartSide& side, double attentions) {
        const double wide = static_cast<double>(side.wide);
        return static_cast<double>(side.layers) *
               (attentions * (4 * hidden * hidden + 6 * hidden) + 2 * hidden * wide + wide + 3 * hidden);
    };
    return vocabulary * hidden * (1 + static_cast<double>(c.untied.size())) + vocabulary +
           2 * (static_cast<double>(c.maxPositions) + 4) * hidden + stack(options.encoder, 1) +
           stack(options.decoder, 2);
}

}  // namespace

ArchitectureEntry bartEntry(const BartFamily& family) {
    ArchitectureEntry entry;
    entry.id = family.modelType;
    entry.title = family.title;
    entry.source = family.source;
    entry.classes = {family.className};
    setOptionReader(
        entry, [family](const Json& raw) { return readOptions(raw, family); },
        [](BartOptions options) { return std::make_shared<Bart>(std::move(options)); }, estimate);
    entry.basePrefix = "model.";
    for (const std::string& copy : copiesOfShared())
        entry.tiedCopies.emplace_back(copy, kShared);
    entry.ignored = {"encoder.version", "decoder.version"};
    entry.attentionOutput = "self_attn.out_proj";
    entry.feedForwardOutput = "fc2";
    return entry;
}

}  // namespace lathe::nn
