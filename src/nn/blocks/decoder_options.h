// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DecoderOptions: everything in which the decoder families differ. A family's file in arch/ fills it from config.json.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/rotary_config.h"
#include "nn/network.h"
#include "nn/ops/activation.h"

namespace lathe::nn {

/// The checkpoint's names of the parts. Those of the layers default to Llama's.
struct DecoderNames {
    std::string base = "model", embedding = "embed_tokens", positions, layers = "layers", norm = "norm",
                head = "lm_head";
    std::string attention = "self_attn", feedForward = "mlp";
    std::string before = "input_layernorm";                          ///< norm in front of attention
    std::string between = "post_attention_layernorm";                ///< norm in front of the feed-forward layer
    std::string afterAttention, afterFeedForward;                    ///< norms behind both, "" = none (Gemma 2)
    std::string query = "q_proj", key = "k_proj", value = "v_proj";  ///< Projections::Separate
    std::string fused;                                               ///< the one projection of the other kinds
    std::string output = "o_proj";
    std::string gate = "gate_proj";  ///< "" = no gate
    std::string up = "up_proj", down = "down_proj";
    std::string queryNorm, keyNorm;  ///< norms of each head's queries and keys, "" = none (Qwen 3)
};

struct DecoderOptions {
    enum class Projections {
        Separate,    ///< query, key, value
        Together,    ///< one, its rows all queries, then all keys, then all values
        Interleaved  ///< one, its rows query, key and value of the first head, then of the next
    };

    NetworkConfig common;
    DecoderNames names;
    std::int64_t groups = 0, headDimension = 0;  ///< G, D
    Norm::Kind norm = Norm::Kind::Rms;
    double epsilon = 1e-6;

    Projections projections = Projections::Separate;
    bool projectionBias = false, outputBias = false, feedForwardBias = false;
    bool gateFused = false;   ///< up's rows are the gate's, then its own
    bool isParallel = false;  ///< attention and feed-forward read the same stream. \source arXiv:2204.06745
    Activation activation = Activation::Silu;
    Linear::Layout layout = Linear::Layout::OutIn;

    RotaryOptions rotary;                       ///< dimension 0: learned positions instead
    bool rereadsWhenLong = false;               ///< a text that outgrows LongRope's short factors is read again (Phi-3)
    std::vector<std::int64_t> windows;          ///< per layer: how many keys a query sees, 0 = all
    std::vector<double> scales;                 ///< per layer: of the scores; empty = 1 / sqrt D
    double scoreSoftcap = 0, logitSoftcap = 0;  ///< 0 = off. \source Gemma 2, arXiv:2408.00118
    double embeddingScale = 1;

    bool isTied = false;  ///< the head's weight is the embedding's
    double attentionDropout = 0, embeddingDropout = 0;
    bool dropsEverywhere = false;     ///< setDropout() sets these two as well
    double range = 0.02;              ///< of fresh weights
    bool scalesResidualInit = false;  ///< GPT-2: fresh output projections are smaller, by 1 / sqrt(2 layers)
};

/// The values that a family's configuration class has when config.json leaves a key out; 0 = as in the comment.
struct DecoderDefaults {
    std::int64_t vocabSize = 32000, hiddenSize = 4096, intermediateSize = 11008, layers = 32, heads = 32;
    std::int64_t groups = 0;         ///< as many as heads
    std::int64_t headDimension = 0;  ///< hidden size / heads
    std::int64_t maxPositions = 2048;
    double epsilon = 1e-6;
    bool isTied = false;
    std::int64_t padId = -1;
    std::string_view activationKey = "hidden_act", activation = "silu";
};

/// The keys that all families since Llama share, with classes CLASSForCausalLM and CLASSForSequenceClassification.
/// Refusals stay in \p reader. \p family: model_type. \p className: "Llama".
DecoderOptions readDecoder(ConfigReader& reader, const Json& raw, std::string_view family, std::string_view className,
                           const DecoderDefaults& defaults, const RotaryRules& rotary = {});

/// The non-linear function under \p key. Refuses names that are not known.
Activation readActivation(ConfigReader& reader, std::string_view key, std::string_view fallback);

/// The head by "architectures": \p classes as in the entry. Refuses others by name.
void readDecoderHead(ConfigReader& reader, const std::vector<std::string>& classes, NetworkConfig& common);

/// sliding_window: missing means \p fallback, null means 0 = none.
std::int64_t readWindow(ConfigReader& reader, std::int64_t fallback);

/// layer_types or, without it, \p isSliding of each layer. \returns a window per layer; 0 = none.
/// Refuses types that are not known and sliding layers without a window.
std::vector<std::int64_t> readWindows(ConfigReader& reader, std::int64_t layers, std::int64_t window,
                                      const std::function<bool(std::int64_t layer)>& isSliding);

/// Qwen's: use_sliding_window, for layers from max_window_layers on.
void readQwenWindows(ConfigReader& reader, DecoderOptions& options);

/// Gemma's use_bidirectional_attention: embedding models that do not generate.
void refuseBidirectional(ConfigReader& reader);

/// Upper bound of the parameter count.
double estimateDecoder(const DecoderOptions& options);

/// The registry entry of a family: what follows from its options' names is filled in.
using ReadDecoder = Result<DecoderOptions> (*)(const Json& raw);
ArchitectureEntry decoderEntry(std::string id, std::string title, std::string source, std::vector<std::string> classes,
                               ReadDecoder read);

}  // namespace lathe::nn
