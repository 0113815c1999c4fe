// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/sentencepiece_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "core/utf8.h"

namespace lathe::text {
namespace {

constexpr std::size_t kMaxAddedTokens = 65536;

/// Tokens that a folder adds to its model: id to text, from tokenizer_config.json and added_tokens.json.
Result<std::map<std::int64_t, std::string>> addedTokens(const TokenizerFiles& files, const Json& config) {
    std::map<std::int64_t, std::string> added;
    if (const auto decoder = config.find("added_tokens_decoder"); decoder != config.end() && decoder->is_object()) {
        for (const auto& [key, value] : decoder->items()) {
            std::int64_t id = -1;
            const auto parsed = std::from_chars(key.data(), key.data() + key.size(), id);
            const std::string content = value.is_object() ? tokenFromConfig(Json{{"t", value}}, "t") : "";
            if (parsed.ec == std::errc() && parsed.ptr == key.data() + key.size() && !content.empty())
                added[id] = content;
        }
    }
    if (const std::string* text = files.bytes("added_tokens.json")) {
        LATHE_TRY(const Json json, parseJson(*text, files.pathOf("added_tokens.json")));
        if (json.is_object())
            for (const auto& [content, id] : json.items())
                if (id.is_number_integer())
                    added[id.get<std::int64_t>()] = content;
    }
    return added;
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> SentencePieceTokenizer::make(std::shared_ptr<const SentencePieceModel> model,
                                                                      TokenizerFiles files) {
    std::shared_ptr<SentencePieceTokenizer> tokenizer(new SentencePieceTokenizer(std::move(files)));
    LATHE_TRY(const Json config, tokenizer->m_files.config());
    tokenizer->m_model = std::move(model);
    LATHE_CHECK(tokenizer->readVocabulary(config));
    tokenizer->readSpecialTokens(config);
    tokenizer->readTemplate(config);
    return std::shared_ptr<const Tokenizer>(std::move(tokenizer));
}

Result<> SentencePieceTokenizer::readVocabulary(const Json& config) {
    m_tokens.reserve(m_model->file().pieces.size());
    for (const SentencePieceFile::Piece& piece : m_model->file().pieces)
        m_tokens.push_back(piece.text);
    LATHE_TRY(const auto added, addedTokens(m_files, config));
    const std::size_t pieces = m_tokens.size();
    for (const auto& [id, content] : added) {
        if (id < static_cast<std::int64_t>(pieces))
            continue;  // a piece of the model, named again
        if (id >= static_cast<std::int64_t>(pieces + kMaxAddedTokens))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: added token \"{}\" has id {}, far beyond the model's {} pieces",
                                    m_files.folder().string(), content, id, pieces));
        m_tokens.resize(static_cast<std::size_t>(id) + 1);
        m_tokens[static_cast<std::size_t>(id)] = content;
    }
    m_ids.reserve(m_tokens.size());
    for (std::size_t id = 0; id < m_tokens.size(); ++id)
        if (!m_tokens[id].empty())
            m_ids.emplace(m_tokens[id], static_cast<TokenId>(id));
    return {};
}

void SentencePieceTokenizer::readSpecialTokens(const Json& config) {
    // The configuration's word first; else the model's own id, or a control piece of the usual name.
    const auto pick = [&](const char* key, TokenId own, std::string_view usual) -> TokenId {
        if (const auto named = find(tokenFromConfig(config, key)))
            return *named;
        if (own >= 0 || usual.empty())
            return own;
        const auto byName = find(usual);
        return byName && isControl(*byName) ? *byName : -1;
    };
    m_special.unknown = pick("unk_token", m_model->file().unknownId, "");
    m_special.bos = pick("bos_token", m_model->bosId(), "");
    m_special.eos = pick("eos_token", m_model->eosId(), "");
    m_special.pad = pick("pad_token", m_model->padId(), "");
    m_special.cls = pick("cls_token", -1, "[CLS]");
    m_special.sep = pick("sep_token", -1, "[SEP]");
    m_special.mask = pick("mask_token", -1, "[MASK]");
}

void SentencePieceTokenizer::readTemplate(const Json& config) {
    if (m_special.cls >= 0 && m_special.sep >= 0) {
        m_before = {m_special.cls};
        m_after = {m_special.sep};
        return;
    }
    // Where nothing is said: Llama's habit (<s> before) if the model has <s>, else T5's (</s> after).
    const std::string kindOfClass = tokenFromConfig(config, "tokenizer_class");
    const bool likeT5 = kindOfClass.find("T5") != std::string::npos || m_model->bosId() < 0;
    const auto wants = [&](const char* key, bool fallback) {
        const auto found = config.find(key);
        return found != config.end() && found->is_boolean() ? found->get<bool>() : fallback;
    };
    if (wants("add_bos_token", !likeT5) && m_special.bos >= 0)
        m_before = {m_special.bos};
    if (wants("add_eos_token", likeT5) && m_special.eos >= 0)
        m_after = {m_special.eos};
    m_beforeSecond = m_before;
}

bool SentencePieceTokenizer::isControl(TokenId id) const {
    if (id < 0 || id >= vocabSize())
        return false;
    return id >= m_model->size() || m_model->type(id) == PieceType::Control;
}

void SentencePieceTokenizer::append(std::string_view text, std::int32_t typeId, bool withOffsets, Encoding& out) const {
    const std::vector<FoundPiece> pieces = m_model->encode(text, withOffsets);
    for (const FoundPiece& piece : pieces) {
        out.ids.push_back(piece.id);
        out.typeIds.push_back(typeId);
    }
    if (!withOffsets)
        return;
    std::size_t bytePos = 0;
    std::int32_t codePoints = 0;
    const auto codePointAt = [&](std::size_t byte) {
        if (byte < bytePos)
            bytePos = 0, codePoints = 0;
        for (const std::size_t stop = std::min(byte, text.size()); bytePos < stop; ++codePoints)
            nextCodePoint(text, bytePos);
        return codePoints;
    };
    // The pieces of a character that is spelled in bytes share its range: looked up once.
    FoundPiece last;
    Offset offset;
    for (const FoundPiece& piece : pieces) {
        if (last.id < 0 || piece.begin != last.begin || piece.end != last.end)
            offset = {codePointAt(piece.begin), codePointAt(piece.end)};
        last = piece;
        out.offsets.push_back(offset);
    }
}

void SentencePieceTokenizer::appendSpecial(const std::vector<TokenId>& ids, std::int32_t typeId, bool withOffsets,
                                           Encoding& out) {
    for (const TokenId id : ids) {
        out.ids.push_back(id);
        out.typeIds.push_back(typeId);
        if (withOffsets)
            out.offsets.push_back({});
    }
}

Encoding SentencePieceTokenizer::encode(std::string_view text, bool addSpecial, bool withOffsets) const {
    Encoding out;
    if (addSpecial)
        appendSpecial(m_before, 0, withOffsets, out);
    append(text, 0, withOffsets, out);
    if (addSpecial)
        appendSpecial(m_after, 0, withOffsets, out);
    return out;
}

Encoding SentencePieceTokenizer::encodePair(std::string_view a, std::string_view b) const {
    Encoding out = encode(a, true, false);
    appendSpecial(m_beforeSecond, 1, false, out);
    append(b, 1, false, out);
    appendSpecial(m_after, 1, false, out);
    return out;
}

std::string SentencePieceTokenizer::decode(const std::vector<TokenId>& ids, bool skipSpecial) const {
    if (skipSpecial) {
        std::vector<TokenId> plain;
        plain.reserve(ids.size());
        std::ranges::copy_if(ids, std::back_inserter(plain), [&](TokenId id) { return !isControl(id); });
        return m_model->decode(plain);
    }
    std::string text;
    for (std::size_t begin = 0; begin < ids.size();) {
        if (isControl(ids[begin])) {
            text += m_tokens[static_cast<std::size_t>(ids[begin++])];
            continue;
        }
        std::size_t end = begin;
        while (end < ids.size() && !isControl(ids[end]))
            ++end;
        text += m_model->decode(std::span(ids).subspan(begin, end - begin));
        begin = end;
    }
    return text;
}

std::string SentencePieceTokenizer::token(TokenId id) const {
    return id >= 0 && id < vocabSize() ? m_tokens[static_cast<std::size_t>(id)] : std::string();
}

std::optional<TokenId> SentencePieceTokenizer::find(std::string_view token) const {
    const auto found = m_ids.find(token);
    return found == m_ids.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace lathe::text
