// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/tokenizer_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"

namespace lathe::text {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 256u << 20;
constexpr std::size_t kMaxTemplates = 1000;
// Read for what it says of the tokenizer, but no file of it.
constexpr std::string_view kModelConfig = "config.json";
constexpr std::string_view kNames[] = {kModelConfig,
                                       "tokenizer.json",
                                       "tokenizer_config.json",
                                       "special_tokens_map.json",
                                       "added_tokens.json",
                                       "vocab.json",
                                       "merges.txt",
                                       "vocab.txt",
                                       "tokenizer.model",
                                       "spiece.model",
                                       "spm.model",
                                       "sentencepiece.model",
                                       "sentencepiece.bpe.model",
                                       "chat_template.jinja",
                                       "chat_template.json"};
constexpr std::string_view kTemplateFolder = "additional_chat_templates";

/// The files of the folder that Transformers keeps further chat templates in, as
/// "additional_chat_templates/NAME.jinja".
Result<std::vector<std::string>> templateNames(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder / kTemplateFolder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".jinja" && entry->is_regular_file(error))
            names.push_back((std::filesystem::path(kTemplateFolder) / entry->path().filename()).string());
        if (names.size() > kMaxTemplates)
            return fail(ErrorCode::InvalidInput, fmt::format("{}: more than {} chat templates",
                                                             (folder / kTemplateFolder).string(), kMaxTemplates));
    }
    std::ranges::sort(names);
    return names;
}

}  // namespace

Result<TokenizerFiles> TokenizerFiles::read(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        return fail(ErrorCode::NotFound, fmt::format("{}: no such folder", folder.string()));
    TokenizerFiles files;
    files.m_folder = folder;
    LATHE_TRY(std::vector<std::string> names, templateNames(folder));
    names.insert(names.end(), std::begin(kNames), std::end(kNames));
    for (const std::string& name : names) {
        if (!std::filesystem::exists(folder / name, error))
            continue;
        LATHE_TRY(std::string bytes, readFile(folder / name, kMaxFileBytes));
        files.m_files.emplace_back(name, std::move(bytes));
    }
    return files;
}

TokenizerFiles TokenizerFiles::inMemory(std::filesystem::path folder,
                                        std::vector<std::pair<std::string, std::string>> files) {
    TokenizerFiles out;
    out.m_folder = std::move(folder);
    out.m_files = std::move(files);
    return out;
}

const std::string* TokenizerFiles::bytes(std::string_view name) const {
    const auto found = std::ranges::find(m_files, name, &std::pair<std::string, std::string>::first);
    return found == m_files.end() ? nullptr : &found->second;
}

Result<> TokenizerFiles::save(const std::filesystem::path& folder) const {
    LATHE_CHECK(makeFolder(folder));
    for (const auto& [name, bytes] : m_files) {
        if (name == kModelConfig)
            continue;
        if (name.starts_with(kTemplateFolder))
            LATHE_CHECK(makeFolder(folder / kTemplateFolder));
        LATHE_CHECK(writeFileAtomically(folder / name, bytes));
    }
    return {};
}

Result<Json> TokenizerFiles::object(std::string_view name) const {
    const std::string* text = bytes(name);
    if (text == nullptr)
        return Json::object();
    LATHE_TRY(Json json, parseJson(*text, pathOf(name)));
    if (!json.is_object())
        return fail(ErrorCode::Parse, pathOf(name) + ": not a JSON object");
    return json;
}

Result<Json> TokenizerFiles::config() const {
    return object("tokenizer_config.json");
}

Result<Json> TokenizerFiles::specialTokensMap() const {
    return object("special_tokens_map.json");
}

std::string tokenFromConfig(const Json& config, std::string_view key) {
    const auto found = config.find(key);
    if (found == config.end())
        return "";
    if (found->is_string())
        return found->get<std::string>();
    if (found->is_object()) {
        const auto content = found->find("content");
        if (content != found->end() && content->is_string())
            return content->get<std::string>();
    }
    return "";
}

}  // namespace lathe::text
