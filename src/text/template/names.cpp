// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/names.h"

namespace lathe::text::jinja {
namespace {

using Visit = std::function<void(Expression&)>;

void visitPart(ExpressionPtr& part, const Visit& visit) {
    if (part)
        visit(*part);
}

void visitAll(std::vector<ExpressionPtr>& parts, const Visit& visit) {
    for (ExpressionPtr& part : parts)
        visitPart(part, visit);
}

void visitArguments(CallArguments& arguments, const Visit& visit) {
    visitAll(arguments.positional, visit);
    for (auto& [name, value] : arguments.named)
        visitPart(value, visit);
    visitPart(arguments.star, visit);
    visitPart(arguments.doubleStar, visit);
}

struct Parts {
    const Visit& visit;

    void operator()(ConstantExpr&) const {}
    void operator()(NameExpr&) const {}
    void operator()(NamespaceExpr&) const {}
    void operator()(TupleExpr& node) const { visitAll(node.items, visit); }
    void operator()(ListExpr& node) const { visitAll(node.items, visit); }
    void operator()(DictExpr& node) const {
        for (auto& [key, value] : node.entries) {
            visitPart(key, visit);
            visitPart(value, visit);
        }
    }
    void operator()(AttributeExpr& node) const { visitPart(node.object, visit); }
    void operator()(SubscriptExpr& node) const {
        visitPart(node.object, visit);
        visitPart(node.key, visit);
    }
    void operator()(SliceExpr& node) const {
        for (ExpressionPtr* part : {&node.object, &node.start, &node.stop, &node.step})
            visitPart(*part, visit);
    }
    void operator()(CallExpr& node) const {
        visitPart(node.callee, visit);
        visitArguments(node.arguments, visit);
    }
    void operator()(FilterExpr& node) const {
        visitPart(node.input, visit);
        visitArguments(node.arguments, visit);
    }
    void operator()(TestExpr& node) const {
        visitPart(node.input, visit);
        visitArguments(node.arguments, visit);
    }
    void operator()(UnaryExpr& node) const { visitPart(node.operand, visit); }
    void operator()(BinaryExpr& node) const {
        visitPart(node.left, visit);
        visitPart(node.right, visit);
    }
    void operator()(ConcatExpr& node) const { visitAll(node.parts, visit); }
    void operator()(CompareExpr& node) const {
        visitPart(node.first, visit);
        for (auto& [op, part] : node.rest)
            visitPart(part, visit);
    }
    void operator()(ConditionalExpr& node) const {
        for (ExpressionPtr* part : {&node.test, &node.then, &node.otherwise})
            visitPart(*part, visit);
    }
};

/// Reads and writes of names all through a body, blocks in blocks included, in the reference's order.
class NameWalk {
public:
    using OnName = std::function<void(const std::string& name, bool written)>;
    explicit NameWalk(OnName onName) : m_onName(std::move(onName)) {}

    void body(Body& statements) {
        for (Statement& statement : statements)
            std::visit(*this, statement.node);
    }

    void operator()(TextStatement&) {}
    void operator()(LoopJump&) {}
    void operator()(PrintStatement& node) { read(node.value); }
    void operator()(IfStatement& node) {
        // Walked as the nested tree that it is: the first test and body, the other branches, else.
        for (auto& branch : node.branches) {
            read(branch.test);
            body(branch.body);
        }
        body(node.otherwise);
    }
    void operator()(ForStatement& node) {
        written(node.target);
        read(node.iterable);
        body(node.body);
        body(node.otherwise);
        read(node.filter);
    }
    void operator()(WithStatement& node) {
        for (auto& target : node.targets)
            written(target);
        for (auto& value : node.values)
            read(value);
        body(node.body);
    }
    void operator()(SetStatement& node) {
        written(node.target);
        read(node.value);
    }
    void operator()(SetBlockStatement& node) {
        written(node.target);
        read(node.filter);
        body(node.body);
    }
    void operator()(FilterBlockStatement& node) {
        body(node.body);
        read(node.filter);
    }
    void operator()(MacroStatement& node) { function(node.function); }
    void operator()(CallStatement& node) {
        read(node.call);
        function(node.function);
    }
    void operator()(GenerationStatement& node) { function(node.function); }

private:
    void function(FunctionBody& function) {
        for (const std::string& parameter : function.parameters)
            m_onName(parameter, true);
        for (auto& value : function.defaults)
            read(value);
        body(function.body);
    }
    void read(ExpressionPtr& expression) {
        forEachName(expression.get(), [&](NameExpr& name) { m_onName(name.name, false); });
    }
    void written(ExpressionPtr& target) {
        forEachName(target.get(), [&](NameExpr& name) { m_onName(name.name, true); });
    }

    OnName m_onName;
};

}  // namespace

void forEachPart(Expression& expression, const Visit& visit) {
    std::visit(Parts{visit}, expression.node);
}

void forEachName(Expression* expression, const std::function<void(NameExpr&)>& visit) {
    if (!expression)
        return;
    if (auto* name = std::get_if<NameExpr>(&expression->node))
        visit(*name);
    forEachPart(*expression, [&](Expression& part) { forEachName(&part, visit); });
}

std::set<std::string> undeclaredIn(Body& body, std::set<std::string> names) {
    std::set<std::string> found;
    NameWalk([&](const std::string& name, bool written) {
        if (!written && names.contains(name))
            found.insert(name);
        else
            names.erase(name);
    }).body(body);
    return found;
}

bool assigns(Body& body, const std::string& name) {
    bool found = false;
    NameWalk([&](const std::string& one, bool written) { found = found || (written && one == name); }).body(body);
    return found;
}

}  // namespace lathe::text::jinja
