// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// WordPiece from tokenizer.json, or from vocab.txt as BERT's first release had it.
#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "text/wordpiece_tokenizer.h"

namespace lathe::text {
namespace {

using SortedJson = ComponentJson;
constexpr std::int64_t kMaxTokens = 4'000'000;

/// Reads tokenizer.json piece by piece; every error names the file.
class TokenizerJson {
public:
    explicit TokenizerJson(std::string where) : m_where(std::move(where)) {}

    Result<WordPieceSpec> read(const SortedJson& json) {
        try {
            LATHE_CHECK(readNormalizer(part(json, "normalizer")));
            LATHE_CHECK(readPreTokenizer(part(json, "pre_tokenizer")));
            LATHE_CHECK(readModel(part(json, "model")));
            LATHE_CHECK(readAddedTokens(part(json, "added_tokens")));
            LATHE_CHECK(readPostProcessor(part(json, "post_processor")));
            LATHE_CHECK(readDecoder(part(json, "decoder")));
        } catch (const SortedJson::exception& e) {
            return fail(ErrorCode::Parse, fmt::format("{}: a value has an unexpected type", m_where), e.what());
        }
        return std::move(m_spec);
    }

private:
    static const SortedJson& part(const SortedJson& json, const char* key) {
        static const SortedJson null;
        const auto found = json.find(key);
        return found == json.end() ? null : *found;
    }
    static std::string typeOf(const SortedJson& json) {
        return json.is_object() ? json.value("type", std::string("without a type"))
               : json.is_null() ? "null"
                                : "of no known form";
    }
    tl::unexpected<Error> unsupported(std::string_view what, std::string_view name) const {
        return fail(ErrorCode::Unsupported, fmt::format("{}: {} {} is not BERT's", m_where, what, name));
    }
    tl::unexpected<Error> invalid(std::string_view what) const {
        return fail(ErrorCode::InvalidInput, fmt::format("{}: {}", m_where, what));
    }

    Result<> place(std::int64_t id, const std::string& token) {
        if (id < 0 || id > kMaxTokens)
            return invalid(fmt::format("token \"{}\" has the impossible id {}", token, id));
        if (static_cast<std::size_t>(id) >= m_spec.tokens.size())
            m_spec.tokens.resize(static_cast<std::size_t>(id) + 1);
        m_spec.tokens[static_cast<std::size_t>(id)] = token;
        return {};
    }

    Result<> readModel(const SortedJson& model) {
        if (typeOf(model) != "WordPiece")
            return unsupported("model", typeOf(model));
        const SortedJson& vocabulary = part(model, "vocab");
        if (!vocabulary.is_object() || vocabulary.empty())
            return invalid("the vocabulary is missing or empty");
        // Ids far beyond the number of tokens would only make room for holes.
        const auto limit = static_cast<std::int64_t>(vocabulary.size()) * 4 + 65536;
        for (const auto& [token, id] : vocabulary.items()) {
            if (!id.is_number_integer() || id.get<std::int64_t>() > limit)
                return invalid(fmt::format("token \"{}\" has no usable id", token));
            LATHE_CHECK(place(id.get<std::int64_t>(), token));
        }
        m_spec.unknownToken = model.value("unk_token", m_spec.unknownToken);
        m_spec.continuingPrefix = model.value("continuing_subword_prefix", m_spec.continuingPrefix);
        m_spec.maxCharsPerWord = model.value("max_input_chars_per_word", m_spec.maxCharsPerWord);
        return {};
    }

    Result<> readNormalizer(const SortedJson& normalizer) {
        BertNormalization& n = m_spec.normalization;
        if (normalizer.is_null()) {
            n = {false, false, false, false};
            return {};
        }
        if (typeOf(normalizer) != "BertNormalizer")
            return unsupported("normalizer", typeOf(normalizer));
        n.cleanText = normalizer.value("clean_text", true);
        n.chineseCharacters = normalizer.value("handle_chinese_chars", true);
        n.lowercase = normalizer.value("lowercase", true);
        const SortedJson& strip = part(normalizer, "strip_accents");
        n.stripAccents = strip.is_null() ? n.lowercase : strip.get<bool>();
        return {};
    }

    Result<> readPreTokenizer(const SortedJson& preTokenizer) const {
        if (typeOf(preTokenizer) != "BertPreTokenizer")
            return unsupported("pre_tokenizer", typeOf(preTokenizer));
        return {};
    }

    Result<> readAddedTokens(const SortedJson& added) {
        if (added.is_null())
            return {};
        for (const SortedJson& entry : added) {
            AddedToken token;
            token.content = entry.at("content").get<std::string>();
            token.id = entry.at("id").get<TokenId>();
            token.singleWord = entry.value("single_word", false);
            token.stripLeft = entry.value("lstrip", false);
            token.stripRight = entry.value("rstrip", false);
            token.special = entry.value("special", false);
            if (entry.value("normalized", false))
                return unsupported("added token", fmt::format("\"{}\" (matched after normalisation)", token.content));
            if (token.id > static_cast<std::int64_t>(m_spec.tokens.size()) + 65536)
                return invalid(fmt::format("added token \"{}\" has the impossible id {}", token.content, token.id));
            LATHE_CHECK(place(token.id, token.content));
            m_spec.added.push_back(std::move(token));
        }
        return {};
    }

    Result<> readSteps(const SortedJson& steps, const SortedJson& specials, std::vector<TemplateStep>& out) const {
        for (const SortedJson& entry : steps) {
            if (entry.contains("Sequence")) {
                const SortedJson& sequence = entry["Sequence"];
                out.push_back({-1, sequence.at("id").get<std::string>() == "B", sequence.value("type_id", 0)});
                continue;
            }
            const SortedJson& special = entry.at("SpecialToken");
            const std::string name = special.at("id").get<std::string>();
            if (!specials.contains(name))
                return invalid(fmt::format("the template's token \"{}\" is not defined", name));
            for (const SortedJson& id : specials[name].at("ids")) {
                const auto value = id.get<std::int64_t>();
                if (value < 0 || value >= static_cast<std::int64_t>(m_spec.tokens.size()))
                    return invalid(fmt::format("the template's token \"{}\" is outside the vocabulary", name));
                out.push_back({static_cast<TokenId>(value), false, special.value("type_id", 0)});
            }
        }
        return {};
    }

    Result<> readPostProcessor(const SortedJson& processor) {
        const std::string type = typeOf(processor);
        m_spec.single = {TemplateStep{}};
        m_spec.pair = {TemplateStep{}, TemplateStep{-1, true, 1}};
        if (type == "null")
            return {};
        if (type == "BertProcessing") {
            const auto idOf = [&](const char* key) { return processor.at(key).at(1).get<TokenId>(); };
            const TokenId cls = idOf("cls");
            const TokenId sep = idOf("sep");
            const auto size = static_cast<TokenId>(m_spec.tokens.size());
            if (cls < 0 || sep < 0 || cls >= size || sep >= size)
                return invalid("the post_processor's tokens are outside the vocabulary");
            m_spec.single = {{cls, false, 0}, {-1, false, 0}, {sep, false, 0}};
            m_spec.pair = {{cls, false, 0}, {-1, false, 0}, {sep, false, 0}, {-1, true, 1}, {sep, false, 1}};
            return {};
        }
        if (type != "TemplateProcessing")
            return unsupported("post_processor", type);
        m_spec.single.clear();
        m_spec.pair.clear();
        const SortedJson& specials = part(processor, "special_tokens");
        LATHE_CHECK(readSteps(part(processor, "single"), specials, m_spec.single));
        return readSteps(part(processor, "pair"), specials, m_spec.pair);
    }

    Result<> readDecoder(const SortedJson& decoder) {
        const std::string type = typeOf(decoder);
        m_spec.joinPieces = type == "WordPiece";
        if (type == "null")
            return {};
        if (type != "WordPiece")
            return unsupported("decoder", type);
        m_spec.decoderPrefix = decoder.value("prefix", std::string("##"));
        m_spec.cleanup = decoder.value("cleanup", true);
        return {};
    }

    std::string m_where;
    WordPieceSpec m_spec;
};

}  // namespace

Result<WordPieceSpec> wordPieceFromTokenizerJson(const ComponentJson& json, const std::string& where) {
    return TokenizerJson(where).read(json);
}

Result<WordPieceSpec> wordPieceFromVocabulary(const TokenizerFiles& files) {
    const std::string where = files.pathOf("vocab.txt");
    const std::string& text = *files.bytes("vocab.txt");
    LATHE_TRY(const Json config, files.config());
    if (firstInvalidUtf8(text) != std::string::npos)
        return fail(ErrorCode::Parse, fmt::format("{}: not UTF-8 at byte {}", where, firstInvalidUtf8(text)));
    WordPieceSpec spec;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string_view line(text.data() + begin, end - begin);
        while (line.ends_with('\r'))
            line.remove_suffix(1);
        spec.tokens.emplace_back(line);
        begin = end + 1;
    }
    const auto flag = [&](const char* key, bool fallback) {
        const auto found = config.find(key);
        return found != config.end() && found->is_boolean() ? found->get<bool>() : fallback;
    };
    spec.normalization.lowercase = flag("do_lower_case", true);
    spec.normalization.stripAccents = flag("strip_accents", spec.normalization.lowercase);
    spec.normalization.chineseCharacters = flag("tokenize_chinese_chars", true);
    const auto named = [&](const char* key, const char* usual) {
        const std::string content = tokenFromConfig(config, key);
        return content.empty() ? std::string(usual) : content;
    };
    const auto idOf = [&](const std::string& token) {
        // From the back: of a line that is there twice the last one counts.
        const auto found = std::find(spec.tokens.rbegin(), spec.tokens.rend(), token);
        return found == spec.tokens.rend() ? TokenId(-1) : static_cast<TokenId>(spec.tokens.rend() - found - 1);
    };
    spec.unknownToken = named("unk_token", "[UNK]");
    const std::string specials[] = {named("pad_token", "[PAD]"), spec.unknownToken, named("cls_token", "[CLS]"),
                                    named("sep_token", "[SEP]"), named("mask_token", "[MASK]")};
    for (const std::string& content : specials)
        if (const TokenId id = idOf(content); id >= 0)
            spec.added.push_back({content, id, false, false, false, true});
    const TokenId cls = idOf(specials[2]);
    const TokenId sep = idOf(specials[3]);
    if (cls < 0 || sep < 0)
        return fail(ErrorCode::InvalidInput, fmt::format("{}: {} or {} is missing; this is not a BERT vocabulary",
                                                         where, specials[2], specials[3]));
    spec.single = {{cls, false, 0}, {-1, false, 0}, {sep, false, 0}};
    spec.pair = {{cls, false, 0}, {-1, false, 0}, {sep, false, 0}, {-1, true, 1}, {sep, false, 1}};
    return spec;
}

}  // namespace lathe::text
