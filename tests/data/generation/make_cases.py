#!/usr/bin/env python3
"""Write tiny generating checkpoints of random weights, with the ids that Hugging Face Transformers' generate() gives.

usage: make_cases.py OUT_DIR            needs torch and transformers (made with 5.12.1)
Each folder holds a checkpoint and cases.json: prompts and, for each set of options, the new ids of every prompt alone,
cut before the end token.
"""
import itertools, json, os, sys
import torch
import transformers as T

torch.set_num_threads(1)
out = sys.argv[1]
VOCABULARY = 61
t5 = dict(vocab_size=VOCABULARY, d_model=16, d_kv=6, d_ff=24, num_layers=1, num_decoder_layers=1, num_heads=2, dropout_rate=0.0,
          feed_forward_proj="gated-gelu", decoder_start_token_id=0, pad_token_id=0)
bart = dict(vocab_size=VOCABULARY, d_model=16, encoder_layers=1, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=4,
            encoder_ffn_dim=24, decoder_ffn_dim=24, max_position_embeddings=32, dropout=0.0, decoder_start_token_id=2,
            tie_word_embeddings=False)
llama = dict(vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2, intermediate_size=24,
             max_position_embeddings=64, bos_token_id=1, eos_token_id=2)
MODELS = {"t5": (T.T5ForConditionalGeneration, T.T5Config(**t5)), "mbart": (T.MBartForConditionalGeneration, T.MBartConfig(**bart)),
          "bart": (T.BartForConditionalGeneration, T.BartConfig(**bart)), "llama": (T.LlamaForCausalLM, T.LlamaConfig(**llama))}


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in itertools.chain(model.named_parameters(), model.named_buffers()):
            if name == "final_logits_bias" or isinstance(tensor, torch.nn.Parameter):
                # so that texts do not repeat one token for ever
                spread = 1.5 if "embed_positions" in name else 0.1 if tensor.dim() == 1 else 0.4
                tensor.copy_(spread * torch.randn(tensor.shape, generator=generator) + ("norm" in name and name.endswith("weight")))
    model.tie_weights()


def option_sets(seen, is_encoder_decoder):
    yield {}
    yield {"repetition_penalty": 1.7}
    yield {"no_repeat_ngram_size": 2}
    yield {"min_new_tokens": 6}
    yield {"forced_eos_token_id": 8}
    yield {"suppress_tokens": seen[:3], "begin_suppress_tokens": seen[3:4]}
    yield {"bad_words_ids": [[seen[1], seen[2]], [seen[0]]]}
    for beams, penalty, early in itertools.product((2, 4), (0.0, 1.0, 2.0, -1.0), (False, True, "never")):
        yield {"num_beams": beams, "length_penalty": penalty, "early_stopping": early}
    yield {"num_beams": 3, "repetition_penalty": 1.5, "num_return_sequences": 3}
    yield {"num_beams": 3, "no_repeat_ngram_size": 2, "min_new_tokens": 7}
    yield {"num_beams": 3, "forced_eos_token_id": 8, "max_new_tokens": 5}
    if is_encoder_decoder:
        yield {"forced_bos_token_id": 11, "begin_suppress_tokens": seen[:2]}
        yield {"num_beams": 4, "forced_bos_token_id": 11, "length_penalty": 2.0}


for number, (name, (cls, config)) in enumerate(MODELS.items()):
    config._attn_implementation = "eager"
    torch.manual_seed(number)
    model = cls(config).eval()
    randomise(model, 40 + number)
    is_encoder_decoder = config.is_encoder_decoder
    model.generation_config = T.GenerationConfig(pad_token_id=0, decoder_start_token_id=2 if "bart" in name else 0)
    generator = torch.Generator().manual_seed(number)
    prompts = [torch.randint(5, VOCABULARY, (1, length), generator=generator) for length in (9, 4, 14)]
    front = lambda prompt: 1 if is_encoder_decoder else prompt.shape[1]
    greedy = [model.generate(p, max_new_tokens=12, do_sample=False)[0, front(p):].tolist() for p in prompts]
    late = lambda row: [token for i, token in enumerate(row) if i > 1 and token not in row[:i]]
    ends = sorted({token for row in greedy for token in late(row)[-1:]} or {greedy[0][-1]})  # ends that are met, but not at once
    model.generation_config.eos_token_id = ends
    folder = os.path.join(out, name)
    model.save_pretrained(folder)
    cases = []
    for options in option_sets(greedy[0], is_encoder_decoder):
        expected = []
        for prompt in prompts:
            rows = model.generate(prompt, **{"max_new_tokens": 14, "do_sample": False, **options})[:, front(prompt):].tolist()
            cut = lambda row: row[:next((i for i, token in enumerate(row) if token in ends), len(row))]
            expected.append([cut(row) for row in rows])
        cases.append({"options": {"max_new_tokens": 14, **options}, "expected": expected})
    with open(os.path.join(folder, "cases.json"), "w") as file:
        file.write('{"prompts": %s,\n "cases": [\n  %s\n]}\n' % (json.dumps([p[0].tolist() for p in prompts]), ",\n  ".join(map(json.dumps, cases))))
