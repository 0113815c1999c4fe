// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/tokenizer_json_export.h"

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "core/json.h"
#include "core/utf8.h"
#include "text/conventions/base64.h"
#include "text/sentencepiece/segmenter.h"

namespace lathe::text {
namespace {

constexpr const char* kSpaceMarkText = "\u2581";
// So unlikely that no text is cut into it: below the worst way of spelling the same out.
constexpr double kNeverScore = -10000;

Json replace(const char* kind, const char* pattern, const char* content) {
    return {{"type", "Replace"}, {"pattern", {{kind, pattern}}}, {"content", content}};
}

Json normalizer(const NormalizerSettings& settings) {
    Json parts = Json::array();
    if (!settings.characterMap.empty())
        parts.push_back({{"type", "Precompiled"}, {"precompiled_charsmap", toBase64(settings.characterMap)}});
    if (settings.removeExtraWhitespaces) {
        parts.push_back({{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}});
        parts.push_back(replace("Regex", " {2,}", " "));
    }
    if (settings.addDummyPrefix)
        parts.push_back({{"type", "Prepend"}, {"prepend", kSpaceMarkText}});
    parts.push_back(replace("String", " ", kSpaceMarkText));
    return {{"type", "Sequence"}, {"normalizers", parts}};
}

/// Control pieces and bytes are in the vocabulary, but no text is cut into them.
Json unigramModel(const SentencePieceFile& file) {
    Json vocabulary = Json::array();
    for (const SentencePieceFile::Piece& piece : file.pieces)
        vocabulary.push_back({piece.text, piece.type == PieceType::Normal ? double(piece.score) : kNeverScore});
    return {{"type", "Unigram"},
            {"unk_id", file.unknownId},
            {"vocab", std::move(vocabulary)},
            {"byte_fallback", file.byteFallback}};
}

Json bpeModel(const SentencePieceFile& file) {
    Json vocabulary = Json::object();
    Json merges = Json::array();
    // Put in as into a list: the order-keeping object would look through all its keys for each new one.
    Json::object_t::Container& entries = vocabulary.get_ref<Json::object_t&>();
    entries.reserve(file.pieces.size());
    std::unordered_set<std::string_view> written;
    for (const SentencePieceFile::Piece& piece : file.pieces)
        if (isWrittenPiece(piece.type))
            written.insert(piece.text);
    for (std::size_t id = 0; id < file.pieces.size(); ++id) {
        const std::string& text = file.pieces[id].text;
        entries.emplace_back(text, Json(id));
        if (!written.contains(text))
            continue;
        std::size_t at = 0;
        for (nextCodePoint(text, at); at < text.size(); nextCodePoint(text, at))
            if (written.contains(text.substr(0, at)) && written.contains(text.substr(at)))
                merges.push_back({text.substr(0, at), text.substr(at)});
    }
    return {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", file.pieces[static_cast<std::size_t>(file.unknownId)].text},
            {"continuing_subword_prefix", nullptr},
            {"end_of_word_suffix", nullptr},
            {"fuse_unk", true},
            {"byte_fallback", file.byteFallback},
            {"ignore_merges", false},
            {"vocab", std::move(vocabulary)},
            {"merges", std::move(merges)}};
}

Json decoder(const SentencePieceFile& file) {
    Json parts = Json::array({replace("String", kSpaceMarkText, " ")});
    if (file.byteFallback)
        parts.push_back({{"type", "ByteFallback"}});
    parts.push_back({{"type", "Fuse"}});
    if (file.normalizer.addDummyPrefix)
        parts.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    return {{"type", "Sequence"}, {"decoders", parts}};
}

Json postProcessor(const SentencePieceFile& file, const std::vector<TokenId>& before,
                   const std::vector<TokenId>& after) {
    Json specials = Json::object();
    const auto addTokens = [&](Json& steps, const std::vector<TokenId>& ids, int type) {
        for (const TokenId id : ids) {
            const std::string& text = file.pieces[static_cast<std::size_t>(id)].text;
            steps.push_back({{"SpecialToken", {{"id", text}, {"type_id", type}}}});
            specials[text] = {{"id", text}, {"ids", {id}}, {"tokens", {text}}};
        }
    };
    const auto addText = [](Json& steps, const char* name, int type) {
        steps.push_back({{"Sequence", {{"id", name}, {"type_id", type}}}});
    };
    Json single = Json::array();
    addTokens(single, before, 0);
    addText(single, "A", 0);
    addTokens(single, after, 0);
    Json pair = single;
    if (after.empty())  // [CLS] stands once, <s> before each text
        addTokens(pair, before, 1);
    addText(pair, "B", 1);
    addTokens(pair, after, 1);
    return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", specials}};
}

}  // namespace

std::string tokenizerJsonOf(const SentencePieceFile& file, const std::vector<TokenId>& before,
                            const std::vector<TokenId>& after) {
    Json added = Json::array();
    for (std::size_t id = 0; id < file.pieces.size(); ++id) {
        const SentencePieceFile::Piece& piece = file.pieces[id];
        if (piece.type == PieceType::Control || piece.type == PieceType::Unknown)
            added.push_back({{"id", id},
                             {"content", piece.text},
                             {"single_word", false},
                             {"lstrip", false},
                             {"rstrip", false},
                             {"normalized", false},
                             {"special", true}});
    }
    Json json;
    json["version"] = "1.0";
    json["truncation"] = nullptr;
    json["padding"] = nullptr;
    json["added_tokens"] = std::move(added);
    json["normalizer"] = normalizer(file.normalizer);
    json["pre_tokenizer"] = nullptr;
    json["post_processor"] = postProcessor(file, before, after);
    json["decoder"] = decoder(file);
    json["model"] = file.algorithm == PieceAlgorithm::Bpe ? bpeModel(file) : unigramModel(file);
    return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lathe::text
