// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Making nodes of bounded height. Private to the expression parser.
#pragma once

#include <algorithm>

#include "text/template/ast.h"
#include "text/template/token_stream.h"

namespace lathe::text::jinja {

inline constexpr int kMaxDepth = 120;   // brackets in brackets; each costs a dozen calls here
inline constexpr int kMaxHeight = 300;  // of a tree: a + b + c + ... grows one for each

class Deeper {
public:
    Deeper(int& depth, const TokenStream& stream) : m_depth(depth) {
        if (++m_depth > kMaxDepth) {
            --m_depth;
            throw Fault{FaultKind::Limit, fmt::format("an expression is nested more than {} deep", kMaxDepth),
                        stream.current().line};
        }
    }
    ~Deeper() { --m_depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

private:
    int& m_depth;
};

inline int heightOf(const ExpressionPtr& child) {
    return child ? child->height : 0;
}

inline int heightOf(const std::vector<ExpressionPtr>& children) {
    int height = 0;
    for (const auto& child : children)
        height = std::max(height, heightOf(child));
    return height;
}

inline int heightOf(const CallArguments& arguments) {
    int height = std::max({heightOf(arguments.positional), heightOf(arguments.star), heightOf(arguments.doubleStar)});
    for (const auto& [name, value] : arguments.named)
        height = std::max(height, heightOf(value));
    return height;
}

/// A node over children of at most \p height.
template <class Node>
ExpressionPtr make(int line, int height, Node node) {
    if (height >= kMaxHeight)
        throw Fault{FaultKind::Limit, fmt::format("an expression has more than {} operations in a row", kMaxHeight),
                    line};
    auto expression = std::make_unique<Expression>();
    expression->node = std::move(node);
    expression->line = line;
    expression->height = height + 1;
    return expression;
}

}  // namespace lathe::text::jinja
