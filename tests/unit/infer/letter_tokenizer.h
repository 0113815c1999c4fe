// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenizer for tests: one id per byte of UTF-8, control tokens behind them.
#pragma once

#include "text/tokenizer.h"

class LetterTokenizer : public lathe::text::Tokenizer {
public:
    using TokenId = lathe::text::TokenId;
    explicit LetterTokenizer(std::vector<std::string> controls = {"<s>", "</s>"}) : m_controls(std::move(controls)) {}

    std::string kind() const override { return "letters"; }
    std::int32_t vocabSize() const override { return 256 + static_cast<std::int32_t>(m_controls.size()); }
    lathe::text::SpecialTokens special() const override {
        lathe::text::SpecialTokens special;
        special.bos = find("<s>").value_or(-1);
        special.eos = find("</s>").value_or(-1);
        return special;
    }
    lathe::text::Encoding encode(std::string_view text, bool, bool) const override {
        lathe::text::Encoding encoding;
        for (const char c : text)
            encoding.ids.push_back(static_cast<unsigned char>(c));
        return encoding;
    }
    lathe::text::Encoding encodePair(std::string_view a, std::string_view b) const override {
        return encode(std::string(a) + std::string(b), false, false);
    }
    std::string decode(const std::vector<TokenId>& ids, bool skipSpecial) const override {
        std::string text;
        for (const TokenId id : ids)
            if (id < 256)
                text += static_cast<char>(id);
            else if (!skipSpecial)
                text += token(id);
        return text;
    }
    std::string token(TokenId id) const override {
        return id < 256 ? std::string(1, static_cast<char>(id)) : m_controls.at(static_cast<std::size_t>(id - 256));
    }
    std::optional<TokenId> find(std::string_view token) const override {
        for (std::size_t i = 0; i < m_controls.size(); ++i)
            if (m_controls[i] == token)
                return static_cast<TokenId>(256 + i);
        return std::nullopt;
    }
    lathe::Result<> save(const std::filesystem::path&) const override { return {}; }

private:
    std::vector<std::string> m_controls;
};
