// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The shared fields of encoder configs. Defaults are those of the reference's config classes.
#include "nn/blocks/encoder_options.h"

#include <fmt/format.h>

#include <algorithm>

namespace lathe::nn {

namespace {

void readClass(ConfigReader& reader, NetworkConfig& common, const EncoderFamily& family) {
    const std::string className = reader.firstClass();
    const auto head = headOfClass(className);
    const bool ours = className == family.classPrefix + "ForSequenceClassification" ||
                      className == family.classPrefix + "ForTokenClassification" ||
                      className == family.classPrefix + "ForMaskedLM" ||
                      std::ranges::find(family.otherClasses, className) != family.otherClasses.end();
    if (!head || !ours)
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("the class \"{}\" is not one that this version runs", className.substr(0, 80)));
    common.head = head.value_or(Head::SequenceClassification);
    if (common.head == Head::MaskedLm)
        return;
    common.labels = reader.labels();
    if (common.head == Head::SequenceClassification)
        common.problem = reader.problemType(common.labels.size());
}

EncoderPlaces readPlaces(ConfigReader& reader, const EncoderFamily& family) {
    const std::string kind = reader.text("position_embedding_type", "absolute");
    if (family.hasRelativePlaces && kind == "relative_key")
        return EncoderPlaces::RelativeKey;
    if (family.hasRelativePlaces && kind == "relative_key_query")
        return EncoderPlaces::RelativeKeyQuery;
    if (kind != "absolute")
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("position_embedding_type \"{}\" of {}", kind.substr(0, 60), family.title));
    return EncoderPlaces::Absolute;
}

}  // namespace

EncoderOptions readEncoder(ConfigReader& reader, const Json& raw, const EncoderFamily& family) {
    EncoderOptions options;
    NetworkConfig& common = options.common;
    common.architecture = family.id;
    common.raw = raw;
    readClass(reader, common, family);
    common.vocabSize = reader.size("vocab_size", 1 << 26);
    common.hiddenSize = reader.size(family.hiddenSize, 1 << 17);
    common.layers = reader.size(family.layers, 4096);
    common.heads = reader.size(family.heads, 1 << 14);
    common.intermediateSize = reader.size(family.intermediateSize, 1 << 20);
    common.maxPositions = options.positionRows = reader.size("max_position_embeddings", 512, 1 << 26);
    // null says that there is none; a config that is silent means the family's own
    const bool saysPad = raw.is_object() && raw.contains("pad_token_id");
    common.padId = reader.tokenId("pad_token_id", saysPad ? -1 : family.defaultPadId);
    common.dropout = reader.real(family.dropout, family.defaultDropout, 0, 0.99);
    options.attentionDropout = reader.real(family.attentionDropout, family.defaultDropout, 0, 0.99);
    options.classifierDropout = reader.real(family.classifierDropout, common.dropout, 0, 0.99);
    options.embeddingSize = common.hiddenSize;
    options.places = readPlaces(reader, family);
    if (family.defaultTypes > 0)
        options.typeCount = reader.size("type_vocab_size", family.defaultTypes, 1 << 20);
    options.epsilon = reader.real("layer_norm_eps", family.defaultEpsilon, 0, 1);
    options.range = reader.real("initializer_range", 0.02, 0, 10);
    options.tied = reader.flag("tie_word_embeddings", true);
    options.activation = reader.activation(family.activation, family.defaultActivation);
    if (common.hiddenSize % common.heads != 0)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("{} {} is not a multiple of {} {}", family.hiddenSize,
                                                           common.hiddenSize, family.heads, common.heads));
    if (reader.flag("is_decoder", false) || reader.flag("add_cross_attention", false))
        reader.refuse(ErrorCode::Unsupported, fmt::format("{} as a decoder", family.title));
    return options;
}

double estimateEncoder(const EncoderOptions& options, double storedLayers) {
    const NetworkConfig& c = options.common;
    const double hidden = static_cast<double>(c.hiddenSize), wide = static_cast<double>(c.intermediateSize),
                 narrow = static_cast<double>(options.embeddingSize), vocab = static_cast<double>(c.vocabSize);
    const double rows = vocab + static_cast<double>(options.positionRows) + static_cast<double>(options.typeCount) + 4;
    const double layer = 4 * hidden * hidden + 2 * hidden * wide + 16 * hidden + wide;
    const double distances =
        options.places == EncoderPlaces::Absolute
            ? 0
            : storedLayers * 2 * static_cast<double>(options.positionRows) * hidden / static_cast<double>(c.heads);
    double head = hidden * hidden + hidden * (2 + static_cast<double>(c.labels.size()));
    if (c.head == Head::MaskedLm)
        head = hidden * narrow + 4 * narrow + 2 * vocab + (options.tied ? 0 : vocab * narrow);
    return rows * narrow + hidden * narrow + 4 * hidden + storedLayers * layer + distances + head;
}

}  // namespace lathe::nn
