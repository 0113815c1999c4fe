// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/tokenizer_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "text/models/read_model.h"
#include "text/wordpiece_tokenizer.h"

namespace lathe::text {
namespace {

const ComponentJson& part(const ComponentJson& json, const char* key) {
    static const ComponentJson null;
    const auto found = json.find(key);
    return found == json.end() ? null : *found;
}

AddedToken addedToken(const ComponentJson& json) {
    AddedToken token;
    token.content = json.at("content").get<std::string>();
    token.singleWord = json.value("single_word", false);
    token.stripLeft = json.value("lstrip", false);
    token.stripRight = json.value("rstrip", false);
    token.special = json.value("special", false);
    token.normalized = json.value("normalized", !token.special);
    return token;
}

/// Reads the parts one by one; every error names the file and the part.
class Reader {
public:
    Reader(std::string where, const Json& config, const Json& map)
        : m_where(std::move(where)), m_config(config), m_map(map) {}

    Result<PipelineSpec> read(const ComponentJson& json) {
        const ComponentJson& model = part(json, "model");
        if (!model.is_object())
            return fail(ErrorCode::InvalidInput, m_where + ": it has no model");
        if (const ComponentJson& normalizer = part(json, "normalizer"); !normalizer.is_null()) {
            LATHE_TRY(m_spec.normalizer, makeNormalizer(normalizer, m_where + ": normalizer"));
        }
        if (const ComponentJson& preTokenizer = part(json, "pre_tokenizer"); !preTokenizer.is_null()) {
            LATHE_TRY(m_spec.preTokenizer, makePreTokenizer(preTokenizer, m_where + ": pre_tokenizer"));
        }
        const bool bytes = takesBytes(model) && m_spec.preTokenizer && m_spec.preTokenizer->leaveBytes();
        LATHE_TRY(m_spec.model, readModel(model, bytes, m_where + ": model"));
        if (const ComponentJson& processor = part(json, "post_processor"); !processor.is_null()) {
            LATHE_TRY(const auto made, makePostProcessor(processor, m_where + ": post_processor"));
            LATHE_CHECK(made->describe(m_spec.postProcessing));
        }
        if (const ComponentJson& decoder = part(json, "decoder"); !decoder.is_null()) {
            LATHE_TRY(m_spec.decoder, makeDecoder(decoder, m_where + ": decoder"));
        }
        m_spec.kind = modelType(model);
        std::ranges::transform(m_spec.kind, m_spec.kind.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        LATHE_CHECK(readAddedTokens(part(json, "added_tokens")));
        addNamedTokens();
        readSpecialTokens();
        chooseTemplate();
        LATHE_TRY(m_spec.truncation, truncationOf(part(json, "truncation")));
        LATHE_TRY(m_spec.padding, paddingOf(part(json, "padding")));
        return std::move(m_spec);
    }

    Result<std::optional<Truncation>> truncationOf(const ComponentJson& json) const {
        if (!json.is_object())
            return std::optional<Truncation>();
        Truncation truncation;
        truncation.maxTokens = json.at("max_length").get<std::size_t>();
        const auto strategy = json.value("strategy", std::string("LongestFirst"));
        if (strategy != "LongestFirst" && strategy != "OnlyFirst" && strategy != "OnlySecond")
            return fail(ErrorCode::InvalidInput, fmt::format("{}: truncation \"{}\" is not known", m_where, strategy));
        truncation.strategy = strategy == "OnlyFirst"    ? TruncationStrategy::OnlyFirst
                              : strategy == "OnlySecond" ? TruncationStrategy::OnlySecond
                                                         : TruncationStrategy::LongestFirst;
        truncation.side = json.value("direction", std::string("Right")) == "Left" ? Side::Left : Side::Right;
        return std::optional(truncation);
    }

    Result<std::optional<Padding>> paddingOf(const ComponentJson& json) const {
        if (!json.is_object())
            return std::optional<Padding>();
        Padding padding;
        if (const ComponentJson& strategy = part(json, "strategy"); strategy.is_object())
            padding.length = strategy.at("Fixed").get<std::size_t>();
        if (const ComponentJson& multiple = part(json, "pad_to_multiple_of"); !multiple.is_null())
            padding.multipleOf = multiple.get<std::size_t>();
        padding.side = json.value("direction", std::string("Right")) == "Left" ? Side::Left : Side::Right;
        padding.id = json.value("pad_id", TokenId(0));
        padding.typeId = json.value("pad_type_id", 0);
        constexpr std::size_t kMostPadding = 16u << 20;
        if (padding.length.value_or(0) > kMostPadding || padding.multipleOf > kMostPadding)
            return fail(ErrorCode::InvalidInput, fmt::format("{}: padding to {} tokens is too much", m_where,
                                                             std::max(padding.length.value_or(0), padding.multipleOf)));
        return std::optional(padding);
    }

private:
    Result<> readAddedTokens(const ComponentJson& added) {
        if (added.is_null())
            return {};
        try {
            for (const ComponentJson& entry : added) {
                AddedToken token = addedToken(entry);
                const auto id = entry.at("id").get<std::int64_t>();
                const TokenId known = m_spec.model->find(token.content);
                if (id < 0 || id > std::numeric_limits<TokenId>::max())
                    return fail(ErrorCode::InvalidInput, fmt::format("{}: added token \"{}\" has the impossible id {}",
                                                                     m_where, token.content, id));
                token.id = known >= 0 ? known : static_cast<TokenId>(id);
                m_spec.added.push_back(std::move(token));
            }
        } catch (const ComponentJson::exception& e) {
            return fail(ErrorCode::Parse,
                        fmt::format("{}: added_tokens: a value is missing or has an unexpected type", m_where),
                        e.what());
        }
        return {};
    }

    bool isAdded(const std::string& content) const {
        return std::ranges::find(m_spec.added, content, &AddedToken::content) != m_spec.added.end();
    }

    TokenId find(const std::string& content) const {
        const auto added = std::ranges::find(m_spec.added, content, &AddedToken::content);
        return added != m_spec.added.end() ? added->id : m_spec.model->find(content);
    }

    // What Transformers adds when it opens the folder: tokens of added_tokens_decoder, and special tokens that are
    // named but that tokenizer.json has as ordinary tokens only.
    void addNamedTokens() {
        if (const auto decoder = m_config.find("added_tokens_decoder");
            decoder != m_config.end() && decoder->is_object())
            for (const auto& item : decoder->items()) {
                const std::string& key = item.key();
                const Json& value = item.value();
                std::int64_t id = -1;
                const auto parsed = std::from_chars(key.data(), key.data() + key.size(), id);
                const std::string content = tokenFromConfig(Json{{"t", value}}, "t");
                if (parsed.ec != std::errc() || id < 0 || id > m_spec.model->size() + 1'000'000 || content.empty() ||
                    isAdded(content))
                    continue;
                const auto flag = [&](const char* name) {
                    return value.is_object() && value.contains(name) && value[name].is_boolean() &&
                           value[name].get<bool>();
                };
                const TokenId known = m_spec.model->find(content);
                m_spec.added.push_back({content, known >= 0 ? known : static_cast<TokenId>(id), flag("single_word"),
                                        flag("lstrip"), flag("rstrip"), flag("special"), flag("normalized")});
            }
        for (const char* key :
             {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"})
            for (const Json* source : {&m_config, &m_map}) {
                const std::string content = tokenFromConfig(*source, key);
                const TokenId id = content.empty() || isAdded(content) ? -1 : m_spec.model->find(content);
                if (id >= 0)
                    m_spec.added.push_back({content, id, false, false, false, true, false});
            }
    }

    void readSpecialTokens() {
        const auto lookUp = [&](const std::string& content) { return find(content); };
        SpecialTokens& special = m_spec.special;
        special = namedSpecialTokens(m_config, m_map, lookUp);
        if (special.unknown < 0)
            special.unknown = m_spec.model->unknown();
        // Where nothing is named: special tokens of the usual names.
        const auto usual = [&](TokenId& id, std::initializer_list<const char*> names) {
            for (const char* name : names) {
                const auto added = std::ranges::find(m_spec.added, name, &AddedToken::content);
                if (id < 0 && added != m_spec.added.end() && added->special)
                    id = added->id;
            }
        };
        if (!m_config.empty() || !m_map.empty())
            return;
        usual(special.pad, {"<pad>", "[PAD]"});
        usual(special.bos, {"<s>", "<bos>", "<|begin_of_text|>"});
        usual(special.eos, {"</s>", "<eos>", "<|endoftext|>", "<|end_of_text|>"});
        usual(special.cls, {"[CLS]"});
        usual(special.sep, {"[SEP]"});
        usual(special.mask, {"[MASK]", "<mask>"});
    }

    // "add_bos_token" and "add_eos_token" in tokenizer_config.json count more than the file's own template.
    void chooseTemplate() {
        const auto flag = [&](const char* key) -> std::optional<bool> {
            const auto found = m_config.find(key);
            return found != m_config.end() && found->is_boolean() ? std::optional(found->get<bool>()) : std::nullopt;
        };
        const auto bos = flag("add_bos_token");
        const auto eos = flag("add_eos_token");
        if (!bos && !eos)
            return;
        PostProcessing& post = m_spec.postProcessing;
        const auto surround = [&](std::vector<TemplateStep>& steps, bool second) {
            const std::int32_t type = second ? 1 : 0;
            if (bos.value_or(false) && m_spec.special.bos >= 0)
                steps.push_back({m_spec.special.bos, false, type});
            steps.push_back({-1, second, type});
            if (eos.value_or(false) && m_spec.special.eos >= 0)
                steps.push_back({m_spec.special.eos, false, type});
        };
        post.single.clear();
        surround(post.single, false);
        post.pair = post.single;
        surround(post.pair, true);
    }

    std::string m_where;
    const Json& m_config;
    const Json& m_map;
    PipelineSpec m_spec;
};

}  // namespace

Result<std::shared_ptr<const Tokenizer>> tokenizerFromJson(TokenizerFiles files) {
    const std::string where = files.pathOf("tokenizer.json");
    const ComponentJson json =
        ComponentJson::parse(*files.bytes("tokenizer.json"), nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded() || !json.is_object())
        return fail(ErrorCode::Parse, where + ": not JSON, or cut off");
    LATHE_TRY(const Json config, files.config());
    LATHE_TRY(const Json map, files.specialTokensMap());
    Reader reader(where, config, map);
    try {
        if (modelType(part(json, "model")) == "WordPiece") {
            auto spec = wordPieceFromTokenizerJson(json, where);
            if (spec) {
                LATHE_TRY(spec->truncation, reader.truncationOf(part(json, "truncation")));
                LATHE_TRY(spec->padding, reader.paddingOf(part(json, "padding")));
                return WordPieceTokenizer::make(std::move(*spec), std::move(files));
            }
            if (spec.error().code != ErrorCode::Unsupported)
                return fail(std::move(spec.error()));
        }
        LATHE_TRY(PipelineSpec spec, reader.read(json));
        return PipelineTokenizer::make(std::move(spec), std::move(files));
    } catch (const ComponentJson::exception& e) {
        return fail(ErrorCode::Parse, fmt::format("{}: a value is missing or has an unexpected type", where), e.what());
    }
}

}  // namespace lathe::text
