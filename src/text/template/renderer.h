// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a tree and writes what it says.
#pragma once

#include <string>
#include <unordered_map>

#include "text/template/ast.h"
#include "text/template/context.h"

namespace lathe::text::jinja {

/// The variables of one call of a function: of the template, of a macro, of a loop's filter.
struct Activation final : Clearable {
    Activation(int slotCount, std::shared_ptr<Activation> outerActivation)
        : slots(static_cast<std::size_t>(slotCount)), outer(std::move(outerActivation)) {}
    void clear() override {
        slots.clear();
        outer.reset();
    }
    std::vector<std::optional<Value>> slots;  ///< nullopt: not assigned yet
    std::shared_ptr<Activation> outer;        ///< of the function around this one in the source
};

using Variables = std::unordered_map<std::string, Value>;

class Renderer {
public:
    Renderer(Context& context, const Variables& variables) : m_context(context), m_variables(variables) {}

    /// \throws Fault
    void run(const Tree& tree);
    const Text& output() const { return m_root; }
    const std::vector<ByteRange>& generation() const { return m_generation; }

    /// Runs a macro's or a call block's body in a new activation and returns what it writes.
    Value callFunction(const FunctionBody& function, const std::shared_ptr<Activation>& closure,
                       const Arguments& arguments);
    /// Does \p item pass the loop's filter? \param activation the filter's own
    bool passesFilter(const ForStatement& loop, const std::shared_ptr<Activation>& activation, const Value& item);

private:
    enum class Flow { Normal, Break, Continue };

    // Statements (renderer.cpp)
    Flow body(const Body& statements);
    Flow statement(const Statement& statement);
    Flow execute(const TextStatement& node);
    Flow execute(const PrintStatement& node);
    Flow execute(const IfStatement& node);
    Flow execute(const ForStatement& node);
    Flow execute(const WithStatement& node);
    Flow execute(const SetStatement& node);
    Flow execute(const SetBlockStatement& node);
    Flow execute(const FilterBlockStatement& node);
    Flow execute(const MacroStatement& node);
    Flow execute(const CallStatement& node);
    Flow execute(const GenerationStatement& node);
    Flow execute(const LoopJump& node);
    void enter(const Loads& loads);
    void leave(const Loads& loads);
    Text captured(const Body& statements);
    void assign(const Expression& target, const Value& value);
    void assignAll(const std::vector<const Expression*>& targets, const Value& value);
    void requireNamespaces(const Expression& target);
    std::optional<Value>& slot(const Place& place) const;
    Value functionValue(const FunctionBody& function);

    // Expressions (evaluate.cpp)
    Value evaluate(const Expression& expression);
    Value evaluate(const ExpressionPtr& expression) { return evaluate(*expression); }
    Value evaluateOrNone(const ExpressionPtr& expression) { return expression ? evaluate(*expression) : Value(); }
    Value value(const ConstantExpr& node) { return node.value; }
    Value value(const NameExpr& node);
    Value value(const TupleExpr& node) { return Value::tuple(all(node.items)); }
    Value value(const ListExpr& node) { return Value::list(all(node.items)); }
    Value value(const DictExpr& node);
    Value value(const AttributeExpr& node);
    Value value(const SubscriptExpr& node);
    Value value(const SliceExpr& node);
    Value value(const CallExpr& node) { return callWith(node, nullptr); }
    Value value(const FilterExpr& node);
    Value value(const TestExpr& node);
    Value value(const UnaryExpr& node);
    Value value(const BinaryExpr& node);
    Value value(const ConcatExpr& node);
    Value value(const CompareExpr& node);
    Value value(const ConditionalExpr& node);
    Value value(const NamespaceExpr& node);
    Values all(const std::vector<ExpressionPtr>& expressions);
    Arguments argumentsOf(const CallArguments& arguments);
    Value callWith(const CallExpr& node, const Value* caller);

    Context& m_context;
    const Variables& m_variables;
    std::shared_ptr<Activation> m_activation;
    Text m_root;
    Text* m_out = &m_root;
    std::vector<ByteRange> m_generation;
    const Value* m_blockInput = nullptr;  // what a filter without an input is applied to
    int m_line = 0;                       // of the expression in hand
};

}  // namespace lathe::text::jinja
