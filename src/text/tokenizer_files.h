// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a tokenizer's folder holds: its files, kept as they came, and its tokenizer_config.json. Private to src/text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "text/tokenizer.h"

namespace lathe::text {

/// The files of a tokenizer, in memory, so that they can be saved even when the folder they came from is gone.
class TokenizerFiles {
public:
    /// Reads what is there of the names that tokenizers use. \returns NotFound (no such folder), Io, InvalidInput (a
    /// file above 256 MB).
    static Result<TokenizerFiles> read(const std::filesystem::path& folder);
    /// Files that are not on a disk. \param folder for messages.
    static TokenizerFiles inMemory(std::filesystem::path folder,
                                   std::vector<std::pair<std::string, std::string>> files);
    bool has(std::string_view name) const { return bytes(name) != nullptr; }
    const std::string* bytes(std::string_view name) const;  ///< nullptr where there is no such file
    std::string pathOf(std::string_view name) const { return (m_folder / name).string(); }
    const std::filesystem::path& folder() const { return m_folder; }
    Result<> save(const std::filesystem::path& folder) const;
    /// tokenizer_config.json, or an empty object. \returns Parse.
    Result<Json> config() const;
    /// special_tokens_map.json, or an empty object. \returns Parse.
    Result<Json> specialTokensMap() const;

private:
    Result<Json> object(std::string_view name) const;
    std::filesystem::path m_folder;
    std::vector<std::pair<std::string, std::string>> m_files;
};

/// loadTokenizer for files that were read already. \returns NotFound, Parse, InvalidInput, Unsupported.
Result<std::shared_ptr<const Tokenizer>> tokenizerFromFiles(TokenizerFiles files);

/// "cls_token": "[CLS]" or {"content": "[CLS]", ...}; "" where it is missing, null or of another type.
std::string tokenFromConfig(const Json& config, std::string_view key);

}  // namespace lathe::text
