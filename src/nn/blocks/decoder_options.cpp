// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of config.json that the decoder families share.
#include "nn/blocks/decoder_options.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "nn/blocks/decoder.h"
#include "nn/blocks/options_entry.h"

namespace lathe::nn {

namespace {

constexpr std::int64_t kMostHidden = 1 << 17, kMostHeads = 1 << 14, kMostPositions = 1 << 26;

/// num_key_value_heads and head_dim: missing means the class's default, null means derived.
void readHeads(ConfigReader& reader, const DecoderDefaults& defaults, DecoderOptions& options) {
    const NetworkConfig& common = options.common;
    const bool derived = defaults.groups == 0 || reader.mentions("num_key_value_heads");
    options.groups = reader.size("num_key_value_heads", derived ? common.heads : defaults.groups, kMostHeads);
    if (common.heads % options.groups != 0)
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("num_attention_heads {} is not a multiple of num_key_value_heads {}", common.heads,
                                  options.groups));
    const bool given = reader.find("head_dim") || (defaults.headDimension > 0 && !reader.mentions("head_dim"));
    if (!given && common.hiddenSize % common.heads != 0)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("hidden_size {} is not a multiple of num_attention_heads {}",
                                                           common.hiddenSize, common.heads));
    const std::int64_t share = std::max<std::int64_t>(1, common.hiddenSize / common.heads);
    options.headDimension =
        reader.size("head_dim", given && defaults.headDimension > 0 ? defaults.headDimension : share, kMostHeads);
}

double asReal(std::int64_t value) {
    return static_cast<double>(value);
}

}  // namespace

Activation readActivation(ConfigReader& reader, std::string_view key, std::string_view fallback) {
    const std::string name = reader.text(key, fallback);
    const auto known = activationNamed(name);
    if (!known)
        reader.refuse(ErrorCode::Unsupported, fmt::format("{} \"{}\" is not known", key, name.substr(0, 60)));
    return known.value_or(Activation::Silu);
}

void readDecoderHead(ConfigReader& reader, const std::vector<std::string>& classes, NetworkConfig& common) {
    const std::string name = reader.firstClass();
    const auto head = headOfClass(name);
    if (!head || std::ranges::find(classes, name) == classes.end()) {
        reader.refuse(ErrorCode::Unsupported, fmt::format("the class \"{}\" is not one that this version runs ({})",
                                                          name.substr(0, 80), fmt::join(classes, ", ")));
        return;
    }
    common.head = *head;
    if (common.head == Head::SequenceClassification) {
        common.labels = reader.labels();
        common.problem = reader.problemType(common.labels.size());
    }
}

DecoderOptions readDecoder(ConfigReader& reader, const Json& raw, std::string_view family, std::string_view className,
                           const DecoderDefaults& defaults, const RotaryRules& rotary) {
    DecoderOptions options;
    NetworkConfig& common = options.common;
    common.architecture = family;
    common.raw = raw;
    readDecoderHead(reader,
                    {fmt::format("{}ForCausalLM", className), fmt::format("{}ForSequenceClassification", className)},
                    common);
    common.vocabSize = reader.size("vocab_size", defaults.vocabSize, 1 << 26);
    common.hiddenSize = reader.size("hidden_size", defaults.hiddenSize, kMostHidden);
    common.layers = reader.size("num_hidden_layers", defaults.layers, 4096);
    common.heads = reader.size("num_attention_heads", defaults.heads, kMostHeads);
    common.intermediateSize = reader.size("intermediate_size", defaults.intermediateSize, 1 << 20);
    common.padId = reader.mentions("pad_token_id") ? reader.tokenId("pad_token_id") : defaults.padId;
    if (common.padId >= common.vocabSize)  // a default of a larger vocabulary
        common.padId = -1;
    common.dropout = reader.real("resid_pdrop", 0, 0, 0.99);
    readHeads(reader, defaults, options);
    options.rotary = readRotary(reader, options.headDimension,
                                reader.size("max_position_embeddings", defaults.maxPositions, kMostPositions), rotary);
    common.maxPositions = readablePositions(options.rotary);
    options.epsilon = reader.real("rms_norm_eps", defaults.epsilon, 0, 1);
    options.attentionDropout = reader.real("attention_dropout", 0, 0, 0.99);
    options.range = reader.real("initializer_range", 0.02, 0, 10);
    options.isTied = reader.flag("tie_word_embeddings", defaults.isTied);
    options.activation = readActivation(reader, defaults.activationKey, defaults.activation);
    options.windows.assign(static_cast<std::size_t>(common.layers), 0);
    return options;
}

std::vector<std::int64_t> readWindows(ConfigReader& reader, std::int64_t layers, std::int64_t window,
                                      const std::function<bool(std::int64_t layer)>& isSliding) {
    std::vector<std::int64_t> windows(static_cast<std::size_t>(layers), 0);
    const Json* types = reader.find("layer_types");
    if (types && (!types->is_array() || types->size() != windows.size())) {
        reader.refuse(ErrorCode::InvalidInput,
                      fmt::format("layer_types must name a type for each of {} layers", layers));
        return windows;
    }
    for (std::size_t i = 0; i < windows.size(); ++i) {
        bool slides = isSliding(static_cast<std::int64_t>(i));
        if (types) {
            const std::string type = (*types)[i].is_string() ? (*types)[i].get<std::string>() : (*types)[i].dump();
            slides = type == "sliding_attention";
            if (!slides && type != "full_attention")
                reader.refuse(ErrorCode::Unsupported,
                              fmt::format("layers of type \"{}\" are not supported", type.substr(0, 60)));
        }
        if (slides && window <= 0)
            reader.refuse(ErrorCode::InvalidInput, "there are layers of sliding attention, but no sliding_window");
        windows[i] = slides ? window : 0;
    }
    return windows;
}

std::int64_t readWindow(ConfigReader& reader, std::int64_t fallback) {
    constexpr std::string_view kKey = "sliding_window";
    if (!reader.find(kKey))
        return reader.mentions(kKey) ? 0 : fallback;
    return reader.size(kKey, 1, std::int64_t{1} << 40);
}

void readQwenWindows(ConfigReader& reader, DecoderOptions& options) {
    const std::int64_t window = reader.flag("use_sliding_window", false) ? readWindow(reader, 4096) : 0;
    // 0 is allowed here: every layer slides
    const Json* given = reader.find("max_window_layers");
    const std::int64_t from = given && given->is_number_integer() && given->get<std::int64_t>() == 0
                                  ? 0
                                  : reader.size("max_window_layers", 28, 1 << 20);
    options.windows = readWindows(reader, options.common.layers, window,
                                  [&](std::int64_t layer) { return window > 0 && layer >= from; });
}

void refuseBidirectional(ConfigReader& reader) {
    if (reader.flag("use_bidirectional_attention", false))
        reader.refuse(ErrorCode::Unsupported, "use_bidirectional_attention is not supported");
}

double estimateDecoder(const DecoderOptions& o) {
    const NetworkConfig& c = o.common;
    const double hidden = asReal(c.hiddenSize), wide = asReal(c.intermediateSize);
    const double queries = asReal(c.heads) * asReal(o.headDimension), keys = asReal(o.groups) * asReal(o.headDimension);
    const double matrices =
        2 * hidden * (queries + keys) + (o.names.gate.empty() && !o.gateFused ? 2 : 3) * hidden * wide;
    const double vectors = queries + 2 * keys + hidden + 2 * wide + hidden + 8 * hidden + 2 * asReal(o.headDimension);
    double tables = asReal(c.vocabSize) * hidden;
    if (o.rotary.dimension == 0)
        tables += asReal(c.maxPositions) * hidden;
    if (c.head == Head::SequenceClassification)
        tables += asReal(static_cast<std::int64_t>(c.labels.size())) * hidden;
    else if (!o.isTied)
        tables += asReal(c.vocabSize) * hidden;
    return tables + asReal(c.layers) * (matrices + vectors) + 2 * hidden;
}

ArchitectureEntry decoderEntry(std::string id, std::string title, std::string source, std::vector<std::string> classes,
                               ReadDecoder read) {
    ArchitectureEntry entry;
    // the names are the family's, whatever the sizes: the smallest config that it reads tells them
    const auto typical = read(Json{{"architectures", {classes.front()}}});
    const DecoderNames names = typical ? typical->names : DecoderNames();
    entry.id = std::move(id);
    entry.title = std::move(title);
    entry.source = std::move(source);
    entry.classes = std::move(classes);
    setOptionReader(
        entry, read, [](DecoderOptions options) { return std::make_shared<Decoder>(std::move(options)); },
        estimateDecoder);
    entry.basePrefix = names.base + ".";
    entry.headPrefixes = {names.head + ".", "score."};
    entry.ignored = {"rotary_emb.inv_freq", "." + names.attention + ".bias", "." + names.attention + ".masked_bias"};
    entry.attentionOutput = names.attention + "." + names.output;
    entry.feedForwardOutput = names.feedForward + "." + names.down;
    return entry;
}

}  // namespace lathe::nn
