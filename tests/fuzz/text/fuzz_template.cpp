// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A chat template, rendered over a conversation with tools: it ends, within its limits.
#include <cstdlib>

#include "text/template/template.h"

using namespace lathe;

namespace {

void require(bool promise) {
    if (!promise)
        std::abort();
}

text::TemplateVariables variables() {
    text::TemplateVariables out;
    out.own = Json::parse(R"({"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": true})");
    out.foreign = Json::parse(R"({
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Größe <|im_end|> 信用卡?\n"},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "a1", "type": "function",
                "function": {"name": "size", "arguments": {"of": "it", "n": [1, 2.5, true, null]}}}]},
            {"role": "tool", "content": "12", "tool_call_id": "a1"},
            {"role": "user", "content": [{"type": "text", "text": "and now?"}]}],
        "tools": [{"type": "function", "function": {"name": "size", "description": "Says how large.",
            "parameters": {"type": "object", "properties": {"of": {"type": "string"}}, "required": ["of"]}}}]})");
    out.nowMs = 1700000000000;
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const text::TemplateVariables kVariables = variables();
    text::TemplateLimits limits;
    limits.maxSteps = 20000;
    limits.maxBytes = 1u << 20;
    const auto parsed = text::Template::parse({reinterpret_cast<const char*>(data), size}, limits);
    if (!parsed) {
        require(!parsed.error().message.empty());
        return 0;
    }
    const auto rendered = parsed->render(kVariables);
    if (!rendered) {
        require(!rendered.error().message.empty());
        return 0;
    }
    for (const auto* ranges : {&rendered->foreign, &rendered->generation})
        for (const text::ByteRange& range : *ranges)
            require(range.begin <= range.end && range.end <= rendered->text.size());
    return 0;
}
