// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the older tokenizer files of a folder say: tokenizer_config.json, special_tokens_map.json, added_tokens.json,
// config.json. Private to src/text. Thread: any, once read.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "text/tokenizer_files.h"

namespace lathe::text {

using SortedJson = nlohmann::json;

/// A token that is found in a text before it is cut.
struct NamedToken {
    std::string content;
    bool singleWord = false, stripLeft = false, stripRight = false;
    bool normalized = false;
    bool special = true;
};

class OlderFolder {
public:
    /// \returns Parse, InvalidInput (an added token that cannot be one).
    static Result<OlderFolder> read(const TokenizerFiles& files);

    const TokenizerFiles& files() const { return *m_files; }
    /// "LlamaTokenizer", without "Fast" at its end; "" where nothing names one.
    const std::string& tokenizerClass() const { return m_class; }
    /// "model_type" of config.json, or "".
    const std::string& modelType() const { return m_modelType; }
    /// Of tokenizer_config.json; null and other types give the fallback.
    bool flag(const char* key, bool fallback) const;
    std::int64_t integer(const char* key, std::int64_t fallback) const;
    std::string text(const char* key, const char* fallback) const;
    /// Is there a tokenizer_config.json?
    bool isConfigured() const { return m_files->has("tokenizer_config.json"); }
    /// Is this token given with its flags, as an object or in added_tokens_decoder?
    bool describes(const char* key) const;
    /// "bos_token" and so on; \p usual where the folder does not say; nothing where it says null.
    std::optional<NamedToken> named(const char* key, const char* usual) const;
    /// By id: added_tokens_decoder, else added_tokens.json.
    const std::map<std::int64_t, NamedToken>& added() const { return m_added; }
    /// "extra_special_tokens", or "additional_special_tokens" as older files call them.
    const std::vector<NamedToken>& extra() const { return m_extra; }
    bool saysExtra() const { return m_saysExtra; }

private:
    explicit OlderFolder(const TokenizerFiles& files) : m_files(&files) {}
    Result<SortedJson> parse(const char* name) const;
    Result<> readAdded();
    void readExtra(const SortedJson& from);

    const TokenizerFiles* m_files;
    std::string m_class, m_modelType;
    SortedJson m_config = SortedJson::object();
    std::map<std::int64_t, NamedToken> m_added;
    std::vector<NamedToken> m_extra;
    bool m_saysExtra = false;
};

}  // namespace lathe::text
