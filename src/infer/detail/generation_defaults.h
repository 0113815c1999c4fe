// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// generation_config.json: how a model folder wants its texts written. Torch-free.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "infer/detail/search_settings.h"
#include "infer/text_model.h"

namespace lathe::infer {

class GenerationDefaults {
public:
    /// generation_config.json, else what an old config.json says about generation. \p config: config.json. A file that
    /// cannot be read counts as none.
    static GenerationDefaults of(const std::filesystem::path& folder, const Json& config);

    /// The caller's options over these over Lathe's own. \returns InvalidInput for what contradicts itself.
    Result<SearchSettings> settings(const GenerateOptions& options) const;
    /// eos_token_id as a list, or what \p config, config.json, says where these say nothing.
    std::vector<std::int32_t> endsOr(const Json& config) const;
    /// Keys that would change a text and that this version does not do.
    std::vector<std::string> ignored() const;

private:
    std::vector<std::int32_t> ends() const { return ids("eos_token_id"); }
    const Json* find(const char* key) const;
    std::vector<std::int32_t> ids(const char* key) const;
    double real(const char* key, double fallback, double least, double most) const;
    std::int64_t whole(const char* key, std::int64_t fallback) const;
    void addBans(SearchSettings& settings) const;

    Json m_json = Json::object();
};

}  // namespace lathe::infer
