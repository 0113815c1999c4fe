// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a conversation becomes a prompt. Torch-free.
// Thread: any, once made.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "infer/text_model.h"
#include "text/tokenizer.h"

namespace lathe::infer {

/// The chat template that fresh decoders carry in tokenizer_config.json, for other programs.
std::string freshChatTemplate();

class ChatFormat {
public:
    enum class Kind { Fresh, ChatMl, Llama2, Zephyr, Plain };

    /// By the vocabulary's control tokens and the folder's chat_template.
    static ChatFormat of(const text::Tokenizer& tokenizer, const std::filesystem::path& folder);

    /// The ids up to where the assistant begins to speak.
    std::vector<text::TokenId> prompt(const text::Tokenizer& tokenizer, std::span<const Message> messages) const;
    /// Ids that end an answer, besides the model's end-of-sequence tokens.
    const std::vector<text::TokenId>& ends() const { return m_ends; }
    /// A text that ends an answer; empty = none.
    const std::string& stopText() const { return m_stopText; }
    Kind kind() const { return m_kind; }
    /// What the user should know; empty when the format is the model's own.
    const std::string& note() const { return m_note; }

private:
    Kind m_kind = Kind::Plain;
    std::vector<text::TokenId> m_ends;
    std::string m_stopText, m_note;
};

}  // namespace lathe::infer
