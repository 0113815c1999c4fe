// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions, by recursive descent in Jinja's order of precedence.
#pragma once

#include "text/template/ast.h"
#include "text/template/token_stream.h"

namespace lathe::text::jinja {

class ExpressionParser {
public:
    explicit ExpressionParser(TokenStream& stream) : m_stream(stream) {}

    /// \param withConditional may "a if b else c" stand here? (Not behind `in` of a loop.)
    ExpressionPtr expression(bool withConditional = true);
    /// Expressions with commas between them are a tuple. \param endName a name that ends it ("in", "recursive").
    ExpressionPtr tuple(bool withConditional = true, std::string_view endName = {}, bool inParentheses = false);
    /// What stands left of "=" or of "in". \param withNamespace ns.name is allowed.
    ExpressionPtr target(bool withNamespace, std::string_view endName = {});
    std::string targetName();
    /// "|name(...)" any number of times. \param input may be missing: a block's body
    ExpressionPtr filters(ExpressionPtr input, bool nameIsNext = false);

private:
    ExpressionPtr conditional();
    ExpressionPtr disjunction();
    ExpressionPtr conjunction();
    ExpressionPtr negation();
    ExpressionPtr comparison();
    ExpressionPtr sum();
    ExpressionPtr concatenation();
    ExpressionPtr product();
    ExpressionPtr power();
    ExpressionPtr unary(bool withFilters = true);
    ExpressionPtr primary(bool withNamespace = false);
    ExpressionPtr list();
    ExpressionPtr dict();
    ExpressionPtr postfix(ExpressionPtr node);
    ExpressionPtr filtersAndTests(ExpressionPtr node);
    ExpressionPtr subscript(ExpressionPtr node);
    ExpressionPtr sliceOrKey(ExpressionPtr object);
    ExpressionPtr call(ExpressionPtr callee);
    ExpressionPtr test(ExpressionPtr input);
    CallArguments arguments();
    std::string dottedName();
    bool isTupleEnd(std::string_view endName) const;

    TokenStream& m_stream;
    int m_depth = 0;
};

}  // namespace lathe::text::jinja
