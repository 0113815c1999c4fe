// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// T5's config, its two stacks and its head.
#include "nn/arch/t5_network.h"

#include <fmt/format.h>

#include <cmath>

#include "nn/blocks/encoder_decoder.h"
#include "nn/blocks/init.h"
#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/multi_head_attention.h"
#include "nn/blocks/options_entry.h"
#include "nn/blocks/relative_bias.h"
#include "nn/blocks/residual.h"
#include "nn/config_reader.h"
#include "nn/dropout.h"
#include "nn/ops/activation.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr const char* kHead = "lm_head.weight";
constexpr const char* kShared = "shared.weight";

struct T5Options {
    NetworkConfig common;
    std::int64_t decoderLayers = 0, headDimension = 0;
    RelativeBuckets buckets;
    Activation activation = Activation::Relu;
    bool gated = false, scalesOutputs = false;
    double epsilon = 1e-6, factor = 1;
};

/// "relu", "gated-gelu", ...; dense_act_fn and is_gated_act say the same again and win, as in the reference.
void readFeedForward(ConfigReader& reader, const T5Family& family, T5Options& options) {
    const std::string kind = reader.text("feed_forward_proj", family.feedForwardKind);
    const bool gated = kind.starts_with("gated-");
    std::string name = gated ? kind.substr(6) : kind;
    if (kind == "gated-gelu")
        name = "gelu_new";
    options.gated = reader.flag("is_gated_act", gated);
    name = reader.text("dense_act_fn", name);
    if (const auto known = activationNamed(name))
        options.activation = *known;
    else
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("feed_forward_proj \"{}\" with the function \"{}\" is not known", kind.substr(0, 60),
                                  name.substr(0, 60)));
}

void readBuckets(ConfigReader& reader, RelativeBuckets& buckets) {
    buckets.count = reader.size("relative_attention_num_buckets", 32, 1 << 20);
    buckets.maxDistance = reader.size("relative_attention_max_distance", 128, 1 << 26);
    if (buckets.count < buckets.least())
        reader.refuse(ErrorCode::InvalidInput, fmt::format("relative_attention_num_buckets {} is too few; {} is least",
                                                           buckets.count, buckets.least()));
    // the decoder's buckets are the wider ones: half of them are single distances
    if (buckets.maxDistance <= buckets.count / 2)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("relative_attention_max_distance {} must be above half of "
                                                           "the {} buckets",
                                                           buckets.maxDistance, buckets.count));
}

Result<T5Options> readOptions(const Json& raw, const T5Family& family) {
    ConfigReader reader(raw);
    T5Options options;
    NetworkConfig& common = options.common;
    common.architecture = family.modelType;
    common.head = Head::Seq2SeqLm;
    common.raw = raw;
    const std::string className = reader.firstClass();
    if (className != family.className && className != "T5WithLMHeadModel")
        reader.refuse(ErrorCode::Unsupported, fmt::format("the class \"{}\" is not one that this version runs ({} is)",
                                                          className.substr(0, 80), family.className));
    if (!reader.flag("is_encoder_decoder", true))
        reader.refuse(ErrorCode::Unsupported, fmt::format("{} without an encoder and a decoder", family.title));
    common.vocabSize = reader.size("vocab_size", family.vocabSize, 1 << 26);
    common.hiddenSize = reader.size("d_model", 512, 1 << 17);
    common.layers = reader.size("num_layers", family.layers, 4096);
    common.heads = reader.size("num_heads", family.heads, 1 << 14);
    common.intermediateSize = reader.size("d_ff", family.feedForward, 1 << 20);
    common.padId = reader.tokenId("pad_token_id", 0);
    common.decoderStartId =
        reader.tokenId("decoder_start_token_id", family.decoderStartId >= 0 ? family.decoderStartId : common.padId);
    common.dropout = reader.real("dropout_rate", 0.1, 0, 0.99);
    options.decoderLayers = reader.size("num_decoder_layers", common.layers, 4096);
    options.headDimension = reader.size("d_kv", 64, 1 << 14);
    options.epsilon = reader.real("layer_norm_epsilon", 1e-6, 0, 1);
    options.factor = reader.real("initializer_factor", 1, 0, 100);
    // The head is tied whatever tie_word_embeddings says: false only ever meant version 1.1, which does not scale.
    options.scalesOutputs =
        family.scalesOutputs && reader.flag("scale_decoder_outputs", reader.flag("tie_word_embeddings", true));
    readBuckets(reader, options.buckets);
    readFeedForward(reader, family, options);
    LATHE_CHECK(reader.problem());
    return options;
}

struct T5FeedForward : torch::nn::Module {
    explicit T5FeedForward(const T5Options& options) : activation(options.activation) {
        const std::int64_t c = options.common.hiddenSize, f = options.common.intermediateSize;
        gate = register_module(options.gated ? "wi_0" : "wi", std::make_shared<Linear>(c, f, false));
        if (options.gated)
            up = register_module("wi_1", std::make_shared<Linear>(c, f, false));
        down = register_module("wo", std::make_shared<Linear>(f, c, false));
        wide = std::make_unique<LinearGroup>(up ? std::vector<Linear*>{gate.get(), up.get()}
                                                : std::vector<Linear*>{gate.get()});
    }
    /// [B, T, C] -> [B, T, C]
    Tensor forward(const Tensor& x, double dropoutNow) {
        const std::vector<Tensor> all = wide->forward(x);  // 1 or 2 x [B, T, F]
        if (!up)
            return down->forward(dropout(activate(all[0], activation), dropoutNow));
        const Tensor inner =
            activation == Activation::Silu ? swiglu(all[0], all[1]) : activate(all[0], activation) * all[1];
        return down->forward(dropout(inner, dropoutNow));
    }
    Activation activation;
    std::shared_ptr<Linear> gate, up, down;
    std::unique_ptr<LinearGroup> wide;
};

/// What one pass through a stack shares.
struct T5Pass {
    DecoderPass pass;
    Tensor bias;  ///< [1, H, T, S]
    double dropout = 0;
};

struct T5Block : torch::nn::Module {
    T5Block(const T5Options& options, bool decoder, bool first) {
        MultiHeadOptions how;
        how.channels = options.common.hiddenSize;
        how.heads = options.common.heads;
        how.dimension = options.headDimension;
        how.bias = false;
        how.scale = 1;
        how.query = "q";
        how.key = "k";
        how.value = "v";
        how.output = "o";
        auto layers = register_module("layer", std::make_shared<Named>());
        const auto sublayer = [&](int index, std::shared_ptr<Norm>& norm) {
            auto named = layers->register_module(std::to_string(index), std::make_shared<Named>());
            norm = named->register_module("layer_norm",
                                          std::make_shared<Norm>(Norm::Kind::Rms, how.channels, options.epsilon));
            return named;
        };
        attention =
            sublayer(0, beforeAttention)->register_module("SelfAttention", std::make_shared<MultiHeadAttention>(how));
        if (first)
            distances = attention->register_module("relative_attention_bias",
                                                   std::make_shared<Embedding>(options.buckets.count, how.heads));
        if (decoder)
            cross =
                sublayer(1, beforeCross)->register_module("EncDecAttention", std::make_shared<MultiHeadAttention>(how));
        feedForward = sublayer(decoder ? 2 : 1, beforeFeedForward)
                          ->register_module("DenseReluDense", std::make_shared<T5FeedForward>(options));
    }
    void forward(ResidualStream& x, const T5Pass& shared, std::size_t layer) {
        const DecoderPass& pass = shared.pass;
        x.normThen(*beforeAttention, [&](const Tensor& in) {
            return attention->overItself(in, pass.own, shared.dropout, shared.bias,
                                         pass.cache ? &pass.cache->own() : nullptr, layer);
        });
        if (cross)
            x.normThen(*beforeCross, [&](const Tensor& in) {
                return cross->over(sourceOf(pass, *cross, layer), in, pass.source, shared.dropout);
            });
        x.normThen(*beforeFeedForward, [&](const Tensor& in) { return feedForward->forward(in, shared.dropout); });
    }
    std::shared_ptr<MultiHeadAttention> attention, cross;
    std::shared_ptr<Embedding> distances;  ///< the first block's alone: the others use its biases
    std::shared_ptr<T5FeedForward> feedForward;
    std::shared_ptr<Norm> beforeAttention, beforeCross, beforeFeedForward;
};

/// The encoder or the decoder: its blocks and its final norm.
struct T5Stack : torch::nn::Module {
    T5Stack(const T5Options& options, const std::string& name, const Tensor& shared, bool isDecoder)
        : buckets(options.buckets) {
        buckets.bothWays = !isDecoder;
        const NetworkConfig& c = options.common;
        const bool own = c.isUntied(name + ".embed_tokens.weight");
        words = register_module("embed_tokens", own ? std::make_shared<Embedding>(c.vocabSize, c.hiddenSize)
                                                    : std::make_shared<Embedding>(shared));
        auto list = register_module("block", std::make_shared<Named>());
        const std::int64_t count = isDecoder ? options.decoderLayers : c.layers;
        for (std::int64_t i = 0; i < count; ++i)
            blocks.push_back(
                list->register_module(std::to_string(i), std::make_shared<T5Block>(options, isDecoder, i == 0)));
        norm =
            register_module("final_layer_norm", std::make_shared<Norm>(Norm::Kind::Rms, c.hiddenSize, options.epsilon));
    }
    /// ids [B, T] -> [B, T, C]
    Tensor forward(const Tensor& ids, const DecoderPass& pass, double dropoutNow, torch::ScalarType type) {
        const std::int64_t t = ids.size(1), past = pass.own.past;
        T5Pass shared{pass, relativeBias(*blocks.front()->distances, buckets, t, past + t, past), dropoutNow};
        ResidualStream x(dropout(words->forward(ids), dropoutNow), dropoutNow, type);
        for (std::size_t i = 0; i < blocks.size(); ++i)
            x.through({shared.bias, pass.encoded},
                      [block = blocks[i], shared, i](ResidualStream& stream, const std::vector<Tensor>& in) {
                          T5Pass own = shared;
                          own.bias = in[0];
                          own.pass.encoded = in[1];
                          block->forward(stream, own, i);
                      });
        return dropout(x.finish(*norm), dropoutNow);
    }
    RelativeBuckets buckets;
    std::shared_ptr<Embedding> words;
    std::vector<std::shared_ptr<T5Block>> blocks;
    std::shared_ptr<Norm> norm;
};

class T5 : public EncoderDecoder {
public:
    explicit T5(T5Options options) : m_options(std::move(options)) {
        const NetworkConfig& c = m_options.common;
        m_shared = register_module("shared", std::make_shared<Embedding>(c.vocabSize, c.hiddenSize));
        m_encoder =
            register_module("encoder", std::make_shared<T5Stack>(m_options, "encoder", m_shared->weight, false));
        m_decoder = register_module("decoder", std::make_shared<T5Stack>(m_options, "decoder", m_shared->weight, true));
        m_head =
            register_module("lm_head", c.isUntied(kHead) ? std::make_shared<Linear>(c.hiddenSize, c.vocabSize, false)
                                                         : std::make_shared<Linear>(m_shared->weight, Tensor()));
        drawWeights();
    }

    const NetworkConfig& config() const override { return m_options.common; }

    Tensor embed(const Batch& batch) override {
        return dropout(m_encoder->words->forward(batch.ids), now(m_options.common.dropout));
    }
    Tensor encode(const Batch& batch) override {
        refuseVirtualTokens();
        DecoderPass pass;
        pass.own.keys = keyMaskOf(batch.mask);
        return m_encoder->forward(batch.ids, pass, now(m_options.common.dropout), computeType());
    }
    Tensor tokenLogits(const Tensor& rows) override {
        if (!m_options.scalesOutputs)
            return m_head->forward(rows);  // [N, V]
        return m_head->forward(rows * (1 / std::sqrt(static_cast<double>(m_options.common.hiddenSize))));
    }
    void setDropout(double probability) override { m_options.common.dropout = probability; }

protected:
    DecoderShape decoderShape() const override {
        return {m_options.decoderLayers, m_options.common.heads, m_options.headDimension};
    }
    Tensor decode(const Tensor& ids, const DecoderPass& pass) override {
        return m_decoder->forward(ids, pass, now(m_options.common.dropout), computeType());
    }
    std::vector<KeysAndValues> sourceKeys(const Tensor& encoded) override {
        std::vector<KeysAndValues> layers;
        for (const auto& block : m_decoder->blocks)
            layers.push_back(block->cross->keysOf(encoded));
        return layers;
    }
    const Tensor& headWeight() const override { return m_head->weight; }

private:
    /// Without a score scale, the width of the query weights keeps the first scores small.
    void drawWeights() {
        if (UnsetWeights::isActive())
            return;
        const torch::NoGradGuard noGrad;
        const NetworkConfig& c = m_options.common;
        const auto inverseRoot = [](std::int64_t n) { return 1 / std::sqrt(static_cast<double>(n)); };
        for (auto& item : named_parameters()) {
            const std::string& name = item.key();
            double range = inverseRoot(c.hiddenSize);
            if (name == kShared || name == kHead || name.ends_with("embed_tokens.weight"))
                range = 1;
            else if (name.ends_with(".q.weight"))
                range = inverseRoot(c.hiddenSize * m_options.headDimension);
            else if (name.ends_with(".o.weight"))
                range = inverseRoot(c.heads * m_options.headDimension);
            else if (name.ends_with(".wo.weight"))
                range = inverseRoot(c.intermediateSize);
            if (item.value().dim() < 2)
                item.value().fill_(m_options.factor);
            else
                item.value().normal_(0, range * m_options.factor);
        }
    }

    T5Options m_options;
    std::shared_ptr<Embedding> m_shared;
    std::shared_ptr<T5Stack> m_encoder, m_decoder;
    std::shared_ptr<Linear> m_head;
};

double estimate(const T5Options& options) {
    const NetworkConfig& c = options.common;
    const double hidden = static_cast<double>(c.hiddenSize), wide = static_cast<double>(c.intermediateSize);
    const double inner = static_cast<double>(c.heads) * static_cast<double>(options.headDimension);
    const double attention = 4 * hidden * inner, feedForward = (options.gated ? 3 : 2) * hidden * wide;
    return static_cast<double>(c.vocabSize) * hidden * (1 + static_cast<double>(c.untied.size())) +
           static_cast<double>(c.layers) * (attention + feedForward + 2 * hidden) +
           static_cast<double>(options.decoderLayers) * (2 * attention + feedForward + 3 * hidden) + 2 * hidden +
           2 * static_cast<double>(options.buckets.count) * static_cast<double>(c.heads);
}

}  // namespace

ArchitectureEntry t5Entry(const T5Family& family) {
    ArchitectureEntry entry;
    entry.id = family.modelType;
    entry.title = family.title;
    entry.source = family.source;
    entry.classes = {family.className};
    setOptionReader(
        entry, [family](const Json& raw) { return readOptions(raw, family); },
        [](T5Options options) { return std::make_shared<T5>(std::move(options)); }, estimate);
    entry.tiedCopies = {
        {"encoder.embed_tokens.weight", kShared}, {"decoder.embed_tokens.weight", kShared}, {kHead, kShared}};
    // once written for a table that no layer reads
    entry.ignored = {"EncDecAttention.relative_attention_bias"};
    entry.attentionOutput = "SelfAttention.o";
    entry.feedForwardOutput = "DenseReluDense.wo";
    return entry;
}

}  // namespace lathe::nn
