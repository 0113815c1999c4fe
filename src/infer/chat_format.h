// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a conversation becomes a prompt: by the folder's chat template. Torch-free.
// Thread: any, once made.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "infer/text_model.h"
#include "text/guarded_encoding.h"
#include "text/template/template.h"
#include "text/tokenizer.h"

namespace lathe::infer {

/// The chat template that fresh decoders carry in tokenizer_config.json, for other programs.
std::string freshChatTemplate();

/// The template with which \p folder says how it talks: chat_template.jinja, else chat_template.json, else
/// tokenizer_config.json's chat_template (a string, or a list of {name, template}). "" where it says nothing.
/// \param name of several: "default", "tool_use".
std::string chatTemplateIn(const std::filesystem::path& folder, const std::string& name = "default");

/// A question with its answer, as ids.
struct ChatExample {
    std::vector<text::TokenId> prompt;  ///< up to where the assistant begins to speak
    std::vector<text::TokenId> reply;   ///< the answer and the token that ends it
};

class ChatFormat {
public:
    /// Template: the folder's own. The others are guesses for folders without one, and Fresh is what Lathe's models
    /// have.
    enum class Kind { Template, Fresh, ChatMl, Llama2, Zephyr, Plain };

    /// By the folder's template; without one by the vocabulary's control tokens.
    static ChatFormat of(const text::Tokenizer& tokenizer, const std::filesystem::path& folder);

    /// The ids up to where the assistant begins to speak. What the messages say never becomes a control token: see
    /// text::GuardedEncoding. \returns InvalidInput with the template's own words where it refuses the conversation.
    Result<std::vector<text::TokenId>> prompt(const text::Tokenizer& tokenizer,
                                              std::span<const Message> messages) const;
    /// Of one question and its answer, for training: the template's {% generation %} block says which words are the
    /// assistant's; without one they are what the template writes behind the prompt.
    Result<ChatExample> example(const text::Tokenizer& tokenizer, const std::string& question,
                                const std::string& answer) const;
    /// The text of a conversation in the form of the folder's template. \param messages, \param tools JSON as
    /// Transformers has them; \p tools may be null. \returns Unsupported for a folder without a template.
    Result<text::RenderedTemplate> render(const Json& messages, const Json& tools, bool addGenerationPrompt) const;
    /// The ids of what render() wrote.
    std::vector<text::TokenId> encode(const text::Tokenizer& tokenizer, const text::RenderedTemplate& rendered) const {
        return m_encoding.encode(tokenizer, rendered.text, rendered.foreign);
    }
    /// Is it one of the folder's control tokens?
    bool isControl(text::TokenId id) const { return m_encoding.isControl(id); }
    /// Ids that end an answer, besides the model's end-of-sequence tokens.
    const std::vector<text::TokenId>& ends() const { return m_ends; }
    /// A text that ends an answer; empty = none.
    const std::string& stopText() const { return m_stopText; }
    Kind kind() const { return m_kind; }
    /// What the user should know; empty when the format is the model's own.
    const std::string& note() const { return m_note; }

private:
    void useTemplate(text::Template parsed, const text::Tokenizer& tokenizer, const std::filesystem::path& folder);
    Result<ChatExample> templateExample(const text::Tokenizer& tokenizer, const std::string& question,
                                        const std::string& answer) const;

    Kind m_kind = Kind::Plain;
    std::optional<text::Template> m_template, m_toolTemplate;
    Json m_variables = Json::object();  ///< bos_token and its like
    text::GuardedEncoding m_encoding;
    std::vector<text::TokenId> m_ends;
    std::string m_stopText, m_note;
};

}  // namespace lathe::infer
