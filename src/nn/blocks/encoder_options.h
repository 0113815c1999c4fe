// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the configs of encoders have in common, and how a family's config.json is read.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nn/blocks/options_entry.h"
#include "nn/config_reader.h"
#include "nn/network.h"
#include "nn/ops/activation.h"

namespace lathe::nn {

/// What tells a layer where its tokens stand (position_embedding_type).
enum class EncoderPlaces { Absolute, RelativeKey, RelativeKeyQuery };

struct EncoderOptions {
    NetworkConfig common;
    std::int64_t embeddingSize = 0;  ///< E: channels of the embedding tables
    std::int64_t positionRows = 0;   ///< of the table of absolute positions; 0 = there is none
    std::int64_t typeCount = 0;      ///< 0 = no type embeddings
    EncoderPlaces places = EncoderPlaces::Absolute;
    /// RoBERTa: positions count the tokens that are not padId, from padId + 1; padding stays at padId.
    bool countsRealTokens = false;
    bool projectsEmbeddings = false;  ///< DeBERTa: E -> C before the embeddings' norm, not behind it
    bool zeroesPadding = false;       ///< DeBERTa: embeddings of padding are 0
    Activation activation = Activation::Gelu;
    double epsilon = 1e-12, attentionDropout = 0, classifierDropout = 0, range = 0.02;
    bool tied = true;
};

/// The words of a family's config.json and what it means when one is missing.
struct EncoderFamily {
    std::string id, title, source;
    std::string classPrefix;                ///< "Bert" of BertForMaskedLM
    std::vector<std::string> otherClasses;  ///< further classes that hold one of our heads ("BertForPreTraining")
    const char* hiddenSize = "hidden_size";
    const char* layers = "num_hidden_layers";
    const char* heads = "num_attention_heads";
    const char* intermediateSize = "intermediate_size";
    const char* activation = "hidden_act";
    const char* dropout = "hidden_dropout_prob";
    const char* attentionDropout = "attention_probs_dropout_prob";
    const char* classifierDropout = "classifier_dropout";
    const char* defaultActivation = "gelu";
    double defaultDropout = 0.1, defaultEpsilon = 1e-12;
    std::int64_t defaultTypes = 2, defaultPadId = 0;
    bool hasRelativePlaces = false;  ///< whether position_embedding_type may be other than absolute
};

/// Reads every field that encoders share; problems stay with \p reader. \p raw is what the reader reads.
EncoderOptions readEncoder(ConfigReader& reader, const Json& raw, const EncoderFamily& family);

/// Upper bound of the parameter count; \p storedLayers: layers with weights of their own.
double estimateEncoder(const EncoderOptions& options, double storedLayers);

/// The entry of a family, by how its config is read (-> Result<Options>), made (Options -> Network) and bounded
/// (Options -> double). Names of weights are left to the caller.
template <class Read, class Make, class Estimate>
ArchitectureEntry encoderEntry(const EncoderFamily& family, Read read, Make make, Estimate estimate) {
    ArchitectureEntry entry;
    entry.id = family.id;
    entry.title = family.title;
    entry.source = family.source;
    for (const char* head : {"ForSequenceClassification", "ForTokenClassification", "ForMaskedLM"})
        entry.classes.push_back(family.classPrefix + head);
    setOptionReader(entry, read, make, estimate);
    entry.ignored = {"position_ids"};
    return entry;
}

}  // namespace lathe::nn
