// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Template: a chat template, in the part of Jinja2 that chat templates use, with Transformers' settings (sandbox,
// trim_blocks, lstrip_blocks, break and continue, {% generation %}, raise_exception, strftime_now, its tojson).
// Thread: any; one Template may be rendered by several threads.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "text/byte_range.h"

namespace lathe::text {

namespace jinja {
struct Tree;
}

/// A template is somebody else's program: it ends, in bounded memory.
struct TemplateLimits {
    std::size_t maxSourceBytes = 4u << 20;
    std::size_t maxSteps = 5'000'000;   ///< expressions, items of loops; what is rendered adds to it
    std::size_t maxBytes = 128u << 20;  ///< text made on the way, all in all; 64 times the input's size are added
};

struct RenderedTemplate {
    std::string text;
    /// What came out of the conversation rather than out of the template (sorted, disjoint).
    std::vector<ByteRange> foreign;
    /// What {% generation %} blocks enclose: the assistant's words.
    std::vector<ByteRange> generation;
};

struct TemplateVariables {
    /// bos_token, add_generation_prompt, options: the model folder's and the program's own words.
    Json own = Json::object();
    /// messages, tools, documents: words of people. A message's role counts as the template's own if it is a plain
    /// word.
    Json foreign = Json::object();
    /// For strftime_now; milliseconds since 1970, local time is shown. Not given: now.
    std::optional<std::int64_t> nowMs;
};

class Template {
public:
    /// \returns Parse (message as the reference's, detail "line 3"), Unsupported (names the construct: "{% include %}",
    /// "filter 'urlize'"), InvalidInput (too large, nested too deep).
    static Result<Template> parse(std::string_view source, const TemplateLimits& limits = {});

    /// \returns InvalidInput with the message that the template raised (raise_exception, undefined values, wrong types;
    /// detail has the line) or with the limit that it broke, Unsupported for what is only seen while rendering.
    Result<RenderedTemplate> render(const TemplateVariables& variables) const;

private:
    Template(std::shared_ptr<const jinja::Tree> tree, const TemplateLimits& limits)
        : m_tree(std::move(tree)), m_limits(limits) {}

    std::shared_ptr<const jinja::Tree> m_tree;
    TemplateLimits m_limits;
};

}  // namespace lathe::text
