// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ChatFormat with the folder's own template: where it lies, what it is given, which of its words are the assistant's.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/files.h"
#include "core/json.h"
#include "infer/chat_format.h"
#include "infer/detail/chat_messages.h"

namespace lathe::infer {
namespace {

using Ids = std::vector<text::TokenId>;

constexpr std::uintmax_t kMaxTemplateBytes = 4u << 20;

/// chat_template as a string, or as a list of {"name", "template"}.
std::string named(const Json& config, const std::string& name) {
    const auto found = config.is_object() ? config.find("chat_template") : config.end();
    if (!config.is_object() || found == config.end())
        return {};
    if (found->is_string())
        return name == "default" ? found->get<std::string>() : std::string();
    if (!found->is_array())
        return {};
    for (const Json& one : *found)
        if (one.is_object() && one.value("name", Json()) == name && one.value("template", Json()).is_string())
            return one["template"].get<std::string>();
    return {};
}

/// A special token's text: a string, or an object with "content".
Json tokenText(const Json& value) {
    if (value.is_object() && value.contains("content"))
        return value["content"];
    return value.is_string() ? value : Json();
}

/// bos_token, eos_token ... as Transformers gives them to a template.
Json specialTokens(const text::Tokenizer& tokenizer, const std::filesystem::path& folder) {
    Json variables = Json::object();
    for (const char* file : {"tokenizer_config.json", "special_tokens_map.json"}) {
        const auto config = readJsonFile(folder / file);
        if (!config || !config->is_object())
            continue;
        for (const auto& [key, value] : config->items())
            if (key.ends_with("_token") && tokenText(value).is_string() && !variables.contains(key))
                variables[key] = tokenText(value);
    }
    const text::SpecialTokens special = tokenizer.special();
    const std::array<std::pair<const char*, text::TokenId>, 7> own = {{{"bos_token", special.bos},
                                                                       {"eos_token", special.eos},
                                                                       {"unk_token", special.unknown},
                                                                       {"pad_token", special.pad},
                                                                       {"cls_token", special.cls},
                                                                       {"sep_token", special.sep},
                                                                       {"mask_token", special.mask}}};
    for (const auto& [name, id] : own)
        if (id >= 0 && !variables.contains(name))
            variables[name] = tokenizer.token(id);
    return variables;
}

/// The part of \p ranges behind \p from, counted from there.
std::vector<text::ByteRange> behind(const std::vector<text::ByteRange>& ranges, std::size_t from) {
    std::vector<text::ByteRange> rest;
    for (const text::ByteRange& range : ranges)
        if (range.end > from)
            rest.push_back({std::max(range.begin, from) - from, range.end - from});
    return rest;
}

}  // namespace

std::string chatTemplateIn(const std::filesystem::path& folder, const std::string& name) {
    const auto file =
        name == "default" ? folder / "chat_template.jinja" : folder / "additional_chat_templates" / (name + ".jinja");
    if (auto source = readFile(file, kMaxTemplateBytes))
        return std::move(*source);
    for (const char* config : {"chat_template.json", "tokenizer_config.json"})
        if (const auto json = readJsonFile(folder / config))
            if (std::string source = named(*json, name); !source.empty())
                return source;
    return {};
}

void ChatFormat::useTemplate(text::Template parsed, const text::Tokenizer& tokenizer,
                             const std::filesystem::path& folder) {
    m_kind = Kind::Template;
    m_template = std::move(parsed);
    if (const std::string source = chatTemplateIn(folder, "tool_use"); !source.empty())
        if (auto forTools = text::Template::parse(source))
            m_toolTemplate = std::move(*forTools);
    m_variables = specialTokens(tokenizer, folder);
    m_encoding = text::GuardedEncoding(tokenizer, text::controlTokensIn(folder));
    // The token behind an answer ends a turn, whether or not the configuration names it as an end.
    if (const auto probe = templateExample(tokenizer, "a", "b"); probe && !probe->reply.empty())
        if (m_encoding.isControl(probe->reply.back()))
            m_ends.push_back(probe->reply.back());
}

Result<text::RenderedTemplate> ChatFormat::render(const Json& messages, const Json& tools,
                                                  bool addGenerationPrompt) const {
    if (m_kind != Kind::Template)
        return fail(ErrorCode::Unsupported, "the model has no chat template; put its chat_template.jinja beside it");
    text::TemplateVariables variables;
    variables.own = m_variables;
    variables.own["add_generation_prompt"] = addGenerationPrompt;
    variables.foreign = {{"messages", messages}, {"tools", tools}, {"documents", nullptr}};
    const text::Template& chosen = !tools.is_null() && m_toolTemplate ? *m_toolTemplate : *m_template;
    auto rendered = chosen.render(variables);
    if (!rendered)
        return fail(rendered.error().code,
                    fmt::format("the model's chat template refuses this conversation: {}", rendered.error().message),
                    rendered.error().detail);
    return rendered;
}

Result<ChatExample> ChatFormat::templateExample(const text::Tokenizer& tokenizer, const std::string& question,
                                                const std::string& answer) const {
    const std::array<Message, 2> talk = {{{"user", question}, {"assistant", answer}}};
    LATHE_TRY(const auto asked, render(jsonOf(std::span(talk).first(1)), nullptr, true));
    LATHE_TRY(const auto whole, render(jsonOf(talk), nullptr, false));
    ChatExample example;
    const auto encode = [&](std::size_t begin, std::size_t end) {
        std::vector<text::ByteRange> foreign = behind(whole.foreign, begin);
        return m_encoding.encode(tokenizer, std::string_view(whole.text).substr(begin, end - begin), foreign);
    };
    if (!whole.generation.empty()) {
        const text::ByteRange spoken = whole.generation.back();
        example.prompt = encode(0, spoken.begin);
        example.reply = encode(spoken.begin, spoken.end);
        return example;
    }
    example.prompt = m_encoding.encode(tokenizer, asked.text, asked.foreign);
    if (whole.text.starts_with(asked.text)) {
        example.reply = encode(asked.text.size(), whole.text.size());
        // What follows the end of the turn (a line break, mostly) is the template's and never asked of the model.
        const auto isControl = [&](text::TokenId id) { return m_encoding.isControl(id); };
        const auto last = std::find_if(example.reply.rbegin(), example.reply.rend(), isControl);
        if (last != example.reply.rend())
            example.reply.erase(last.base(), example.reply.end());
    } else {
        example.reply = tokenizer.encode(answer, /*addSpecial=*/false).ids;
    }
    const bool ended = !example.reply.empty() && m_encoding.isControl(example.reply.back());
    if (const auto end = m_ends.empty() ? tokenizer.special().eos : m_ends.front(); !ended && end >= 0)
        example.reply.push_back(end);
    return example;
}

}  // namespace lathe::infer
