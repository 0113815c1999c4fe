// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/known_names.h"

#include "text/template/filters.h"
#include "text/template/names.h"
#include "text/template/string_literal.h"

namespace lathe::text::jinja {
namespace {

class NameCheck {
public:
    /// \param reached not behind a condition
    void body(Body& statements, bool reached) {
        for (Statement& statement : statements)
            std::visit([&](auto& node) { check(node, reached); }, statement.node);
    }

private:
    void check(TextStatement&, bool) {}
    void check(LoopJump&, bool) {}
    void check(PrintStatement& node, bool reached) { expression(node.value, reached); }
    void check(IfStatement& node, bool) {
        for (auto& branch : node.branches) {
            expression(branch.test, false);
            body(branch.body, false);
        }
        body(node.otherwise, false);
    }
    void check(ForStatement& node, bool reached) {
        expression(node.iterable, reached);
        expression(node.filter, true);
        body(node.body, true);
        body(node.otherwise, true);
    }
    void check(WithStatement& node, bool reached) {
        for (auto& value : node.values)
            expression(value, reached);
        body(node.body, true);
    }
    void check(SetStatement& node, bool reached) { expression(node.value, reached); }
    void check(SetBlockStatement& node, bool) {
        expression(node.filter, true);
        body(node.body, true);
    }
    void check(FilterBlockStatement& node, bool) {
        expression(node.filter, true);
        body(node.body, true);
    }
    void check(MacroStatement& node, bool) { function(node.function); }
    void check(CallStatement& node, bool reached) {
        expression(node.call, reached);
        function(node.function);
    }
    void check(GenerationStatement& node, bool) { function(node.function); }
    void function(FunctionBody& node) {
        for (auto& value : node.defaults)
            expression(value, true);
        body(node.body, true);
    }

    void expression(ExpressionPtr& expression, bool reached) {
        if (expression)
            one(*expression, reached);
    }
    void one(Expression& expression, bool reached) {
        if (const auto* filter = std::get_if<FilterExpr>(&expression.node)) {
            if (isRefusedFilter(filter->name))
                throw Fault{FaultKind::Unsupported, fmt::format("filter '{}'", filter->name), expression.line};
            if (reached && !findFilter(filter->name))
                throw Fault{FaultKind::Syntax, fmt::format("No filter named {}.", literalOf(filter->name)),
                            expression.line};
        } else if (const auto* test = std::get_if<TestExpr>(&expression.node)) {
            if (reached && !findTest(test->name))
                throw Fault{FaultKind::Syntax, fmt::format("No test named {}.", literalOf(test->name)),
                            expression.line};
        }
        const bool conditional = std::holds_alternative<ConditionalExpr>(expression.node);
        forEachPart(expression, [&](Expression& part) { one(part, reached && !conditional); });
    }
};

}  // namespace

void checkNames(Tree& tree) {
    NameCheck().body(tree.body, true);
}

}  // namespace lathe::text::jinja
