// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small configs of every decoder family with the options that make it different from the others switched on.
#pragma once

#include <map>
#include <string>

#include "core/json.h"

namespace lathe::test {

/// Names of the configs below -> config.json. Vocabulary 50, 2 or 3 layers, 48 positions.
inline std::map<std::string, Json> decoderConfigs() {
    const Json shared = {{"vocab_size", 50},
                         {"hidden_size", 24},
                         {"num_hidden_layers", 2},
                         {"num_attention_heads", 4},
                         {"num_key_value_heads", 2},
                         {"intermediate_size", 40},
                         {"max_position_embeddings", 48},
                         {"initializer_range", 0.3}};
    const auto of = [&](const char* type, const char* name, const Json& more) {
        Json config = shared;
        config["model_type"] = type;
        config["architectures"] = {name};
        config.update(more);
        return config;
    };
    const Json longRope = {
        {"type", "longrope"}, {"short_factor", {1.0, 1.1, 1.2}}, {"long_factor", {2.0, 3.0, 5.0}}, {"factor", 4.0}};
    return {
        {"llama", of("llama", "LlamaForCausalLM", {{"tie_word_embeddings", true}})},
        {"llama biases", of("llama", "LlamaForCausalLM", {{"attention_bias", true}, {"mlp_bias", true}})},
        {"llama yarn",
         of("llama", "LlamaForCausalLM",
            {{"head_dim", 10},
             {"rope_scaling", {{"rope_type", "yarn"}, {"factor", 4.0}, {"original_max_position_embeddings", 12}}}})},
        {"mistral", of("mistral", "MistralForCausalLM", {{"sliding_window", 4}, {"num_key_value_heads", 1}})},
        {"qwen2", of("qwen2", "Qwen2ForCausalLM",
                     {{"use_sliding_window", true}, {"sliding_window", 5}, {"max_window_layers", 1}})},
        {"qwen3", of("qwen3", "Qwen3ForCausalLM", {{"head_dim", 8}, {"attention_bias", true}})},
        {"gemma", of("gemma", "GemmaForCausalLM", {{"head_dim", 10}})},
        {"gemma2", of("gemma2", "Gemma2ForCausalLM",
                      {{"head_dim", 8},
                       {"sliding_window", 4},
                       {"num_hidden_layers", 3},
                       {"query_pre_attn_scalar", 5},
                       {"attn_logit_softcapping", 2.0},
                       {"final_logit_softcapping", 3.0}})},
        {"phi3", of("phi3", "Phi3ForCausalLM",
                    {{"rope_scaling", longRope}, {"original_max_position_embeddings", 40}, {"sliding_window", 9}})},
        {"gpt_neox", of("gpt_neox", "GPTNeoXForCausalLM", {{"rotary_pct", 0.5}})},
        {"gpt_neox sequential", of("gpt_neox", "GPTNeoXForCausalLM",
                                   {{"use_parallel_residual", false}, {"rotary_pct", 1.0}, {"attention_bias", false}})},
        {"gpt2", of("gpt2", "GPT2LMHeadModel",
                    {{"n_embd", 24},
                     {"n_layer", 2},
                     {"n_head", 4},
                     {"n_positions", 48},
                     {"n_inner", 30},
                     {"scale_attn_by_inverse_layer_idx", true}})},
    };
}

}  // namespace lathe::test
