// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Macros as values, and how arguments and tuples are taken apart.
#pragma once

#include "text/template/renderer.h"

namespace lathe::text::jinja {

class Macro final : public Object {
public:
    Macro(Renderer& renderer, const FunctionBody& function, std::shared_ptr<Activation> closure)
        : m_renderer(renderer), m_function(function), m_closure(std::move(closure)) {}
    std::string typeName() const override { return "Macro"; }
    std::string fullTypeName() const override { return "jinja2.runtime.Macro"; }
    void print(Context& context, Text& out, int depth) const override;
    std::optional<Value> attribute(Context& context, std::string_view name) override;
    bool isCallable() const override { return true; }
    Value call(Context& context, const Arguments& arguments) override;

private:
    Renderer& m_renderer;
    const FunctionBody& m_function;
    std::shared_ptr<Activation> m_closure;
};

/// Puts \p arguments into the slots of \p function's parameters; those not given stay empty. \throws Fault (Type)
void bindArguments(Activation& activation, const FunctionBody& function, const Arguments& arguments);

/// Exactly \p count items. \throws Fault (Type, Value) as Python's unpacking
Values unpacked(Context& context, const Value& value, std::size_t count);

}  // namespace lathe::text::jinja
