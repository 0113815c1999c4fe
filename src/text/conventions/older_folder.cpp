// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/conventions/older_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lathe::text {
namespace {

constexpr const char* kNamed[] = {"bos_token", "eos_token", "unk_token", "sep_token",
                                  "pad_token", "cls_token", "mask_token"};
constexpr const char* kExtra[] = {"extra_special_tokens", "additional_special_tokens"};

std::string withoutFast(std::string name) {
    if (name.ends_with("Fast") && name != "PreTrainedTokenizerFast")
        name.resize(name.size() - 4);
    return name;
}

const SortedJson* member(const SortedJson& json, const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() ? &*found : nullptr;
}

bool flagOf(const SortedJson& json, const char* key, bool fallback) {
    const SortedJson* value = member(json, key);
    return value != nullptr && value->is_boolean() ? value->get<bool>() : fallback;
}

/// A token as a string, or as an object with its flags. Nothing where it is neither, or empty.
std::optional<NamedToken> tokenOf(const SortedJson& json, bool special) {
    NamedToken token;
    token.special = special;
    if (json.is_string()) {
        token.content = json.get<std::string>();
        token.normalized = !special;
    } else if (const SortedJson* content = member(json, "content"); content != nullptr && content->is_string()) {
        token.content = content->get<std::string>();
        token.special = special || flagOf(json, "special", false);
        token.singleWord = flagOf(json, "single_word", false);
        token.stripLeft = flagOf(json, "lstrip", false);
        token.stripRight = flagOf(json, "rstrip", false);
        token.normalized = flagOf(json, "normalized", !token.special);
    }
    return token.content.empty() ? std::nullopt : std::optional(token);
}

}  // namespace

Result<SortedJson> OlderFolder::parse(const char* name) const {
    const std::string* text = m_files->bytes(name);
    if (text == nullptr)
        return SortedJson::object();
    // Depth is bounded by the order-keeping reader; objects of many tokens need this one.
    if (const auto checked = parseJson(*text, m_files->pathOf(name)); !checked)
        return fail(checked.error());
    SortedJson json = SortedJson::parse(*text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object())
        return fail(ErrorCode::Parse, m_files->pathOf(name) + ": not a JSON object");
    return json;
}

Result<OlderFolder> OlderFolder::read(const TokenizerFiles& files) {
    OlderFolder folder(files);
    LATHE_TRY(folder.m_config, folder.parse("tokenizer_config.json"));
    // A model's configuration that cannot be read is the model's error, not the tokenizer's.
    const auto model = folder.parse("config.json");
    const auto textOf = [](const SortedJson& json, const char* key) {
        const SortedJson* value = member(json, key);
        return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
    };
    if (model)
        folder.m_modelType = textOf(*model, "model_type");
    folder.m_class = withoutFast(textOf(folder.m_config, "tokenizer_class"));
    if (folder.m_class.empty() && model)
        folder.m_class = withoutFast(textOf(*model, "tokenizer_class"));
    LATHE_CHECK(folder.readAdded());
    return folder;
}

Result<> OlderFolder::readAdded() {
    readExtra(m_config);
    if (const SortedJson* decoder = member(m_config, "added_tokens_decoder"); decoder != nullptr) {
        if (!decoder->is_object())
            return {};
        for (const auto& [key, value] : decoder->items()) {
            std::int64_t id = -1;
            const auto parsed = std::from_chars(key.data(), key.data() + key.size(), id);
            const auto token = value.is_object() ? tokenOf(value, false) : std::nullopt;
            if (parsed.ec == std::errc() && parsed.ptr == key.data() + key.size() && id >= 0 && token)
                m_added[id] = *token;
        }
        return {};
    }
    // Files from before added_tokens_decoder: the map of special tokens counts for more than the configuration.
    LATHE_TRY(const SortedJson map, parse("special_tokens_map.json"));
    for (const char* key : kNamed)
        if (const SortedJson* value = member(map, key))
            m_config[key] = *value;
    if (!m_saysExtra)
        readExtra(map);
    LATHE_TRY(const SortedJson added, parse("added_tokens.json"));
    for (const auto& [content, id] : added.items()) {
        if (content.empty() || !id.is_number_integer() || id.get<std::int64_t>() < 0)
            continue;
        NamedToken token{content, false, false, false, true, false};
        const auto isSame = [&content = content](const NamedToken& other) { return other.content == content; };
        if (const auto extra = std::ranges::find_if(m_extra, isSame); extra != m_extra.end())
            token = *extra;
        for (const char* key : kNamed)
            if (const auto other = named(key, ""); other && other->content == content)
                token = *other;
        m_added[id.get<std::int64_t>()] = token;
    }
    return {};
}

void OlderFolder::readExtra(const SortedJson& from) {
    for (const char* key : kExtra) {
        const SortedJson* list = member(from, key);
        if (list == nullptr || m_saysExtra || !list->is_array())
            continue;
        m_saysExtra = true;
        for (const SortedJson& entry : *list)
            if (const auto token = tokenOf(entry, true))
                m_extra.push_back(*token);
    }
}

bool OlderFolder::flag(const char* key, bool fallback) const {
    return flagOf(m_config, key, fallback);
}

std::int64_t OlderFolder::integer(const char* key, std::int64_t fallback) const {
    const SortedJson* value = member(m_config, key);
    return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : fallback;
}

std::string OlderFolder::text(const char* key, const char* fallback) const {
    const SortedJson* value = member(m_config, key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string(fallback);
}

bool OlderFolder::describes(const char* key) const {
    const SortedJson* value = member(m_config, key);
    if (value == nullptr)
        return false;
    const auto token = tokenOf(*value, true);
    const auto isSame = [&](const auto& entry) { return token && entry.second.content == token->content; };
    return value->is_object() || std::ranges::any_of(m_added, isSame);
}

std::optional<NamedToken> OlderFolder::named(const char* key, const char* usual) const {
    const SortedJson* value = member(m_config, key);
    if (value == nullptr)
        return *usual == '\0' ? std::nullopt : tokenOf(SortedJson(usual), true);
    auto token = tokenOf(*value, true);
    if (!token)
        return std::nullopt;
    const auto isSame = [&](const auto& entry) { return entry.second.content == token->content; };
    if (const auto added = std::ranges::find_if(m_added, isSame); added != m_added.end()) {
        token = added->second;
        token->special = true;
    }
    return token;
}

}  // namespace lathe::text
