#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the pipeline-* folders: small tokenizers of many parts and what Hugging Face tokenizers make of hard texts.

usage: make_pipelines.py OUTPUT_FOLDER      (needs the Python package "tokenizers"; made with 0.23.1)
"""
import json
import os
import sys

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXTS = [
    "", " ", "\n\n", "Hello world", "  Hello   world  ", "I've been to 22 places, he'LL say; it's 1,000.5%",
    "na\u00efve cafe\u0301 r\u00e9sum\u00e9 \u00c4pfel", "e\u0323\u0301 o\u0302\u0323 \u212b \u1e9b\u0323 \u0958",
    "\ufb01ne \u2163 \u00bd \uff21\uff22\uff23 \u2460", "\u6211\u7684\u4fe1\u7528\u5361\u5728\u673a\u5668\u91cc\uff0c\u600e\u4e48\u529e\uff1f2024\u5e74",
    "\u3053\u3093\u306b\u3061\u306f\u30ab\u30bf\u30ab\u30ca\u30fc\u3001 \u6797\u6a8e", "\uc548\ub155\ud558\uc138\uc694 \u1112\u1161\u11ab \uac01",
    "\u0634\u0643\u0631\u0627\u064b \u05e9\u05dc\u05d5\u05dd", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7 \u2764\ufe0f \U0001f601",
    "tab\there\r\nnew\u00a0line\u3000wide\u2028sep", "\u0001control\u0007 \u200bzero\u00adsoft\ufeff", "snake_case camelCase http://a.b/c?d=e&f",
    "<s>not</s> <mask> x <mask>y [MASK] new_tok New_Tok anew_tok", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbb",
    "'\u017f don'T CAN'T we'Ve '''", "\u0130stanbul \u1e9e \u03a3\u0391\u03a3", "\u2581\u2581under \u2581 \u0120g", "x\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0928\u092e\u0938\u094d\u0924\u0947",
]
CORPUS = TEXTS * 3 + ["the quick brown fox jumps over the lazy dog", "Hello there, how are you today?", "22 places and 1000 words"] * 4
ADDED = [AddedToken("<mask>", lstrip=True, special=True, normalized=False), AddedToken("new_tok", single_word=True, normalized=True)]


def trained_bpe(size, pre_tokenizer, alphabet=None, **options):
    tokenizer = Tokenizer(models.BPE(**{k: v for k, v in options.items()}))
    tokenizer.pre_tokenizer = pre_tokenizer
    shared = {k: options[k] for k in ("continuing_subword_prefix", "end_of_word_suffix") if k in options}
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["<s>", "</s>", "<unk>", "<pad>"], show_progress=False,
                                  initial_alphabet=alphabet or [], **shared)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def trained_unigram(size, byte_fallback):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(CORPUS[:40], trainers.UnigramTrainer(
        vocab_size=size, special_tokens=["<s>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    state = json.loads(tokenizer.to_str())
    vocab = [entry for entry in state["model"]["vocab"] if len(entry[0]) != 1 or ord(entry[0]) < 0x2600]
    if byte_fallback:
        vocab += [["<0x%02X>" % byte, -30.0] for byte in range(256)]
    state["model"].update(vocab=vocab, unk_id=2, byte_fallback=byte_fallback)
    return Tokenizer.from_str(json.dumps(state))


def pipelines():
    t = trained_bpe(420, pre_tokenizers.Whitespace(), unk_token="<unk>", fuse_unk=True, end_of_word_suffix="</w>")
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()])
    t.decoder = decoders.BPEDecoder()
    yield "pipeline-bpe-suffix", t

    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t = trained_bpe(500, pre_tokenizers.ByteLevel(add_prefix_space=True), alphabet)
    t.add_tokens(ADDED)
    t.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    t.decoder = decoders.ByteLevel()
    yield "pipeline-bytes-roberta", t

    pattern = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
               r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
               r"|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    t = trained_bpe(500, pre_tokenizers.ByteLevel(add_prefix_space=False), alphabet)
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"),
                                               pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), processors.TemplateProcessing(
        single="<s>:2 $A:1 </s>:2", pair="<s>:0 $B:3 </s>:1 $A:0", special_tokens=[("<s>", 0), ("</s>", 1)])])
    t.decoder = decoders.ByteLevel()
    yield "pipeline-bytes-regex-template", t

    t = trained_unigram(260, True)
    t.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(r"\s{2,}"), " "), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    t.add_tokens(ADDED)
    t.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    yield "pipeline-unigram-bytes", t

    t = trained_unigram(200, False)
    t.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    t.pre_tokenizer = None
    t.post_processor = processors.BertProcessing(("</s>", 1), ("<s>", 0))
    t.decoder = decoders.Metaspace(prepend_scheme="never")
    yield "pipeline-unigram-prepend", t

    words = ["[UNK]", "hello", "world", "the", "22", "1", ",", "\u6211\u7684", "a", "##a", "b", "##b", "he", "##l", "##o", "'", "##'", "i", "##v", "##e"]
    t = Tokenizer(models.WordPiece({w: i for i, w in enumerate(words)}, unk_token="[UNK]", max_input_chars_per_word=30))
    t.normalizer = normalizers.BertNormalizer(handle_chinese_chars=False)
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.UnicodeScripts(), pre_tokenizers.Digits(True), pre_tokenizers.Punctuation("merged_with_previous"),
                                               pre_tokenizers.Split(Regex(r"\s+"), "removed")])
    t.decoder = decoders.WordPiece()
    yield "pipeline-wordpiece-scripts", t

    t = Tokenizer(models.WordLevel({w: i for i, w in enumerate(["<unk>"] + words[1:])}, unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.CharDelimiterSplit(" "), pre_tokenizers.Split(Regex(r"\w+"), "contiguous", invert=True), pre_tokenizers.FixedLength(5)])
    t.add_tokens(ADDED)
    t.enable_truncation(12)
    t.enable_padding(length=14, direction="left", pad_id=0, pad_token="<unk>")
    yield "pipeline-wordlevel-cut-and-padded", t


def main(folder):
    for name, tokenizer in pipelines():
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        path = os.path.join(folder, name, "tokenizer.json")
        tokenizer.save(path, pretty=False)
        tokenizer = Tokenizer.from_file(path)
        cases = []
        for text in TEXTS:
            e = tokenizer.encode(text)
            cases.append({"text": text, "ids": e.ids, "tokens": e.tokens, "offsets": [list(o) for o in e.offsets],
                          "decoded": tokenizer.decode(e.ids)})
        a, b = "Hello world, it's", "\u6211\u7684 two new_tok"
        pair = tokenizer.encode(a, b)
        with open(os.path.join(folder, name, "golden.json"), "w", encoding="utf-8") as out:
            json.dump({"kind": "tokenizer.json", "cases": cases,
                       "pair": {"a": a, "b": b, "ids": pair.ids, "type_ids": pair.type_ids}}, out, ensure_ascii=True)


if __name__ == "__main__":
    main(sys.argv[1])
