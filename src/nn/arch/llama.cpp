// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Llama: a decoder of pre-norm layers with RMS norm, rotary positions, grouped queries and SwiGLU.
// \source Touvron et al. arXiv:2302.13971; parameter names of transformers' modeling_llama
#include <fmt/format.h>

#include "nn/arch/decode_token.h"
#include "nn/blocks/init.h"
#include "nn/blocks/kv_cache.h"
#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/rotary.h"
#include "nn/config_reader.h"
#include "nn/network.h"
#include "nn/ops/activation.h"
#include "nn/ops/attention.h"
#include "nn/precision.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

struct LlamaOptions {
    NetworkConfig common;
    std::int64_t groups = 0, headDimension = 0;
    Activation activation = Activation::Silu;
    double epsilon = 1e-6, theta = 10000, attentionDropout = 0, range = 0.02;
    bool attentionBias = false, mlpBias = false, tied = false;
};

/// Old checkpoints: rope_theta and rope_scaling; new ones: rope_parameters.
void readRotary(ConfigReader& reader, LlamaOptions& options) {
    options.theta = reader.real("rope_theta", 10000, 1, 1e12);
    for (const char* key : {"rope_parameters", "rope_scaling"}) {
        const Json* parameters = reader.find(key);
        if (!parameters)
            continue;
        if (!parameters->is_object()) {
            reader.refuse(ErrorCode::InvalidInput, fmt::format("{} must be an object", key));
            return;
        }
        ConfigReader inner(*parameters);
        const std::string type = inner.text("rope_type", inner.text("type", "default"));
        options.theta = inner.real("rope_theta", options.theta, 1, 1e12);
        if (auto problem = inner.problem(); !problem)
            reader.refuse(problem.error().code, problem.error().message);
        if (type != "default")
            reader.refuse(ErrorCode::Unsupported,
                          fmt::format("rotary positions of type \"{}\" are not supported yet", type.substr(0, 60)));
    }
}

Result<LlamaOptions> readOptions(const Json& raw) {
    ConfigReader reader(raw);
    LlamaOptions options;
    NetworkConfig& common = options.common;
    common.architecture = "llama";
    common.raw = raw;
    common.head = Head::CausalLm;
    const std::string className = reader.firstClass();
    if (className != "LlamaForCausalLM")
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("the class \"{}\" is not one that this version runs", className.substr(0, 80)));
    common.vocabSize = reader.size("vocab_size", 1 << 26);
    common.hiddenSize = reader.size("hidden_size", 1 << 17);
    common.layers = reader.size("num_hidden_layers", 4096);
    common.heads = reader.size("num_attention_heads", 1 << 14);
    common.intermediateSize = reader.size("intermediate_size", 1 << 20);
    common.maxPositions = reader.size("max_position_embeddings", 2048, 1 << 26);
    common.padId = reader.tokenId("pad_token_id");
    common.dropout = reader.real("resid_pdrop", 0, 0, 0.99);
    options.groups = reader.size("num_key_value_heads", common.heads, 1 << 14);
    if (common.heads % options.groups != 0)
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("num_attention_heads {} is not a multiple of num_key_value_heads {}", common.heads,
                                  options.groups));
    if (!reader.find("head_dim") && common.hiddenSize % common.heads != 0)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("hidden_size {} is not a multiple of num_attention_heads {}",
                                                           common.hiddenSize, common.heads));
    options.headDimension =
        reader.size("head_dim", std::max<std::int64_t>(1, common.hiddenSize / common.heads), 1 << 14);
    if (options.headDimension % 2 != 0)
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("head_dim {} is odd; rotary positions need pairs", options.headDimension));
    options.epsilon = reader.real("rms_norm_eps", 1e-6, 0, 1);
    options.attentionDropout = reader.real("attention_dropout", 0, 0, 0.99);
    options.range = reader.real("initializer_range", 0.02, 0, 10);
    options.attentionBias = reader.flag("attention_bias", false);
    options.mlpBias = reader.flag("mlp_bias", false);
    options.tied = reader.flag("tie_word_embeddings", false);
    readRotary(reader, options);
    const std::string activation = reader.text("hidden_act", "silu");
    if (const auto known = activationNamed(activation))
        options.activation = *known;
    else
        reader.refuse(ErrorCode::Unsupported, fmt::format("hidden_act \"{}\" is not known", activation.substr(0, 60)));
    LATHE_CHECK(reader.problem());
    return options;
}

/// What one pass through the layers shares.
struct Pass {
    Tensor positions;  ///< [B, T] int64
    AttentionMask mask;
    GroupedCache* cache = nullptr;
    double attentionDropout = 0;
};

struct LlamaAttention : torch::nn::Module {
    explicit LlamaAttention(const LlamaOptions& options) : heads(options.common.heads), groups(options.groups) {
        const std::int64_t c = options.common.hiddenSize, d = options.headDimension;
        const bool bias = options.attentionBias;
        query = register_module("q_proj", std::make_shared<Linear>(c, heads * d, bias));
        key = register_module("k_proj", std::make_shared<Linear>(c, groups * d, bias));
        value = register_module("v_proj", std::make_shared<Linear>(c, groups * d, bias));
        output = register_module("o_proj", std::make_shared<Linear>(heads * d, c, bias));
        projections = std::make_unique<LinearGroup>(std::vector<Linear*>{query.get(), key.get(), value.get()});
    }
    /// [B, T, C] -> [B, T, C]
    Tensor forward(const Tensor& x, const Pass& pass, const RotaryTable& table, std::size_t layer) {
        const std::vector<Tensor> qkv = projections->forward(x);  // [B, T, H * D], 2 x [B, T, G * D]
        const Tensor q = rotateHeads(qkv[0], heads, pass.positions, table.cosines(), table.sines());  // [B, H, T, D]
        Tensor k = rotateHeads(qkv[1], groups, pass.positions, table.cosines(), table.sines());       // [B, G, T, D]
        Tensor v = splitHeads(qkv[2], groups);                                                        // [B, G, T, D]
        if (pass.cache)
            std::tie(k, v) = pass.cache->append(layer, k, v);  // [B, G, S, D]
        return output->forward(attend(q, k, v, pass.mask, pass.attentionDropout));
    }
    std::int64_t heads, groups;
    std::shared_ptr<Linear> query, key, value, output;
    std::unique_ptr<LinearGroup> projections;
};

struct LlamaMlp : torch::nn::Module {
    explicit LlamaMlp(const LlamaOptions& options) : activation(options.activation) {
        const std::int64_t c = options.common.hiddenSize, f = options.common.intermediateSize;
        gate = register_module("gate_proj", std::make_shared<Linear>(c, f, options.mlpBias));
        up = register_module("up_proj", std::make_shared<Linear>(c, f, options.mlpBias));
        down = register_module("down_proj", std::make_shared<Linear>(f, c, options.mlpBias));
        wide = std::make_unique<LinearGroup>(std::vector<Linear*>{gate.get(), up.get()});
    }
    /// [..., C] -> [..., C]
    Tensor forward(const Tensor& x) {
        const std::vector<Tensor> both = wide->forward(x);  // 2 x [..., F]
        return down->forward(activation == Activation::Silu ? swiglu(both[0], both[1])
                                                            : activate(both[0], activation) * both[1]);
    }
    Activation activation;
    std::shared_ptr<Linear> gate, up, down;
    std::unique_ptr<LinearGroup> wide;
};

struct LlamaLayer : torch::nn::Module {
    explicit LlamaLayer(const LlamaOptions& options) {
        const std::int64_t c = options.common.hiddenSize;
        attention = register_module("self_attn", std::make_shared<LlamaAttention>(options));
        mlp = register_module("mlp", std::make_shared<LlamaMlp>(options));
        before = register_module("input_layernorm", std::make_shared<Norm>(Norm::Kind::Rms, c, options.epsilon));
        between =
            register_module("post_attention_layernorm", std::make_shared<Norm>(Norm::Kind::Rms, c, options.epsilon));
    }
    std::shared_ptr<LlamaAttention> attention;
    std::shared_ptr<LlamaMlp> mlp;
    std::shared_ptr<Norm> before, between;
};

class Llama : public Network {
public:
    explicit Llama(LlamaOptions options)
        : m_options(std::move(options)), m_rotary(m_options.headDimension, m_options.theta) {
        const NetworkConfig& c = m_options.common;
        auto model = register_module("model", std::make_shared<Named>());
        m_embedding = model->register_module("embed_tokens", std::make_shared<Embedding>(c.vocabSize, c.hiddenSize));
        auto layers = model->register_module("layers", std::make_shared<Named>());
        for (std::int64_t i = 0; i < c.layers; ++i)
            m_layers.push_back(layers->register_module(std::to_string(i), std::make_shared<LlamaLayer>(m_options)));
        m_norm =
            model->register_module("norm", std::make_shared<Norm>(Norm::Kind::Rms, c.hiddenSize, m_options.epsilon));
        if (m_options.tied)
            m_head = std::make_shared<Linear>(m_embedding->weight, Tensor());
        else
            m_head = register_module("lm_head", std::make_shared<Linear>(c.hiddenSize, c.vocabSize, false));
        initialise(*this, m_options.range, m_embedding->weight, c.padId);
    }

    const NetworkConfig& config() const override { return m_options.common; }

    Tensor embed(const Batch& batch) override { return m_embedding->forward(batch.ids); }

    Tensor hidden(const Batch& batch) override {
        const std::int64_t b = batch.ids.size(0), t = batch.ids.size(1);
        m_rotary.reach(t, batch.ids.device());
        Pass pass;
        // rotary attention sees only differences of positions, so padding on either side may count
        pass.positions = torch::arange(t, batch.ids.options()).unsqueeze(0).expand({b, t}).contiguous();  // [B, T]
        pass.mask.causal = true;
        pass.mask.keys = keyMaskOf(batch.mask);
        pass.attentionDropout = is_training() ? m_options.attentionDropout : 0;
        return m_norm->add(through(batch, pass), m_stream, residualDropout()).out;  // [B, T, C]
    }

    Tensor classify(const Tensor&, const Batch&) override {
        TORCH_CHECK(false, "this network has no classification head");
    }

    Tensor tokenLogits(const Tensor& rows) override { return m_head->forward(rows); }  // [N, V]

    Tensor step(const Tensor& ids, const Tensor& mask, KvCache& cache) override {
        auto& grouped = dynamic_cast<GroupedCache&>(cache);
        if (canDecodeFast(ids, mask, grouped))
            return decodeFast(ids, grouped);
        const std::int64_t t = ids.size(1), past = grouped.length();
        Pass pass;
        pass.positions = positionsOf(ids, mask, grouped);  // [B, T]
        grouped.grow(t);
        grouped.note(mask, t);
        m_rotary.reach(past + t, ids.device());
        pass.mask.causal = t > 1;
        pass.mask.past = past;
        pass.mask.keys = grouped.keyMask();
        pass.cache = &grouped;
        Batch batch;
        batch.ids = ids;
        const Tensor last = through(batch, pass).narrow(1, t - 1, 1);  // [B, 1, C]
        grouped.advance(t);
        const Tensor stream = m_stream.narrow(1, t - 1, 1);                   // [B, 1, C]
        const Tensor states = m_norm->add(last, stream, 0).out.select(1, 0);  // [B, C]
        return tokenLogits(states).to(torch::kFloat32);                       // [B, V]
    }

    std::unique_ptr<KvCache> makeCache(std::int64_t batch, std::int64_t expectedLength) override {
        GroupedCache::Shape shape;
        shape.layers = m_options.common.layers;
        shape.batch = batch;
        shape.groups = m_options.groups;
        shape.dimension = m_options.headDimension;
        shape.capacity = std::max<std::int64_t>(16, expectedLength);
        shape.dtype = computeType();
        shape.device = m_head->weight.device();
        return std::make_unique<GroupedCache>(shape);
    }

    /// On each branch before it joins the stream; attention keeps what its config says.
    void setDropout(double probability) override { m_options.common.dropout = probability; }

private:
    double residualDropout() const { return is_training() ? m_options.common.dropout : 0; }

    torch::ScalarType computeType() const {
        const auto type = m_head->weight.scalar_type();
        return type == torch::kFloat32 && currentPrecision() == Precision::Bf16 ? torch::kBFloat16 : type;
    }

    /// Runs the layers. Leaves the stream in m_stream and returns what the last layer adds to it, so that each addition
    /// is done together with the norm behind it.
    Tensor through(const Batch& batch, const Pass& pass) {
        const torch::ScalarType type = computeType();
        Tensor pending = embed(batch);  // [B, T, C]
        Tensor stream;
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            LlamaLayer& layer = *m_layers[i];
            const Normalised in = layer.before->add(pending, stream, i == 0 ? 0 : residualDropout(), type);
            const Tensor attended = layer.attention->forward(in.out, pass, m_rotary, i);
            const Normalised middle = layer.between->add(attended, in.sum, residualDropout(), type);
            pending = layer.mlp->forward(middle.out);
            stream = middle.sum;
        }
        m_stream = stream;
        return pending;
    }

    bool canDecodeFast(const Tensor& ids, const Tensor& mask, GroupedCache& cache) const {
        const NetworkConfig& c = m_options.common;
        const auto type = m_head->weight.scalar_type();
        return ids.size(0) == 1 && ids.size(1) == 1 && !mask.defined() && !cache.keyMask().defined() &&
               cache.batch() == 1 && ids.is_cpu() && !torch::GradMode::is_enabled() &&
               (type == torch::kFloat32 || type == torch::kBFloat16) && cache.keys(0).scalar_type() == type &&
               m_options.activation == Activation::Silu && c.hiddenSize % 2 == 0 && c.intermediateSize % 2 == 0;
    }

    /// One token for one conversation: the weights are read once, nothing else is worth a tensor.
    Tensor decodeFast(const Tensor& ids, GroupedCache& cache) {
        const NetworkConfig& c = m_options.common;
        const std::int64_t position = cache.length();
        cache.grow(1);
        m_rotary.reach(position + 1, torch::kCPU);
        DecodeWeights weights;
        weights.shape = {c.hiddenSize,
                         c.intermediateSize,
                         c.heads,
                         m_options.groups,
                         m_options.headDimension,
                         c.vocabSize,
                         static_cast<float>(m_options.epsilon)};
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            const LlamaAttention& a = *m_layers[i]->attention;
            const LlamaMlp& f = *m_layers[i]->mlp;
            weights.layers.push_back({m_layers[i]->before->weight,
                                      m_layers[i]->between->weight,
                                      {a.query->weight, a.query->bias},
                                      {a.key->weight, a.key->bias},
                                      {a.value->weight, a.value->bias},
                                      {a.output->weight, a.output->bias},
                                      {f.gate->weight, f.gate->bias},
                                      {f.up->weight, f.up->bias},
                                      {f.down->weight, f.down->bias},
                                      cache.keys(i),
                                      cache.values(i)});
        }
        weights.norm = m_norm->weight;
        weights.head = m_head->weight;
        const Tensor x = m_embedding->forward(ids).reshape({-1}).clone();  // [C]
        Tensor logits = torch::empty({1, c.vocabSize}, torch::kFloat32);
        decodeToken(weights, x, m_rotary.cosines()[position], m_rotary.sines()[position], position, logits);
        cache.advance(1);
        return logits;  // [1, V]
    }

    /// The real tokens of each row count its positions; padding gets position 0.
    static Tensor positionsOf(const Tensor& ids, const Tensor& mask, const GroupedCache& cache) {
        const std::int64_t b = ids.size(0), t = ids.size(1);
        const Tensor seen = cache.realTokens().to(ids.device()).unsqueeze(1);  // [B, 1]
        const Tensor ahead = mask.defined() ? (mask.cumsum(1) - 1).clamp_min(0)
                                            : torch::arange(t, ids.options()).unsqueeze(0).expand({b, t});
        return (seen + ahead).contiguous();  // [B, T]
    }

    LlamaOptions m_options;
    RotaryTable m_rotary;
    Tensor m_stream;
    std::shared_ptr<Embedding> m_embedding;
    std::vector<std::shared_ptr<LlamaLayer>> m_layers;
    std::shared_ptr<Norm> m_norm;
    std::shared_ptr<Linear> m_head;
};

double estimate(const NetworkConfig& c) {
    const double hidden = static_cast<double>(c.hiddenSize), wide = static_cast<double>(c.intermediateSize);
    const auto options = readOptions(c.raw);
    const double headSize = options ? static_cast<double>(options->headDimension) : hidden;
    const double queries = static_cast<double>(c.heads) * headSize;
    const double groups = options ? static_cast<double>(options->groups) * headSize : queries;
    const double layer = 2 * hidden * (queries + groups) + 3 * hidden * wide + 4 * (hidden + queries + wide);
    const bool tied = options && options->tied;
    return static_cast<double>(c.vocabSize) * hidden * (tied ? 1 : 2) + static_cast<double>(c.layers) * layer + hidden;
}

}  // namespace

ArchitectureEntry llama() {
    ArchitectureEntry entry;
    entry.id = "llama";
    entry.title = "Llama";
    entry.source = "arXiv:2302.13971";
    entry.classes = {"LlamaForCausalLM"};
    entry.parse = [](const Json& raw) -> Result<NetworkConfig> {
        LATHE_TRY(LlamaOptions options, readOptions(raw));
        return std::move(options.common);
    };
    entry.make = [](const NetworkConfig& config) -> std::shared_ptr<Network> {
        auto options = readOptions(config.raw);
        TORCH_CHECK(options.has_value(), "a network was made of a config that was not parsed");
        return std::make_shared<Llama>(std::move(*options));
    };
    entry.estimateParameters = estimate;
    entry.basePrefix = "model.";
    entry.headPrefixes = {"lm_head."};
    entry.ignored = {"rotary_emb.inv_freq"};
    return entry;
}

}  // namespace lathe::nn
