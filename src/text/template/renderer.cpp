// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/renderer.h"

#include <algorithm>

#include "text/template/loop.h"
#include "text/template/macro.h"
#include "text/template/objects.h"
#include "text/template/operations.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

/// What a variable is while something runs, and what it was before after that.
template <class T>
class Restored {
public:
    Restored(T& variable, T value) : m_variable(variable), m_before(std::exchange(variable, std::move(value))) {}
    ~Restored() { m_variable = std::move(m_before); }
    Restored(const Restored&) = delete;
    Restored& operator=(const Restored&) = delete;

private:
    T& m_variable;
    T m_before;
};

/// The items that pass a loop's filter.
class FilteredIterator final : public Iterator {
public:
    FilteredIterator(Renderer& renderer, const ForStatement& loop, std::shared_ptr<Activation> outer,
                     IteratorPtr source)
        : m_renderer(renderer),
          m_loop(loop),
          m_activation(std::make_shared<Activation>(loop.filterSlots, std::move(outer))),
          m_source(std::move(source)) {}
    std::optional<Value> next(Context& context) override {
        const Context::Nested nested(context);
        while (auto item = m_source->next(context))
            if (m_renderer.passesFilter(m_loop, m_activation, *item))
                return item;
        return std::nullopt;
    }

private:
    Renderer& m_renderer;
    const ForStatement& m_loop;
    std::shared_ptr<Activation> m_activation;
    IteratorPtr m_source;
};

std::vector<const Expression*> partsOf(const std::vector<ExpressionPtr>& items) {
    std::vector<const Expression*> parts;
    for (const ExpressionPtr& item : items)
        parts.push_back(item.get());
    return parts;
}

}  // namespace

void Renderer::run(const Tree& tree) {
    m_activation = std::make_shared<Activation>(tree.slots, nullptr);
    m_context.keep(m_activation);
    enter(tree.loads);
    body(tree.body);
}

Renderer::Flow Renderer::body(const Body& statements) {
    const Context::Nested nested(m_context);
    for (const Statement& one : statements)
        if (const Flow flow = statement(one); flow != Flow::Normal)
            return flow;
    return Flow::Normal;
}

Renderer::Flow Renderer::statement(const Statement& statement) {
    m_context.step();
    try {
        m_line = statement.line;
        return std::visit([this](const auto& node) { return execute(node); }, statement.node);
    } catch (Fault& fault) {
        if (fault.line == 0)
            fault.line = m_line;
        throw;
    }
}

void Renderer::enter(const Loads& loads) {
    for (const Load& load : loads) {
        std::optional<Value> value;
        if (load.from == Load::From::Place) {
            value = slot(load.place);
        } else if (load.from == Load::From::Variable) {
            if (const auto found = m_variables.find(load.name); found != m_variables.end())
                value = found->second;
        }
        m_activation->slots[static_cast<std::size_t>(load.slot)] = std::move(value);
    }
}

void Renderer::leave(const Loads& loads) {
    for (const Load& load : loads)
        m_activation->slots[static_cast<std::size_t>(load.slot)].reset();
}

Text Renderer::captured(const Body& statements) {
    Text text;
    const Restored<Text*> out(m_out, &text);
    body(statements);
    return text;
}

Renderer::Flow Renderer::execute(const TextStatement& node) {
    m_context.charge(node.text.size());
    m_out->append(node.text);
    return Flow::Normal;
}

Renderer::Flow Renderer::execute(const PrintStatement& node) {
    const Value value = evaluate(node.value);
    printString(m_context, *m_out, value);
    return Flow::Normal;
}

Renderer::Flow Renderer::execute(const IfStatement& node) {
    for (const auto& branch : node.branches)
        if (truth(evaluate(branch.test)))
            return body(branch.body);
    return body(node.otherwise);
}

Renderer::Flow Renderer::execute(const ForStatement& node) {
    const Value iterable = evaluate(node.iterable);
    IteratorPtr iterator = iterate(m_context, iterable);
    if (node.filter)
        iterator = std::make_shared<FilteredIterator>(*this, node, m_activation, std::move(iterator));
    const auto loop = std::make_shared<Loop>(iterable, std::move(iterator), node.filter == nullptr);
    bool any = false;  // did an iteration come to its end? Jinja's {% else %} asks for that
    while (const auto item = loop->advance(m_context)) {
        assign(*node.target, *item);
        if (node.loopSlot)
            m_activation->slots[static_cast<std::size_t>(*node.loopSlot)] = Value::object(loop);
        enter(node.loads);
        const Flow flow = body(node.body);
        any = any || flow == Flow::Normal;
        if (flow == Flow::Break)
            break;
    }
    leave(node.loads);
    if (node.loopSlot)
        m_activation->slots[static_cast<std::size_t>(*node.loopSlot)].reset();
    if (any || node.otherwise.empty())
        return Flow::Normal;
    enter(node.otherwiseLoads);
    const Flow flow = body(node.otherwise);
    leave(node.otherwiseLoads);
    return flow;
}

bool Renderer::passesFilter(const ForStatement& loop, const std::shared_ptr<Activation>& activation,
                            const Value& item) {
    const Restored<std::shared_ptr<Activation>> here(m_activation, activation);
    enter(loop.filterLoads);
    // The target's names have other places here; assigned by their order.
    std::size_t next = 0;
    const auto bind = [&](const auto& self, const Expression& target, const Value& value) -> void {
        if (const auto* tuple = std::get_if<TupleExpr>(&target.node)) {
            const Values parts = unpacked(m_context, value, tuple->items.size());
            for (std::size_t i = 0; i < parts.size(); ++i)
                self(self, *tuple->items[i], parts[i]);
        } else {
            m_activation->slots[static_cast<std::size_t>(loop.filterTargets[next++])] = value;
        }
    };
    bind(bind, *loop.target, item);
    return truth(evaluate(loop.filter));
}

Renderer::Flow Renderer::execute(const WithStatement& node) {
    enter(node.loads);
    for (std::size_t i = 0; i < node.targets.size(); ++i)
        assign(*node.targets[i], evaluate(node.values[i]));
    const Flow flow = body(node.body);
    leave(node.loads);
    return flow;
}

void Renderer::requireNamespaces(const Expression& target) {
    if (const auto* tuple = std::get_if<TupleExpr>(&target.node)) {
        for (const ExpressionPtr& item : tuple->items)
            requireNamespaces(*item);
    } else if (const auto* attribute = std::get_if<NamespaceExpr>(&target.node)) {
        const Value object = value(*attribute);
        if (!object.isObject() || !dynamic_cast<Namespace*>(&object.object()))
            raise(FaultKind::Template, "cannot assign attribute on non-namespace object");
    }
}

void Renderer::assign(const Expression& target, const Value& given) {
    if (const auto* name = std::get_if<NameExpr>(&target.node)) {
        slot(name->place) = given;
    } else if (const auto* attribute = std::get_if<NamespaceExpr>(&target.node)) {
        const Value object = value(*attribute);
        auto* space = object.isObject() ? dynamic_cast<Namespace*>(&object.object()) : nullptr;
        if (!space)
            raise(FaultKind::Type, "'{}' object does not support item assignment", object.typeName());
        space->set(attribute->attribute, given);
    } else {
        assignAll(partsOf(std::get<TupleExpr>(target.node).items), given);
    }
}

void Renderer::assignAll(const std::vector<const Expression*>& targets, const Value& given) {
    const Values parts = unpacked(m_context, given, targets.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        assign(*targets[i], parts[i]);
}

Renderer::Flow Renderer::execute(const SetStatement& node) {
    requireNamespaces(*node.target);
    assign(*node.target, evaluate(node.value));
    return Flow::Normal;
}

Renderer::Flow Renderer::execute(const SetBlockStatement& node) {
    enter(node.loads);
    Value result = Value::string(captured(node.body));
    if (node.filter) {
        const Restored<const Value*> input(m_blockInput, &result);
        result = evaluate(node.filter);
    }
    assign(*node.target, result);
    leave(node.loads);
    return Flow::Normal;
}

Renderer::Flow Renderer::execute(const FilterBlockStatement& node) {
    enter(node.loads);
    const Value text = Value::string(captured(node.body));
    const Restored<const Value*> input(m_blockInput, &text);
    const Value result = evaluate(node.filter);
    printString(m_context, *m_out, result);
    leave(node.loads);
    return Flow::Normal;
}

Value Renderer::functionValue(const FunctionBody& function) {
    m_context.keep(m_activation);
    return Value::object(std::make_shared<Macro>(*this, function, m_activation));
}

Renderer::Flow Renderer::execute(const MacroStatement& node) {
    slot(node.place) = functionValue(node.function);
    return Flow::Normal;
}

Renderer::Flow Renderer::execute(const CallStatement& node) {
    const Value caller = functionValue(node.function);
    const Value result = callWith(std::get<CallExpr>(node.call->node), &caller);
    printString(m_context, *m_out, result);
    return Flow::Normal;
}

Renderer::Flow Renderer::execute(const GenerationStatement& node) {
    const Value spoken = callFunction(node.function, m_activation, {});
    const std::size_t begin = m_root.size();
    printString(m_context, *m_out, spoken);
    if (m_out == &m_root && m_root.size() > begin)
        m_generation.push_back({begin, m_root.size()});
    return Flow::Normal;
}

Renderer::Flow Renderer::execute(const LoopJump& node) {
    return node.kind == LoopJump::Kind::Break ? Flow::Break : Flow::Continue;
}

Value Renderer::callFunction(const FunctionBody& function, const std::shared_ptr<Activation>& closure,
                             const Arguments& arguments) {
    const auto activation = std::make_shared<Activation>(function.slots, closure);
    bindArguments(*activation, function, arguments);
    const Restored<std::shared_ptr<Activation>> here(m_activation, activation);
    const Restored<int> line(m_line, m_line);
    enter(function.loads);
    const std::size_t firstDefault = function.parameters.size() - function.defaults.size();
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
        auto& parameter = activation->slots[static_cast<std::size_t>(function.parameterSlots[i])];
        if (!parameter && i >= firstDefault) {
            Value fallback = evaluate(function.defaults[i - firstDefault]);
            parameter = std::move(fallback);
        } else if (!parameter) {
            parameter = Value::undefined(fmt::format("parameter '{}' was not provided", function.parameters[i]));
        }
    }
    return Value::string(captured(function.body));
}

}  // namespace lathe::text::jinja
