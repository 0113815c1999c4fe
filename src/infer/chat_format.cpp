// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The formats that are known by name are for folders that have no template.
#include "infer/chat_format.h"

#include <fmt/format.h>

#include "infer/detail/chat_messages.h"

namespace lathe::infer {

namespace {

using Ids = std::vector<text::TokenId>;

/// Builds ids from control tokens and plain text.
class Builder {
public:
    explicit Builder(const text::Tokenizer& tokenizer) : m_tokenizer(tokenizer) {}
    Builder& id(text::TokenId id) {
        if (id >= 0)
            m_ids.push_back(id);
        return *this;
    }
    Builder& control(std::string_view token) {
        const auto id = m_tokenizer.find(token);
        return id ? this->id(*id) : plain(token);
    }
    Builder& plain(std::string_view text) {
        if (text.empty())
            return *this;
        const Ids ids = m_tokenizer.encode(text, false).ids;
        m_ids.insert(m_ids.end(), ids.begin(), ids.end());
        return *this;
    }
    Builder& begin() { return id(m_tokenizer.special().bos); }
    Builder& end() { return id(m_tokenizer.special().eos); }
    Ids take() { return std::move(m_ids); }

private:
    const text::Tokenizer& m_tokenizer;
    Ids m_ids;
};

/// Models without a place for it get the system's text in front of the first question.
std::vector<Message> withSystemInside(std::span<const Message> messages) {
    std::vector<Message> merged;
    std::string system;
    for (const Message& message : messages) {
        if (message.role == "system") {
            system += (system.empty() ? "" : "\n") + message.text;
            continue;
        }
        merged.push_back(message);
        if (!system.empty() && message.role == "user") {
            merged.back().text = system + "\n\n" + message.text;
            system.clear();
        }
    }
    return merged;
}

Ids freshPrompt(const text::Tokenizer& tokenizer, std::span<const Message> messages) {
    Builder builder(tokenizer);
    builder.begin();
    const bool hasSystem = tokenizer.find("<|system|>").has_value();
    const std::vector<Message> merged = withSystemInside(messages);
    for (const Message& message : hasSystem ? messages : std::span<const Message>(merged)) {
        if (message.role == "assistant")
            builder.control("<|assistant|>").plain(message.text).control("<|end|>");
        else
            builder.control(message.role == "system" ? "<|system|>" : "<|user|>").plain(message.text);
    }
    return builder.control("<|assistant|>").take();
}

Ids chatMlPrompt(const text::Tokenizer& tokenizer, std::span<const Message> messages) {
    Builder builder(tokenizer);
    for (const Message& message : messages)
        builder.control("<|im_start|>").plain(message.role + "\n" + message.text).control("<|im_end|>").plain("\n");
    return builder.control("<|im_start|>").plain("assistant\n").take();
}

Ids llama2Prompt(const text::Tokenizer& tokenizer, std::span<const Message> messages) {
    Builder builder(tokenizer);
    std::string system;
    for (const Message& message : messages) {
        if (message.role == "system") {
            system = "<<SYS>>\n" + message.text + "\n<</SYS>>\n\n";
        } else if (message.role == "assistant") {
            builder.plain(message.text).end();
        } else {
            builder.begin().plain("[INST] " + system + message.text + " [/INST]");
            system.clear();
        }
    }
    return builder.take();
}

Ids zephyrPrompt(const text::Tokenizer& tokenizer, std::span<const Message> messages) {
    Builder builder(tokenizer);
    for (const Message& message : messages)
        builder.plain("<|" + message.role + "|>\n" + message.text).end().plain("\n");
    return builder.plain("<|assistant|>\n").take();
}

Ids plainPrompt(const text::Tokenizer& tokenizer, std::span<const Message> messages) {
    Builder builder(tokenizer);
    builder.begin();
    bool first = true;
    for (const Message& message : withSystemInside(messages)) {
        if (message.role == "assistant") {
            builder.plain(message.text);
            continue;
        }
        builder.plain(first ? "User: " : "\nUser: ").plain(message.text).plain("\nAssistant: ");
        first = false;
    }
    return builder.take();
}

}  // namespace

std::string freshChatTemplate() {
    return "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'assistant' %}"
           "{{ '<|assistant|>' + message['content'] + '<|end|>' }}{% else %}"
           "{{ '<|' + message['role'] + '|>' + message['content'] }}{% endif %}{% endfor %}"
           "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
}

ChatFormat ChatFormat::of(const text::Tokenizer& tokenizer, const std::filesystem::path& folder) {
    ChatFormat format;
    const std::string source = chatTemplateIn(folder);
    const auto end = tokenizer.find("<|end|>");
    if (tokenizer.find("<|user|>") && tokenizer.find("<|assistant|>") && end &&
        (source.empty() || source == freshChatTemplate())) {
        format.m_kind = Kind::Fresh;
        format.m_ends.push_back(*end);
        return format;
    }
    if (!source.empty()) {
        auto parsed = text::Template::parse(source);
        if (parsed) {
            format.useTemplate(std::move(*parsed), tokenizer, folder);
            return format;
        }
        format.m_note = fmt::format("The model's chat template cannot be used ({}); the format is a guess.",
                                    parsed.error().message);
    }
    const auto has = [&](std::string_view part) { return source.find(part) != std::string::npos; };
    if (has("<|im_start|>") && tokenizer.find("<|im_start|>") && tokenizer.find("<|im_end|>")) {
        format.m_kind = Kind::ChatMl;
        format.m_ends.push_back(*tokenizer.find("<|im_end|>"));
    } else if (has("[INST]") && has("<<SYS>>")) {
        format.m_kind = Kind::Llama2;
    } else if (has("<|user|>\\n") && has("<|assistant|>\\n") && has("eos_token")) {
        format.m_kind = Kind::Zephyr;
    } else {
        format.m_stopText = "\nUser:";
        if (source.empty())
            format.m_note = "The model has no chat format; it is asked as \"User: ... Assistant:\".";
    }
    return format;
}

Result<Ids> ChatFormat::prompt(const text::Tokenizer& tokenizer, std::span<const Message> messages) const {
    switch (m_kind) {
        case Kind::Template: {
            LATHE_TRY(const auto rendered, render(jsonOf(messages), nullptr, true));
            return m_encoding.encode(tokenizer, rendered.text, rendered.foreign);
        }
        case Kind::Fresh:
            return freshPrompt(tokenizer, messages);
        case Kind::ChatMl:
            return chatMlPrompt(tokenizer, messages);
        case Kind::Llama2:
            return llama2Prompt(tokenizer, messages);
        case Kind::Zephyr:
            return zephyrPrompt(tokenizer, messages);
        case Kind::Plain:
            break;
    }
    return plainPrompt(tokenizer, messages);
}

Result<ChatExample> ChatFormat::example(const text::Tokenizer& tokenizer, const std::string& question,
                                        const std::string& answer) const {
    if (m_kind == Kind::Template)
        return templateExample(tokenizer, question, answer);
    const Message message{.role = "user", .text = question};
    ChatExample example;
    LATHE_TRY(example.prompt, prompt(tokenizer, {&message, 1}));
    example.reply = tokenizer.encode(answer, /*addSpecial=*/false).ids;
    if (const auto end = m_ends.empty() ? tokenizer.special().eos : m_ends.front(); end >= 0)
        example.reply.push_back(end);
    return example;
}

}  // namespace lathe::infer
