// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/template.h"

#include <fmt/format.h>

#include "core/files.h"
#include "core/utf8.h"
#include "text/template/globals.h"
#include "text/template/known_names.h"
#include "text/template/parser.h"

namespace lathe::text {
namespace {

using jinja::Fault;
using jinja::FaultKind;

tl::unexpected<Error> failed(const Fault& fault) {
    const std::string where = fault.line > 0 ? fmt::format("line {}", fault.line) : "";
    switch (fault.kind) {
        case FaultKind::Syntax:
            return fail(ErrorCode::Parse, fault.message, where);
        case FaultKind::Unsupported:
            return fail(ErrorCode::Unsupported, fmt::format("chat templates with {} are not supported", fault.message),
                        where);
        default:
            return fail(ErrorCode::InvalidInput, fault.message, where);
    }
}

std::size_t sizeOf(const Json& json) {
    if (json.is_string())
        return json.get_ref<const std::string&>().size() + 1;
    std::size_t size = 1;
    if (json.is_structured())
        for (const auto& [key, item] : json.items())
            size += (json.is_object() ? key.size() : 0) + sizeOf(item);
    return size;
}

}  // namespace

Result<Template> Template::parse(std::string_view source, const TemplateLimits& limits) {
    if (source.size() > limits.maxSourceBytes)
        return fail(ErrorCode::InvalidInput, fmt::format("the chat template has {}, more than {}",
                                                         humanBytes(source.size()), humanBytes(limits.maxSourceBytes)));
    if (firstInvalidUtf8(source) != std::string_view::npos)
        return fail(ErrorCode::Parse, "the chat template is not UTF-8");
    try {
        auto tree = std::make_shared<jinja::Tree>(jinja::parseTree(source));
        jinja::checkNames(*tree);
        return Template(std::move(tree), limits);
    } catch (const Fault& fault) {
        return failed(fault);
    }
}

Result<RenderedTemplate> Template::render(const TemplateVariables& given) const {
    try {
        jinja::Context context(m_limits, sizeOf(given.own) + sizeOf(given.foreign), given.nowMs.value_or(nowMs()));
        jinja::Variables variables;
        for (const auto& [name, value] : given.own.items())
            variables.insert_or_assign(name, jinja::valueOf(value, false));
        for (const auto& [name, value] : given.foreign.items())
            variables.insert_or_assign(name, jinja::valueOf(value, true));
        jinja::addGlobals(variables);
        jinja::Renderer renderer(context, variables);
        renderer.run(*m_tree);
        return RenderedTemplate{renderer.output().bytes(), renderer.output().foreign(), renderer.generation()};
    } catch (const Fault& fault) {
        return failed(fault);
    }
}

}  // namespace lathe::text
