// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/conventions/convention.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "text/conventions/base64.h"
#include "text/sentencepiece/piece_normalizer.h"

namespace lathe::text {
namespace {

constexpr std::int64_t kMaxAddedTokens = 65536;
constexpr std::int64_t kMaxTokens = 4'000'000;

}  // namespace

ConventionBuilder::ConventionBuilder(const OlderFolder& folder, const SentencePieceFile* pieces)
    : m_folder(folder), m_pieces(pieces) {
    // What the model does not let a text write is special; its user's own symbols are found like added tokens.
    if (pieces == nullptr || folder.saysExtra())
        return;
    for (const SentencePieceFile::Piece& piece : pieces->pieces)
        if (piece.type == PieceType::Control || piece.type == PieceType::UserDefined)
            m_extra.push_back({piece.text, false, false, false, false, piece.type == PieceType::Control});
}

void ConventionBuilder::name(std::initializer_list<std::pair<const char*, const char*>> usual) {
    for (const auto& [key, text] : usual)
        if (const auto token = m_folder.named(key, text))
            m_named.emplace_back(key, *token);
    for (const char* key : {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"})
        if (std::ranges::none_of(usual, [&](const auto& entry) { return std::string_view(entry.first) == key; }))
            if (const auto token = m_folder.named(key, ""))
                m_named.emplace_back(key, *token);
}

std::string ConventionBuilder::named(const char* key, const char* otherwise) const {
    for (const auto& [name, token] : m_named)
        if (name == key)
            return token.content;
    return otherwise;
}

void ConventionBuilder::stripLeft(const char* key) {
    for (auto& [name, token] : m_named)
        if (name == key && !m_folder.describes(key))
            token.stripLeft = token.normalized = true;
}

void ConventionBuilder::index(TokenId id) {
    m_ids.insert_or_assign(out.tokens[static_cast<std::size_t>(id)], id);
}

void ConventionBuilder::take(std::string token) {
    out.tokens.push_back(std::move(token));
    out.scores.push_back(0);
    index(static_cast<TokenId>(out.tokens.size() - 1));
}

void ConventionBuilder::takePieces() {
    for (const SentencePieceFile::Piece& piece : m_pieces->pieces) {
        take(piece.text);
        out.scores.back() = double(piece.score);
    }
    out.unknown = m_pieces->unknownId;
}

void ConventionBuilder::takeFairseqPieces(const std::vector<std::string>& more) {
    for (const char* key : {"bos_token", "pad_token", "eos_token", "unk_token"})
        take(named(key));
    out.unknown = 3;
    for (std::size_t id = 3; id < m_pieces->pieces.size(); ++id) {
        take(m_pieces->pieces[id].text);
        out.scores.back() = double(m_pieces->pieces[id].score);
    }
    for (const std::string& token : more)
        take(token);
}

void ConventionBuilder::makeMerges() {
    out.scores.clear();
    out.unknown = -1;
    for (const std::string& token : out.tokens) {
        std::size_t at = 0;
        for (nextCodePoint(token, at); at < token.size(); nextCodePoint(token, at)) {
            std::string left = token.substr(0, at);
            std::string right = token.substr(at);
            if (m_ids.contains(left) && m_ids.contains(right))
                out.merges.emplace_back(std::move(left), std::move(right));
        }
    }
}

Result<> ConventionBuilder::takeVocabularyAndMerges() {
    const TokenizerFiles& files = m_folder.files();
    const std::string where = files.pathOf("vocab.json");
    if (!files.has("merges.txt"))
        return fail(ErrorCode::NotFound, where + ": merges.txt, which belongs to it, is missing");
    const SortedJson vocabulary = SortedJson::parse(*files.bytes("vocab.json"), nullptr, /*allow_exceptions=*/false);
    if (!vocabulary.is_object() || vocabulary.empty())
        return fail(ErrorCode::Parse, where + ": not a JSON object of tokens and ids");
    const std::int64_t limit = std::min(static_cast<std::int64_t>(vocabulary.size()) * 4 + kMaxAddedTokens, kMaxTokens);
    for (const auto& [token, value] : vocabulary.items()) {
        const std::int64_t id = value.is_number_integer() ? value.get<std::int64_t>() : -1;
        if (id < 0 || id > limit)
            return fail(ErrorCode::InvalidInput, fmt::format("{}: token \"{}\" has no usable id", where, token));
        if (static_cast<std::size_t>(id) >= out.tokens.size())
            out.tokens.resize(static_cast<std::size_t>(id) + 1);
        out.tokens[static_cast<std::size_t>(id)] = token;
        index(static_cast<TokenId>(id));
    }
    const std::string& text = *files.bytes("merges.txt");
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line(text.data() + begin, end - begin);
        begin = end + 1;
        ++number;
        while (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty() || (number == 1 && line.starts_with("#version")))
            continue;
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
            return fail(ErrorCode::Parse, fmt::format("{}: line {} is not two tokens with a space between",
                                                      files.pathOf("merges.txt"), number));
        out.merges.emplace_back(line.substr(0, space), line.substr(space + 1));
    }
    return {};
}

TokenId ConventionBuilder::id(const std::string& token) const {
    const auto found = m_ids.find(token);
    return found == m_ids.end() ? -1 : found->second;
}

Result<> ConventionBuilder::addToken(std::int64_t wanted, const NamedToken& token) {
    const auto isSame = [&](const auto& entry) { return entry.second.content == token.content; };
    if (std::ranges::any_of(out.added, isSame))
        return {};
    TokenId at = id(token.content);
    if (at < 0) {
        // An id that the folder gives is kept, one inside the vocabulary, too: there it is the token's new name.
        const auto next = static_cast<std::int64_t>(out.tokens.size());
        at = static_cast<TokenId>(wanted < 0 ? next : wanted);
        if (wanted >= next + kMaxAddedTokens)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: added token \"{}\" has id {}, far beyond the vocabulary's {} tokens",
                                    m_folder.files().folder().string(), token.content, wanted, next));
        if (at >= next)
            out.tokens.resize(static_cast<std::size_t>(at) + 1);
        out.tokens[static_cast<std::size_t>(at)] = token.content;
        index(at);
    }
    out.added.emplace_back(at, token);
    return {};
}

Result<> ConventionBuilder::addTokens() {
    const auto isNamed = [this](const NamedToken& token) {
        return std::ranges::any_of(m_named, [&](const auto& entry) { return entry.second.content == token.content; });
    };
    for (const auto& [wanted, token] : m_folder.added()) {
        NamedToken added = token;
        added.special = added.special || isNamed(token);
        LATHE_CHECK(addToken(wanted, added));
    }
    for (const auto& [key, token] : m_named)
        LATHE_CHECK(addToken(-1, token));
    for (const NamedToken& token : m_folder.extra())
        LATHE_CHECK(addToken(-1, token));
    for (const NamedToken& token : m_extra)
        LATHE_CHECK(addToken(-1, token));
    if (!out.scores.empty())
        out.scores.resize(out.tokens.size(), 0);
    return {};
}

SortedJson ConventionBuilder::templateOf(const std::vector<std::pair<std::string, int>>& single,
                                         const std::vector<std::pair<std::string, int>>& pair) const {
    SortedJson specials = SortedJson::object();
    const auto steps = [&](const std::vector<std::pair<std::string, int>>& list) {
        SortedJson json = SortedJson::array();
        for (const auto& [step, type] : list) {
            if (step == "$A" || step == "$B") {
                json.push_back({{"Sequence", {{"id", step.substr(1)}, {"type_id", type}}}});
                continue;
            }
            json.push_back({{"SpecialToken", {{"id", step}, {"type_id", type}}}});
            specials[step] = {{"id", step}, {"ids", {id(step)}}, {"tokens", {step}}};
        }
        return json;
    };
    SortedJson json{{"type", "TemplateProcessing"}, {"single", steps(single)}, {"pair", steps(pair)}};
    json["special_tokens"] = specials;
    return json;
}

SortedJson ConventionBuilder::bosEosTemplate(bool bosByDefault) const {
    const std::string bos = m_folder.flag("add_bos_token", bosByDefault) ? named("bos_token") : "";
    const std::string eos = m_folder.flag("add_eos_token", false) ? named("eos_token") : "";
    const auto framed = [&](const char* text, int type) {
        std::vector<std::pair<std::string, int>> steps;
        if (!bos.empty())
            steps.emplace_back(bos, type);
        steps.emplace_back(text, type);
        if (!eos.empty())
            steps.emplace_back(eos, type);
        return steps;
    };
    const auto single = framed("$A", 0);
    auto pair = single;
    std::ranges::copy(framed("$B", 1), std::back_inserter(pair));
    return templateOf(single, pair);
}

SortedJson ConventionBuilder::metaspace(const char* scheme, bool split) {
    return {{"type", "Metaspace"}, {"replacement", kSpaceMark}, {"prepend_scheme", scheme}, {"split", split}};
}

SortedJson ConventionBuilder::whitespaceMetaspace(bool prefix) {
    return sequence("pretokenizers",
                    SortedJson::array({{{"type", "WhitespaceSplit"}}, metaspace(prefix ? "always" : "never", true)}));
}

SortedJson ConventionBuilder::byteLevel(bool prefixSpace, bool useRegex) {
    return {{"type", "ByteLevel"}, {"add_prefix_space", prefixSpace}, {"trim_offsets", true}, {"use_regex", useRegex}};
}

SortedJson ConventionBuilder::characterMap() const {
    const std::string& map = m_pieces->normalizer.characterMap;
    if (map.empty())
        return nullptr;
    return {{"type", "Precompiled"}, {"precompiled_charsmap", toBase64(map)}};
}

SortedJson ConventionBuilder::replace(const char* pattern, const char* content) {
    return {{"type", "Replace"}, {"pattern", {{"String", pattern}}}, {"content", content}};
}

SortedJson ConventionBuilder::replaceRegex(const char* pattern, const char* content) {
    return {{"type", "Replace"}, {"pattern", {{"Regex", pattern}}}, {"content", content}};
}

SortedJson ConventionBuilder::sequence(const char* key, SortedJson parts) {
    return {{"type", "Sequence"}, {key, std::move(parts)}};
}

}  // namespace lathe::text
