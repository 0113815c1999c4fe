// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// config.json of models that start from nothing, in the words of the Hugging Face classes.
#include "nn/network.h"

namespace lathe::nn {

namespace {

const char* bertClass(Head head) {
    switch (head) {
        case Head::MaskedLm:
            return "BertForMaskedLM";
        case Head::TokenClassification:
            return "BertForTokenClassification";
        default:
            return "BertForSequenceClassification";
    }
}

Json freshBert(Head head, const FreshShape& shape) {
    Json json = {{"architectures", {bertClass(head)}},
                 {"attention_probs_dropout_prob", shape.dropout},
                 {"classifier_dropout", nullptr},
                 {"dtype", "float32"},
                 {"hidden_act", "gelu"},
                 {"hidden_dropout_prob", shape.dropout},
                 {"hidden_size", shape.hiddenSize},
                 {"initializer_range", 0.02},
                 {"intermediate_size", shape.intermediateSize > 0 ? shape.intermediateSize : 4 * shape.hiddenSize},
                 {"layer_norm_eps", 1e-12},
                 {"max_position_embeddings", shape.maxPositions},
                 {"model_type", "bert"},
                 {"num_attention_heads", shape.heads},
                 {"num_hidden_layers", shape.layers},
                 {"pad_token_id", shape.padId},
                 {"position_embedding_type", "absolute"},
                 {"tie_word_embeddings", true},
                 {"type_vocab_size", 2},
                 {"vocab_size", shape.vocabSize}};
    return json;
}

Json freshLlama(const FreshShape& shape) {
    const std::int64_t feedForward =
        shape.intermediateSize > 0 ? shape.intermediateSize : (shape.hiddenSize * 8 / 3 + 63) / 64 * 64;
    return {{"architectures", {"LlamaForCausalLM"}},
            {"attention_bias", false},
            {"attention_dropout", 0.0},
            {"bos_token_id", shape.bosId},
            {"dtype", "float32"},
            {"eos_token_id", shape.eosId},
            {"head_dim", shape.hiddenSize / std::max<std::int64_t>(1, shape.heads)},
            {"hidden_act", "silu"},
            {"hidden_size", shape.hiddenSize},
            {"initializer_range", 0.02},
            {"intermediate_size", feedForward},
            {"max_position_embeddings", shape.maxPositions},
            {"mlp_bias", false},
            {"model_type", "llama"},
            {"num_attention_heads", shape.heads},
            {"num_hidden_layers", shape.layers},
            {"num_key_value_heads", shape.kvHeads > 0 ? shape.kvHeads : shape.heads},
            {"pad_token_id", shape.padId},
            {"resid_pdrop", shape.dropout},
            {"rms_norm_eps", 1e-5},
            {"rope_theta", 10000.0},
            {"tie_word_embeddings", shape.tieEmbeddings},
            {"vocab_size", shape.vocabSize}};
}

}  // namespace

Json freshConfig(const std::string& architecture, Head head, const FreshShape& shape,
                 const std::vector<std::string>& labels) {
    Json json = architecture == "llama" ? freshLlama(shape) : freshBert(head, shape);
    if (head == Head::SequenceClassification || head == Head::TokenClassification) {
        json["id2label"] = Json::object();
        json["label2id"] = Json::object();
        for (std::size_t i = 0; i < labels.size(); ++i) {
            json["id2label"][std::to_string(i)] = labels[i];
            json["label2id"][labels[i]] = i;
        }
    }
    return json;
}

}  // namespace lathe::nn
