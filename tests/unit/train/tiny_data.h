// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Data for the tests of training: a corpus that a small model learns in seconds, and a tokenizer that needs no files.
#pragma once

#include <fmt/format.h>

#include <array>
#include <map>

#include "text/tokenizer.h"
#include "train/trainer.h"

namespace lathe::test {

/// Three intents, each with words of its own, mixed with words that all share.
inline train::Dataset tinyIntents(int perLabel = 80) {
    static constexpr std::array<std::array<const char*, 4>, 3> kWords{{{"card", "lost", "stolen", "block"},
                                                                       {"transfer", "money", "pending", "account"},
                                                                       {"password", "login", "forgot", "reset"}}};
    static constexpr std::array kFrames{"please help with my {} {}", "i have a question about {} and {}",
                                        "the {} {} is not ok", "what about {} or {} today", "hello {} {}"};
    train::Dataset data;
    data.labels = {"card", "transfer", "login"};
    data.snapshotHash = "0123456789abcdef0123456789abcdef";
    for (int i = 0; i < perLabel; ++i)
        for (std::size_t label = 0; label < kWords.size(); ++label) {
            const auto n = static_cast<std::size_t>(i);
            const auto& words = kWords[label];
            train::Example example;
            example.text =
                fmt::format(fmt::runtime(kFrames[n % kFrames.size()]), words[n / 5 % 4], words[(n / 3 + 1) % 4]);
            example.label = static_cast<int>(label);
            (i % 5 == i / 5 % 5 ? data.dev : data.train)  // one of five, of every frame
                .push_back(example);
        }
    data.unlabelled = {"my card and my password today", "money money money", "please reset the account"};
    return data;
}

/// Questions whose answer repeats a word of theirs.
inline train::Dataset tinyAnswers(int count = 60) {
    static constexpr std::array kThings{"card", "loan", "fee", "rate", "branch", "app"};
    train::Dataset data;
    data.snapshotHash = "fedcba9876543210fedcba9876543210";
    for (int i = 0; i < count; ++i) {
        train::Example example;
        const char* thing = kThings[static_cast<std::size_t>(i) % kThings.size()];
        example.text = fmt::format("where is the {} {}", thing, i / 6);
        example.answer = fmt::format("the {} is here", thing);
        (i % 7 == 6 ? data.dev : data.train).push_back(example);
    }
    return data;
}

/// Options of a fresh model that trains in seconds.
inline Json tinyOptions() {
    return {{"vocab_size", 300}, {"layers", 2},
            {"hidden_size", 64}, {"heads", 2},
            {"epochs", 4},       {"pretrain_epochs", 1},
            {"batch_size", 16},  {"learning_rate", 2e-3},
            {"max_tokens", 32},  {"precision", "float32"},
            {"device", "cpu"}};
}

/// Words between spaces, numbered as they first come. [PAD] 0, [CLS] 1, [SEP] 2, [MASK] 3; <s> and </s> where asked
/// for.
class WordTokenizer : public text::Tokenizer {
public:
    explicit WordTokenizer(bool chat = false) : m_chat(chat) {
        for (const char* token :
             {"[PAD]", "[CLS]", "[SEP]", "[MASK]", "<s>", "</s>", "<|user|>", "<|assistant|>", "<|end|>"})
            add(token);
    }
    std::string kind() const override { return "words"; }
    std::int32_t vocabSize() const override { return 1000; }
    text::SpecialTokens special() const override {
        text::SpecialTokens special;
        special.pad = 0;
        if (m_chat) {
            special.bos = 4;
            special.eos = 5;
        } else {
            special.cls = 1;
            special.sep = 2;
            special.mask = 3;
        }
        return special;
    }
    text::Encoding encode(std::string_view text, bool addSpecial, bool) const override {
        text::Encoding encoding;
        if (addSpecial)
            encoding.ids.push_back(m_chat ? 4 : 1);
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find(' ', at), text.size());
            if (end > at)
                encoding.ids.push_back(add(std::string(text.substr(at, end - at))));
            at = end + 1;
        }
        if (addSpecial)
            encoding.ids.push_back(m_chat ? 5 : 2);
        return encoding;
    }
    text::Encoding encodePair(std::string_view a, std::string_view) const override { return encode(a, true, false); }
    std::string decode(const std::vector<text::TokenId>&, bool) const override { return {}; }
    std::string token(text::TokenId) const override { return {}; }
    std::optional<text::TokenId> find(std::string_view token) const override {
        const auto found = m_ids.find(std::string(token));
        return found == m_ids.end() || (!m_chat && token.starts_with("<|"))
                   ? std::nullopt
                   : std::optional<text::TokenId>(found->second);
    }
    Result<> save(const std::filesystem::path&) const override { return {}; }

private:
    text::TokenId add(const std::string& word) const {
        return m_ids.try_emplace(word, static_cast<text::TokenId>(m_ids.size())).first->second;
    }
    bool m_chat;
    mutable std::map<std::string, text::TokenId> m_ids;
};

}  // namespace lathe::test
